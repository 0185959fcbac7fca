"""One message of a transcript, and what is known of how it came."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from userdesk.domain.failure import Failure

LONGEST_ANSWER = 4_000_000
"""Characters of an answer that are read, shown and kept: a server may send for ever."""
NOTHING: Mapping[str, object] = MappingProxyType({})


class Role(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class Status(StrEnum):
    """How a message ended; a turn's outcome is its assistant message's status."""

    COMPLETE = "complete"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


class Metrics(NamedTuple):
    """How an answer came: seconds to its first text and to its end, and its size."""

    first_text: float | None
    """Seconds from the request to the first text; None where no text came."""
    total: float
    """Seconds from the request to the end."""
    characters: int

    @property
    def rounded(self) -> dict[str, float | None]:
        """The figures by name, in seconds to the millisecond, as JSON output and exports have them."""
        first = None if self.first_text is None else round(self.first_text, 3)
        return {"first_text": first, "total": round(self.total, 3), "characters": self.characters}


class Message(NamedTuple):
    """One bubble of the message log, one line of the transcript."""

    role: Role
    text: str
    """Markdown source as the server sent it, or what the user typed; not yet made safe to show."""
    at: datetime
    """When it was sent, or when its last text arrived; with a time zone."""
    status: Status = Status.COMPLETE
    failure: Failure | None = None
    """Why an assistant message failed or was interrupted."""
    metrics: Metrics | None = None
    conversation_id: str | None = None
    """The id that the turn went to, kept where a conversation goes on under a new one."""
    welcome: bool = False
    """Whether this is the chatbot's welcome message."""
    chunks: tuple[tuple[int, int], ...] = ()
    """(milliseconds since the request, characters) of each piece of a streamed answer, for replay."""
    extra: Mapping[str, object] = NOTHING
    """Keys of the transcript line that this version does not know; they survive."""

    def evolve(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return self._replace(**changes)


def now() -> datetime:
    """The current time in UTC, to the second, as transcripts and conversations.toml keep it."""
    return datetime.now(UTC).replace(microsecond=0)
