"""What costs all that runs in this process time: threads and child processes, the collector, the switches."""

import gc
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIMIT = 5.0  # s within which what was told to end has ended
LOOK_EVERY = 0.02  # s
KEPT = ("syntax",)
"""How the names of threads begin that the program makes once, when it needs them first, to wait for work."""
TASKS = Path("/proc/self/task")


class Interpreter:
    """The interpreter as it is when this is made."""

    def __init__(self) -> None:
        self._threads = _threads()
        self._children = _children()
        self._settings = _settings()

    def changes(self) -> list[str]:
        """What is there now that was not then, or is set otherwise; threads may need a moment to end."""
        found = [
            f"{name} was {self._settings[name]}, is {now}"
            for name, now in _settings().items()
            if now != self._settings[name]
        ]
        threads = _once_ended(lambda: _threads() - self._threads)
        children = _once_ended(lambda: _children() - self._children)
        return [*found, *(f"{each} runs" for each in threads), *(f"process {each}" for each in children)]


def _once_ended(left: Callable[[], set[Any]]) -> set[Any]:
    deadline = time.monotonic() + LIMIT
    while (still := left()) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
    return still


def _settings() -> dict[str, object]:
    return {
        "the collector's being on": gc.isenabled(),
        "the collector's thresholds": gc.get_threshold(),
        "callbacks of collections": list(gc.callbacks),
        "the switch interval": sys.getswitchinterval(),
    }


def _threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if not each.name.startswith(KEPT)}


def _children() -> set[str]:
    """The ids of this process's children; none where the system doesn't tell them."""
    if not TASKS.exists():
        return set()
    return {child for each in TASKS.glob("*/children") for child in each.read_text().split()}
