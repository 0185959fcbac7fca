"""A process that has imported the program and forks for each run of it; forks.py starts it and asks it.

A request is its length, with the three descriptors that are to be the run's standard streams, and JSON: the
environment, the arguments and so on. What is answered are records: the run's process, and later how it ended.
"""

import fcntl
import gc
import io
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import sys
import termios
from importlib import import_module
from typing import Any

LENGTH = struct.Struct("q")
RECORD = struct.Struct("?qq")
"""Whether a run ended; its process; how it ended, as `subprocess` counts it."""
LAZY = ("httpx", "anyio._backends._asyncio", "rich.text")
"""What the program imports when it first needs it."""


def import_everything() -> None:
    """Import what any run may need."""
    os.environ["TEXTUAL_FPS"] = "240"  # as the command line sets it before it imports the framework
    import userdesk

    for module in pkgutil.walk_packages(userdesk.__path__, "userdesk."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in LAZY:
        import_module(name)
    gc.collect()
    gc.freeze()  # or the collector would have every run copy all of it


def serve(channel: socket.socket) -> int:
    """Fork for each request, and tell of each end; in a fork the exit status of its run."""
    ended, woken = socket.socketpair()
    woken.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken.fileno())
    while True:
        ready, _, _ = select.select((channel, ended), (), ())
        if ended in ready:
            ended.recv(1 << 16)
            tell_ends(channel)
        if channel not in ready:
            continue
        length, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, 3)
        if not length:
            return 0
        request = channel.recv(*LENGTH.unpack(length), socket.MSG_WAITALL)
        if process := os.fork():
            for descriptor in descriptors:
                os.close(descriptor)
            channel.sendall(RECORD.pack(False, process, 0))
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (channel, ended, woken):
            end.close()
        return run(json.loads(request), descriptors)


def tell_ends(channel: socket.socket) -> None:
    """Tell how each run that is over ended."""
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        channel.sendall(RECORD.pack(True, process, os.waitstatus_to_exitcode(status)))


def run(request: dict[str, Any], descriptors: list[int]) -> int:
    """Be the program, as a new process would be."""
    if request["has_terminal"]:
        os.setsid()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.closerange(3, max(descriptors) + 1)
    if request["has_terminal"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.stdin = sys.__stdin__ = stream(0, "r")
    sys.stdout = sys.__stdout__ = stream(1, "w")
    sys.stderr = sys.__stderr__ = stream(2, "w")
    sys.argv = ["userdesk", *request["arguments"]]
    exec(request["defect"], {})
    from userdesk.__main__ import main

    return main()


def stream(descriptor: int, mode: str) -> io.TextIOWrapper:
    """A standard stream as the interpreter makes it."""
    binary = open(descriptor, f"{mode}b", closefd=False)  # noqa: SIM115
    lines = descriptor == 2 or binary.isatty()
    errors = "backslashreplace" if descriptor == 2 else "strict"
    return io.TextIOWrapper(binary, "utf-8", errors, line_buffering=lines)


if __name__ == "__main__":
    import_everything()
    sys.exit(serve(socket.socket(fileno=int(sys.argv[1]))))
