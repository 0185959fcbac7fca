"""`userdesk serve`: the chatbot for others, each in a browser of their own."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from userdesk.chat.wiring import chosen_chatbot
from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.output import TextOutput
from userdesk.commands.service_settings import service_settings
from userdesk.commands.signals import run
from userdesk.commands.streams import warn
from userdesk.demo.process import DemoProcess
from userdesk.diagnostics.logbook import open_logbook
from userdesk.domain.failure import UserdeskError
from userdesk.domain.quoting import quoted
from userdesk.questions.model import LARGEST, QuestionsError
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.user_file import STANDARD_INPUT, named, read_file
from userdesk.serve.listening import CannotListen, exposure
from userdesk.serve.request import Request
from userdesk.settings import Options, SettingsError

PACKAGES = ("textual_serve", "aiohttp")
"""What the extra `serve` brings."""
NO_EXTRA = "userdesk serve needs: pip install 'userdesk[serve]'"
NO_TERMINALS = "userdesk serve needs the pseudo-terminals of Linux and macOS; on Windows, run it in WSL"


def serve(request: Request, options: Options, is_theme: Callable[[str], bool]) -> int:
    """Show the chatbot to visitors until Ctrl+C; the exit status of what hindered it.

    `is_theme` tells whether visitors have a theme of that name. Raises SettingsError and KeyboardInterrupt.
    """
    if missing := _missing():
        warn(missing)
        return ExitStatus.USAGE
    settings = service_settings(options, warn)
    questions = _question_set(options.play) if options.play else None
    theme = settings.theme or ""
    if theme and not is_theme(theme):
        warn(f"visitors have no theme named '{quoted(theme)}' and get the usual one")
        theme = ""
    if words := exposure(request.host, request.public_url):
        warn(words)
    open_logbook(settings.data_dir, settings.log_level)
    # Imported once it is known that what it needs is installed.
    from userdesk.serve.descriptors import make_room
    from userdesk.serve.host import Host

    make_room(request.visitors)
    demo = DemoProcess(for_visitors=True)
    host = Host(request, settings, chosen_chatbot(settings), demo, theme=theme, questions=questions)
    try:
        run(host.run())
    except UserdeskError as error:
        TextOutput().failed(error.failure)
        return error.failure.exit_code
    except CannotListen as error:
        raise SettingsError(str(error)) from error
    return ExitStatus.DONE


def _missing() -> str:
    """What this machine lacks, in one line; empty where it is all there."""
    if os.name != "posix":
        return NO_TERMINALS
    return NO_EXTRA if any(find_spec(name) is None for name in PACKAGES) else ""


def _question_set(name: Path) -> bytes:
    """The file of a question set that can be read as one. Raises SettingsError."""
    try:
        path = find_questions(name)
        if path == STANDARD_INPUT:
            raise QuestionsError("--play: expected a file, which each visitor gets a copy of")
        with PatternMatcher() as matcher:
            read_questions(path, matcher)
        with named(path):
            return read_file(path, LARGEST)
    except QuestionsError as error:
        raise SettingsError(str(error)) from error
