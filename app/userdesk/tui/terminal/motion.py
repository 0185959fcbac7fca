"""Reports of the mouse that came together: one motion and a few turns of the wheel instead of thousands."""

from collections.abc import Iterable, Iterator

from textual import events
from textual.message import Message

MOST_TURNS = 20
"""Of the wheel, in one direction and in one piece; no hand turns as many while the screen is drawn once."""

_Turn = events.MouseScrollUp | events.MouseScrollDown | events.MouseScrollLeft | events.MouseScrollRight


def in_few_turns(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, without turns of the wheel beyond MOST_TURNS in a row."""
    direction: type[Message] | None = None
    turns = 0
    for message in messages:
        if isinstance(message, _Turn) and type(message) is direction:
            turns += 1
        else:
            direction, turns = type(message), 1
        if turns <= MOST_TURNS or not isinstance(message, _Turn):
            yield message


def in_one_motion(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, motions in a row as the last of them."""
    motion: events.MouseMove | None = None
    for message in messages:
        if not isinstance(message, events.MouseMove):
            if motion:
                yield motion
            motion = None
            yield message
            continue
        if motion and _held(motion) == _held(message):
            message._delta_x += motion._delta_x
            message._delta_y += motion._delta_y
        elif motion:
            yield motion
        motion = message
    if motion:
        yield motion


def _held(motion: events.MouseMove) -> tuple[int, bool, bool, bool]:
    return motion.button, motion.shift, motion.meta, motion.ctrl
