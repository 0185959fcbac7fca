"""Taking conversations in and out, and making the program one's own: export, attach, themes, figures."""

import asyncio
from typing import TYPE_CHECKING

from textual import on, work

from userdesk.domain.conversation import Conversation, attached_title
from userdesk.domain.message import Message, Role, now
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import seconds
from userdesk.store import StoreError
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.external.written_file import at_home, slug, write_new
from userdesk.tui.input.input_bar import InputBar

if TYPE_CHECKING:
    from userdesk.export import Subject

FORMAT_WORDS = {"md": "Markdown", "json": "JSON", "html": "HTML, one page that looks like this"}

ATTACHED = (
    "*This conversation was opened by its id. Its earlier messages can't be shown: Userdesk offers "
    "no way to read them. The chatbot remembers them, if the id is one of its own.*"
)


class KeepActions(ChatParts):
    """Seldom needed, so what they show is imported when it is."""

    # out

    def export_subject(self) -> "Subject | None":
        """The conversation on the screen as an export sees it."""
        from userdesk.export import Subject

        conversation = self.board.conversation
        if conversation is None:
            return None
        view = self.board.view(conversation.key)
        chatbot = self.service.registry.get(conversation.bot)
        messages = (view.entry(index).message for index in range(len(view)))
        return Subject.of(conversation, messages, chatbot.name if chatbot else conversation.bot)

    def action_export_conversation(self) -> None:
        """Write the conversation into a file in the current folder."""
        from userdesk.export import FORMATS
        from userdesk.tui.dialogs.choice import ChoiceScreen

        def chosen(index: int | None) -> None:
            if index is not None and (subject := self.export_subject()):
                self.write_export(subject, FORMATS[index])

        names = [FORMAT_WORDS[name] for name in FORMATS]
        self.app.push_screen(ChoiceScreen("Export this conversation as", names), chosen)

    @work(thread=True, group="export", exit_on_error=False)
    def write_export(self, subject: "Subject", format_name: str) -> None:
        """Render and write, never over a file that is there."""
        from userdesk.export import render

        text = render(subject, format_name)
        try:
            path = write_new(slug(subject.title, "conversation"), format_name, text)
        except OSError as error:
            words = f"Not exported: {error.strerror or error}"
            self.app.call_from_thread(self.status.flash, words, alert=True)
        else:
            self.app.call_from_thread(self.status.flash, f"Exported to {at_home(path)}")

    # in

    def action_attach_by_id(self) -> None:
        """Go on in a conversation whose id came from a colleague or a dashboard."""
        from userdesk.tui.dialogs.ask_line import AskLineScreen

        def given(conversation_id: str | None) -> None:
            if conversation_id:
                self.attach(conversation_id)

        conversation = self.board.conversation
        bot = conversation.bot if conversation else self.userdesk.settings.start_bot
        chatbot = self.service.registry.get(bot)
        words = (
            f"One with {clean_line(chatbot.name if chatbot else bot, 40)}; F9 changes the chatbot. "
            "Its earlier messages can't be had: Userdesk offers no way to read them."
        )
        screen = AskLineScreen("Open a conversation by its id", words, placeholder="conversationId")
        self.app.push_screen(screen, given)

    def attach(self, wanted: str) -> None:
        """Open a conversation by its key or conversationId; an unknown id becomes a conversation here."""
        wanted = clean_line(wanted)
        for conversation in self.board.conversations():
            if wanted in (conversation.id, conversation.key):
                self.open_conversation(conversation.key)
                return
        current = self.board.conversation
        settings = self.userdesk.settings
        chatbot = self.service.registry.get(current.bot if current else settings.start_bot)
        if chatbot is None:
            return
        conversation = Conversation.start(chatbot, now()).evolve(id=wanted, title=attached_title(wanted))
        note = Message(
            role=Role.ASSISTANT,
            text=ATTACHED,
            at=now(),
            welcome=True,
        )
        try:
            self.board.store.add(conversation)
            self.board.store.transcript(conversation.key).append(note)
        except StoreError as error:
            self.status.flash(str(error), alert=True)
            return
        self.board.recency.happened(conversation.key)
        self.open_conversation(conversation.key)
        self.input_bar.focus()

    # one's own

    def action_themes(self) -> None:
        """Choose a theme, seen while choosing, remembered in config.toml."""
        from userdesk.tui.dialogs.themes import ThemesScreen

        def kept(name: str | None) -> None:
            if name:
                self.remember_setting("theme", name)

        self.app.push_screen(ThemesScreen(), kept)

    def action_accessible(self) -> None:
        """No spinners, no ticking numbers, roles as words."""
        still = not self.log_view.still
        self.set_accessible(still)
        self.remember_setting("accessible", still)
        self.status.flash("Accessible mode is on" if still else "Accessible mode is off")

    @work(group="settings", exit_on_error=False)
    async def remember_setting(self, name: str, value: str | bool) -> None:
        """Write a setting into config.toml, its comments kept."""
        from userdesk.settings import SettingsError
        from userdesk.settings.write import set_plain

        path = self.userdesk.settings.config_file
        try:
            await asyncio.to_thread(set_plain, path, name, value)
        except (SettingsError, OSError) as error:
            self.status.flash(f"Kept until the program ends: {error}", alert=True)

    def action_earlier_prompts(self) -> None:
        """Search in the prompts sent earlier."""
        from userdesk.tui.dialogs.pick import PickScreen

        prompts = list(dict.fromkeys(reversed(self.input_bar.prompts)))

        def taken(index: int | None) -> None:
            if index is not None:
                if (draft := self.input_bar.draft).strip() and draft != prompts[index]:
                    self.save_to_history(draft)
                self.input_bar.put(prompts[index])
                self.input_bar.focus()

        self.app.push_screen(PickScreen("Earlier prompts", prompts), taken)

    def action_figures(self) -> None:
        """Median and 95th percentile of the answers of this conversation."""
        self.status.flash(metrics_of([entry for entry in self._answers() if entry.metrics]))

    def _answers(self) -> list[Message]:
        view = self.board.view(self.board.current)
        return [view.entry(index).message for index in range(len(view))]

    @on(InputBar.PasteAsked)
    def paste_asked(self) -> None:
        """Ctrl+V: from the system's clipboard where a command can read it, else what the program copied."""
        self.paste_from_outside()

    @work(group="paste", exclusive=True, exit_on_error=False)
    async def paste_from_outside(self) -> None:
        """Read the clipboard off the event loop."""
        text = await asyncio.to_thread(self.userdesk.outside.read)
        if text is None:
            text = self.app.clipboard
        if text:
            self.input_bar.add_pasted(text)
        else:
            self.status.flash("Paste with your terminal's own key, often Ctrl+Shift+V")


def metrics_of(answers: list[Message]) -> str:
    """First text and total of some answers: median and 95th percentile."""
    firsts = [m.metrics.first_text for m in answers if m.metrics and m.metrics.first_text is not None]
    totals = [m.metrics.total for m in answers if m.metrics]
    if not totals:
        return "No answer with figures yet"

    from statistics import median, quantiles

    def both(values: list[float]) -> str:
        high = quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
        return f"{seconds(median(values))} median, {seconds(high)} p95"

    first = f"first text {both(firsts)} · " if firsts else ""
    counted = "1 answer" if len(totals) == 1 else f"{len(totals)} answers"
    return f"{counted} · {first}whole {both(totals)}"
