"""The bar of `userdesk check`: how far it is, and how long the rest takes."""

import io
import sys

import pytest

from userdesk.commands import progress
from userdesk.questions.model import Question
from userdesk.questions.outcome import Outcome, Result, Run

HELD = Run(outcome=Outcome.HELD)
RESULT = Result(number=1, question=Question(ask="a"), runs=(HELD,))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_the_bar_says_how_long_the_rest_takes(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    bar = progress.Progress(200, 200)
    drawn = []
    for taken in (0.05, 0.2, 4.0):
        clock[0] = 100.0 + taken
        terminal.truncate(0)
        bar.told("", RESULT, HELD)
        drawn.append(terminal.getvalue().strip("\0\r "))
    too_soon, guess, known = drawn
    assert too_soon == "", "at most ten times a second"
    assert guess.endswith("] 2/200  2 held")
    assert known.endswith("] 3/200  4 min 22 s left  3 held")


def test_in_a_pipe_each_answer_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    bar = progress.Progress(2, 2)
    for _ in range(2):
        bar.told("Acme", RESULT, HELD)
    assert pipe.getvalue() == "Acme · [1/2] ✓ a\n" * 2
