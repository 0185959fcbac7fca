"""Stands in for the visitors' program in tests of the host: runs what it is typed, line by line."""

import json
import os
import signal
import subprocess  # noqa: F401  lines that are typed use it
import sys  # noqa: F401

folder = os.environ["USERDESK_VISIT_FOLDER"]


def say(*words: object) -> None:
    """Write to the terminal, so that a test finds where it begins and ends."""
    os.write(1, f"<{' '.join(map(str, words))}>".encode())


def tell(**message: object) -> None:
    """Tell the host."""
    channel(json.dumps(message).encode() + b"\n")


def channel(data: bytes) -> None:
    """Write to the channel what may be no message."""
    left = memoryview(data)
    while left:
        left = left[os.write(int(os.environ["USERDESK_VISIT_CHANNEL"]), left) :]


def size(*_: object) -> None:
    """Tell the terminal's size."""
    columns, rows = os.get_terminal_size(0)
    say("size", columns, rows)


signal.signal(signal.SIGCONT, lambda *_: say("drawn", os.getpid()))
signal.signal(signal.SIGWINCH, size)
say("ready")
line = b""
while character := os.read(0, 1):  # what follows the line may be for what the line does
    line += character
    if character == b"\n":
        exec(line)
        line = b""
