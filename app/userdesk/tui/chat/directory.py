"""All conversations as the sidebar and the switcher list them: order, headings, marks."""

from collections.abc import Callable, Mapping
from datetime import date

from userdesk.chat import ChatService
from userdesk.domain.conversation import Conversation, ConversationKey, title_from
from userdesk.domain.safe_text import clean_line
from userdesk.store import Store
from userdesk.tui.chat.state import ChatState
from userdesk.tui.sidebar.rows import Mark, SidebarRow, build_rows, title_of


class Recency:
    """Read once, then kept up by what this program does; other processes' doings come with `refresh`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._times: dict[ConversationKey, float] = {}
        self.version = 0
        """Counts up whenever a time changes."""

    @property
    def times(self) -> Mapping[ConversationKey, float]:
        """Seconds since 1970 by key; what no file knows yet is not among them."""
        return self._times

    def refresh(self) -> bool:
        """Look at every transcript; whether anything happened that was not known. Blocks on the disk."""
        times = self._store.recencies()
        if times == self._times:
            return False
        self._times = times
        self.version += 1
        return True

    def happened(self, key: ConversationKey) -> None:
        """Something was written to a conversation: look at its transcript."""
        if conversation := self._store.get(key):
            self._times[key] = self._store.recency(conversation).timestamp()
            self.version += 1


class ConversationDirectory:
    """Saved conversations, and new ones still in memory.

    `usual_bot` is the chatbot whose name need not stand beside titles; `has_draft` tells whether something
    unsent waits in a conversation, `draft_of` what it is.
    """

    def __init__(
        self,
        service: ChatService,
        state: ChatState,
        has_draft: Callable[[ConversationKey], bool],
        draft_of: Callable[[ConversationKey], str],
        *,
        usual_bot: str = "",
    ) -> None:
        self.recency = Recency(service.store)
        self._service = service
        self._state = state
        self._has_draft = has_draft
        self._draft_of = draft_of
        self._usual_bot = usual_bot
        self._built: dict[str, tuple[object, list[SidebarRow]]] = {}
        """Rows by the filter's words, with what they were made of."""

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
            each.key: title_from(self._draft_of(each.key))
            for each in conversations
            if not each.title and each.key != self._state.current and self._has_draft(each.key)
        }
        made_of = (conversations, self.recency.version, today, names, by_chatbot, drafts)
        before = self._built.get(wanted)
        if before and before[0] == made_of:
            return before[1]
        rows = build_rows(
            conversations,
            self.recency.times,
            today,
            bot_names=names,
            drafts=drafts,
            wanted=wanted,
            by_chatbot=by_chatbot,
            usual_bot=self._usual_bot,
        )
        if wanted not in self._built:  # that of everything, and that of one filter
            self._built = {words: kept for words, kept in self._built.items() if not words}
        self._built[wanted] = made_of, rows
        return rows

    def most_recent(self, bot: str | None) -> Conversation | None:
        """The conversation that had the newest activity, of one chatbot or of all that are configured."""
        times = self.recency.times
        candidates = [
            conversation
            for conversation in self._service.saved()
            if self._service.registry.for_conversation(conversation) and bot in (None, conversation.bot)
        ]
        return max(candidates, key=lambda c: times.get(c.key, c.created.timestamp()), default=None)

    def mark_of(self, key: ConversationKey) -> Mark:
        """The mark before a conversation's title."""
        if self._service.turns(key):
            return Mark.STREAMING
        if key in self._state.failed:
            return Mark.FAILED
        if key in self._state.unread:
            return Mark.UNREAD
        if key != self._state.current and self._has_draft(key):
            return Mark.DRAFT
        return Mark.NONE
