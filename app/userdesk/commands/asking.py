"""Asks the questions of `userdesk check`: the service, the files and the progress that a pass takes."""

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service, stream_log_of
from userdesk.commands.progress import Progress
from userdesk.commands.signals import ended_by, tell_first
from userdesk.commands.streams import warn
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.safe_text import clean_line
from userdesk.questions.baseline import Earlier, compared, earlier_of
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
    verbose: bool = False
    """Print every answer, not only those that need a look."""
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
    whole: int
    """How many questions the sets have, of which these were chosen."""
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
        bots = [settings.start_bot] + ([options.beside] if options.beside else [])
        self._chatbots = [chosen_chatbot(settings, bot) for bot in bots]
        self._names = _told_apart(self._chatbots)
        self._ids: list[dict[Segment, str]] = [{} for _ in bots]
        self._demo = DemoProcess(settings.data_dir / "demo" if request.save else None)
        self._asked: list[Report] = []

    @property
    def report(self) -> Report | None:
        """The last pass, as far as it came; None where none has begun to ask.

        Of two chatbots the second one's, compared with the first one's.
        """
        if not self._asked:
            return None
        saved = self.saves.saved or not self._request.save
        ended = ended_by() if any(each.ended_by for each in self._asked) else ""
        *others, report = [
            replace(
                each,
                chatbot=name or each.chatbot,
                ended_by=ended,
                notes=self._given.notes,
                saved=saved,
            )
            for each, name in zip(self._asked, self._names, strict=True)
        ]
        if others:
            (other,) = others
            return compared(replace(report, other=other), earlier_of(other))
        return compared(report, baseline) if (baseline := self._given.baseline) is not None else report

    async def once(self, *, is_last: bool = True) -> None:
        """Ask everything. A pass that is cancelled reports what was done so far; it is the last.

        From the end of the last one on, a signal only decides the exit status. Raises SettingsError.
        """
        log = stream_log_of(self._options, warn)
        store = Store(self._settings.data_dir) if self._request.save else None
        for trouble in store.open() if store else ():
            warn(trouble.located)
        count = sum(len(numbers) for numbers, _ in self._given.questions.repeated_segments())
        progress = Progress(count * len(self._chatbots), self._given.whole)
        self.saves = SaveStatus(progress.warn)
        if log:
            log.on_trouble = progress.warn
        runners = [
            Runner(
                self._given.questions,
                chatbot,
                matcher=self._matcher,
                judging=self._judging,
                ids=ids,
                jobs=self._request.jobs,
                max_wait=self._request.max_wait,
                told=partial(progress.told, name),
                waits=partial(progress.waits, name),
            )
            for chatbot, name, ids in zip(self._chatbots, self._names, self._ids, strict=True)
        ]
        async with open_service(self._settings, store, self.saves, log, self._demo) as service:
            try:
                self._asked = await _at_once([runner.run(service) for runner in runners])
                if is_last or any(each.ended_by for each in self._asked):
                    tell_first()
            finally:
                progress.end()

    async def aclose(self) -> None:
        """End the processes: the embedded chatbot's, judges, and what still tries patterns."""
        await self._demo.stop()
        await self._judging.aclose()
        self._matcher.end()  # a thread that still tries patterns would hold up the end


def _told_apart(chatbots: Sequence[Chatbot]) -> list[str]:
    """How two chatbots are named where both are told of; nothing for a single one."""
    if len(chatbots) == 1:
        return [""]
    names = [clean_line(each.name) for each in chatbots]
    if len(set(names)) < len(names):
        return [f"{name} ({each.config_name})" for name, each in zip(names, chatbots, strict=True)]
    return names


async def _at_once(works: Sequence[Coroutine[Any, Any, Report]]) -> list[Report]:
    """What each of them comes to; when cancelled, what each has until then."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return [task.result() for task in tasks]
