"""The flags of `userdesk` and of its commands."""

import argparse
import math
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from userdesk import __version__
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.durations import parse_duration
from userdesk.domain.quoting import quoted
from userdesk.export.formats import FORMATS
from userdesk.questions.model import MOST_REPEATS
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
_ID = "its conversationId or its key in conversations.toml"
_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


class UsageError(Exception):
    """The arguments cannot be understood."""

    def __init__(self, program: str, message: str) -> None:
        super().__init__(message)
        self.program = program
        """`userdesk`, or with its command: `userdesk send`."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        if "epilog" in options:  # its lines stay as they are
            options["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(self.prog, message)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments, read; `--help` and `--version` end the program. Raises UsageError."""
    # What no parser knows is told here: argparse would not name the command that it was given to.
    parsed, unknown = _parser().parse_known_args(arguments)
    program = f"userdesk {parsed.command}" if parsed.command else "userdesk"
    if unknown:
        raise UsageError(program, f"unrecognized argument: {' '.join(map(quoted, unknown[:5]))}")
    if getattr(parsed, "stream_log_text", False) and not getattr(parsed, "stream_log", None):
        raise UsageError(program, "--stream-log-text needs --stream-log FILE")
    if parsed.command == "purge" and (parsed.what == "chatbot") != (parsed.name is not None):
        raise UsageError(program, "expected trash, chatbot NAME or everything")
    if parsed.command == "check":
        _settle_chatbots(parsed)
    return parsed


def _settle_chatbots(parsed: argparse.Namespace) -> None:
    """Of the chatbots that flags name, make the first `bot` and a second one `beside`. Raises UsageError."""
    before = DEMO_BOT if getattr(parsed, "demo", False) else getattr(parsed, "bot", None)
    bots = ([] if before is None else [before]) + getattr(parsed, "bots", [])
    if len(bots) > 2:
        raise UsageError("userdesk check", "expected two chatbots at most")
    if len(set(bots)) < len(bots):
        raise UsageError("userdesk check", f"--bot {quoted(bots[0])}: given twice; expected another one")
    for name, bot in zip(("bot", "beside"), bots, strict=False):
        setattr(parsed, name, bot)


def options_of(parsed: argparse.Namespace) -> Options:
    """The flags that settings are resolved from; each may stand before or after the command."""
    own = ("demo", "play", "conversation", "beside", "stream_log", "stream_log_text")
    return Options(**{name: value for name, value in vars(parsed).items() if name in own or name in SETTINGS})


def _parser() -> _Parser:
    about = _Parser(add_help=False)
    about.add_argument("--version", action="version", version=f"userdesk {__version__}")
    places, log = _places(about), _stream_log()
    parser = _Parser(
        prog="userdesk",
        description="Chat with chatbots hosted on Userdesk, in the terminal. "
        "Without a command, the full-screen program opens.",
        parents=[places, log],
    )
    screen = parser.add_argument_group("the full-screen program")
    _add(screen, "--conversation ID", "open this saved conversation")
    play = "present a question set step by step; tour is a built-in one"
    _add(screen, "--play FILE", play, type=Path)
    for spec in SETTINGS.values():
        if spec.of_screen:
            _add_setting(screen, spec)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_send(commands, places, log)
    _add_check(commands, _places(about, pairs=True), log)
    _add_questions(commands, places)
    _add_replay(commands, places)
    _add_export(commands, places)
    _add_verdicts(commands, places)
    _add_doctor(commands, places)
    _add_purge(commands, places)
    _add_demo_server(commands, about)
    return parser


def _add(parser: "argparse._ActionsContainer", name: str, help: str, **options: Any) -> None:
    """An argument, `NAME VALUE` or `--flag VALUE`; a flag without a value is a switch."""
    name, _, metavar = name.partition(" ")
    options |= {"metavar": metavar} if metavar else {"action": options.get("action", "store_true")}
    parser.add_argument(name, help=help, **options)


def _add_setting(parser: "argparse._ActionsContainer", spec: SettingSpec) -> None:
    def parse(text: str) -> object:
        try:
            return spec.kind.parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    options: dict[str, Any] = {"dest": spec.name}
    if spec.kind.choices:
        options["choices"] = spec.kind.choices
    elif spec.flag_name != spec.flag:
        options["type"] = parse
    _add(parser, spec.flag, spec.help, **options)


def _places(about: _Parser, *, pairs: bool = False) -> _Parser:
    """The flags of where and which chatbot; `pairs` lets two of these be named."""
    # Defaults are left out, so that a command's parser does not undo what stood before the command.
    places = _Parser(parents=[about], add_help=False, argument_default=argparse.SUPPRESS)
    bot, demo = SETTINGS["bot"], "the embedded demo chatbot"
    if pairs:
        _add(places, bot.flag, f"{bot.help}; two are compared", dest="bots", action="append")
        _add(places, "--demo", demo, dest="bots", action="append_const", const=DEMO_BOT)
    else:
        which = places.add_mutually_exclusive_group()
        _add_setting(which, bot)
        _add(which, "--demo", demo)
    for spec in SETTINGS.values():
        if spec.flag and not spec.of_screen and spec.name != "bot":
            _add_setting(places, spec)
    return places


