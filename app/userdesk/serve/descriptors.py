"""How many files and connections the host may have open at once: enough for all visitors and a flood."""

import resource
from contextlib import suppress

from userdesk.serve.connections import FOR_EACH_PLACE, MOST

_OTHERS = 64
"""What the host has open by itself."""
_OF_A_VISIT = 32
"""Terminal, pipes, websocket and those that it took over from, requests on both sides, files to fetch."""


def make_room(places: int) -> None:
    """Raise the limit to what so many visitors may need, where the system gives fewer and allows more.

    The usual limits (256 on macOS, 1024 elsewhere) are for programs of one user. Beyond them nobody comes in.
    """
    wanted = _OTHERS + MOST + (FOR_EACH_PLACE + _OF_A_VISIT) * places
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
