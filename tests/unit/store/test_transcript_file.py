import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.store.transcript import transcript as transcript_module
from userdesk.store.transcript.lines import decode, encode
from userdesk.store.transcript.transcript import Transcript

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
seconds = st.floats(0, 1e9, allow_nan=False)
messages = st.builds(
    Message,
    role=st.sampled_from(Role),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    at=st.datetimes(datetime(2, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)),
    status=st.sampled_from(Status),
    failure=st.none()
    | st.builds(
        Failure,
        kind=st.sampled_from(FailureKind),
        message=st.text(st.characters(exclude_categories=["Cs"])),
        status=st.none() | st.integers(100, 999),
        detail=st.text(st.characters(exclude_categories=["Cs"])),
        may_have_arrived=st.booleans(),
    ),
    metrics=st.none() | st.builds(Metrics, st.none() | seconds, seconds, st.integers(0, 10**9)),
    conversation_id=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    welcome=st.booleans(),
    chunks=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=4).map(tuple),
    extra=st.dictionaries(st.sampled_from(["mood", "x"]), st.integers() | st.lists(st.text("ab\n"))),
)


@given(message=messages)
@settings(max_examples=60, deadline=None)
def test_every_message_comes_back_from_one_line(message):
    line = encode(message, "turn-1")
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert decode(line, AT) == message
    assert json.loads(line)["turn"] == "turn-1"


@pytest.mark.parametrize(
    ("written", "chunks"),
    [
        ([[0, 3], [40, 5]], ((0, 3), (40, 5))),
        ([[1.9, 2.2], ["3", True]], ((1, 2), (3, 1))),
        *(
            (odd, ())
            for odd in (
                [[10**400, 1]],
                [[-(10**400), 1]],
                [[0, 1], [1, 1e300]],
                [],
                [[]],
                [[1, 2, 3]],
                [[1, 2], [3]],
                [[1, "a"]],
                [1, 2],
                5,
                {"1": 2},
            )
        ),
    ],
)
def test_only_pairs_are_taken_for_chunks(written: object, chunks: tuple[tuple[int, int], ...]) -> None:
    line = json.dumps({"role": "assistant", "text": "x", "chunks": written}).encode()
    assert decode(line, AT).chunks == chunks


def test_figures_that_no_answer_has_are_none() -> None:
    line = {"role": "assistant", "text": "x", "figures": {"total": 2.0, "characters": 10**400}}
    assert decode(json.dumps(line).encode(), AT).metrics is None


