"""The slash commands, what a demo needs to show, and the replies that they and all else get."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from userdesk.demo.bot.texts import LONG_LINES, long_answer, ready_made
from userdesk.demo.error_responses import FAILURES


class Manner(Enum):
    """How an answer's bytes leave the server."""

    PLAIN = auto()
    SLOW = auto()
    """With long pauses."""
    DROPPED = auto()
    """Half of it, then the connection breaks."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in Markdown."""

    text: str
    manner: Manner = Manner.PLAIN


_KINDS = ", ".join(f"`{name}`" for name in FAILURES)
DESCRIPTIONS: Mapping[str, str] = {
    "/markdown": "every kind of Markdown in one answer",
    "/unicode": "writing systems, emoji, flags, box drawing",
    "/long N": f"an answer of N lines ({LONG_LINES} by default)",
    "/slow": "an answer with long pauses, 20 seconds in all",
    "/drop": "an answer whose connection breaks in the middle",
    "/fail KIND": f"a failure: {_KINDS}",
    "/help": "this list",
}


def command_table() -> str:
    """The commands as a Markdown table."""
    rows = [f"| `{command}` | {description} |" for command, description in DESCRIPTIONS.items()]
    return "\n".join(["| send | to see |", "|---|---|", *rows])


def is_command(message: str) -> bool:
    """Whether a message is meant as a slash command, known or not."""
    words = message.split()
    return bool(words) and words[0].startswith("/") and words[0][1:].isalpha()


def run_command(message: str) -> Reply | None:
    """Do what a slash command says; None for an unknown one. Raises the `ErrorResponse` asked for."""
    name, *arguments = message.lower().split()
    match name, arguments:
        case "/markdown" | "/unicode", _:
            return Reply(ready_made(name[1:]))
        case "/slow", _:
            return Reply(ready_made("slow"), Manner.SLOW)
        case "/drop", _:
            return Reply(ready_made("dropped"), Manner.DROPPED)
        case "/long", []:
            return Reply(long_answer(LONG_LINES))
        case "/long", [number] if number.isdecimal() and len(number) < 10:
            return Reply(long_answer(max(1, int(number))))
        case "/long", _:
            return Reply("How long? Send `/long` and a number of lines, for example `/long 500`.")
        case "/fail", [kind] if kind in FAILURES:
            # A new one each time: a raised exception keeps its traceback, and with it a whole request.
            raise replace(FAILURES[kind])
        case "/fail", [_]:
            return Reply(f"I don't know this failure. Send `/fail` and one of {_KINDS}.")
        case "/fail", _:
            return Reply(f"Which one? Send `/fail` and one of {_KINDS}.")
        case "/help", _:
            return Reply(f"These are the commands I know:\n\n{command_table()}")
    return None
