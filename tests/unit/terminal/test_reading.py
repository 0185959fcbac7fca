"""Reading the terminal: a defect of the parser ends nothing, another one tells its cause.

Leans on a private part of Textual: Driver._loop, App._handle_exception.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from feeding import shown
from textual.app import App
from textual.geometry import Size
from textual.message import Message

from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.driver import TerminalDriver
from userdesk.tui.terminal.input_parser import InputParser


class Loop:
    """Calls at once."""

    def call_soon(self, call: Callable[..., object], *arguments: object) -> None:
        call(*arguments)

    def call_at(self, when: float, call: Callable[..., object], *arguments: object) -> Any:
        return self

    def cancel(self) -> None:
        pass

    def remove_reader(self, descriptor: int) -> None:
        pass


class Writer:
    """Counts what the terminal confirms."""

    def __init__(self) -> None:
        self.answers = 0

    def answered(self) -> None:
        self.answers += 1

    def taken_anew(self) -> None:
        self.answers = 0

    def write(self, text: str) -> None:
        """Drop it."""


class Reader(TerminalDriver):
    """The driver's reading, of the end of a pipe."""

    def __init__(self, end: int) -> None:
        self._writer = cast(Any, Writer())
        self._is_synchronized = False
        self.cursor_origin = None
        self._input = end
        self._parser = InputParser()
        self._deadline = None
        self._came = deque()
        self._typed_before = 0
        self._loop = cast(Any, Loop())
        self._app = cast(App[Any], self)
        self.told: list[object] = []

    @property
    def screen(self) -> SimpleNamespace:
        """What stands for the application's screen: of the window's size."""
        return SimpleNamespace(outer_size=Size(*self._window_size()))

    def read_all(self) -> None:
        """Until the end of what was written, or a defect."""
        while self._parser and not any(isinstance(each, Exception) for each in self.told):
            self._readable()

    def process_message(self, message: Message) -> None:
        super().process_message(message)

    def send_message(self, message: Message) -> None:
        self.told.append(shown(message))

    def terminal_gone(self) -> None:
        self.told.append("gone")

    def post_message(self, message: Message) -> None:
        self.told.append(type(message).__name__)

    def refresh(self, *, layout: bool) -> None:
        self.told.append("drawn anew")

    def _handle_exception(self, error: Exception) -> None:
        self.told.append(error)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Where the program reads, and where a terminal writes."""
    ends = os.pipe()
    yield ends
    os.close(ends[0])


def told_of(pipe: tuple[int, int], data: bytes) -> list[object]:
    reader = Reader(pipe[0])
    os.write(pipe[1], data)
    os.close(pipe[1])
    reader.read_all()
    return reader.told


def test_the_end_of_input_is_told_once_and_behind_what_was_read(pipe: tuple[int, int]) -> None:
    assert told_of(pipe, b"a\x1b[200~pasted") == ["a", "paste 'pasted'", "gone"]


@pytest.mark.parametrize(
    ("state", "told"),
    [(0, []), (1, ["synchronized output"]), (2, ["synchronized output"]), (4, [])],
    ids=["unknown, as to xterm", "set", "not set", "never set"],
)
def test_any_answer_says_that_the_terminal_is_that_far(
    pipe: tuple[int, int], state: int, told: list[object]
) -> None:
    reader = Reader(pipe[0])
    os.write(pipe[1], f"\x1b[?2026;{state}$y".encode() * 3)
    os.close(pipe[1])
    reader.read_all()
    assert (reader._writer.answers, reader.told) == (3, [*told, "gone"])  # type: ignore[union-attr]


def test_no_answer_from_before_is_waited_for_once_the_terminal_is_taken_anew(pipe: tuple[int, int]) -> None:
    """Else the pause would be taken for the time that the terminal's answers take."""
    reader = Reader(pipe[0])
    reader._output, reader._attributes, reader._auto_restart = pipe[1], None, True
    reader._writer.answered()  # type: ignore[union-attr]
    reader._continued()
    assert (reader._writer.answers, reader.told) == (0, ["Resize", "drawn anew"])  # type: ignore[union-attr]
    os.close(pipe[1])


def test_a_defect_of_the_parser_ends_nothing(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    feed = InputParser.feed

    def fails(*_: object) -> None:
        monkeypatch.setattr(InputParser, "feed", feed)
        raise IndexError("a defect")

    monkeypatch.setattr(InputParser, "feed", fails)
    monkeypatch.setattr("userdesk.tui.terminal.driver.READ_AT_ONCE", 1)
    with logged.at_level(logging.ERROR):
        assert told_of(pipe, b"abc")[-1] == "gone"
    assert "a defect" in logged.text


def test_another_defect_tells_its_cause(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Reader, message: Message) -> None:
        raise IndexError("a defect")

    monkeypatch.setattr(Reader, "process_message", fails)
    (error,) = told_of(pipe, b"a")
    assert isinstance(error, IndexError)


async def test_the_cause_is_what_the_crash_report_is_made_of() -> None:
    class Crashing(CrashSafeApp):
        def keep_what_was_typed(self) -> None:
            pass

    app = Crashing()
    error = IndexError("a defect")
    with pytest.raises(IndexError):
        async with app.run_test():
            app._handle_exception(error)
    assert app.crash is error


def test_enter_typed_before_the_terminal_was_taken_is_enter(pipe: tuple[int, int]) -> None:
    """The terminal itself makes a newline of it until it is told not to."""
    reader = Reader(pipe[0])
    reader._typed_before = 3
    os.write(pipe[1], b"a\nb\nc")
    os.close(pipe[1])
    reader.read_all()
    assert reader.told == ["a", "<enter>", "b", "<ctrl+j>", "c", "gone"]
