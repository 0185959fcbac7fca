"""The parsers of commands on saved conversations: `list`, `replay`, `export`, `verdicts`, `purge`."""

from pathlib import Path

from userdesk.commands.parser.arguments import Commands, Parser, add, number_argument
from userdesk.commands.parser.flags import add_conversation
from userdesk.export.formats import FORMATS


def add_list(commands: Commands, places: Parser) -> None:
    """`userdesk list`."""
    saved = commands.add_parser(
        "list",
        parents=[places],
        help="list the saved conversations, newest first",
        description="List the saved conversations, newest first: key, id, chatbot, title and when something "
        "last happened. In a pipe each is a line of tab-separated values; the time is in UTC.",
        examples=("userdesk list --search refund late", "userdesk list --json --limit 1"),
    )
    words = "only conversations whose title or messages hold these words, in any case and order"
    add(saved, "--search WORDS", words, nargs="+", default=())
    add(saved, "--json", "print one JSON array; errors as a JSON object")
    most = number_argument(1, 1_000_000, "a whole number from 1", int)
    add(saved, "--limit N", "only the newest N of them", type=most)


def add_replay(commands: Commands, places: Parser) -> None:
    """`userdesk replay`."""
    replay = commands.add_parser(
        "replay",
        parents=[places],
        help="show a saved conversation at its recorded pace, offline",
        description="Print a saved conversation at its recorded pace, marked REPLAY. Nothing is sent.",
        examples=("userdesk replay --last --speed 2",),
    )
    add_conversation(replay)
    speed = number_argument(0.01, 1000, "a number, 0.01 to 1000")
    add(replay, "--speed X", "2 is twice as fast (default 1)", type=speed, default=1.0)


def add_export(commands: Commands, places: Parser) -> None:
    """`userdesk export`."""
    export = commands.add_parser(
        "export",
        parents=[places],
        help="write a saved conversation as Markdown, JSON, HTML or a recording",
        description="Write a saved conversation as Markdown, JSON, one self-contained HTML page or a "
        "recording that asciinema plays (asciicast v2).",
        examples=("userdesk export --last --output talk.html", "userdesk export ID --redact > talk.md"),
    )
    add_conversation(export)
    default = "default: what --output ends with, else md"
    export.add_argument("--format", choices=tuple(FORMATS), help=default)
    add(export, "--output FILE", "default: standard output", type=Path)
    redact = "remove ids, keys, your name, and anything that looks like an address, a number or a secret"
    add(export, "--redact", redact)


def add_verdicts(commands: Commands, places: Parser) -> None:
    """`userdesk verdicts`."""
    verdicts = commands.add_parser(
        "verdicts",
        parents=[places],
        help="list the answers that were judged good or bad, and why",
        description="List the answers that were judged in the message log, with their questions and notes, "
        "or write them as a table.",
        examples=("userdesk verdicts --bad --since 7d", "userdesk verdicts --output judged.csv"),
    )
    add(verdicts, "--bad", "only answers judged bad")
    add(verdicts, "--good", "only answers judged good")
    since = "only what was judged within that time (12h, 7d) or since that day (2026-11-01)"
    add(verdicts, "--since TIME", since, default="")
    add(verdicts, "--output FILE", "write FILE (.csv, .json, .md); default: a list", type=Path)
    redact = "remove ids, keys, your name, and anything that looks like an address, a number or a secret"
    add(verdicts, "--redact", redact)


def add_purge(commands: Commands, places: Parser) -> None:
    """`userdesk purge`."""
    purge = commands.add_parser(
        "purge",
        parents=[places],
        help="remove saved conversations for good",
        description="Remove saved conversations from this machine for good. It asks first.",
        examples=("userdesk purge trash", "userdesk purge chatbot acme"),
    )
    choices = ("trash", "chatbot", "everything")
    what = "deleted conversations; those with one chatbot; all of them with drafts and earlier prompts"
    add(purge, "what trash|chatbot|everything", what, choices=choices)
    add(purge, "name NAME", "the chatbot's name in the configuration", nargs="?")
    add(purge, "--yes", "do not ask for confirmation")
