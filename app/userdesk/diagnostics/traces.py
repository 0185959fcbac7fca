"""Where an error came from: types and places, never values, which could hold a key or a message."""

import traceback
from collections.abc import Iterator

_DEEPEST = 60  # frames of one error
_LONGEST_CHAIN = 8  # errors that led to one another


def trace_lines(error: BaseException) -> Iterator[str]:
    """The error's type and the places it went through, then the errors that led to it.

    Neither an error's message nor a local variable is told: httpx's own, for one, may hold a header.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _LONGEST_CHAIN:
        yield f"{'after ' if seen else ''}{type(current).__module__}.{type(current).__qualname__}"
        seen.add(id(current))
        for frame in traceback.extract_tb(current.__traceback__, limit=-_DEEPEST):
            yield f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}"
        cause = getattr(current, "error", None)  # a worker's failure carries its error so
        following = current.__cause__ or current.__context__
        current = cause if isinstance(cause, BaseException) else following


def _place(filename: str) -> str:
    """The end of a file's path: enough to find it, without the user's folders."""
    for root in ("site-packages", "lib"):
        _, found, rest = filename.replace("\\", "/").rpartition(f"/{root}/")
        if found:
            return rest
    return "/".join(filename.replace("\\", "/").split("/")[-3:])
