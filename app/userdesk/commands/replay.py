"""`userdesk replay`: a saved conversation once more at its recorded pace; sends nothing."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import api_keys_of, chatbot_name, find_conversation, open_store, transcript_of
from userdesk.commands.streams import write_out
from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.domain.pacing import steps
from userdesk.domain.safe_text import Cleaner, clean_line
from userdesk.domain.timestamps import moment
from userdesk.domain.wording import CONTINUED, failure_line
from userdesk.settings import Options, resolve

BETWEEN = 1.0
"""Seconds between an answer and the next message: how long the user read and typed is not recorded."""
_MARKERS = {Role.USER: "❯ ", Role.ASSISTANT: "◆ "}


class Request(NamedTuple):
    """What `userdesk replay` was asked for."""

    id: str
    """A conversationId or local key."""
    speed: float = 1.0
    """2 is twice as fast as it came."""


def replay(request: Request, options: Options, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Print the conversation as it came; the exit status.

    Raises SettingsError where it is not saved here, KeyboardInterrupt, and BrokenPipeError.
    """
    settings = resolve(options)
    store = open_store(settings)
    conversation = find_conversation(store, request.id)
    api_keys_of(settings)
    messages = transcript_of(store, conversation)
    write_out(_heading(conversation, chatbot_name(settings, conversation), request.speed))

    def wait(seconds: float) -> None:
        if seconds > 0:
            sleep(seconds / request.speed)

    try:
        _print(messages, wait)
    except KeyboardInterrupt:
        write_out("\n")
        raise
    return ExitStatus.DONE


def _heading(conversation: Conversation, chatbot: str, speed: float) -> str:
    title = clean_line(conversation.title) or UNTITLED
    message = f"REPLAY · {title} · {clean_line(chatbot)} · recorded {moment(conversation.created)}"
    return f"{message} · {speed:g} × as fast\n" if speed != 1 else f"{message}\n"


def _print(messages: Iterable[Message], wait: Callable[[float], None]) -> None:
    """Every message as it came."""
    for number, message in enumerate(messages):
        if number and message.role is Role.USER:
            wait(BETWEEN)
        if message.conversation_id:
            write_out(f"\n── {CONTINUED}\n")
        write_out("\n" + _MARKERS[message.role])
        cleaner = Cleaner()
        for step in steps(message):
            wait(step.pause)
            write_out(cleaner.feed(step.text))
        write_out(cleaner.flush() + "\n")
        match message.status:
            case Status.FAILED | Status.INTERRUPTED:
                write_out(f"  ✗ {clean_line(failure_line(message.status, message.failure))}\n")
            case Status.STOPPED:
                write_out("  ■ stopped\n")
