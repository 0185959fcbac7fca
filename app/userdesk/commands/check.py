"""`userdesk check`: asks a question set without the screen, and reports."""

import contextlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from userdesk.chat.stream_log import StreamLog
from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service, stream_log_of
from userdesk.commands.exit_status import ExitStatus, if_saved
from userdesk.commands.progress import Progress
from userdesk.commands.service_settings import service_settings
from userdesk.commands.signals import ended_by, run, tell_first, was_ended
from userdesk.commands.streams import warn, write_out
from userdesk.commands.temporary_data_dir import temporary_data_dir
from userdesk.questions.baseline import compared
from userdesk.questions.judging import Judging, check_judges
from userdesk.questions.model import QuestionsError, QuestionSet, joined
from userdesk.questions.outcome import Outcome
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.report import Report
from userdesk.questions.report_files import check_report_file, write_report
from userdesk.questions.report_json import read_report
from userdesk.questions.report_text import WIDTH, text_report, timed_summary
from userdesk.questions.runner import MAX_WAIT, Runner
from userdesk.settings import Options, Settings, SettingsError
from userdesk.store import Store
from userdesk.store.problems import reason


class Request(NamedTuple):
    """What `userdesk check` was asked for."""

    questions: Sequence[Path]
    """Files, `-` for standard input, or names of examples that come with the program."""
    reports: Sequence[Path] = ()
    """Files to write, each in the format that its ending names."""
    baseline: Path | None = None
    """An earlier JSON report."""
    jobs: int = 1
    """Conversations at the same time."""
    max_wait: float = MAX_WAIT
    """Seconds to wait in all where the service asks to wait."""
    save: bool = False
    """Keep the conversations."""
    allow_judge: bool = False
    """Run the programs that the sets name as judges."""


def check(request: Request, options: Options) -> int:
    """Ask and report; the exit status. Raises SettingsError, KeyboardInterrupt and BrokenPipeError."""
    with PatternMatcher() as matcher:
        try:
            questions = joined([read_questions(find_questions(each), matcher) for each in request.questions])
            check_judges(questions, allowed=request.allow_judge)
            baseline = read_report(request.baseline) if request.baseline else None
            for path in request.reports:
                check_report_file(path)
        except QuestionsError as error:
            raise SettingsError(str(error)) from error
        settings = service_settings(options, warn)
        log = stream_log_of(options, warn)
        report, saves = _asked(questions, settings, request, matcher, log)
    if request.save and not saves.saved:
        report = replace(report, saved=False)
    if baseline:
        report = compared(report, baseline)
    try:
        # The summary again at the end: that is where a terminal stands.
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        lines = [*text_report(report, width=width), "", timed_summary(report)]
        write_out("".join(f"{line}\n" for line in lines))
    finally:  # whoever reads what is printed may have gone
        written = _write(report, request.reports)
    if report.ended_by or was_ended():
        return ExitStatus.INTERRUPTED
    if not written:
        return ExitStatus.USAGE
    return if_saved(_status(report), saves) if request.save else _status(report)


def _asked(
    questions: QuestionSet,
    settings: Settings,
    request: Request,
    matcher: PatternMatcher,
    log: StreamLog | None,
) -> tuple[Report, SaveStatus]:
    reports: list[Report] = []
    with contextlib.ExitStack() as stack:
        kept = settings.data_dir if request.save else stack.enter_context(temporary_data_dir("check"))
        store = Store(kept, durable=request.save)
        for trouble in store.open():
            warn(trouble.located)
        progress = Progress(sum(len(numbers) for numbers, _ in questions.repeated_segments()))
        saves = SaveStatus(progress.warn)
        if log:
            log.on_trouble = progress.warn
        variables = {source.variable for source in settings.api_key_sources.values() if source.variable}
        judging = Judging(jobs=request.jobs, hidden={"USERDESK_API_KEY", *variables})
        runner = Runner(
            questions,
            chosen_chatbot(settings),
            matcher=matcher,
            judging=judging,
            jobs=request.jobs,
            max_wait=request.max_wait,
            told=progress.told,
            waits=progress.waits,
        )

        async def ask() -> None:
            async with open_service(settings, store, saves, log) as service:
                try:
                    reports.append(await runner.run(service))
                finally:
                    tell_first()
                    progress.end()
                    await judging.aclose()
                    matcher.end()  # a thread that still tries patterns would hold up the end

        try:
            run(ask())
        except KeyboardInterrupt:  # while all was done already and the service was being closed
            if not reports:
                raise
    (report,) = reports
    return replace(report, ended_by=ended_by()) if report.ended_by else report, saves


def _write(report: Report, paths: Iterable[Path]) -> bool:
    written = True
    for path in paths:
        try:
            write_report(report, path)
        except OSError as error:  # the report on standard output is still to come
            warn(f"{path}: the report could not be written: {reason(error)}")
            written = False
    return written


def _status(report: Report) -> ExitStatus:
    for result in report.results:
        failure = next((run.failure for run in result.runs if run.failure), None)
        if result.outcome is Outcome.FAILED and failure:
            return ExitStatus(failure.exit_code)
    if report.count(Outcome.NOT_HELD):
        return ExitStatus.EXPECTATION
    return ExitStatus.USAGE if report.count(Outcome.NOT_JUDGED) else ExitStatus.DONE
