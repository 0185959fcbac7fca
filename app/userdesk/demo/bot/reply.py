"""What the chatbot decided to answer, and in which manner it goes over the wire."""

from dataclasses import dataclass
from enum import Enum, auto


class Manner(Enum):
    """How an answer's bytes leave the server."""

    PLAIN = auto()
    SLOW = auto()
    """With long pauses."""
    DROPPED = auto()
    """Half of it, then the connection breaks."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in Markdown."""

    text: str
    manner: Manner = Manner.PLAIN