@given(line=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_keeps_the_others_from_being_read(tmp_path, line):
    path = tmp_path / "t.jsonl"
    sound = encode(Message(role=Role.USER, text="sound", at=AT))
    path.write_bytes(sound + line.replace(b"\n", b" ") + b"\n" + sound + line.replace(b"\n", b" "))
    transcript = Transcript(path, durable=False)
    texts = [message.text for message in transcript]
    assert texts[0] == "sound" and texts.count("sound") >= 2
    index = transcript.append(Message(role=Role.USER, text="appended", at=AT))
    assert transcript[index].text == "appended" and index == len(transcript) - 1


LINE_KEYS = (
    "role",
    "text",
    "at",
    "status",
    "failure",
    "figures",
    "conversation_id",
    "welcome",
    "chunks",
    "turn",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(
    record=st.fixed_dictionaries(
        {},
        optional={name: JSON for name in LINE_KEYS},
    )
)
@settings(max_examples=80, deadline=None)
def test_any_json_object_reads_as_some_message(record):
    message = decode(json.dumps(record).encode(), AT)
    assert isinstance(message.text, str) and message.at.tzinfo is not None
    assert encode(message).endswith(b"}\n")


def test_only_keys_that_say_something_are_written():
    line = encode(Message(role=Role.ASSISTANT, text="Ä → 🎉", at=AT.astimezone(timezone(timedelta(hours=1)))))
    assert line.decode() == (
        '{"role": "assistant", "text": "Ä → 🎉", "at": "2026-11-21T20:54:00Z", "status": "complete"}\n'
    )


def test_a_lone_surrogate_does_not_break_writing():
    message = Message(role=Role.USER, text="a\ud800b\ud83d\ude00", at=AT)
    assert decode(encode(message), AT).text == "a\N{REPLACEMENT CHARACTER}b\U0001f600"


def test_lines_of_other_programs_are_read_leniently(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        b'{"role": "user", "text": "one"}\r\n'
        b"\n   \n"
        b'  {"role": "assistant", "text": "two", "at": "2026-11-21T21:54:00+01:00", "mood": [1]}  \n'
        b'{"role": "system", "text": "three"}\n'
        b'{"role": "user", "text": 4}\n'
        b'{"role": "user", "text": "five", "status": "new", "failure": {"kind": "new", "words": "w"}}'
    )
    problems = []
    transcript = Transcript(path, tell=problems.append)
    one, two, three, four, five = transcript
    assert (one.text, one.at.timestamp()) == ("one", int(path.stat().st_mtime))
    assert (two.at, dict(two.extra)) == (AT, {"mood": [1]})
    assert (three.text, three.status, three.failure.kind) == (
        "three",
        Status.FAILED,
        FailureKind.UNREADABLE_ANSWER,
    )
    assert four.status is Status.FAILED and "could not be read" in four.failure.message
    assert five.status is Status.COMPLETE and five.failure.message == "w"
    assert problems == []


def test_a_torn_line_spoils_only_itself_and_is_told_once(tmp_path, user):
    path = tmp_path / "t.jsonl"
    whole = encode(user("first"))
    path.write_bytes(whole + encode(user("lost"))[:-20])
    problems = []
    transcript = Transcript(path, tell=problems.append)
    assert [m.text for m in transcript] == ["first"]
    assert transcript.append(user("second")) == 1
    assert [m.text for m in transcript] == ["first", "second"]
    assert [m.text for m in Transcript(path)] == ["first", "second"]
    assert path.read_bytes().startswith(whole + encode(user("lost"))[:-20] + b"\n")
    assert len(problems) == 1 and "can't be read" in problems[0].message


def test_a_last_line_without_newline_counts_and_may_still_grow(tmp_path, user):
    path = tmp_path / "t.jsonl"
    line = encode(user("one"))
    path.write_bytes(line[:-1])
    transcript = Transcript(path)
    assert [m.text for m in transcript] == ["one"]
    with path.open("ab") as file:
        file.write(b"\n" + line[:-1])
    assert transcript.refresh() is True
    assert [m.text for m in transcript] == ["one", "one"]
    assert transcript.append(user("three")) == 2
    assert transcript.refresh() is False


def test_what_others_append_is_taken_in(tmp_path, user):
    mine, theirs = Transcript(tmp_path / "t.jsonl"), Transcript(tmp_path / "t.jsonl")
    assert len(mine) == len(theirs) == 0
    assert mine.append(user("a")) == 0
    assert theirs.append(user("b")) == 1
    assert mine.append(user("c")) == 2
    assert theirs.refresh() is True
    assert [m.text for m in theirs] == [m.text for m in mine] == ["a", "b", "c"]


def test_a_file_that_was_replaced_shortened_or_removed_is_read_anew(tmp_path, user):
    path = tmp_path / "t.jsonl"
    transcript = Transcript(path)
    for text in "abc":
        transcript.append(user(text))
    path.write_bytes(encode(user("edited by hand")))
    assert transcript.refresh() is True
    assert [m.text for m in transcript] == ["edited by hand"]
    path.write_bytes(encode(user("a longer text than before")) + encode(user("and a second line")))
    assert transcript.refresh() is True
    assert [m.text for m in transcript] == ["a longer text than before", "and a second line"]
    path.unlink()
    assert transcript.refresh() is True
    assert len(transcript) == 0
    assert transcript.append(user("again")) == 0


def test_indices_sizes_and_tail(tmp_path, user):
    transcript = Transcript(tmp_path / "t.jsonl")
    for number in range(200):
        transcript.append(user(f"message {number}"))
    assert len(transcript) == 200
    assert transcript[-1].text == "message 199" and transcript[150].text == "message 150"
    assert [m.text for m in transcript.tail(2)] == ["message 198", "message 199"]
    assert len(transcript.tail(1000)) == 200
    assert transcript.size(0) == len(encode(user("message 0"))) - 1
    for wrong in (200, -201):
        with pytest.raises(IndexError):
            transcript[wrong]
    assert len(transcript.kept) <= 64


def test_lines_longer_than_a_block_are_found(tmp_path, user):
    texts = ["x" * 300_000, "short", "y" * 700_000, "z" * 262_144, "end"]
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(encode(user(text)) for text in texts))
    assert [m.text for m in Transcript(path)] == texts


def test_a_line_of_100_mb_is_shown_as_unreadable_and_costs_no_memory(tmp_path, user):
    path = tmp_path / "t.jsonl"
    with path.open("wb") as file:
        file.write(encode(user("before")))
        file.write(b"{")
        file.seek(100_000_000, 1)  # a hole of NUL bytes: nothing is written for it
        file.write(b"}\n" + encode(user("after")))
    transcript = Transcript(path)
    before, huge, after = transcript
    assert (before.text, after.text) == ("before", "after")
    assert huge.status is Status.FAILED and "100 MB" in huge.failure.message
    assert transcript.size(1) > transcript_module.LONGEST_LINE
    assert sum(len(m.text) for m in transcript.kept.values()) < 1000


def test_what_was_looked_for_while_the_file_was_gone_is_read_again(data_dir: Path) -> None:
    path = data_dir / "transcripts" / "k.jsonl"
    transcript = Transcript(path)
    transcript.append(Message(role=Role.USER, text="kept", at=now()))
    again = Transcript(path)
    assert len(again) == 1
    path.rename(path.with_suffix(".away"))
    assert again[0].text == ""
    path.with_suffix(".away").rename(path)
    assert again.refresh()
    assert again[0].text == "kept"


def test_messages_are_gone_through_many_at_a_time_and_with_what_comes_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setattr(transcript_module, "_READ_TOGETHER", 1000)
    texts = [f"{number} " + "x" * (2500 if number % 7 == 3 else 200) for number in range(30)]
    lines = [encode(Message(role=Role.USER, text=text, at=AT)) for text in texts]
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(lines[:5]) + b"torn\n" + b"".join(lines[5:]))
    transcript, seen = Transcript(path, durable=False), []
    for message in transcript:
        seen.append(message.text)
        if len(seen) == 28:
            transcript.append(Message(role=Role.USER, text="came meanwhile", at=AT))
    assert seen == [*texts, "came meanwhile"]
    assert len(transcript.kept) < 10, "what is gone through once is not kept"


