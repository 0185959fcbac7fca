"""A recording: what came of an answer, when, and what of it is on the disk."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from userdesk.chat import recording
from userdesk.chat.recording import Recording
from userdesk.domain.message import Metrics
from userdesk.store import Store, StoreError


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=clock))
    return clock


def came(answer: Recording, clock: Clock, *pieces: tuple[float, str]) -> None:
    """Each piece so many seconds after the one before."""
    for pause, text in pieces:
        clock.now += pause
        answer.add(text)


class InFlight:
    """Where checkpoints go; a disk that can be full."""

    def __init__(self) -> None:
        self.written: list[tuple[str, list[tuple[int, int]]]] = []
        self.is_full = False

    def append(self, text: str, chunks: Sequence[tuple[int, int]]) -> None:
        if self.is_full:
            raise StoreError("no space left")
        self.written.append((text, list(chunks)))


def test_pieces_close_together_are_one_step_of_the_pace(clock: Clock) -> None:
    answer = Recording()
    came(answer, clock, (1 / 8, "a"), (1 / 64, "bc"), (1 / 128, "d"), (1 / 512, "e"), (1.0, "f"))
    assert answer.pace == ((125, 4), (150, 1), (1150, 1))
    assert answer.text == "abcdef"


def test_times_count_from_the_request(clock: Clock) -> None:
    answer = Recording()
    assert answer.last_sign == clock.now
    assert answer.metrics == Metrics(None, 0.0, 0)
    came(answer, clock, (0.5, ""), (0.25, "ab"), (0.25, "c"))
    clock.now += 1
    assert answer.metrics == Metrics(0.75, 2.0, 3)
    assert answer.pace == ((750, 2), (1000, 1))


def test_a_byte_that_gives_no_text_yet_is_a_sign_of_life(clock: Clock) -> None:
    answer = Recording()
    came(answer, clock, (3.0, ""))
    assert (answer.last_sign, answer.text, answer.pace) == (103.0, "", ())
    assert answer.metrics == Metrics(None, 3.0, 0)


def test_a_checkpoint_writes_what_came_since_the_last_one(clock: Clock) -> None:
    answer, disk = Recording(), InFlight()
    answer.checkpoint(disk)  # type: ignore[arg-type]
    assert disk.written == []
    came(answer, clock, (1 / 8, "a"), (1 / 8, "b"))
    answer.checkpoint(disk)  # type: ignore[arg-type]
    answer.checkpoint(disk)  # type: ignore[arg-type]
    came(answer, clock, (1 / 1024, "c"), (1 / 1024, "d"))
    disk.is_full = True
    with pytest.raises(StoreError):
        answer.checkpoint(disk)  # type: ignore[arg-type]
    came(answer, clock, (1 / 8, "e"))
    disk.is_full = False
    answer.checkpoint(disk)  # type: ignore[arg-type]
    assert disk.written == [("ab", [(125, 1), (250, 1)]), ("cde", [(250, 2), (376, 1)])]
    assert answer.pace == ((125, 1), (250, 1), (250, 2), (376, 1)), "a step on the disk does not grow"


def test_a_checkpoint_lies_on_the_disk_as_soon_as_it_is_made(tmp_path: Path) -> None:
    store, answer = Store(tmp_path, durable=False), Recording()
    store.open()
    in_flight = store.begin_answer("k1", "t1")
    answer.add("so far")
    answer.checkpoint(in_flight)
    assert b"so far" in (tmp_path / "transcripts" / "k1.t1.answer").read_bytes()


def test_a_crash_costs_half_a_second_of_text() -> None:
    assert recording.CHECKPOINT_EVERY == 0.5
    assert recording.PACE_GRAIN == 25
