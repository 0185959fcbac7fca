"""`userdesk replay`: a saved conversation once more at its recorded pace; sends nothing."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import settings_for_saved, subject_of
from userdesk.commands.streams import write_out
from userdesk.domain.timestamps import moment
from userdesk.settings import Options


class Request(NamedTuple):
    """What `userdesk replay` was asked for."""

    id: str | None
    """A conversationId or local key, or the beginning of one; None for the most recent conversation."""
    speed: float = 1.0
    """2 is twice as fast as it came."""


def replay(request: Request, options: Options, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Print it as it came; the exit status. Raises SettingsError, KeyboardInterrupt and BrokenPipeError."""
    from userdesk.export.looks import looks
    from userdesk.export.printed import AsWritten, InRows, printed

    settings, bot = settings_for_saved(options)
    subject, _ = subject_of(settings, request.id, bot)
    recorded = moment(subject.conversation.created)
    speed = "" if request.speed == 1 else f" · {request.speed:g}× speed"
    write_out(f"REPLAY · {subject.title} · {subject.chatbot} · recorded {recorded}{speed}\n")
    pen: AsWritten | InRows = AsWritten()
    if sys.stdout.isatty():
        # The terminal's ground is not known, so its own colour is the one that can be read on it.
        plain = {name: style.without_color for name, style in looks().items()}
        pen = InRows(*shutil.get_terminal_size(), plain)
    try:
        for step in printed(subject, pen):
            if step.pause:
                sleep(step.pause / request.speed)
            write_out(step.text)
    except KeyboardInterrupt:
        write_out("\n")
        raise
    return ExitStatus.DONE
