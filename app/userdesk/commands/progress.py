"""How far `userdesk check` is: a bar on a terminal, a line for each answer elsewhere."""

import shutil
import sys
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from userdesk.commands.streams import warn
from userdesk.domain.failure import Failure
from userdesk.domain.wording import seconds
from userdesk.questions.outcome import Outcome, Result, Run
from userdesk.questions.report_text import one_line

_CELLS = 24
_LEAST_BETWEEN = 0.1  # s between two drawings
_FIRST_GUESS = 3.0  # s after which the pace says something


class Progress:
    """Writes to standard error; no escape sequence, a carriage return at most."""

    def __init__(self, total: int, questions: int) -> None:
        """`total` answers are to come; the set has so many questions, of which some may not be asked.

        A chatbot's name is empty where only one is asked.
        """
        self._total = total
        self._questions = questions
        self._done = 0
        self._counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
        self._pauses: dict[str, str] = {}
        self._begun = time.monotonic()
        self._drawn_at = -_LEAST_BETWEEN
        self._drawn = 0  # cells of the bar that stand on the terminal's last line
        self._is_terminal = sys.stderr.isatty()
        self._draw()

    def told(self, chatbot: str, result: Result, run: Run) -> None:
        """One more question was asked, or one was asked again."""
        self._done += 1
        self._counts[chatbot][run.outcome] += 1
        self._pauses.pop(chatbot, None)
        self._tell(f"{_of(chatbot)}{one_line(result, run, self._questions)}")

    def waits(self, chatbot: str, pause: float, why: Failure) -> None:
        """The service asked to wait: nothing is asked for so many seconds."""
        until = datetime.now() + timedelta(seconds=pause)
        self._pauses[chatbot] = f"{_of(chatbot)}waiting until {until:%H:%M:%S} · {why.headline}"
        self._tell(self._pauses[chatbot])

    def warn(self, message: str) -> None:
        """Something to know, on a line of its own."""
        self.end()
        warn(message)
        self._draw()

    def end(self) -> None:
        """Take the bar away: something else comes."""
        if self._drawn:
            self._write(f"\r{' ' * self._drawn}\r")
            self._drawn = 0

    def _tell(self, line: str) -> None:
        if self._is_terminal:
            self._draw()
        else:
            self._write(f"{line}\n")

    def _draw(self) -> None:
        if not self._is_terminal:
            return
        now = time.monotonic()
        if (
            now - self._drawn_at < _LEAST_BETWEEN
            and self._drawn
            and not self._pauses
            and self._done < self._total
        ):
            return
        self._drawn_at = now
        filled = _CELLS * self._done // self._total
        parts = [f"[{'#' * filled}{'.' * (_CELLS - filled)}] {self._done}/{self._total}"]
        if left := self._left(now):
            parts.append(left)
        for chatbot, counts in self._counts.items():
            counted = "  ".join(f"{count} {outcome.value}" for outcome, count in counts.items())
            parts.append(f"{_of(chatbot)}{counted}")
        line = "  ".join([*parts, *self._pauses.values()])[: max(1, shutil.get_terminal_size().columns - 1)]
        self._write(f"\r{line}{' ' * (self._drawn - len(line))}")
        self._drawn = len(line)

    def _left(self, now: float) -> str:
        """How long the rest will take at the pace so far; empty while that is a guess."""
        taken = now - self._begun
        if not 0 < self._done < self._total or taken < _FIRST_GUESS:
            return ""
        return f"{seconds(taken / self._done * (self._total - self._done))} left"

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _of(chatbot: str) -> str:
    return f"{chatbot} · " if chatbot else ""
