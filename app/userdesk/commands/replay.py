"""`userdesk replay`: a saved conversation once more at its recorded pace; sends nothing."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from userdesk.commands.encodable import write_out
from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import api_keys_of, chatbot_name, find_conversation, open_store, transcript_of
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
    printer = _Printer(request.speed, sleep)
    printer.write(_heading(conversation, chatbot_name(settings, conversation), request.speed))
    try:
        printer.messages(messages)
    except KeyboardInterrupt:
        printer.write("\n")
        raise
    return ExitStatus.DONE


def _heading(conversation: Conversation, chatbot: str, speed: float) -> str:
    title = clean_line(conversation.title) or UNTITLED
    words = f"REPLAY · {title} · {clean_line(chatbot)} · recorded {moment(conversation.created)}"
    return f"{words} · {speed:g} × as fast\n" if speed != 1 else f"{words}\n"


class _Printer:
    def __init__(self, speed: float, sleep: Callable[[float], None]) -> None:
        self._speed = speed
        self._sleep = sleep

    def messages(self, messages: Iterable[Message]) -> None:
        """Every message as it came."""
        for number, message in enumerate(messages):
            if number and message.role is Role.USER:
                self._wait(BETWEEN)
            if message.conversation_id:
                self.write(f"\n── {CONTINUED}\n")
            self._message(message)

    def _message(self, message: Message) -> None:
        self.write("\n" + _MARKERS[message.role])
        cleaner = Cleaner()
        for step in steps(message):
            self._wait(step.pause)
            self.write(cleaner.feed(step.text))
        self.write(cleaner.flush() + "\n")
        match message.status:
            case Status.FAILED | Status.INTERRUPTED:
                self.write(f"  ✗ {clean_line(failure_line(message.status, message.failure))}\n")
            case Status.STOPPED:
                self.write("  ■ stopped\n")

    def write(self, text: str) -> None:
        """Print it at once, whatever the terminal's encoding."""
        write_out(text)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds / self._speed)
