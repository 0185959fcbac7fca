"""A conversation out of the program: into a file, or as text for the clipboard."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.external.clipboard import Text

if TYPE_CHECKING:
    from userdesk.export.subject import Subject
    from userdesk.tui.external.browser import Browser

LONG = 2000
"""Messages from which on it is said that a conversation is being exported."""
SLICE, PAUSE = 0.002, 0.0005
"""Seconds for which a thread renders, and stands still then, so that keys act meanwhile."""


class _Left(Exception):
    """The program ends, or another export was begun: what is being written is not wanted."""


class ExportCommands:
    """The formats are imported when one is wanted."""

    def __init__(self, chat: ChatParts, browser: "Browser | None" = None) -> None:
        """What is written goes to the current folder, or to a visitor's browser."""
        self._chat = chat
        self._browser = browser

    def subject(self) -> "Subject | None":
        """The conversation on the screen as an export sees it."""
        from userdesk.export.subject import Subject

        conversation = self._chat.directory.current
        if conversation is None:
            return None
        name = self._chat.directory.chatbot_name(conversation.bot)
        view = self._chat.views.current
        verdicts = {place: judged.judgement for place, judged in view.judged.items()}
        return Subject.of(conversation, view.messages, name, verdicts)

    def export(self) -> None:
        """Write the conversation into a file."""
        from userdesk.export.formats import FORMATS

        def chosen(index: int) -> None:
            if subject := self.subject():
                self._chat.run(self.write(subject, list(FORMATS)[index]), group="export")

        words = [each.words for each in FORMATS.values()]
        self._chat.dialogs.choose("Export this conversation as", words, chosen)

    async def write(self, subject: "Subject", format_name: str) -> None:
        """Render and write piece by piece, never over a file that is there; leaving it ends that."""
        from userdesk.export.formats import in_blocks
        from userdesk.tui.external.written_file import at_home, write_new

        if len(subject.messages) > LONG:
            self._chat.notifier.hold("Exporting …")
        left = threading.Event()
        blocks = in_blocks(_gently(subject, format_name, left))
        browser = self._browser
        file = (subject.title, "conversation", format_name, blocks, browser.folder if browser else None)
        try:
            path = await asyncio.to_thread(write_new, *file)
        except OSError as error:
            self._chat.notifier.flash(f"Not exported: {error.strerror or error}", alert=True)
        else:
            self._chat.notifier.flash(browser.deliver(path) if browser else f"Exported to {at_home(path)}")
        finally:
            left.set()

    async def copy(self, subject: "Subject", copy: Callable[[Text], Awaitable[None]]) -> None:
        """Have the conversation copied as Markdown, made in pieces as they are wanted."""
        from userdesk.export.formats import in_blocks

        left = threading.Event()
        try:
            await copy(lambda: in_blocks(_gently(subject, "md", left)))
        finally:
            left.set()


def _gently(subject: "Subject", format_name: str, left: threading.Event) -> Iterator[str]:
    """The pieces of a format, made in a thread of which keys take no notice."""
    from userdesk.export.formats import rendered

    until = time.monotonic() + SLICE
    for piece in rendered(subject, format_name):
        yield piece
        if time.monotonic() > until:
            if left.wait(PAUSE):
                raise _Left
            until = time.monotonic() + SLICE
