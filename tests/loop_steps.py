"""How long the steps of an event loop take: a key waits for the longest one.

A step is one callback of the loop: a task's code from one `await` to the next, or a call by a timer. Two
clocks measure it. Its thread's processor time is what the step itself costs. The time for which it held the
loop counts what it waited for as well: the disk, a lock, the interpreter that another thread had; but not
the time for which its thread could have run and other processes had the processors. Where the system does
not tell that (it is Linux that does), the processor time stands for both.

Between two steps the loop sleeps, and needs the interpreter to go on. What it waits for it then is a step
as well, as long as other threads computed meanwhile: a beat has the loop wake every millisecond.

Collections of garbage count, for keys wait for them as well; how long they took is told beside.
"""

import asyncio
import gc
import os
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

WORTH_NAMING = 0.002  # s; shorter steps are only counted
LOOKED_AT_EVERY = 0.003  # s between two looks at the stack of the step under way
BEAT = 0.001  # s after which the loop wakes in any case
ROUNDED = 0.001  # s by which a selector may sleep longer than it is asked to
DEPTH = 14  # functions of a stack that are kept
OTHER_THREADS = "other threads, which had the interpreter"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that took a while."""

    seconds: float
    """Processor time of the loop's thread."""
    held: float
    """For how long nothing else could act; at least `seconds`."""
    collecting: float = 0.0
    """How much of that went into collections of garbage."""
    name: str = "nothing"
    """What was called: a task's coroutine, or a function."""
    stack: str = ""
    """Where it was when it was looked at last."""

    def __str__(self) -> str:
        took = f"{1000 * self.held:.0f} ms ({1000 * self.seconds:.0f} of processor time"
        collecting = f", {1000 * self.collecting:.0f} in collections" if self.collecting > 0.001 else ""
        return f"{took}{collecting}) in {self.name}: {self.stack[-400:]}"


NOTHING = Step(0.0, 0.0)


class LoopSteps:
    """The steps of a thread's loop since they were taken last."""

    def __init__(self, waited: Callable[[], float | None]) -> None:
        """`waited` tells for how long the thread waited for a processor (s); None where that is not known."""
        self._waited = waited
        self._thread = threading.get_ident()
        self._collecting = 0.0  # s in collections so far
        self._collection_begun = 0.0
        self._begun = 0.0  # by the monotonic clock; 0 between two steps
        self._stack = ""
        self.longest = NOTHING
        self.count = 0

    def take(self) -> Step:
        """The longest step since the last call."""
        longest, self.longest, self.count = self.longest, NOTHING, 0
        return longest

    def run(self, handle: asyncio.Handle, run: Any) -> None:
        """Run one callback and note how long it took."""
        waited, collecting = self._waited(), self._collecting
        self._stack, seconds = "", time.thread_time()
        begun = self._begun = time.monotonic()
        try:
            run(handle)
        finally:
            held, seconds = time.monotonic() - begun, time.thread_time() - seconds
            self._begun = 0.0
            self.count += 1
            if held > max(WORTH_NAMING, self.longest.held):
                now = self._waited()
                held = seconds if now is None or waited is None else max(seconds, held - (now - waited))
                if held > self.longest.held:
                    spent = self._collecting - collecting
                    self.longest = Step(seconds, held, spent, _name(handle), self._stack)

    def sleep(self, timeout: float | None, select: Callable[[], Any]) -> Any:
        """Let the loop sleep, for `timeout` seconds at most, and note how long it could not go on then."""
        if timeout is None or (waited := self._waited()) is None:
            return select()
        begun, used, collecting = time.monotonic(), time.process_time(), self._collecting
        found = select()
        late = time.monotonic() - begun - max(0.0, timeout) - ROUNDED
        if late > max(WORTH_NAMING, self.longest.held):
            frames = [frame for thread, frame in sys._current_frames().items() if thread != self._thread]
            used = time.process_time() - used
            held = min(used, late - ((self._waited() or waited) - waited))
            if held > self.longest.held:
                stacks, spent = " | ".join(_stack(frame) for frame in frames), self._collecting - collecting
                self.longest = Step(0.0, held, spent, OTHER_THREADS, stacks)
        return found

    def look(self, ended: threading.Event) -> None:
        """Keep the stack of a step that takes long, from another thread."""
        while not ended.wait(LOOKED_AT_EVERY):
            begun = self._begun
            frame = sys._current_frames().get(self._thread)
            if begun and frame and time.monotonic() - begun > WORTH_NAMING:
                self._stack = _stack(frame)

    def collected(self, phase: str, _: dict[str, int]) -> None:
        """A collection of garbage begins or ends."""
        if phase == "start":
            self._collection_begun = time.thread_time()
        else:
            self._collecting += time.thread_time() - self._collection_begun


@contextmanager
def steps_watched() -> Iterator[LoopSteps]:
    """Measure the steps of this thread's loops."""
    run, select = asyncio.Handle._run, selectors.DefaultSelector.select
    ended, here = threading.Event(), threading.get_ident()
    with _waited() as waited:
        watch = LoopSteps(waited)

        def timed(handle: asyncio.Handle) -> None:
            if threading.get_ident() == here:
                watch.run(handle, run)
            else:
                run(handle)

        def slept(selector: Any, timeout: float | None = None) -> Any:
            if threading.get_ident() == here:
                return watch.sleep(timeout, lambda: select(selector, timeout))
            return select(selector, timeout)

        looking = threading.Thread(target=watch.look, args=(ended,), daemon=True)
        looking.start()
        gc.callbacks.append(watch.collected)
        asyncio.Handle._run = timed  # type: ignore[method-assign]
        selectors.DefaultSelector.select = slept  # type: ignore[method-assign]
        try:
            yield watch
        finally:
            asyncio.Handle._run = run  # type: ignore[method-assign]
            selectors.DefaultSelector.select = select  # type: ignore[method-assign]
            gc.callbacks.remove(watch.collected)
            ended.set()
            looking.join()


async def beat() -> None:
    """Have the loop wake often, so that it is seen when it can't."""
    while True:
        await asyncio.sleep(BEAT)


@contextmanager
def _waited() -> Iterator[Callable[[], float | None]]:
    """Tells for how long this thread has waited for a processor (s), or None where that is not known."""
    descriptor = None
    with suppress(OSError):
        descriptor = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)

    def waited() -> float | None:
        return None if descriptor is None else int(os.pread(descriptor, 100, 0).split()[1]) / 1e9

    try:
        yield waited
    finally:
        if descriptor is not None:
            closed, descriptor = descriptor, None  # the step that ends the watch asks once more
            os.close(closed)


def _name(handle: Any) -> str:
    callback = handle._callback
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine: Any = task.get_coro()
        return f"{task.get_name()}: {getattr(coroutine, '__qualname__', coroutine)}"
    return str(getattr(callback, "__qualname__", callback))


def _stack(frame: FrameType | None) -> str:
    """Functions and lines, the innermost last; no source is read for it, which would hold up the step."""
    found: list[str] = []
    while frame and len(found) < DEPTH:
        if f"{os.sep}asyncio{os.sep}" not in frame.f_code.co_filename:
            found.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " > ".join(reversed(found))
