"""The parsers of commands that talk to a service, or are one: `send`, `doctor`, `demo-server`."""

import argparse

from userdesk.commands.parser.arguments import Commands, Parser, add, number_argument
from userdesk.commands.parser.flags import SENDING_STATUSES


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
