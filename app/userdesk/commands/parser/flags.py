"""What several commands have in common: flags, the meaning of ID, exit statuses."""

import argparse
from pathlib import Path

from userdesk.commands.parser.arguments import Parser, add, add_setting
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings.specs import SETTINGS

_EXIT_STATUSES = """\
exit status:
  0 done · {one}2 usage or configuration
  3 refused (401, 403) · 4 bad request (400 and other 4xx)
  5 server error (5xx, 429, an answer that can't be read) · 6 network
  7 an answer that could not be saved · 130 Ctrl+C · 143 SIGTERM · 129 SIGHUP
"""
SENDING_STATUSES = _EXIT_STATUSES.format(one="")
"""The epilog of commands that ask a service."""
CHECKING_STATUSES = _EXIT_STATUSES.format(one="1 an expectation did not hold · ")
"""The epilog of `check`."""


def add_conversation(parser: Parser) -> None:
    """The conversation that a command reads: ID or `--last`, which leaves `id` None."""
    which = parser.add_mutually_exclusive_group(required=True)
    add(which, "id ID", "its conversationId or key, or the beginning of one: see userdesk list", nargs="?")
    add(which, "--last", "the most recent conversation; with --bot, the most recent with that chatbot")


def place_flags(about: Parser, *, pairs: bool = False) -> Parser:
    """The flags of where and which chatbot; `pairs` lets two of these be named."""
    # Defaults are left out, so that a command's parser does not undo what stood before the command.
    places = Parser(parents=[about], add_help=False, argument_default=argparse.SUPPRESS)
    bot, demo = SETTINGS["bot"], "the embedded demo chatbot"
    if pairs:
        add(places, bot.flag, f"{bot.help}; two are compared", dest="bots", action="append")
        add(places, "--demo", demo, dest="bots", action="append_const", const=DEMO_BOT)
    else:
        which = places.add_mutually_exclusive_group()
        add_setting(which, bot)
        add(which, "--demo", demo)
    for spec in SETTINGS.values():
        if spec.flag and not spec.of_screen and spec.name != "bot":
            add_setting(places, spec)
    return places


def stream_log_flags() -> Parser:
    """The flags of the stream log."""
    log = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    support = log.add_argument_group("for support tickets")
    about = "log how each answer arrives, one JSON line per chunk: times, sizes, gaps; no text"
    add(support, "--stream-log FILE", about, type=Path)
    add(support, "--stream-log-text", "include the text in the stream log")
    return log
