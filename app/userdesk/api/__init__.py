"""The Userdesk client over httpx: two endpoints, streaming, failures.

Importing this package imports no httpx: that waits for a client's first request.
"""

from userdesk.api.client import UserdeskClient, preload
from userdesk.api.replies import Chunk, Created, CreateUnavailable

__all__ = ["Chunk", "CreateUnavailable", "Created", "UserdeskClient", "preload"]
