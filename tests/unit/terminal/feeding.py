"""Feeds a parser of terminal input as a terminal and a clock would."""

from collections.abc import Iterable
from itertools import pairwise

from textual import events, messages
from textual.message import Message

from userdesk.tui.terminal.input_parser import InputParser
from userdesk.tui.terminal.reports import QuestionAnswered

ESCAPE_DELAY = 0.1  # s
START = 1_000.0  # s, of the clock


def shown(message: Message) -> str:
    """A message, briefly: `a`, `<ctrl+q>`, `paste 'text'`, `down 1 at 59,9`."""
    match message:
        case events.Key(key=key, character=None | "\r" | "\t" | "\x7f" | "\x1b"):
            return f"<{key}>"
        case events.Key(key=key, character=character) if character is not None and character < " ":
            return f"<{key}>"
        case events.Key(character=character):
            return str(character)
        case events.Paste(text=text):
            return f"paste {text!r}"
        case events.MouseEvent():
            held = "".join(f"{name}+" for name in ("shift", "meta", "ctrl") if getattr(message, name))
            kind = type(message).__name__.removeprefix("Mouse").lower()
            return f"{held}{kind} {message.button} at {message.x},{message.y}"
        case events.AppFocus():
            return "focus"
        case events.AppBlur():
            return "blur"
        case messages.TerminalSupportsSynchronizedOutput():
            return "synchronized output"
        case QuestionAnswered():
            return "an answer"
    return repr(message)


class Fed:
    """A parser, what it was given, and what came of it."""

    def __init__(self) -> None:
        self.parser = InputParser(ESCAPE_DELAY)
        self.messages: list[Message] = []
        self.now = START

    def pause(self, seconds: float) -> None:
        """Let time pass, ticking when the parser asks for it."""
        end = self.now + seconds
        while (deadline := self.parser.deadline) is not None and deadline <= end:
            self.messages += self.parser.tick(deadline)
            assert self.parser.deadline is None or self.parser.deadline > deadline
        self.now = end

    def send(self, *steps: bytes | float) -> "Fed":
        """Bytes, read at once, and pauses in seconds."""
        for step in steps:
            if isinstance(step, bytes):
                self.messages += self.parser.feed(step, self.now)
            else:
                self.pause(step)
        return self

    def close(self) -> "Fed":
        """The end of input."""
        self.messages += self.parser.close()
        return self

    @property
    def shown(self) -> list[str]:
        """What came of it."""
        return [shown(message) for message in self.messages]


def of(*steps: bytes | float) -> list[str]:
    """What comes of bytes and pauses."""
    return Fed().send(*steps).shown


def typed(text: str) -> list[str]:
    """Text, key by key."""
    return list(text)


def cut(data: bytes, at: Iterable[int]) -> list[bytes]:
    """The data in pieces."""
    places = [0, *sorted(place for place in set(at) if place < len(data)), len(data)]
    return [data[begin:end] for begin, end in pairwise(places) if begin < end]
