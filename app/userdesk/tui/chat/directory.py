"""All conversations as the sidebar and the switcher list them: order, headings, marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from userdesk.chat import ChatService
from userdesk.domain.conversation import Conversation, ConversationKey, title_from
from userdesk.domain.safe_text import clean_line
from userdesk.tui.chat.drafts import DraftsController
from userdesk.tui.chat.state import ChatState
from userdesk.tui.sidebar.rows import Mark, SidebarRow, build_rows, title_of


@dataclass(eq=False, repr=False)
class ConversationDirectory:
    """Saved conversations, and new ones still in memory."""

    _service: ChatService
    _state: ChatState
    _drafts: DraftsController
    _usual_bot: str = ""
    """The chatbot whose name need not stand beside titles."""
    times: Mapping[ConversationKey, float] = field(default_factory=dict, init=False)
    """When something last happened in each conversation (s since 1970), as far as a file knows of it.

    Read once, then kept up by what this program does: another mapping after each change.
    """
    _built: dict[str, tuple[object, list[SidebarRow]]] = field(default_factory=dict, init=False)
    """Rows by the filter's words, with what they were made of."""

    def refresh_times(self) -> bool:
        """Look at every transcript; whether anything happened that was not known. Blocks on the disk."""
        times = self._service.store.recencies()
        if times == self.times:
            return False
        self.times = times
        return True

    def happened(self, key: ConversationKey) -> None:
        """Something was written to a conversation: look at its transcript."""
        if conversation := self._service.store.get(key):
            at = self._service.store.recency(conversation).timestamp()
            self.times = {**self.times, key: at}

    @property
    def current(self) -> Conversation | None:
        """The conversation on the screen."""
        return self._service.conversation(self._state.current) if self._state.current else None

    def all(self) -> list[Conversation]:
        """All of them, in no order."""
        saved = self._service.saved()
        if len(self._service.write_queue):  # what waits for the disk is newer than what is on it
            saved = [self._service.conversation(each.key) or each for each in saved]
        return [*saved, *self._service.unsaved()]

    def title(self, key: ConversationKey) -> str:
        """A conversation's title as it is shown; empty for one that is not there."""
        conversation = self._service.conversation(key)
        return title_of(conversation) if conversation else ""

    def bot_of(self, key: ConversationKey) -> str:
        """What the configuration calls a conversation's chatbot; empty for one that is not there."""
        conversation = self._service.conversation(key)
        return conversation.bot if conversation else ""

    def shown_name(self, bot: str) -> str:
        """A chatbot's name as it is shown: one safe line."""
        return clean_line(self.chatbot_name(bot), 40)

    def chatbot_name(self, bot: str) -> str:
        """A chatbot's name as it was given; what the configuration calls it where it is not there."""
        chatbot = self._service.registry.get(bot)
        return chatbot.name if chatbot else bot

    def rows(self) -> list[SidebarRow]:
        """The sidebar's lines."""
        return self._rows(self._state.filter)

    def order(self) -> list[ConversationKey]:
        """The keys in the sidebar's order, whatever is filtered."""
        return [row.key for row in self._rows("") if row.key]

    def _rows(self, wanted: str) -> list[SidebarRow]:
        names = {chatbot.config_name: clean_line(chatbot.name, 40) for chatbot in self._service.registry}
        conversations, today, by_chatbot = self.all(), date.today(), self._state.by_chatbot
        drafts = {
            each.key: title_from(self._drafts.get(each.key))
            for each in conversations
            if not each.title and each.key != self._state.current and self._drafts.has(each.key)
        }
        judged = self._state.judged if wanted else None
        made_of = (conversations, self.times, today, names, by_chatbot, drafts, judged)
        before = self._built.get(wanted)
        if before and before[0] == made_of:
            return before[1]
        rows = build_rows(
            conversations,
            self.times,
            today,
            bot_names=names,
            drafts=drafts,
            wanted=wanted,
            judged=judged,
            by_chatbot=by_chatbot,
            usual_bot=self._usual_bot,
        )
        if wanted not in self._built:  # that of everything, and that of one filter
            self._built = {words: kept for words, kept in self._built.items() if not words}
        self._built[wanted] = made_of, rows
        return rows

    def most_recent(self, bot: str | None) -> Conversation | None:
        """The conversation that had the newest activity, of one chatbot or of all that are configured."""
        candidates = [
            conversation
            for conversation in self._service.saved()
            if self._service.registry.for_conversation(conversation) and bot in (None, conversation.bot)
        ]
        return max(candidates, key=lambda c: self.times.get(c.key, c.created.timestamp()), default=None)

    def mark_of(self, key: ConversationKey) -> Mark:
        """The mark before a conversation's title."""
        if self._service.turns(key):
            return Mark.STREAMING
        if key in self._state.failed:
            return Mark.FAILED
        if key in self._state.unread:
            return Mark.UNREAD
        if key != self._state.current and self._drafts.has(key):
            return Mark.DRAFT
        return Mark.NONE
