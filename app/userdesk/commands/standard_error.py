"""Standard error that never fails: what nobody can be told there costs no command its result."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Lenient(io.FileIO):
    """A descriptor that takes whatever is written: a full disk or a reader that has gone is no error."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextmanager
def lenient_standard_error() -> Iterator[None]:
    """Within it writing to standard error raises no OSError, be it closed, full or read by nobody."""
    before = sys.stderr
    if before is None:  # closed; print would take standard output instead
        lenient = io.TextIOWrapper(_opened(os.open(os.devnull, os.O_WRONLY)), "utf-8")
    else:
        try:
            lenient = io.TextIOWrapper(
                _opened(before.fileno()), before.encoding, before.errors, line_buffering=True
            )
        except (OSError, ValueError):  # no file of the system's
            yield
            return
    sys.stderr = lenient
    try:
        yield
    finally:
        lenient.flush()
        if before is not None:
            sys.stderr = before


def _opened(descriptor: int) -> io.BufferedWriter:
    return io.BufferedWriter(_Lenient(descriptor, "w", closefd=False))
