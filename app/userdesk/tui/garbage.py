"""When the interpreter looks for garbage in cycles: often and in little, so that no key waits for it.

A full collection looks at all that the collector knows of. What one leaves, if it is much, is taken from it
(frozen): the next one looks at what came since. What is known to stay is frozen before one looks at it. What
of that becomes garbage in cycles is looked for once nobody has typed for a while.
"""

import gc
import threading
import time

THRESHOLDS = (2_000, 4, 2)
"""New objects after which they are looked at; looks after which the objects of these are looked at together;
and how many of those it takes until all are."""
LEFT = 20_000
"""Objects that a full collection may leave to the next one, which takes some 9 ms then; more are frozen."""
REST = 60.0
"""Seconds without a key after which what was frozen once is looked at; twice in half of them, and so on."""
PATIENCE = 50
"""How many times as long as that takes nobody must have typed: a key that comes then waits for its end."""
OFTEN = 10
"""After how many times it is looked at, whether anybody types or not: memory would grow. After as many times
more as it takes longer than `USUAL`."""
USUAL = 0.05
"""Seconds that a look at everything takes where no long answer is open."""
A_SLICE = 0.001_5
"""Seconds that it takes longer for each part of a long answer that was laid out."""
LOOK_EVERY = 5.0
"""Seconds between two looks whether it is time for that."""


class GarbageCollector:
    """Python's collector, from the time that everything is imported until the program ends."""

    def __init__(self) -> None:
        self._before: tuple[bool, tuple[int, int, int]] | None = None
        self._has_ended = False
        self._change = threading.Lock()  # it begins in a thread, perhaps when the program has ended
        self.frozen = 0
        """How often something was frozen since all was looked at."""
        self._takes = USUAL  # s that a look at everything takes, but for what full collections left since one

    def begin(self) -> None:
        """Look for garbage from now on, but not in what is there: it was loaded to stay."""
        with self._change:
            if self._has_ended or self._before:
                return
            self._before = gc.isenabled(), gc.get_threshold()
            _begun.append(self)
            _freeze()
            gc.callbacks.append(self._collected)
            gc.set_threshold(*THRESHOLDS)
            gc.enable()

    def end(self) -> None:
        """Leave the collector as it was found, but for what is frozen."""
        with self._change:
            self._has_ended = True
            if not self._before:
                return
            gc.callbacks.remove(self._collected)
            _begun.remove(self)
            was_enabled, thresholds = self._before
            gc.set_threshold(*thresholds)
            if not was_enabled:
                gc.disable()
            self._before = None

    def rest(self, seconds: float) -> bool:
        """Nobody has typed for so long: look at everything if it is time for that; whether it was.

        It takes longer than a key should wait: 50 ms, and 300 ms beside an answer of millions of characters.
        """
        is_quiet = seconds * self.frozen >= REST and seconds >= PATIENCE * self._takes
        if not self._before or not (is_quiet or self.frozen >= int(OFTEN * max(1, self._takes / USUAL))):
            return False
        begun = time.thread_time()
        gc.unfreeze()
        gc.collect()
        _freeze()
        self.frozen, self._takes = 0, time.thread_time() - begun
        return True

    def keep(self) -> None:
        """Freeze what came since the last collections, without a look at it."""
        gc.freeze()
        self._takes += A_SLICE
        self.frozen = max(1, self.frozen)

    def _collected(self, phase: str, of: dict[str, int]) -> None:
        if phase == "stop" and of["generation"] == 2 and len(gc.get_objects(generation=2)) > LEFT:
            gc.freeze()
            self.frozen += 1


_begun: list[GarbageCollector] = []  # at most one, but for programs in one process


def keep() -> None:
    """What was just made is there to stay, a part of a long answer's rows: no collection needs to look at it.

    One that looked at them added up to 12 ms to the step that it fell into.
    """
    for collector in _begun[:1]:
        collector.keep()


def _freeze() -> None:
    """Take all that is there from the collector.

    It waits with a full collection until there is a quarter as much that is new as the one before left, and
    counts what was frozen since: one more, of nothing, tells it that nothing is left.
    """
    gc.freeze()
    gc.collect()
