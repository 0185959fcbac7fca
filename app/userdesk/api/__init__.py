"""The Userdesk client over httpx, which the first request imports: two endpoints, streaming, failures."""

import sys

from userdesk.api.client import UserdeskClient, preload
from userdesk.api.replies import Chunk, Created, CreateUnavailable

__all__ = ["Chunk", "CreateUnavailable", "Created", "UserdeskClient", "preload"]

# httpx imports a command line of its own with itself, if it can: 3 MB and 70 ms that nobody asked for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
