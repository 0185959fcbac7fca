"""`userdesk check --every`: pass after pass, and who is told of what."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from userdesk.commands.streams import warn, write_out
from userdesk.domain.safe_text import clean_line
from userdesk.files.private_files import write_named
from userdesk.questions.outcome import Outcome, Result
from userdesk.questions.prometheus import metrics_page
from userdesk.questions.report import Report
from userdesk.questions.report_facts import SIGNS
from userdesk.questions.report_json import json_report
from userdesk.questions.report_text import timed_summary
from userdesk.questions.user_program import ProgramError, UserProgram
from userdesk.store.problems import reason

SHORTEST_REST = 1.0
"""Seconds between two passes, however long one takes."""
CHANGE_SECONDS = 60.0
"""Seconds that the command which is told of a change may take."""
_READABLE = 0o644  # the collector runs as a user of its own


class OutcomeChange(NamedTuple):
    """A question that came out otherwise than in the pass before."""

    was: Outcome
    now: Result


def changes(before: Report | None, report: Report) -> list[OutcomeChange]:
    """The questions whose outcome changed; before the first pass everything counts as held."""
    earlier = (
        [result.outcome for result in before.results] if before else [Outcome.HELD] * len(report.results)
    )
    pairs = zip(earlier, report.results, strict=True)
    return [OutcomeChange(was, result) for was, result in pairs if result.outcome is not was]


class Watch:
    """What is done after each pass."""

    def __init__(
        self, every: float, metrics: Path | None = None, on_change: UserProgram | None = None
    ) -> None:
        """Begin a pass each `every` seconds; `metrics` is a file for Prometheus."""
        self._every = every
        self._metrics = metrics
        self._on_change = on_change
        self._before: Report | None = None

    async def run(self, once: Callable[[], Awaitable[Report]]) -> None:
        """Pass after pass, until one is cancelled."""
        while True:
            begun = time.monotonic()
            report = await once()
            if report.ended_by:
                return
            await self._tell(report)
            await asyncio.sleep(max(SHORTEST_REST, begun + self._every - time.monotonic()))

    async def _tell(self, report: Report) -> None:
        changed = changes(self._before, report)
        self._before = report
        write_out("".join(f"{line}\n" for line in _lines(report, changed)))
        if self._metrics:
            await asyncio.to_thread(self._write, self._metrics, metrics_page([report]))
        if changed and self._on_change:
            try:
                await self._on_change.run(change_record(report, changed))
            except ProgramError as error:
                warn(f"--on-change: {error}")

    def _write(self, path: Path, page: str) -> None:
        try:
            write_named(path, page.encode(), mode=_READABLE)
        except OSError as error:
            warn(f"--prometheus {path}: could not be written: {reason(error)}")


def _lines(report: Report, changed: list[OutcomeChange]) -> Iterator[str]:
    yield f"{report.started.astimezone():%Y-%m-%d %H:%M:%S} · {timed_summary(report)}"
    for was, result in changed:
        ask = clean_line(result.question.ask, 80)
        yield f"    {SIGNS[result.outcome]} {result.number}. {ask} · {result.outcome.value}, was {was.value}"


def change_record(report: Report, changed: list[OutcomeChange]) -> bytes:
    """What a command is given: the JSON report, and in `changed` each number with `was` and `now`."""
    told = [{"number": now.number, "was": was.value, "now": now.outcome.value} for was, now in changed]
    return json.dumps({"changed": told, **json.loads(json_report(report))}).encode() + b"\n"
