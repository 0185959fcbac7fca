"""The parsers of commands that talk to a service, or are one: `send`, `doctor`, `serve`, `demo-server`."""

import argparse
import re
from pathlib import Path

from userdesk.commands.parser.arguments import (
    Commands,
    Parser,
    add,
    add_setting,
    duration_argument,
    number_argument,
)
from userdesk.commands.parser.flags import SENDING_STATUSES
from userdesk.settings.specs import SETTINGS

_MOST_VISITORS = 100
_SITE = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?")


def add_send(commands: Commands, places: Parser, log: Parser) -> None:
    """`userdesk send`."""
    send = commands.add_parser(
        "send",
        parents=[places, log],
        help="send one message and print the answer as it arrives",
        description="Send one message and print the answer as it arrives. The conversation is saved. "
        "The message is TEXT, or standard input, or both: TEXT, a blank line, standard input.",
        examples=(
            'userdesk send "What are your opening hours?"',
            'git diff | userdesk send "Review this" --json',
            'userdesk send --continue "And on Sundays?"',
        ),
        epilog=SENDING_STATUSES,
    )
    add(send, "text TEXT", "the message; piped input is appended", nargs="*")
    where = send.add_mutually_exclusive_group()
    known = "add it to this Userdesk conversationId, known here or not"
    add(where, "--conversation ID", known, default=argparse.SUPPRESS)
    add(where, "--continue", "add it to the chatbot's most recent conversation", dest="go_on")
    add(send, "--no-stream", "request the whole answer at once", dest="stream", action="store_false")
    add(send, "--json", "print one JSON object, also for errors")


def add_doctor(commands: Commands, places: Parser) -> None:
    """`userdesk doctor`."""
    doctor = commands.add_parser(
        "doctor",
        parents=[places],
        help="show where settings come from and where files are, and test the connection",
        description="Show where each setting came from, where files are and what the terminal supports; then "
        "test the connection by creating a conversation. No secret is printed.",
        examples=("userdesk doctor --offline",),
        epilog=SENDING_STATUSES,
    )
    add(doctor, "--offline", "do not test the connection")


def add_serve(commands: Commands, places: Parser) -> None:
    """`userdesk serve`."""
    serve = commands.add_parser(
        "serve",
        parents=[places],
        argument_default=argparse.SUPPRESS,  # --play and --theme may stand before the command
        help="show the chatbot to others, each in a browser of their own",
        description="Show the chatbot to others: whoever has the address that is printed chats with it in a "
        "browser, on the screen of this program. They reach nothing else of yours, and what they said is "
        "gone when they leave. Ctrl+C ends it for everybody.",
        examples=(
            "userdesk serve --bot acme --visitors 20",
            "userdesk serve --demo --host 0.0.0.0 --port 8080",
            "userdesk serve --port 8080 --public-url https://chat.example.com",
        ),
        epilog=SENDING_STATUSES,
    )
    about = "the address to listen on (default 127.0.0.1, this machine alone; 0.0.0.0: all it has)"
    add(serve, "--host ADDRESS", about, default="127.0.0.1")
    port = number_argument(0, 65_535, "a port number, 0 to 65535", int)
    add(serve, "--port N", "0 (default) picks a free port", type=port, default=0)
    most = number_argument(1, _MOST_VISITORS, f"a number of visitors, 1 to {_MOST_VISITORS}", int)
    add(serve, "--visitors N", "how many may be there at once (default 10)", type=most, default=10)
    idle = "end a visit in which nothing was typed for so long (default 30m)"
    add(serve, "--idle TIME", idle, type=duration_argument, default=30 * 60)
    play = "each visitor walks through this question set; tour is a built-in one"
    add(serve, "--play SET", play, type=Path)
    add_setting(serve, SETTINGS["theme"])
    public = "the address that visitors come by, where a web server with TLS stands before"
    add(serve, "--public-url URL", public, type=_public_url, default=None)


def _public_url(text: str) -> str:
    """For `type`: the address of a site without a path, in small letters."""
    site = text.lower().removesuffix("/")
    if not _SITE.fullmatch(site):
        raise argparse.ArgumentTypeError("expected the address of a site, such as https://chat.example.com")
    return site


def add_demo_server(commands: Commands, about: Parser) -> None:
    """`userdesk demo-server`."""
    server = commands.add_parser(
        "demo-server",
        parents=[about],
        help="run only the embedded chatbot's HTTP server",
        description="Run the embedded demo chatbot's HTTP server on 127.0.0.1, until Ctrl+C.",
        examples=("userdesk demo-server --port 8080",),
    )
    port = number_argument(0, 65_535, "a port number, 0 to 65535", int)
    add(server, "--port N", "0 (default) picks a free port and prints it", type=port, default=0)