def _stream_log() -> _Parser:
    log = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    support = log.add_argument_group("for support tickets")
    about = "log how each answer arrives, one JSON line per chunk: times, sizes, gaps; no text"
    _add(support, "--stream-log FILE", about, type=Path)
    _add(support, "--stream-log-text", "include the text in the stream log")
    return log


def _add_send(commands: _Commands, places: _Parser, log: _Parser) -> None:
    send = commands.add_parser(
        "send",
        parents=[places, log],
        help="send one message and print the answer as it arrives",
        description="Send one message and print the answer as it arrives. The conversation is saved. "
        "The message is TEXT, or standard input, or both: TEXT, a blank line, standard input.",
        epilog=_SENDING,
    )
    _add(send, "text TEXT", "the message; piped input is appended", nargs="*")
    where = send.add_mutually_exclusive_group()
    known = "add it to this Userdesk conversationId, known here or not"
    _add(where, "--conversation ID", known, default=argparse.SUPPRESS)
    _add(where, "--continue", "add it to the chatbot's most recent conversation", dest="go_on")
    _add(send, "--no-stream", "request the whole answer at once", dest="stream", action="store_false")
    _add(send, "--json", "print one JSON object, also for errors")


def _add_check(commands: _Commands, places: _Parser, log: _Parser) -> None:
    check = commands.add_parser(
        "check",
        parents=[places, log],
        help="run a question set against a chatbot and report the results",
        description="Run a question set and report each answer, what was expected of it, and the result.",
        epilog=_CHECKING,
    )
    questions = "a question set; - for standard input, tour or newcomer for a built-in one"
    _add(check, "questions FILE", questions, type=Path, nargs="+")
    report = "also write the report to FILE (.html, .md, .json or .xml for JUnit); repeatable"
    _add(check, "--report FILE", report, dest="reports", type=Path, action="append", default=[])
    choice = check.add_argument_group("which questions, and how often")
    only = "only questions with this tag, and what stands before them in their conversations; repeatable"
    _add(choice, "--only TAG", only, action="append", default=[])
    failed = "only questions that did not hold in this earlier .json report, or flickered"
    _add(choice, "--only-failed REPORT", failed, type=Path)
    times = _number(1, MOST_REPEATS, f"a whole number, 1 to {MOST_REPEATS}", int)
    _add(choice, "--repeat N", "ask each question N times, in fresh conversations", type=times)
    _add(choice, "--need K", "of these times K must hold (default: all)", type=times)
    comparison = check.add_argument_group("comparing with an earlier run")
    _add(comparison, "--baseline FILE", "show how answers differ from this earlier .json report", type=Path)
    likeness = _number(0, 100, "a whole number, 0 to 100", int)
    below = "an answer that is less alike to the earlier one than N, 0 to 100, does not hold"
    _add(comparison, "--differs-below N", below, type=likeness)
    new = "exit with 1 for any question that does not hold (default), or only where it did before"
    comparison.add_argument("--fail-on", choices=("any", "new"), default="any", help=new)
    jobs = _number(1, 64, "a number of conversations, 1 to 64", int)
    _add(check, "--jobs N", "conversations to run in parallel (default 1)", type=jobs, default=1)
    seconds = _number(0, 86_400, "a number of seconds, 0 to 86400")
    wait = "total seconds to wait when the service says to (429, 503; default 60)"
    _add(check, "--max-wait S", wait, type=seconds, default=60.0)
    judge = "run the programs that the sets name as judges of what answers mean"
    _add(check, "--allow-judge", judge)
    watch = check.add_argument_group("watching")
    duration = "ask again and again, a pass each DURATION (30s, 5m, 1h), until Ctrl+C"
    _add(watch, "--every DURATION", duration, type=_duration)
    figures = "write the figures of each pass to FILE, for Prometheus' textfile collector"
    _add(watch, "--prometheus FILE", figures, type=Path)
    told = "run COMMAND where outcomes change, with the JSON report on standard input; no shell reads it"
    _add(watch, "--on-change COMMAND", told, type=_command, default=())
    _add(check, "--save", "save the conversations; they appear in the sidebar")


