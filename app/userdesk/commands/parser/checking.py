"""The parser of `userdesk check`."""

import argparse
from pathlib import Path

from userdesk.commands.parser.arguments import (
    Commands,
    Parser,
    UsageError,
    add,
    command_argument,
    duration_argument,
    number_argument,
)
from userdesk.commands.parser.flags import CHECKING_STATUSES
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.quoting import quoted
from userdesk.questions.model import MOST_REPEATS


def add_check(commands: Commands, places: Parser, log: Parser) -> None:
    """`userdesk check`."""
    check = commands.add_parser(
        "check",
        parents=[places, log],
        help="run a question set against a chatbot and report the results",
        description="Run a question set and report each answer, what was expected of it, and the result.",
        examples=(
            "userdesk check questions.toml --report report.xml",
            "userdesk check questions.toml --baseline monday.json --fail-on new",
            "userdesk check questions.toml --bot old --bot new",
        ),
        epilog=CHECKING_STATUSES,
    )
    questions = "a question set; - for standard input, tour or newcomer for a built-in one"
    add(check, "questions FILE", questions, type=Path, nargs="+")
    report = "also write the report to FILE (.html, .csv, .md, .json or .xml for JUnit); repeatable"
    add(check, "--report FILE", report, dest="reports", type=Path, action="append", default=[])
    choice = check.add_argument_group("which questions, and how often")
    only = "only questions with this tag, and what stands before them in their conversations; repeatable"
    add(choice, "--only TAG", only, action="append", default=[])
    failed = "only questions that did not hold in this earlier .json report, or flickered"
    add(choice, "--only-failed REPORT", failed, type=Path)
    times = number_argument(1, MOST_REPEATS, f"a whole number, 1 to {MOST_REPEATS}", int)
    add(choice, "--repeat N", "ask each question N times, in fresh conversations", type=times)
    add(choice, "--need K", "of these times K must hold (default: all)", type=times)
    comparison = check.add_argument_group("comparing with an earlier run")
    add(comparison, "--baseline FILE", "show how answers differ from this earlier .json report", type=Path)
    likeness = number_argument(0, 100, "a whole number, 0 to 100", int)
    below = "an answer that is less alike to the earlier one than N, 0 to 100, does not hold"
    add(comparison, "--differs-below N", below, type=likeness)
    new = "exit with 1 for any question that does not hold (default), or only where it did before"
    comparison.add_argument("--fail-on", choices=("any", "new"), default="any", help=new)
    jobs = number_argument(1, 64, "a number of conversations, 1 to 64", int)
    add(check, "--jobs N", "conversations to run in parallel (default 1)", type=jobs, default=1)
    seconds = number_argument(0, 86_400, "a number of seconds, 0 to 86400")
    wait = "total seconds to wait when the service says to (429, 503; default 60)"
    add(check, "--max-wait S", wait, type=seconds, default=60.0)
    judge = "run the programs that the sets name as judges of what answers mean"
    add(check, "--allow-judge", judge)
    watch = check.add_argument_group("watching")
    duration = "ask again and again, a pass each DURATION (30s, 5m, 1h), until Ctrl+C"
    add(watch, "--every DURATION", duration, type=duration_argument)
    figures = "write the figures of each pass to FILE, for Prometheus' textfile collector"
    add(watch, "--prometheus FILE", figures, type=Path)
    told = "run COMMAND where outcomes change, with the JSON report on standard input; no shell reads it"
    add(watch, "--on-change COMMAND", told, type=command_argument, default=())
    check.add_argument(
        "-v", "--verbose", action="store_true", help="print every answer, also those that held"
    )
    add(check, "--save", "save the conversations; they appear in the sidebar")


def settle_chatbots(parsed: argparse.Namespace) -> None:
    """Of the chatbots that flags name, make the first `bot` and a second one `beside`. Raises UsageError."""
    before = DEMO_BOT if getattr(parsed, "demo", False) else getattr(parsed, "bot", None)
    bots = ([] if before is None else [before]) + getattr(parsed, "bots", [])
    if len(bots) > 2:
        raise UsageError("userdesk check", "expected two chatbots at most")
    if len(set(bots)) < len(bots):
        raise UsageError("userdesk check", f"--bot {quoted(bots[0])}: given twice; expected another one")
    for name, bot in zip(("bot", "beside"), bots, strict=False):
        setattr(parsed, name, bot)
