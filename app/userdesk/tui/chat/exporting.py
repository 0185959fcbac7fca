"""A conversation out of the program: into a file, or as text for the clipboard."""

import asyncio
from typing import TYPE_CHECKING

from userdesk.tui.chat.background import Background
from userdesk.tui.chat.dialogs import Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.messages import messages_of
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.views import ConversationViews

if TYPE_CHECKING:
    from userdesk.export import Subject

FORMAT_WORDS = {"md": "Markdown", "json": "JSON", "html": "HTML, one page that looks like this"}


class ExportCommands:
    """The formats are imported when one is wanted."""

    def __init__(
        self,
        directory: ConversationDirectory,
        views: ConversationViews,
        notifier: Notifier,
        dialogs: Dialogs,
        run: Background,
    ) -> None:
        self._directory = directory
        self._views = views
        self._notifier = notifier
        self._dialogs = dialogs
        self._run = run

    def subject(self) -> "Subject | None":
        """The conversation on the screen as an export sees it."""
        from userdesk.export import Subject

        conversation = self._directory.current
        if conversation is None:
            return None
        name = self._directory.chatbot_name(conversation.bot)
        return Subject.of(conversation, messages_of(self._views.current), name)

    def as_markdown(self) -> str | None:
        """The conversation on the screen as Markdown."""
        from userdesk.export import render

        subject = self.subject()
        return render(subject, "md") if subject else None

    def export(self) -> None:
        """Write the conversation into a file in the current folder."""
        from userdesk.export import FORMATS

        def chosen(index: int) -> None:
            if subject := self.subject():
                self._run(self.write(subject, FORMATS[index]), group="export")

        self._dialogs.choose("Export this conversation as", [FORMAT_WORDS[name] for name in FORMATS], chosen)

    async def write(self, subject: "Subject", format_name: str) -> None:
        """Render and write, never over a file that is there."""
        from userdesk.export import render
        from userdesk.tui.external.written_file import at_home, slug, write_new

        text = await asyncio.to_thread(render, subject, format_name)
        try:
            name = slug(subject.title, "conversation")
            path = await asyncio.to_thread(write_new, name, format_name, text)
        except OSError as error:
            self._notifier.flash(f"Not exported: {error.strerror or error}", alert=True)
        else:
            self._notifier.flash(f"Exported to {at_home(path)}")