def _add_questions(commands: _Commands, places: _Parser) -> None:
    questions = commands.add_parser(
        "questions",
        parents=[places],
        help="make question sets of conversations and other files, or look one over",
        description="Make a question set of a saved conversation or of another tool's file, or look sets "
        "over for what is probably not meant.",
    )
    kinds = questions.add_subparsers(dest="what", metavar="from|import|lint", required=True)
    written = "default: standard output"
    about = "each question of a saved conversation, with its answer as a comment"
    out_of = kinds.add_parser("from", parents=[places], help=about, description=about)
    _add(out_of, "id ID", _ID)
    about = "CSV, JSON Lines or promptfoo's YAML; what cannot be taken is told with its line"
    taken = kinds.add_parser("import", parents=[places], help=about, description=about)
    _add(
        taken,
        "files FILE",
        "a .csv, .tsv, .jsonl or .yaml file; - for CSV on standard input",
        type=Path,
        nargs=1,
    )
    for each in (out_of, taken):
        _add(each, "--title TITLE", "the set's title")
        _add(each, "--output FILE", written, type=Path)
    about = "mistakes, and what is probably not meant; exit status 1 where there is something"
    lint = kinds.add_parser("lint", parents=[places], help=about, description=about)
    _add(lint, "files FILE", "question sets", type=Path, nargs="+")
    questions.set_defaults(id=None, files=(), output=None, title=None)


def _duration(text: str) -> int:
    if (seconds := parse_duration(text)) is None:
        raise argparse.ArgumentTypeError(f"expected a duration such as 30s, 5m or 1h, not {quoted(text)}")
    return seconds


def _command(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    if not words:
        raise argparse.ArgumentTypeError(f"expected a program and its arguments, not {quoted(text)}")
    return words


def _add_replay(commands: _Commands, places: _Parser) -> None:
    replay = commands.add_parser(
        "replay",
        parents=[places],
        help="show a saved conversation at its recorded pace, offline",
        description="Print a saved conversation at its recorded pace, marked REPLAY. Nothing is sent.",
    )
    _add(replay, "id ID", _ID)
    speed = _number(0.01, 1000, "a number, 0.01 to 1000")
    _add(replay, "--speed X", "2 is twice as fast (default 1)", type=speed, default=1.0)


def _add_export(commands: _Commands, places: _Parser) -> None:
    export = commands.add_parser(
        "export",
        parents=[places],
        help="write a saved conversation as Markdown, JSON, HTML or a recording",
        description="Write a saved conversation as Markdown, JSON, one self-contained HTML page or a "
        "recording that asciinema plays (asciicast v2).",
    )
    _add(export, "id ID", _ID)
    default = "default: what --output ends with, else md"
    export.add_argument("--format", choices=tuple(FORMATS), help=default)
    _add(export, "--output FILE", "default: standard output", type=Path)
    redact = "remove ids, keys, your name, and anything that looks like an address, a number or a secret"
    _add(export, "--redact", redact)


def _add_verdicts(commands: _Commands, places: _Parser) -> None:
    verdicts = commands.add_parser(
        "verdicts",
        parents=[places],
        help="list the answers that were judged good or bad, and why",
        description="List the answers that were judged in the message log, with their questions and notes, "
        "or write them as a table.",
    )
    _add(verdicts, "--bad", "only answers judged bad")
    _add(verdicts, "--good", "only answers judged good")
    since = "only what was judged within that time (12h, 7d) or since that day (2026-11-01)"
    _add(verdicts, "--since TIME", since, default="")
    _add(verdicts, "--output FILE", "write FILE (.csv, .json, .md); default: a list", type=Path)
    redact = "remove ids, keys, your name, and anything that looks like an address, a number or a secret"
    _add(verdicts, "--redact", redact)


def _add_doctor(commands: _Commands, places: _Parser) -> None:
    doctor = commands.add_parser(
        "doctor",
        parents=[places],
        help="show where settings come from and where files are, and test the connection",
        description="Show where each setting came from, where files are and what the terminal supports; then "
        "test the connection by creating a conversation. No secret is printed.",
        epilog=_SENDING,
    )
    _add(doctor, "--offline", "do not test the connection")


def _add_purge(commands: _Commands, places: _Parser) -> None:
    purge = commands.add_parser(
        "purge",
        parents=[places],
        help="remove saved conversations for good",
        description="Remove saved conversations from this machine for good. It asks first.",
    )
    choices = ("trash", "chatbot", "everything")
    what = "deleted conversations; those with one chatbot; all of them with drafts and earlier prompts"
    _add(purge, "what trash|chatbot|everything", what, choices=choices)
    _add(purge, "name NAME", "the chatbot's name in the configuration", nargs="?")
    _add(purge, "--yes", "do not ask for confirmation")


def _add_demo_server(commands: _Commands, about: _Parser) -> None:
    server = commands.add_parser(
        "demo-server",
        parents=[about],
        help="run only the embedded chatbot's HTTP server",
        description="Run the embedded demo chatbot's HTTP server on 127.0.0.1, until Ctrl+C.",
    )
    port = _number(0, 65_535, "a port number, 0 to 65535", int)
    _add(server, "--port N", "0 (default) picks a free port and prints it", type=port, default=0)


def _number(
    least: float, most: float, expected: str, kind: type[int] | type[float] = float
) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            number = kind(text if kind is float or text.isdecimal() else "")
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"expected {expected}")
        return number

    return parse
