"""The flags of `userdesk` and of its commands."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from userdesk import __version__
from userdesk.settings import Options

_EXIT_STATUSES = """\
exit status:
  0 done · 2 usage or configuration · 3 refused (401, 403) · 4 bad request (400 and other 4xx)
  5 server error (5xx, 429, an answer that can't be read) · 6 network · 130 Ctrl+C
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments, read; `--help`, `--version` and a mistake end the program as argparse does."""
    return _parser().parse_args(arguments)


def options_of(parsed: argparse.Namespace) -> Options:
    """The flags that settings are resolved from; each may stand before or after the command."""
    return Options(
        bot=getattr(parsed, "bot", None),
        demo=getattr(parsed, "demo", False),
        theme=getattr(parsed, "theme", None),
        accessible=getattr(parsed, "accessible", False),
        conversation=getattr(parsed, "conversation", None),
        config=getattr(parsed, "config", None),
        data_dir=getattr(parsed, "data_dir", None),
    )


def _parser() -> argparse.ArgumentParser:
    places = _places()
    parser = argparse.ArgumentParser(
        prog="userdesk",
        description="Chat with chatbots hosted on Userdesk, in the terminal. "
        "Without a command: the full-screen program.",
        parents=[places],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"userdesk {__version__}")
    screen = parser.add_argument_group("the full-screen program")
    screen.add_argument("--conversation", metavar="ID", help="open this saved conversation")
    screen.add_argument("--theme", metavar="NAME", help="colours, such as textual-light")
    screen.add_argument(
        "--accessible", action="store_true", help="for screen readers: roles as words, no spinners"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_send(commands, places)
    _add_demo_server(commands)
    return parser


def _places() -> argparse.ArgumentParser:
    # Defaults are left out, so that a command's parser does not undo what stood before the command.
    places = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    which = places.add_mutually_exclusive_group()
    which.add_argument("--bot", metavar="NAME", help="a chatbot of the configuration file, env or demo")
    which.add_argument("--demo", action="store_true", help="the embedded demo chatbot")
    places.add_argument("--config", metavar="FILE", type=Path, help="another configuration file")
    places.add_argument("--data-dir", metavar="DIR", type=Path, help="another folder of saved conversations")
    return places


def _add_send(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", places: argparse.ArgumentParser
) -> None:
    send = commands.add_parser(
        "send",
        parents=[places],
        help="send one message, print the answer as it comes",
        description="Send one message and print the answer as it comes. The conversation is saved.",
        epilog=_EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    send.add_argument("text", metavar="TEXT", nargs="*", help="the message; without it, standard input")
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


def _add_demo_server(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    server = commands.add_parser(
        "demo-server",
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
