"""Asks the questions of `userdesk check`: the service, the files and the progress that a pass takes."""

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service, stream_log_of
from userdesk.commands.progress import Progress
from userdesk.commands.signals import tell_first
from userdesk.commands.streams import warn
from userdesk.commands.temporary_data_dir import temporary_data_dir
from userdesk.demo.process import DemoProcess
from userdesk.questions.baseline import Earlier, compared
from userdesk.questions.judging import Judging
from userdesk.questions.model import QuestionSet, Segment
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Report
from userdesk.questions.runner import MAX_WAIT, Runner
from userdesk.settings import Options, Settings
from userdesk.store import Store


class Request(NamedTuple):
    """What `userdesk check` was asked for."""

    questions: Sequence[Path]
    """Files, `-` for standard input, or names of examples that come with the program."""
    reports: Sequence[Path] = ()
    """Files to write, each in the format that its ending names."""
    baseline: Path | None = None
    """An earlier JSON report to compare with."""
    differs_below: int | None = None
    """How alike to it, 0 to 100, answers must be whose questions do not say so themselves."""
    fail_on: str = "any"
    """What makes the exit status 1: `any` question that does not hold, or only `new` ones."""
    only: Sequence[str] = ()
    """Tags: only questions that have one of them are asked."""
    only_failed: Path | None = None
    """An earlier JSON report: only questions that did not hold there, or flickered, are asked."""
    repeat: int | None = None
    """How many times each question is asked; None for what the set says."""
    need: int | None = None
    """How many of these times it must hold; None for what the set says."""
    jobs: int = 1
    """Conversations at the same time."""
    max_wait: float = MAX_WAIT
    """Seconds to wait in all where the service asks to wait."""
    save: bool = False
    """Keep the conversations."""
    allow_judge: bool = False
    """Run the programs that the sets name as judges."""
    every: int | None = None
    """Seconds from the beginning of one pass to that of the next; None for a single pass."""
    prometheus: Path | None = None
    """A file for the figures of each pass."""
    on_change: Sequence[str] = ()
    """A command to run where outcomes are not those of the pass before."""


class Input(NamedTuple):
    """What is asked, and what it is compared with."""

    questions: QuestionSet
    baseline: Collection[Earlier] | None = None
    notes: Sequence[str] = ()
    """What every report says of it, a safe line each."""


class Asking:
    """The questions of one command, asked once or again and again."""

    def __init__(
        self,
        given: Input,
        request: Request,
        settings: Settings,
        options: Options,
        *,
        matcher: PatternMatcher,
        hidden: Collection[str] = (),
    ) -> None:
        """`hidden` are environment variables that judges do not get."""
        self.saves = SaveStatus(warn)
        """What became of the files of the last pass; final once that has ended."""
        self._given = given
        self._request = request
        self._settings = settings
        self._options = options
        self._matcher = matcher
        self._judging = Judging(jobs=request.jobs, hidden=hidden)
        self._ids: dict[Segment, str] = {}
        self._demo = DemoProcess(settings.data_dir / "demo" if request.save else None)
        self._asked: Report | None = None

    @property
    def report(self) -> Report | None:
        """The last pass, as far as it came; None where none has begun to ask."""
        if self._asked is None:
            return None
        saved = self.saves.saved or not self._request.save
        report = replace(self._asked, notes=self._given.notes, saved=saved)
        return compared(report, baseline) if (baseline := self._given.baseline) is not None else report

    async def once(self, *, is_last: bool = True) -> None:
        """Ask everything. A pass that is cancelled reports what was done so far; it is the last.

        From the end of the last one on, a signal only decides the exit status. Raises SettingsError.
        """
        log = stream_log_of(self._options, warn)
        with contextlib.ExitStack() as stack:
            is_kept = self._request.save
            folder = self._settings.data_dir if is_kept else stack.enter_context(temporary_data_dir("check"))
            store = Store(folder, durable=is_kept)
            for trouble in store.open():
                warn(trouble.located)
            progress = Progress(sum(len(numbers) for numbers, _ in self._given.questions.repeated_segments()))
            self.saves = SaveStatus(progress.warn)
            if log:
                log.on_trouble = progress.warn
            runner = Runner(
                self._given.questions,
                chosen_chatbot(self._settings),
                matcher=self._matcher,
                judging=self._judging,
                ids=self._ids,
                jobs=self._request.jobs,
                max_wait=self._request.max_wait,
                told=progress.told,
                waits=progress.waits,
            )
            async with open_service(self._settings, store, self.saves, log, self._demo) as service:
                try:
                    self._asked = await runner.run(service)
                    if is_last or self._asked.ended_by:
                        tell_first()
                finally:
                    progress.end()

    async def aclose(self) -> None:
        """End the processes: the embedded chatbot's, judges, and what still tries patterns."""
        await self._demo.stop()
        await self._judging.aclose()
        self._matcher.end()  # a thread that still tries patterns would hold up the end
