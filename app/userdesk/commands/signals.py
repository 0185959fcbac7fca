"""SIGTERM and SIGHUP end a command as Ctrl+C does: what was done is told, and nothing is left lying about."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from userdesk.commands.exit_status import ExitStatus

_STATUSES = {"SIGTERM": ExitStatus.TERMINATED, "SIGHUP": ExitStatus.HUNG_UP}
_T = TypeVar("_T")


class _Ending:
    """What is known of the signal that ends this process."""

    name = ""
    waits = False
    """Whether what was done is told first."""
    cancel: Callable[[], object] | None = None
    terminals: tuple[int, ...] = ()


_ending = _Ending()


@contextmanager
def signals_like_ctrl_c() -> Iterator[None]:
    """Within it SIGTERM and SIGHUP do what Ctrl+C does, but where they are ignored, as under nohup."""
    _ending.name, _ending.waits = "", False
    _ending.terminals = tuple(number for number in range(3) if os.isatty(number))
    taken = []
    if threading.current_thread() is threading.main_thread():
        for name in _STATUSES:
            number = getattr(signal, name, None)
            if number and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
        if _ending.waits:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def tell_first() -> None:
    """From here on a signal only decides the exit status: what was done is still to be told.

    A second Ctrl+C ends all the same, for whoever reads it may have stopped reading.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, signal.SIG_DFL):
        _ending.waits = True
        signal.signal(signal.SIGINT, _end)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """`asyncio.run`, whose task is cancelled by these signals too: that raises KeyboardInterrupt."""

    async def watched() -> _T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def cancel() -> None:
            task.cancel()
            loop.call_soon_threadsafe(lambda: None)  # the loop may be waiting for something far away

        _ending.cancel = cancel
        try:
            return await work
        finally:
            _ending.cancel = None

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def was_ended() -> bool:
    """Whether a signal came that was kept waiting."""
    return bool(_ending.name)


def ended_by() -> str:
    """What ended the command, in words: `with Ctrl+C`, `by SIGTERM`."""
    return f"by {_ending.name}" if _ending.name in _STATUSES else "with Ctrl+C"


def ended_status() -> ExitStatus:
    """The exit status of a command that was ended, as shells count it."""
    return _STATUSES.get(_ending.name, ExitStatus.INTERRUPTED)


def _end(number: int, frame: FrameType | None) -> None:
    if _ending.name:
        # A second one ends all the same. Of a terminal that closes, its shell sends one more.
        if number != getattr(signal, "SIGHUP", None):
            raise KeyboardInterrupt
        return
    _ending.name = signal.Signals(number).name
    for terminal in _ending.terminals:
        if not os.isatty(terminal):  # it hung up: writing to it would fail, and reports are still to come
            os.dup2(os.open(os.devnull, os.O_RDWR), terminal)
    if _ending.waits:
        return
    if _ending.cancel:
        _ending.cancel()
    else:
        raise KeyboardInterrupt
