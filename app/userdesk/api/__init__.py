"""The Userdesk client over httpx: two endpoints, streaming, failures.

Importing this package imports no httpx: that waits for a client's first request.
"""

import sys

from userdesk.api.client import UserdeskClient, preload
from userdesk.api.replies import Chunk, Created, CreateUnavailable

__all__ = ["Chunk", "CreateUnavailable", "Created", "UserdeskClient", "preload"]

# httpx imports a command line of its own with itself, if it can: 3 MB and 70 ms that nobody asked for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
