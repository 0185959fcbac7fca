"""How far `userdesk check` is: a bar on a terminal, a line for each answer elsewhere."""

import shutil
import sys
from datetime import datetime, timedelta

from userdesk.commands.streams import warn
from userdesk.domain.failure import Failure
from userdesk.questions.outcome import Outcome, Result, Run
from userdesk.questions.report_text import one_line

_CELLS = 24


class Progress:
    """Writes to standard error; no escape sequence, a carriage return at most."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._counts: dict[Outcome, int] = {}
        self._pause = ""
        self._drawn = 0  # cells of the bar that stand on the terminal's last line
        self._is_terminal = sys.stderr.isatty()
        self._draw()

    def told(self, result: Result, run: Run) -> None:
        """One more question was asked, or one was asked again."""
        self._counts[run.outcome] = self._counts.get(run.outcome, 0) + 1
        self._pause = ""
        self._tell(one_line(result, run, self._total))

    def waits(self, seconds: float, why: Failure) -> None:
        """The service asked to wait: nothing is asked for so many seconds."""
        until = datetime.now() + timedelta(seconds=seconds)
        self._pause = f"waiting until {until:%H:%M:%S} · {why.headline}"
        self._tell(self._pause)

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
        done = sum(self._counts.values())
        filled = _CELLS * done // self._total
        parts = [f"[{'#' * filled}{'.' * (_CELLS - filled)}] {done}/{self._total}"]
        parts += [f"{count} {outcome.value}" for outcome, count in self._counts.items()]
        parts += [self._pause] if self._pause else []
        line = "  ".join(parts)[: max(1, shutil.get_terminal_size().columns - 1)]
        self._write(f"\r{line}{' ' * (self._drawn - len(line))}")
        self._drawn = len(line)

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
