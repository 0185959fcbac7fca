"""How controllers have work done beside the event that asked for it."""

from collections.abc import Coroutine
from typing import Any, Protocol


class Background(Protocol):
    """Runs a coroutine on the event loop; the chat screen's is a Textual worker that ends with the screen."""

    def __call__(
        self, work: Coroutine[Any, Any, object], *, group: str = "default", exclusive: bool = False
    ) -> object:
        """Begin the work at once. With `exclusive`, what is under way in the same group is cancelled."""
