"""How an answer came, step by step, so that it can be shown again at its recorded pace."""

from collections.abc import Iterator
from typing import NamedTuple

from userdesk.domain.message import Message, Role

LONGEST_PAUSE = 120.0
"""Seconds; a longer pause in the record is a sleeping laptop or an edited file."""

BETWEEN = 1.0
"""Seconds before a message whose pace is not recorded: how long the user read and typed never is."""


class Step(NamedTuple):
    """A piece of text and the seconds that passed before it came."""

    pause: float
    text: str


def steps(message: Message) -> Iterator[Step]:
    """All of the message's text as it came; a record that is wrong loses none of it."""
    text, taken, before = message.text, 0, 0
    if message.role is Role.USER or not text:
        yield Step(0.0, text)
        return
    for milliseconds, characters in message.chunks:
        piece = text[taken : taken + max(0, characters)]
        if not piece:
            continue
        yield Step(_pause(milliseconds - before), piece)
        taken += len(piece)
        before = max(before, milliseconds)
    if taken == 0:  # it came as a whole, or nothing was recorded
        yield Step(_pause(int(message.metrics.total * 1000)) if message.metrics else 0.0, text)
    elif taken < len(text):
        yield Step(0.0, text[taken:])


def _pause(milliseconds: int) -> float:
    return min(max(0, milliseconds) / 1000, LONGEST_PAUSE)
