"""`userdesk verdicts`: what was judged, as a list and as a table that is safe to open."""

import csv
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command_runs import Done, run
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.store import Store
from userdesk.store.verdicts import Judged

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
NOW = datetime.now(UTC).replace(microsecond=0)
COLUMNS = ["question", "answer", "verdict", "note", "time", "chatbot", "conversationId"]


@pytest.fixture
def store(data_dir: Path) -> Store:
    store = Store(data_dir, durable=False)
    store.open()
    return store


def talk(store: Store, key: str, *said: str, bot: str = "acme") -> None:
    store.add(Conversation(key=key, bot=bot, created=AT, id=f"id-{key}", title=key))
    for place, text in enumerate(said):
        role = Role.ASSISTANT if place % 2 else Role.USER
        store.transcript(key).append(Message(role=role, text=text, at=AT))
    os.utime(store.folder.transcript(key), (AT.timestamp(), AT.timestamp() + len(key)))


def judge(store: Store, key: str, place: int, at: datetime = NOW, **change: str) -> None:
    store.verdicts.add(key, Judged.of(place, store.transcript(key)[place]), change, at)


@pytest.fixture
def judged(store: Store) -> Store:
    talk(store, "old", "Price?", "9 €", "And\nthen?", "# 10 €\n\n- more", "Why?", "Because")
    talk(store, "newer", "Hi", "=1+1", bot="demo")
    judge(store, "old", 3, verdict="bad", note="too dear")
    judge(store, "old", 1, NOW - timedelta(days=9), verdict="good")
    judge(store, "old", 5, note="=cmd|' /C calc'!A0")
    judge(store, "newer", 1, verdict="bad", note="+49 170 1234567")
    return store


@pytest.fixture
def verdicts(login: dict[str, str], tmp_path: Path):
    def verdicts(*arguments: str) -> Done:
        return run(login, "verdicts", *arguments)

    return verdicts


def table(verdicts, tmp_path: Path, *arguments: str) -> list[dict[str, str]]:
    done = verdicts("--output", str(tmp_path / "judged.JSON"), *arguments)
    assert (done.returncode, done.stdout) == (0, "")
    found: list[dict[str, str]] = json.loads((tmp_path / "judged.JSON").read_text("utf-8"))
    return found


def test_list_says_what_was_judged_and_why(judged: Store, verdicts) -> None:
    done = verdicts()
    parts = done.stdout.split("\n\n")
    assert done.returncode == 0 and done.stderr == "" and len(parts) == 5
    assert parts[0].startswith("✗ bad · +49 170 1234567\n  ❯ Hi\n  ◆ =1+1\n  the demo chatbot · ")
    assert parts[2].startswith("✗ bad · too dear\n  ❯ And then?\n  ◆ # 10 € - more\n  acme · ")
    assert parts[3].startswith("note · =cmd") and parts[3].endswith(" UTC · id-old")
    assert parts[4] == "2 bad, 1 good, 1 with a note alone\n"


def test_table_for_programs_has_all_of_it(judged: Store, verdicts, tmp_path: Path) -> None:
    rows = table(verdicts, tmp_path)
    assert [row["answer"] for row in rows] == ["=1+1", "9 €", "# 10 €\n\n- more", "Because"]
    assert list(rows[0]) == COLUMNS and rows[3]["verdict"] is None
    assert rows[2] == {
        **{"question": "And\nthen?", "answer": "# 10 €\n\n- more", "verdict": "bad", "note": "too dear"},
        **{"time": NOW.isoformat().replace("+00:00", "Z"), "chatbot": "acme", "conversationId": "id-old"},
    }
    assert (tmp_path / "judged.JSON").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "answers"),
    [
        (["--bad"], ["=1+1", "# 10 €\n\n- more"]),
        (["--good"], ["9 €"]),
        (["--bad", "--good", "--since", "7d"], ["=1+1", "# 10 €\n\n- more"]),
        (["--since", (NOW - timedelta(days=30)).date().isoformat(), "--good"], ["9 €"]),
        (["--since", "2999-01-01"], []),
        (["--demo"], ["=1+1"]),
        (["--bot", "demo", "--good"], []),
    ],
)
def test_flags_leave_what_is_asked_for(judged: Store, verdicts, tmp_path, arguments, answers) -> None:
    assert [row["answer"] for row in table(verdicts, tmp_path, *arguments)] == answers


def test_spreadsheet_runs_nothing_and_keeps_lines_apart(judged: Store, verdicts, tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    assert verdicts("--output", str(path)).returncode == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfquestion,answer,") and data.endswith(b"id-old\r\n")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))
    assert rows[0] == COLUMNS and len(rows) == 5
    assert rows[1][1:4] == ["'=1+1", "bad", "'+49 170 1234567"]
    assert rows[3][:2] == ["And\nthen?", "# 10 €\n\n- more"]
    assert rows[4][2:4] == ["", "'=cmd|' /C calc'!A0"]


def test_page_quotes_what_was_said(judged: Store, verdicts, tmp_path: Path) -> None:
    assert verdicts("--output", str(tmp_path / "judged.md"), "--bad").returncode == 0
    text = (tmp_path / "judged.md").read_text("utf-8")
    assert text.startswith("# Judged answers\n\n## ✗ bad · +49 170 1234567\n\nthe demo chatbot · ")
    assert "> And  \n> then?  \n\n**◆ Answer**\n\n> # 10 €\n>\n> - more\n" in text


def test_redacted_says_nothing_of_people_and_ids(judged: Store, verdicts, tmp_path: Path) -> None:
    row = table(verdicts, tmp_path, "--demo", "--redact")[0]
    assert (row["note"], row["conversationId"], row["answer"]) == ("[number]", None, "=1+1")


def test_answer_above_a_divider_has_the_id_that_it_was_asked_under(
    store: Store, verdicts, tmp_path: Path
) -> None:
    talk(store, "k", "Hi", "Before")
    store.update("k", lambda saved: saved.evolve(id="id-now", previous_ids=("id-k",)))
    after = Message(role=Role.ASSISTANT, text="After", at=AT, conversation_id="id-now")
    store.transcript("k").append(after)
    for place in (1, 2):
        judge(store, "k", place, verdict="bad")
    assert [row["conversationId"] for row in table(verdicts, tmp_path)] == ["id-k", "id-now"]


def test_nothing_and_what_is_lost_is_told(judged: Store, verdicts, tmp_path: Path) -> None:
    assert verdicts("--good", "--since", "1h")[1:] == ("", "userdesk: no judged answers were found\n")
    (tmp_path / "data" / "transcripts" / "newer.jsonl").write_text("")
    with (tmp_path / "data" / "verdicts" / "old.jsonl").open("a") as file:
        file.write("garbage\n")
    done = verdicts("--bad")
    assert "1 bad" in done.stdout and "1 line" not in done.stdout
    damaged, lost = done.stderr.splitlines()
    assert damaged.endswith("verdicts/old.jsonl: one line can't be read and stayed unchanged")
    assert lost == "userdesk: left out, since the answer is not in its transcript any more: 1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "x.txt"], "--output x.txt: expected a name that ends with .csv, .json, .md"),
        (["--output", "none/x.csv"], "--output none/x.csv: could not be written: no such file or directory"),
        (["--since", "soon"], "--since soon: expected a time such as 12h or 7d, or a day, 2026-11-01"),
        (["--since", "99999-01-01"], "--since 99999-01-01: expected a time"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(judged: Store, verdicts, arguments, words: str) -> None:
    done = verdicts(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr
