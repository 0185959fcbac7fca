"""Lines whose text is beyond the limit: only their beginning and their end are read."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from userdesk.domain.message import LONGEST_ANSWER, Message, Role, Status
from userdesk.store.transcript import transcript as transcripts
from userdesk.store.transcript.transcript import Transcript

UNIT = 'Größe 日本 👩‍👩‍👧 "quoted" C:\\path\n\n'
LONG = UNIT * (LONGEST_ANSWER // len(UNIT) + 3000)
NOTE = "[4 million characters: the rest is in the transcript file and not shown]"
ASIDE = {"at": "2025-01-01T00:00:00Z", "status": "stopped", "turn": "t1"}


def read(path: Path, line: str) -> Message:
    path.write_text(f'{{"role": "user", "text": "short"}}\n{line}\n', "utf-8")
    transcript = Transcript(path)
    assert len(transcript) == 2 and transcript[0].text == "short"
    return transcript[1]


@pytest.mark.parametrize(
    ("record", "style"),
    [
        ({"role": "assistant", "text": LONG, **ASIDE}, {"ensure_ascii": False}),
        ({"role": "assistant", "text": LONG, **ASIDE}, {}),
        ({"role": "assistant", "text": LONG, **ASIDE}, {"separators": (",", ":"), "ensure_ascii": False}),
        ({**ASIDE, "role": "assistant", "text": LONG}, {"ensure_ascii": False}),
        ({"role": "assistant", "text": LONG, "chunks": [[7, 9]] * 90_000, **ASIDE}, {"ensure_ascii": False}),
        ({"extra": {"text": "no"}, "role": "assistant", "text": LONG, **ASIDE}, {"ensure_ascii": False}),
    ],
    ids=["ours", "escaped", "compact", "text last", "many chunks", "read whole"],
)
def test_the_beginning_of_a_text_beyond_the_limit_is_read_in_any_form(
    tmp_path: Path, record: dict[str, Any], style: dict[str, Any]
) -> None:
    message = read(tmp_path / "a.jsonl", json.dumps(record, **style))
    assert message.text == f"{LONG[:100_000]}\n\n{NOTE}"
    assert (message.role, message.status, message.at.year) == (Role.ASSISTANT, Status.STOPPED, 2025)
    assert len(message.chunks) == len(record.get("chunks", ()))


@pytest.mark.parametrize("text", [LONG[:LONGEST_ANSWER], "👩" * LONGEST_ANSWER], ids=["mixed", "wide"])
def test_a_text_as_long_as_the_limit_is_read_whole(tmp_path: Path, text: str) -> None:
    record = {"role": "assistant", "text": text, **ASIDE}
    assert read(tmp_path / "a.jsonl", json.dumps(record, ensure_ascii=False)).text == text


def test_megabytes_behind_the_beginning_are_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "decode", lambda line, fallback: line)
    line = json.dumps({"role": "assistant", "text": "word " * 4_200_000, **ASIDE})
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n", "utf-8")
    transcript = Transcript(path)
    assert len(transcript) == 1
    tracemalloc.start()
    try:
        assert b"21 million characters" in transcript[0]  # type: ignore[operator]
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("end", ["", '", "at": }', '"]'])
def test_a_line_that_is_no_record_is_told_as_before(tmp_path: Path, end: str) -> None:
    message = read(tmp_path / "a.jsonl", f'{{"role": "assistant", "text": "{"x" * 4_100_000}{end}}}')
    assert message.status is Status.FAILED
