"""A clock that is ahead, behind or jumping removes nothing, and what it says does not last."""

import json
import os
import time
from datetime import UTC, datetime

import pytest

from userdesk.store.store import Store

DAY = 86_400.0
NOW = 1_796_000_000.0  # in 2026
Y2000, Y2038, Y2100 = 946_684_800.0, 2_147_500_000.0, 4_102_444_800.0


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NOW
        monkeypatch.setattr(time, "time", lambda: self.at)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def trashed(store, conversation, user) -> Store:
    store.add(conversation("k1", id="e1", title="Reset a password"))
    store.transcript("k1").append(user("kept"))
    store.delete("k1")
    return store


def start(data_dir, clock: Clock, at: float) -> list[str]:
    clock.at = at
    return [problem.message for problem in Store(data_dir).open()]


@pytest.mark.parametrize(
    "days",
    [
        [NOW + 40 * DAY],
        [NOW, NOW + DAY, *[NOW + (40 + n) * DAY for n in range(4)], NOW + 2 * DAY],
        [Y2000, *[NOW + n * DAY for n in range(20)]],
        [*[Y2000 + n * DAY for n in range(4)], *[NOW + n * DAY for n in range(25)]],
        [Y2000, NOW, Y2038, NOW, Y2100, NOW, Y2000 + DAY, Y2038 + DAY, Y2100 + DAY, NOW + DAY],
        [NOW, NOW + 400 * DAY] * 20,
    ],
    ids=["ahead once", "ahead four times", "from 2000", "four days of 2000", "all over", "back and forth"],
)
def test_what_a_wrong_clock_says_removes_nothing(trashed, data_dir, clock, days):
    for at in days:
        assert start(data_dir, clock, at) == []
    assert [each.conversation.id for each in trashed.trash.list()] == ["e1"]
    assert trashed.restore("k1").id == "e1"


def test_what_was_deleted_while_the_clock_was_wrong_stays_as_long(trashed, data_dir, clock):
    entry = data_dir / "trash/k1.toml"
    head, _, rest = entry.read_text().partition("\n\n")
    entry.write_text(f"version = 1\ndeleted = 2000-01-01T00:00:00Z\n\n{rest}")
    assert head and start(data_dir, clock, NOW) == []
    assert trashed.trash.keys() == ["k1"]


@pytest.mark.parametrize("every", [1, 3, 7, 30])
def test_what_was_seen_there_on_many_days_goes_and_is_told(trashed, data_dir, clock, every):
    told, day = list[str](), 0
    while not told:
        told = start(data_dir, clock, NOW + day * DAY)
        day += every
        assert day < 400
    assert day > 30
    assert told == ["One conversation, “Reset a password”, was in the trash for 30 days and removed for good"]
    assert os.listdir(data_dir / "trash") == []
    assert start(data_dir, clock, NOW + day * DAY) == []


def test_a_second_deletion_begins_anew(trashed, data_dir, clock):
    for day in range(30):
        assert start(data_dir, clock, NOW + day * DAY) == []
    trashed.restore("k1")
    trashed.delete("k1")
    for day in range(30, 60):
        assert start(data_dir, clock, NOW + day * DAY) == []
    assert trashed.trash.keys() == ["k1"]


@pytest.mark.parametrize("garbage", ["", "[", "[1]", '{"k1": 5}', '{"k1": ["soon"]}', '{"k1": [[[]]]}'])
def test_days_that_can_not_be_read_are_counted_anew(trashed, data_dir, clock, garbage):
    (data_dir / "trash/seen.json").write_text(garbage)
    assert start(data_dir, clock, NOW) == []
    assert list(json.loads((data_dir / "trash/seen.json").read_text())) == ["k1"]
    assert trashed.trash.keys() == ["k1"]


def test_nothing_is_written_twice_a_day(trashed, data_dir, clock):
    start(data_dir, clock, NOW)
    before = (data_dir / "trash/seen.json").stat().st_ino
    start(data_dir, clock, NOW + 60)
    assert (data_dir / "trash/seen.json").stat().st_ino == before


def test_a_time_from_the_future_does_not_stay_on_top(store, data_dir, clock, conversation, user):
    store.add(conversation("new"))
    store.add(conversation("old"))
    store.transcript("new").append(user("said last"))
    store.transcript("old").append(user("said before"))
    os.utime(data_dir / "transcripts/new.jsonl", (NOW, NOW))
    os.utime(data_dir / "transcripts/old.jsonl", (Y2100, Y2100))
    times = store.recencies()
    assert times["old"] < times["new"] == NOW
    assert store.recency(store.get("old")).timestamp() == times["old"]


def test_while_the_clock_is_behind_the_order_stays(store, data_dir, clock, conversation, user):
    for number in range(30):
        store.add(conversation(f"k{number}"))
        store.transcript(f"k{number}").append(user())
        at = NOW + number
        os.utime(data_dir / f"transcripts/k{number}.jsonl", (at, at))
    clock.at = Y2000
    times = store.recencies()
    assert sorted(times, key=lambda key: times[key]) == [f"k{number}" for number in range(30)]


def test_a_conversation_created_in_the_future_goes_by_its_messages(
    store, data_dir, clock, conversation, user
):

    store.add(conversation("k1", created=datetime(2100, 1, 1, tzinfo=UTC)))
    store.transcript("k1").append(user())
    os.utime(data_dir / "transcripts/k1.jsonl", (NOW, NOW))
    assert store.recencies() == {"k1": NOW}


@pytest.mark.parametrize("at", [2**40, -(2**33), 0])
def test_a_time_that_no_calendar_has_is_no_obstacle(store, data_dir, conversation, user, at):
    store.add(conversation("k1"))
    store.transcript("k1").append(user())
    answer = store.begin_answer("k1", "t1")
    answer.append("half")
    answer.owner.release()
    for path in (data_dir / "transcripts").iterdir():
        try:
            os.utime(path, (at, at))
        except OSError:
            pytest.skip("this file system has no such time")
    again = Store(data_dir)
    assert again.open() == []
    again.recencies()
    again.recency(again.get("k1"))
    assert [each.text for each in again.transcript("k1")] == ["Hello?", "half"]
    again.delete("k1")
    assert len(again.trash.list()) == 1
