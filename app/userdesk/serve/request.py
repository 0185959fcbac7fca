"""What `userdesk serve` was asked for."""

from typing import NamedTuple


class Request(NamedTuple):
    """What `userdesk serve` was asked for."""

    host: str = "127.0.0.1"
    port: int = 0
    visitors: int = 10
    idle: int = 1800
    """Seconds."""
    public_url: str | None = None
