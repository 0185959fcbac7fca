"""How long the steps of an event loop take: a key waits for the longest one.

A step is one callback of the loop: a task's code from one `await` to the next, or a call by a timer. It is
measured by its thread's processor time, so that other processes on the machine count for nothing;
collections of garbage count, for keys wait for them as well.
"""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

WORTH_NAMING = 0.002  # s; shorter steps are only counted
LOOKED_AT_EVERY = 0.003  # s between two looks at the stack of the step under way


@dataclass(frozen=True, slots=True)
class Step:
    """One step that took a while."""

    seconds: float
    """Processor time of the loop's thread."""
    name: str
    """What was called: a task's coroutine, or a function."""
    stack: str = ""
    """Where it was when it was looked at last; empty where stacks are not kept."""


@dataclass(slots=True)
class LoopSteps:
    """The steps of a loop since they were taken last."""

    stacks: bool = False
    longest: Step = field(default_factory=lambda: Step(0.0, "nothing"))
    count: int = 0
    _begun: float = 0.0  # by the monotonic clock; 0 between two steps
    _stack: str = ""

    def take(self) -> Step:
        """The longest step since the last call."""
        longest, self.longest, self.count = self.longest, Step(0.0, "nothing"), 0
        return longest

    def run(self, handle: asyncio.Handle, run: Any) -> None:
        """Run one callback and note how long it took."""
        self._begun, self._stack = time.monotonic(), ""
        begun = time.thread_time()
        try:
            run(handle)
        finally:
            seconds = time.thread_time() - begun
            self._begun = 0.0
            self.count += 1
            if seconds > max(self.longest.seconds, WORTH_NAMING):
                self.longest = Step(seconds, _name(handle), self._stack)

    def look(self, thread: int, ended: threading.Event) -> None:
        """Keep the stack of a step that takes long, from another thread."""
        while not ended.wait(LOOKED_AT_EVERY):
            begun = self._begun
            frame = sys._current_frames().get(thread)
            if begun and frame and time.monotonic() - begun > WORTH_NAMING:
                self._stack = _stack(frame)


@contextmanager
def steps_watched(*, stacks: bool = False) -> Iterator[LoopSteps]:
    """Measure the steps of this thread's loops; with `stacks` say where the longest was, at some cost."""
    watch, run, ended = LoopSteps(stacks), asyncio.Handle._run, threading.Event()
    here = threading.get_ident()

    def timed(handle: asyncio.Handle) -> None:
        if threading.get_ident() == here:
            watch.run(handle, run)
        else:
            run(handle)

    looking = threading.Thread(target=watch.look, args=(here, ended), daemon=True)
    if stacks:
        looking.start()
    asyncio.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]
        ended.set()
        if stacks:
            looking.join()


def _name(handle: Any) -> str:
    callback = handle._callback
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine: Any = task.get_coro()
        return f"{task.get_name()}: {getattr(coroutine, '__qualname__', coroutine)}"
    return str(getattr(callback, "__qualname__", callback))


def _stack(frame: FrameType) -> str:
    ours = [each for each in traceback.extract_stack(frame) if "/asyncio/" not in each.filename]
    return " > ".join(f"{each.name}:{each.lineno}" for each in ours[-14:])
