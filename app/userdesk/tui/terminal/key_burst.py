"""Many keys of text that came together: one event instead of hundreds."""

from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual.message import Message

from userdesk.tui.input.typed_text import text_of

TOGETHER = 16  # keys; fewer are handed over one by one
IN_PASTES = ("enter", "tab", "ctrl+j")
"""Keys that are text in a paste that came without brackets."""


class KeyBurst(events.Event, bubble=False):
    """Keys that are all text and came together."""

    def __init__(self, keys: Sequence[events.Key]) -> None:
        super().__init__()
        self.keys = keys


def together(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages in their order, many keys of text in a row as one burst."""
    keys: list[events.Key] = []

    def gathered() -> Iterator[Message]:
        yield from keys if len(keys) < TOGETHER else (KeyBurst(tuple(keys)),)
        keys.clear()

    for message in messages:
        if isinstance(message, events.Key) and (text_of(message) or message.key in IN_PASTES):
            keys.append(message)
        else:
            yield from gathered()
            yield message
    yield from gathered()
