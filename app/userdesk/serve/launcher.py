"""Run by a bare interpreter between the host and a visitor's process: takes the terminal, sets limits, goes.

What must happen in the new process cannot safely be done by forked Python of a host with threads.
"""

import fcntl
import os
import resource
import sys
import termios
from contextlib import suppress

_MEMORY = 1024**3  # bytes of data, many times what the program takes
_FILE = 256 * 1024**2  # bytes of the largest file: limits.DISK, which a bare interpreter does not find
_NICE = 5
"""Behind the host, which all visitors wait for."""


def main() -> None:
    """Become the program of the arguments, on the pseudo-terminal that is the standard input."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),  # a visitor's words are in it
        (resource.RLIMIT_DATA, _MEMORY),
        (resource.RLIMIT_FSIZE, _FILE),
    ):
        with suppress(OSError, ValueError):  # it is lower already
            resource.setrlimit(kind, (limit, limit))
    with suppress(OSError):
        os.nice(_NICE)
    # What an interpreter says of a failed start, with paths, is not for visitors; the program takes the
    # terminal for this descriptor once it can hold such words back itself.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    try:
        main()
    except Exception:  # its words would reach the visitor
        os._exit(127)
