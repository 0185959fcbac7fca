"""Who may watch answers arrive, chunk by chunk, beside the turn that receives them."""

from typing import Protocol

from userdesk.api import Chunk
from userdesk.domain.message import Message


class StreamObserver(Protocol):
    """Told on the event loop of each request and each chunk; it must neither raise nor block."""

    def begun(self, turn: str, conversation_id: str | None) -> None:
        """The request of a turn leaves."""
        ...

    def arrived(self, turn: str, chunk: Chunk) -> None:
        """A chunk of its answer came."""
        ...

    def ended(self, turn: str, outcome: Message) -> None:
        """Nothing more comes."""
        ...

    def close(self) -> None:
        """No turn will follow."""
        ...
