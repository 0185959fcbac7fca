"""What the terminal sent in one piece is handed over at once: many keys as one event, motions as one."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from textual import events
from textual.driver import Driver
from textual.message import Message

from userdesk.tui.input.typed_text import text_of

TOGETHER = 16  # keys; fewer are handed over one by one
IN_PASTES = ("enter", "tab", "ctrl+j")
"""Keys that are text in a paste that came without brackets."""
MOST_TURNS = 20
"""Of the wheel, in one direction and in one piece; no hand turns as many while the screen is drawn once."""

_Turn = events.MouseScrollUp | events.MouseScrollDown | events.MouseScrollLeft | events.MouseScrollRight


@dataclass(eq=False, repr=False)
class KeyBurst(events.Event, bubble=False):
    """Keys that are all text and came together."""

    keys: Sequence[events.Key]


def together(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, many keys of text in a row as one burst."""
    for is_text, run in groupby(messages, _is_text):
        keys: tuple[Any, ...] = tuple(run)
        yield from (KeyBurst(keys),) if is_text and len(keys) >= TOGETHER else keys


def _is_text(message: Message) -> bool:
    return isinstance(message, events.Key) and bool(text_of(message) or message.key in IN_PASTES)


def in_few_turns(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, without turns of the wheel beyond MOST_TURNS in a row."""
    for kind, run in groupby(messages, type):
        yield from islice(run, MOST_TURNS if issubclass(kind, _Turn) else None)


def in_one_motion(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, motions in a row as the last of them."""
    for held, run in groupby(messages, _held):
        if held is None:
            yield from run
        else:
            motions: list[Any] = [*run]
            motions[-1]._delta_x = sum(motion.delta_x for motion in motions)
            motions[-1]._delta_y = sum(motion.delta_y for motion in motions)
            yield motions[-1]


def _held(message: Message) -> tuple[object, ...] | None:
    """What is held during a motion; None for anything else."""
    if not isinstance(message, events.MouseMove):
        return None
    return message.button, message.shift, message.meta, message.ctrl


class BatchingDriver(Driver):
    """Hands over all that was read while the application was busy at once, text in one piece.

    Told of key by key, the application would have its thread and the reading one wait for each other at
    every key: a paste of 5,000 lines without brackets took minutes, and faltered so that lines were sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._came: deque[Message] = deque()
        self._told = False

    def send_message(self, message: Message) -> None:
        """Called by whatever reads."""
        self._came.append(message)
        if not self._told:
            self._told = True
            self._tell()

    def _tell(self) -> None:
        """Have what came handed over, by the event loop's thread."""
        self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._told = False
        came = [self._came.popleft() for _ in range(len(self._came))]
        for message in together(in_few_turns(in_one_motion(came))):
            self._app.post_message(message)
