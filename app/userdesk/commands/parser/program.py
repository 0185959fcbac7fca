"""The parser of `userdesk` itself, and what its arguments mean together."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from userdesk import __version__
from userdesk.commands.parser.arguments import Parser, UsageError, add, add_setting
from userdesk.commands.parser.checking import add_check, settle_chatbots
from userdesk.commands.parser.flags import place_flags, stream_log_flags
from userdesk.commands.parser.question_sets import add_questions
from userdesk.commands.parser.saved import add_export, add_list, add_purge, add_replay, add_verdicts
from userdesk.commands.parser.service import add_demo_server, add_doctor, add_send, add_serve
from userdesk.settings import Options
from userdesk.settings.specs import SETTINGS


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments, read; `--help` and `--version` end the program. Raises UsageError."""
    parsed = program_parser().parse_args(arguments)
    program = f"userdesk {parsed.command}" if parsed.command else "userdesk"
    if getattr(parsed, "stream_log_text", False) and not getattr(parsed, "stream_log", None):
        raise UsageError(program, "--stream-log-text needs --stream-log FILE")
    if parsed.command == "purge" and (parsed.what == "chatbot") != (parsed.name is not None):
        raise UsageError(program, "expected trash, chatbot NAME or everything")
    if parsed.beside is not None and (parsed.command or parsed.conversation or parsed.play):
        raise UsageError(
            program, "--beside begins new conversations in the full-screen program, nothing else"
        )
    if parsed.command == "check":
        settle_chatbots(parsed)
    return parsed


def options_of(parsed: argparse.Namespace) -> Options:
    """The flags that settings are resolved from; each may stand before or after the command."""
    own = ("demo", "play", "conversation", "beside", "stream_log", "stream_log_text")
    return Options(**{name: value for name, value in vars(parsed).items() if name in own or name in SETTINGS})


def program_parser() -> Parser:
    """The parser of `userdesk` with those of all commands."""
    about = Parser(add_help=False)
    about.add_argument("--version", action="version", version=f"userdesk {__version__}")
    places, log = place_flags(about), stream_log_flags()
    parser = Parser(
        prog="userdesk",
        description="Chat with chatbots hosted on Userdesk, in the terminal. "
        "Without a command, the full-screen program opens.",
        examples=('userdesk send "What are your opening hours?"', "userdesk --demo --play tour"),
        parents=[places, log],
    )
    screen = parser.add_argument_group("the full-screen program")
    add(screen, "--conversation ID", "open this saved conversation")
    beside = "chat with this chatbot as well, side by side with the first"
    add(screen, "--beside NAME", beside)
    play = "present a question set step by step; tour is a built-in one"
    add(screen, "--play FILE", play, type=Path)
    for spec in SETTINGS.values():
        if spec.of_screen:
            add_setting(screen, spec)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_send(commands, places, log)
    add_list(commands, places)
    add_check(commands, place_flags(about, pairs=True), log)
    add_questions(commands, places)
    add_replay(commands, places)
    add_export(commands, places)
    add_verdicts(commands, places)
    add_doctor(commands, places)
    add_purge(commands, places)
    add_serve(commands, places)
    add_demo_server(commands, about)
    parser.commands = commands.choices
    return parser
