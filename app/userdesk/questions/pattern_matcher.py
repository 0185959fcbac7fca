"""Tries regular expressions in a process that can be ended: what they cost is bounded, whatever they are.

Python's own expressions have no time limit, hold up every thread while they search, and take memory without
bound. Other engines with limits read some patterns otherwise.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

PATTERN_SECONDS = 1.0
"""Seconds of processor time that one pattern may take, compiled and searched for."""
TOTAL_SECONDS = 10.0
"""Seconds that all patterns of one call may take together."""
MOST_SLOW = 3
"""How many patterns of one call may use up their time; after that no further one is tried."""

_CHILD = Path(__file__).with_name("pattern_child.py")
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
_OUT_OF_TIME = -getattr(signal, "SIGPROF", 0)


class Tried(NamedTuple):
    """What came of one pattern."""

    span: tuple[int, int] | None = None
    """Where its first match begins and ends; None where there is none."""
    trouble: str = ""
    """Why it could not be told, in words; empty where it could."""


class PatternMatcher:
    """A child process, started when first needed, and again after a pattern ended it. A context manager.

    Methods block: on an event loop they are called in a thread. One call runs at a time.
    """

    def __init__(self, pattern_seconds: float = PATTERN_SECONDS) -> None:
        """`pattern_seconds` is the processor time that one pattern may take."""
        self._pattern_seconds = pattern_seconds
        self.child: subprocess.Popen[bytes] | None = None
        """The process, once it was started."""
        self._calls = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tried(self, patterns: Sequence[str], text: str | None = None) -> list[Tried]:
        """For each pattern its first match in the text; without a text whether it can be used at all."""
        found: list[Tried] = []
        slow, is_over = 0, threading.Event()
        with self._calls:
            timer = threading.Timer(TOTAL_SECONDS, self._end, [is_over])
            timer.daemon = True
            timer.start()
            try:
                while (
                    len(found) < len(patterns) and slow < MOST_SLOW and not (is_over.is_set() or self._closed)
                ):
                    found += self._answers(patterns[len(found) :], text)
                    if len(found) < len(patterns):  # the process ended while it tried the next one
                        found.append(Tried(trouble=self._end_in_words(is_over)))
                        slow += 1
            finally:
                timer.cancel()
                if is_over.is_set():
                    self._discard()
        left = len(patterns) - len(found)
        return found + [Tried(trouble="not tested: earlier patterns took too long")] * left

    def end(self) -> None:
        """End the process for good: a call that waits for it returns at once. Does not block."""
        self._closed = True
        if child := self.child:
            child.kill()

    def close(self) -> None:
        """End the process, and wait for its end."""
        self.end()
        with self._calls:
            self._discard()

    def _answers(self, patterns: Sequence[str], text: str | None) -> Iterable[Tried]:
        """The answers until all are there, or the process ended."""
        try:
            child = self._running()
        except OSError:
            return
        assert child.stdin and child.stdout
        request = json.dumps({"patterns": patterns, "text": text}).encode() + b"\n"
        with contextlib.suppress(OSError):  # it ended: then no answer comes
            child.stdin.write(request)
            child.stdin.flush()
        for _ in patterns:
            line = child.stdout.readline()
            if not line.endswith(b"\n"):
                return
            span, trouble = json.loads(line)
            yield Tried(span and tuple(span), trouble)

    def _running(self) -> subprocess.Popen[bytes]:
        if self.child is None or self.child.poll() is not None:
            self._discard()
            # Neither what stands in this environment nor what lies about in the current folder gets into it.
            self.child = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_CHILD), str(self._pattern_seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
                # Ctrl+C and hang-ups of the terminal are for us; the pipe's end is its end.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            if self._closed:  # meanwhile
                self.child.kill()
        return self.child

    def _end(self, is_over: threading.Event) -> None:
        is_over.set()
        if child := self.child:
            child.kill()

    def _end_in_words(self, is_over: threading.Event) -> str:
        child = self.child
        if child is None:
            return "patterns cannot be tested: no process could be started"
        status = child.wait()
        if is_over.is_set():
            return f"the patterns took more than {TOTAL_SECONDS:g} s"
        if status == _OUT_OF_TIME:
            return f"took more than {self._pattern_seconds:g} s; simplify it"
        return "could not be tested" if self._closed else f"crashed the test process (status {status})"

    def _discard(self) -> None:
        child, self.child = self.child, None
        if child:
            with contextlib.suppress(OSError), child:
                child.kill()
