"""Reports of the mouse's motion that came together: one motion instead of thousands."""

from collections.abc import Iterable, Iterator

from textual import events
from textual.message import Message


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
