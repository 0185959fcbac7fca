"""A conversation out of the program: into a file, or as text for the clipboard."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from userdesk.tui.chat.parts import ChatParts

if TYPE_CHECKING:
    from userdesk.export.subject import Subject

    MakesSubject = Callable[[], Subject]


class ExportCommands:
    """The formats are imported when one is wanted."""

    def __init__(self, chat: ChatParts) -> None:
        self._chat = chat

    def subject(self) -> "MakesSubject | None":
        """What makes the conversation on the screen as an export sees it, in a thread: it reads all of it."""
        from userdesk.export.subject import Subject

        conversation = self._chat.directory.current
        if conversation is None:
            return None
        name = self._chat.directory.chatbot_name(conversation.bot)
        view = self._chat.views.current
        verdicts = {place: judged.judgement for place, judged in view.judged.items()}
        return partial(Subject.of, conversation, view.messages, name, verdicts)

    def export(self) -> None:
        """Write the conversation into a file in the current folder."""
        from userdesk.export.formats import FORMATS

        def chosen(index: int) -> None:
            if subject := self.subject():
                self._chat.run(self.write(subject, list(FORMATS)[index]), group="export")

        words = [each.words for each in FORMATS.values()]
        self._chat.dialogs.choose("Export this conversation as", words, chosen)

    async def write(self, subject: "MakesSubject", format_name: str) -> None:
        """Render and write, never over a file that is there."""
        from userdesk.tui.external.written_file import write_new

        def write() -> str:
            from userdesk.export.formats import render

            made = subject()
            return write_new(made.title, "conversation", format_name, render(made, format_name))

        try:
            path = await asyncio.to_thread(write)
        except OSError as error:
            self._chat.notifier.flash(f"Not exported: {error.strerror or error}", alert=True)
        else:
            self._chat.notifier.flash(f"Exported to {path}")
