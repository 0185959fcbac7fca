"""Versions of file formats: every reader goes through its migrations, and version 1 is written as ever."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from userdesk.demo.server import conversation_store
from userdesk.files.formats import Document, FileFormat
from userdesk.questions import report_json
from userdesk.questions.baseline import Earlier
from userdesk.questions.outcome import Outcome
from userdesk.store import Problem, Store, prompt_history, read_marks, verdicts
from userdesk.store.index import entries
from userdesk.store.recovery import seen_problems
from userdesk.store.transcript import file_end, in_flight, lines
from userdesk.store.trash import sightings

AT = datetime(2026, 11, 21, tzinfo=UTC)
KEY = "k1"
ID = "0b4e9a5c-6c7f-4a6e-8f0a-1f2e3d4c5b6a"


def renamed(document: Document) -> Document:
    """What version 1 would have called `old` is `text` in version 2."""
    return {"text": document["old"], **document} if "old" in document else document


def unfolded(document: Document) -> Document:
    """Version 1 would have had its values one level deeper."""
    return document.get("old", document)


def from_bytes(read: Callable[[bytes], Any]) -> Callable[[Path, bytes], Any]:
    return lambda folder, data: read(data)


def from_file(name: str, read: Callable[[Path], Any]) -> Callable[[Path, bytes], Any]:
    def reading(folder: Path, data: bytes) -> Any:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return read(folder)

    return reading


def untold(folder: Path) -> list[Problem]:
    problem = Problem(folder / "conversations.toml", "was damaged", lasting=True)
    return Store(folder).told.untold([problem])


FORMATS: list[tuple[ModuleType, Callable[[Document], Document], Callable[[Path, bytes], Any], bytes, Any]] = [
    (
        lines,
        renamed,
        from_bytes(lambda data: lines.decode(data, AT).text),
        b'{"role": "user", "old": "Hi"}',
        "Hi",
    ),
    (
        lines,
        renamed,
        from_bytes(lambda data: lines.FORMAT.text(data)),
        b'{"role": "user", "old": "Hi"}',
        "Hi",
    ),
    (
        in_flight,
        renamed,
        from_bytes(lambda data: in_flight.interrupted(data, AT).text),
        b'{"old": "Hi"}',
        "Hi",
    ),
    (
        file_end,
        unfolded,
        from_file(f"{KEY}.jsonl", lambda folder: file_end.ended_badly(folder, [KEY])),
        b'{"old": {"status": "failed"}}\n',
        {KEY},
    ),
    (
        prompt_history,
        renamed,
        from_file("history.jsonl", lambda folder: Store(folder).history.entries()),
        b'{"old": "Hi"}\n',
        ["Hi"],
    ),
    (
        verdicts,
        unfolded,
        from_file(f"verdicts/{KEY}.jsonl", lambda folder: Store(folder).verdicts.of(KEY)[0].judgement.note),
        b'{"old": {"message": 1, "sha256": "x", "note": "Hi"}}\n',
        "Hi",
    ),
    (
        read_marks,
        unfolded,
        from_file("read.json", lambda folder: Store(folder).read_marks.all()),
        b'{"old": {"k1": 3}}',
        {KEY: 3},
    ),
    (
        seen_problems,
        unfolded,
        from_file("told.json", untold),
        b'{"old": {"conversations.toml": ["was damaged"]}}',
        [],
    ),
    (
        sightings,
        unfolded,
        from_file(
            "seen.json",
            lambda folder: AT.date() in sightings.Sightings(folder / "seen.json").note([KEY])[KEY],
        ),
        b'{"old": {"k1": ["2026-11-21"]}}',
        True,
    ),
    (
        conversation_store,
        renamed,
        from_file(f"{ID}.jsonl", lambda folder: conversation_store.ConversationStore(folder).messages(ID)),
        b'{"old": "Hi"}',
        ["Hi"],
    ),
    (
        entries,
        lambda document: {"conversation": document.get("old", [])},
        from_bytes(lambda data: list(entries.parse_index(data).entries)),
        b'version = 1\n[[old]]\nkey = "k1"\n',
        [KEY],
    ),
    (
        report_json,
        unfolded,
        from_file("report.json", lambda folder: report_json.read_report(folder / "report.json")),
        b'{"questions": [], "old": {"questions": [{"ask": "Hi?", "answer": "Hi", "outcome": "held"}]}}',
        [Earlier("Hi?", Outcome.HELD, ("Hi",))],
    ),
]


@pytest.mark.parametrize(
    ("module", "migration", "read", "old", "expected"), FORMATS, ids=[each[0].__name__ for each in FORMATS]
)
def test_what_an_earlier_version_wrote_is_upgraded_as_it_is_read(
    module: ModuleType,
    migration: Callable[[Document], Document],
    read: Callable[[Path, bytes], Any],
    old: bytes,
    expected: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FORMAT", FileFormat(2, {1: migration}))
    assert read(tmp_path, old) == expected


def test_every_migration_from_the_written_version_on_is_applied_in_order() -> None:
    steps = FileFormat(
        3, {number: lambda old, number=number: {"was": [*old.get("was", []), number]} for number in (0, 1, 2)}
    )
    assert steps.upgraded({}) == {"was": [1, 2]}
    assert steps.upgraded({}, -5) == {"was": [0, 1, 2]}
    assert steps.upgraded({"version": 2}) == {"was": [2]}
    assert steps.upgraded({"version": 4}) == {"version": 4}
    assert FileFormat(1).upgraded({"version": -(10**12)}) == {"version": -(10**12)}


@pytest.mark.parametrize(
    ("data", "document"),
    [
        *(
            (data, {"a": 1})
            for data in (b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', b' {"a": 1}\r\n', b'{"a": 1} ')
        ),
        *((data, None) for data in (b'{"a": 1} x', b'{"a": 1}{', b'{"a"', b"[1]", b"", b" ", b"[" * 10_000)),
    ],
)
def test_one_object_is_read_and_nothing_else(data: bytes, document: Document | None) -> None:
    assert FileFormat(1).parse(data) == document


def test_a_later_version_is_named_in_what_is_written_and_the_first_one_is_not() -> None:
    assert FileFormat(1).line({"text": "é \ud800"}) == '{"text": "é \ufffd"}\n'.encode()
    assert FileFormat(1).whole({"text": "é"}) == b'{"text": "\\u00e9"}'
    assert json.loads(FileFormat(2).line({"text": "a"})) == {"version": 2, "text": "a"}
    assert FileFormat(2, {1: renamed}).parse(FileFormat(2).whole({"old": "a"})) == {"version": 2, "old": "a"}


@pytest.mark.parametrize(
    "data", [b"", b"[1]", b"{", b"null", b"[" * 100_000, b"{" + b'"a":{' * 100_000], ids=range(6)
)
def test_what_is_no_object_is_none(data: bytes) -> None:
    assert FileFormat(1).parse(data) is None