@pytest.mark.parametrize("left", [b"", encode(Message(role=Role.USER, text="0", at=AT))])
def test_a_file_that_shrinks_while_it_is_gone_through_is_no_error(tmp_path, monkeypatch, left):
    monkeypatch.setattr(transcript_module, "_READ_TOGETHER", 200)
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(encode(Message(role=Role.USER, text=f"{n}", at=AT)) for n in range(20)))
    transcript = Transcript(path, durable=False)
    messages = iter(transcript)
    assert next(messages).text == "0"
    path.write_bytes(left)
    transcript.refresh()
    assert len(list(messages)) <= 20


def test_the_end_of_a_long_file_is_read_without_what_lies_before(tmp_path, user, monkeypatch):
    monkeypatch.setattr(transcript_module, "_END", 1000)
    lines = [encode(user(f"message {number}")) for number in range(100)]
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"".join(lines))
    whole, end = Transcript(path), Transcript(path).end()
    assert 5 < len(end) < 20
    assert list(end) == whole.tail(len(end))
    assert end.bytes_before(len(end)) < 1000
    path.write_bytes(encode(user("short")))
    assert list(Transcript(path).end()) == list(Transcript(path))
    path.write_bytes(encode(user("before")) + encode(user("long" * 1000)))
    assert len(Transcript(path).end()) == 0
    assert len(Transcript(tmp_path / "none").end()) == 0
