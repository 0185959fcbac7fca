"""The flags of `userdesk` and of its commands."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from userdesk import __version__
from userdesk.commands.usage import UsageError
from userdesk.domain.quoting import quoted
from userdesk.settings import Options
from userdesk.settings.specs import SETTINGS, SettingSpec

_EXIT_STATUSES = """\
exit status:
  0 done · {one}2 usage or configuration · 3 refused (401, 403) · 4 bad request (400 and other 4xx)
  5 server error (5xx, 429, an answer that can't be read) · 6 network · 7 an answer that could not be saved
  130 Ctrl+C · 143 SIGTERM · 129 SIGHUP
"""
_SENDING = _EXIT_STATUSES.format(one="")
_CHECKING = _EXIT_STATUSES.format(one="1 an expectation did not hold · ")
_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(self.prog, message)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments, read; `--help` and `--version` end the program. Raises UsageError."""
    # What no parser knows is told here: argparse would not name the command that it was given to.
    parsed, unknown = _parser().parse_known_args(arguments)
    program = f"userdesk {parsed.command}" if parsed.command else "userdesk"
    if unknown:
        raise UsageError(program, f"there is no argument {' '.join(map(quoted, unknown[:5]))} here")
    if getattr(parsed, "stream_log_text", False) and not getattr(parsed, "stream_log", None):
        raise UsageError(program, "--stream-log-text: expected --stream-log FILE as well")
    if parsed.command == "purge" and (parsed.what == "chatbot") != (parsed.name is not None):
        raise UsageError(program, "expected trash, chatbot NAME or everything")
    return parsed


def options_of(parsed: argparse.Namespace) -> Options:
    """The flags that settings are resolved from; each may stand before or after the command."""
    return Options(
        demo=getattr(parsed, "demo", False),
        play=getattr(parsed, "play", None),
        conversation=getattr(parsed, "conversation", None),
        stream_log=getattr(parsed, "stream_log", None),
        stream_log_text=getattr(parsed, "stream_log_text", False),
        **{name: getattr(parsed, name) for name in SETTINGS if hasattr(parsed, name)},
    )


def _parser() -> _Parser:
    about = _about()
    places, log = _places(about), _stream_log()
    parser = _Parser(
        prog="userdesk",
        description="Chat with chatbots hosted on Userdesk, in the terminal. "
        "Without a command: the full-screen program.",
        parents=[places, log],
        allow_abbrev=False,
    )
    screen = parser.add_argument_group("the full-screen program")
    screen.add_argument("--conversation", metavar="ID", help="open this saved conversation")
    screen.add_argument(
        "--play",
        metavar="FILE",
        type=Path,
        help="walk through a question set in front of an audience; newcomer is one that comes along",
    )
    for spec in SETTINGS.values():
        if spec.of_screen:
            _add_setting(screen, spec)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_send(commands, places, log)
    _add_check(commands, places, log)
    _add_replay(commands, places)
    _add_export(commands, places)
    _add_doctor(commands, places)
    _add_purge(commands, places)
    _add_demo_server(commands, about)
    return parser


def _about() -> _Parser:
    about = _Parser(add_help=False)
    about.add_argument("--version", action="version", version=f"userdesk {__version__}")
    return about


def _places(about: _Parser) -> _Parser:
    # Defaults are left out, so that a command's parser does not undo what stood before the command.
    places = _Parser(parents=[about], add_help=False, argument_default=argparse.SUPPRESS)
    which = places.add_mutually_exclusive_group()
    _add_setting(which, SETTINGS["bot"])
    which.add_argument("--demo", action="store_true", help="the embedded demo chatbot")
    for spec in SETTINGS.values():
        if spec.flag and not spec.of_screen and spec.name != "bot":
            _add_setting(places, spec)
    return places


def _add_setting(parser: "argparse._ActionsContainer", spec: SettingSpec) -> None:
    flag, _, metavar = spec.flag.partition(" ")
    if not metavar:
        parser.add_argument(flag, dest=spec.name, action="store_true", help=spec.help)
        return

    def parse(text: str) -> object:
        try:
            return spec.kind.parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    parser.add_argument(
        flag,
        dest=spec.name,
        metavar=metavar,
        type=str if spec.kind.choices else parse,
        choices=spec.kind.choices or None,
        help=spec.help,
    )


def _stream_log() -> _Parser:
    log = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    support = log.add_argument_group("for support tickets")
    support.add_argument(
        "--stream-log",
        metavar="FILE",
        type=Path,
        help="append how each answer comes, a JSON line a chunk: times, sizes, gaps; no text",
    )
    support.add_argument("--stream-log-text", action="store_true", help="the text too")
    return log


def _add_send(commands: _Commands, places: _Parser, log: _Parser) -> None:
    send = commands.add_parser(
        "send",
        parents=[places, log],
        help="send one message, print the answer as it comes",
        description="Send one message and print the answer as it comes. The conversation is saved. "
        "The message is TEXT, or standard input, or both: TEXT, a blank line, standard input.",
        epilog=_SENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    send.add_argument("text", metavar="TEXT", nargs="*", help="the message; what is piped in is added to it")
    where = send.add_mutually_exclusive_group()
    where.add_argument(
        "--conversation",
        metavar="ID",
        default=argparse.SUPPRESS,
        help="add it to this Userdesk conversationId, known here or not",
    )
    where.add_argument(
        "--continue",
        dest="go_on",
        action="store_true",
        help="add it to the chatbot's most recent conversation",
    )
    send.add_argument("--no-stream", action="store_true", help="ask for the answer as a whole")
    send.add_argument("--json", action="store_true", help="print one JSON object instead of text, errors too")


def _add_check(commands: _Commands, places: _Parser, log: _Parser) -> None:
    check = commands.add_parser(
        "check",
        parents=[places, log],
        help="ask a question set, report what held",
        description="Ask a question set and report each answer, what was expected of it and what held.",
        epilog=_CHECKING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    check.add_argument(
        "questions",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="a question set, - for standard input, or newcomer: an example that comes along",
    )
    check.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="write the report there too: .md, .json or .xml (JUnit); may be given several times",
    )
    check.add_argument(
        "--baseline", metavar="FILE", type=Path, help="show how answers differ from this earlier .json report"
    )
    check.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="conversations at the same time (default 1)"
    )
    check.add_argument(
        "--max-wait",
        metavar="S",
        type=_max_wait,
        default=60.0,
        help="seconds to wait in all where the service asks to wait: 429, 503 (default 60)",
    )
    check.add_argument(
        "--save", action="store_true", help="keep the conversations; they stand in the sidebar"
    )


def _add_replay(commands: _Commands, places: _Parser) -> None:
    replay = commands.add_parser(
        "replay",
        parents=[places],
        help="show a saved conversation at its recorded pace, offline",
        description="Print a saved conversation at its recorded pace, marked REPLAY. Nothing is sent.",
        allow_abbrev=False,
    )
    replay.add_argument("id", metavar="ID", help="its conversationId or its key in conversations.toml")
    replay.add_argument(
        "--speed", metavar="X", type=_speed, default=1.0, help="2 is twice as fast (default 1)"
    )


def _add_export(commands: _Commands, places: _Parser) -> None:
    export = commands.add_parser(
        "export",
        parents=[places],
        help="write a saved conversation as Markdown, JSON or HTML",
        description="Write a saved conversation as Markdown, JSON or one self-contained HTML page.",
        allow_abbrev=False,
    )
    export.add_argument("id", metavar="ID", help="its conversationId or its key in conversations.toml")
    export.add_argument(
        "--format", choices=("md", "json", "html"), help="default: what --output ends with, else md"
    )
    export.add_argument("--output", metavar="FILE", type=Path, help="default: standard output")
    export.add_argument(
        "--redact",
        action="store_true",
        help="take out ids, keys, your name, and what looks like an address, a number or a secret",
    )


def _add_doctor(commands: _Commands, places: _Parser) -> None:
    doctor = commands.add_parser(
        "doctor",
        parents=[places],
        help="tell where settings come from, where files are, and try the connection",
        description="Tell where each setting came from, where files are and what the terminal can; then try "
        "the connection by creating a conversation. No secret is printed.",
        epilog=_SENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    doctor.add_argument("--offline", action="store_true", help="leave the connection alone")


def _add_purge(commands: _Commands, places: _Parser) -> None:
    purge = commands.add_parser(
        "purge",
        parents=[places],
        help="remove saved conversations for good",
        description="Remove saved conversations from this machine for good. It asks first.",
        allow_abbrev=False,
    )
    purge.add_argument(
        "what",
        metavar="trash|chatbot|everything",
        choices=("trash", "chatbot", "everything"),
        help="deleted conversations; those with one chatbot; all of them with drafts and earlier prompts",
    )
    purge.add_argument("name", metavar="NAME", nargs="?", help="the chatbot's name in the configuration")
    purge.add_argument("--yes", action="store_true", help="ask nothing")


def _add_demo_server(commands: _Commands, about: _Parser) -> None:
    server = commands.add_parser(
        "demo-server",
        parents=[about],
        help="run only the embedded chatbot's HTTP server",
        description="Run the embedded demo chatbot's HTTP server on 127.0.0.1, until Ctrl+C.",
        allow_abbrev=False,
    )
    server.add_argument(
        "--port", metavar="N", type=_port, default=0, help="0 picks one and prints it (default)"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("expected a port number, 0 to 65535")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("expected a number of conversations, 1 to 64")
    return int(text)


def _max_wait(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("expected a number of seconds, 0 to 86400")
    return seconds


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.01 <= speed <= 1000:
        raise argparse.ArgumentTypeError("expected a number, 0.01 to 1000")
    return speed
