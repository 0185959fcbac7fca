"""`userdesk check`: asks a question set without the screen, and reports."""

import asyncio
import shutil
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from userdesk.commands.asking import Asking, Request
from userdesk.commands.check_input import read_input
from userdesk.commands.exit_status import ExitStatus, if_saved
from userdesk.commands.service_settings import service_settings
from userdesk.commands.signals import run, tell_first, was_ended
from userdesk.commands.streams import warn, write_out
from userdesk.commands.watching import CHANGE_SECONDS, Watch
from userdesk.questions.outcome import Outcome
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Report
from userdesk.questions.report_files import write_report
from userdesk.questions.report_text import WIDTH, folded, summaries, text_report
from userdesk.questions.user_program import UserProgram
from userdesk.settings import Options, SettingsError
from userdesk.store.problems import reason

_KEY = "USERDESK_API_KEY"


def check(request: Request, options: Options) -> int:
    """Ask and report; the exit status. Raises SettingsError, KeyboardInterrupt and BrokenPipeError."""
    with PatternMatcher() as matcher:
        given = read_input(request, options, matcher)
        settings = service_settings(options, warn)
        hidden = {each.variable for each in settings.api_key_sources.values() if each.variable} | {_KEY}
        asking = Asking(given, request, settings, options, matcher=matcher, hidden=hidden)
        watch = _watch(request, hidden)
        is_over = False
        try:
            run(_asked(asking, watch, request))
        except KeyboardInterrupt:  # between two passes, or while the service was being closed
            is_over = True
            if not asking.report:
                raise
    report = asking.report
    assert report is not None
    try:
        # The summaries again at the end: that is where a terminal stands.
        columns = shutil.get_terminal_size((WIDTH, 24)).columns
        width = min(WIDTH, columns)
        lines = [*text_report(report, width=width, verbose=request.verbose), "", *summaries(report)]
        if sys.stdout.isatty():
            lines = [*folded(lines, columns)]
        write_out("".join(f"{line}\n" for line in lines))
    finally:  # whoever reads what is printed may have gone
        written = _write(report, request.reports)
    if is_over or report.ended_by or was_ended():
        return ExitStatus.INTERRUPTED
    if not written:
        return ExitStatus.USAGE
    status = _status(report, request.fail_on)
    return if_saved(status, asking.saves) if request.save else status


def _watch(request: Request, hidden: Collection[str]) -> Watch | None:
    """Who looks after pass after pass, where that is asked for. Raises SettingsError."""
    if request.every is None:
        if request.prometheus or request.on_change:
            raise SettingsError("--prometheus and --on-change need --every")
        return None
    program = None
    if request.on_change:
        program = UserProgram(request.on_change, Path.cwd(), hidden=hidden, seconds=CHANGE_SECONDS)
        if program.missing:
            raise SettingsError(f"--on-change: there is no program {program.missing}")
    return Watch(request.every, request.prometheus, program)


async def _asked(asking: Asking, watch: Watch | None, request: Request) -> None:
    async def once() -> Report:
        await asking.once(is_last=False)
        report = asking.report
        assert report is not None
        if not report.ended_by:
            await asyncio.to_thread(_write, report, request.reports)
        return report

    try:
        await (watch.run(once) if watch else asking.once())
    finally:
        tell_first()
        await asking.aclose()


def _write(report: Report, paths: Iterable[Path]) -> bool:
    written = True
    for path in paths:
        try:
            write_report(report, path)
        except OSError as error:  # the report on standard output is still to come
            warn(f"{path}: the report could not be written: {reason(error)}")
            written = False
    return written


def _status(report: Report, fail_on: str) -> ExitStatus:
    results = [result for each in (report.other, report) if each for result in each.results]
    for result in results:
        failure = next((run.failure for run in result.runs if run.failure), None)
        if result.outcome is Outcome.FAILED and failure:
            return ExitStatus(failure.exit_code)
    outcomes = {result.outcome for result in results}
    is_new = report.comparison and report.comparison.newly_failing
    if is_new if fail_on == "new" else Outcome.NOT_HELD in outcomes:
        return ExitStatus.EXPECTATION
    return ExitStatus.USAGE if Outcome.NOT_JUDGED in outcomes else ExitStatus.DONE
