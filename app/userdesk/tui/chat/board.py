"""What the screen shows of all conversations: which is open, their feeds, their marks in the sidebar."""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date

from userdesk.chat import ChatService
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure
from userdesk.domain.safe_text import clean_line
from userdesk.store import Store
from userdesk.tui.chat.recency import Recency
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.sidebar.rows import Mark, SidebarRow, build_rows

LOOKED_AT = 200  # most recent conversations whose last line is looked at for a failure at start
UNREAD = 0  # the read mark of a conversation with news
KEPT_FEEDS = 24  # opened conversations whose feeds stay in memory


@dataclass(slots=True)
class FolderSnapshot:
    """What was found on the disk beside conversations.toml."""

    begun: float
    """When the disk was begun to be read, by the monotonic clock."""
    drafted: set[str]
    marks: dict[str, int]
    activity: int
    times: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    """Conversations spoken in since the last look that ended in a failure."""
    sound: set[str] = field(default_factory=set)
    """Those spoken in that did not."""


class Board:
    """View state alone: whatever must outlive the program is in the store."""

    def __init__(
        self, store: Store, service: ChatService, *, by_chatbot: bool = False, usual_bot: str = ""
    ) -> None:
        self.store = store
        self.service = service
        self.current = ""
        """The key of the conversation on the screen."""
        self.wanted = ""
        """The sidebar's filter."""
        self.usual_bot = usual_bot
        """The chatbot whose name need not stand beside titles."""
        self.by_chatbot = by_chatbot
        """Whether the sidebar has a heading a chatbot, rather than one a day."""
        self.unread: set[str] = set()
        self.failed: set[str] = set()
        self.creation_failures: dict[str, Failure] = {}
        """Why the server did not create a conversation in which nothing was said yet."""
        self.retry_at: dict[str, float] = {}
        """When a conversation may be tried again after a 429, by the monotonic clock."""
        self.drafts: dict[str, str] = {}
        """Unsent text by conversation, as far as it is known in memory."""
        self._drafted: set[str] = set()
        self._drafts_settled: dict[str, float] = {}
        """When our own change of a draft was on the disk, by the monotonic clock; infinite until it is."""
        self._drafts_written: dict[str, str] = {}
        self.recency = Recency(store)
        self._arrangements: dict[str, tuple[object, list[SidebarRow]]] = {}
        self._marks: dict[str, int] = {}
        self._times: dict[str, float] = {}
        self._activity = 0
        self.is_loaded = False
        """Whether the store was read."""
        self._views: OrderedDict[str, ConversationView] = OrderedDict()
        self._rereads: dict[str, int] = {}
        """How often a transcript had been read anew when its feed was made."""

    def load(self) -> None:
        """Read the names of saved drafts. Blocks on the disk."""
        self._drafted = self.store.drafts.keys()
        self._marks = self.store.read_marks.all()
        self.unread = {key for key, read in self._marks.items() if read == UNREAD}
        self._activity = self.store.activity()
        self.recency.refresh()
        self._times = times = dict(self.recency.times)
        recent = sorted(times, key=lambda key: times[key], reverse=True)[:LOOKED_AT]
        self.failed = self.store.ended_badly(recent)
        self.is_loaded = True

    # other processes

    def news(self) -> FolderSnapshot:
        """What other processes did beside conversations.toml. Blocks on the disk."""
        news = FolderSnapshot(
            time.monotonic(), self.store.drafts.keys(), self.store.read_marks.all(), self.store.activity()
        )
        if news.activity != self._activity:
            self.recency.refresh()
            news.times = dict(self.recency.times)
            spoken_in = {key for key, at in news.times.items() if self._times.get(key) != at}
            news.failed = self.store.ended_badly(spoken_in)
            news.sound = spoken_in - news.failed
        return news

    def apply_snapshot(self, news: FolderSnapshot) -> bool:
        """Show the drafts, unread answers and failures of other processes too; whether any is new."""
        changed = news.drafted != self._drafted or news.activity != self._activity
        for key in news.marks.keys() | self._marks.keys():
            mark = news.marks.get(key)
            if mark != self._marks.get(key) and key != self.current:
                changed = True
                (self.unread.add if mark == UNREAD else self.unread.discard)(key)
        if not len(self.service.write_queue):  # else the newest of our own outcomes are not on the disk
            busy = self.service.busy_keys() | self.creation_failures.keys()
            self.failed |= news.failed - busy
            self.failed -= news.sound - busy
        for key in (news.drafted ^ self._drafted) - {self.current}:
            if self._drafts_settled.get(key, 0.0) < news.begun:
                self.drafts.pop(key, None)  # read from the disk when the conversation is opened
        self._drafted, self._marks, self._activity = news.drafted, news.marks, news.activity
        self._times = news.times or self._times
        return changed

    # conversations

    @property
    def conversation(self) -> Conversation | None:
        """The conversation on the screen."""
        return self.service.conversation(self.current) if self.current else None

    def conversations(self) -> list[Conversation]:
        """All of them: saved ones, and new ones still in memory."""
        saved = self.service.saved()
        if len(self.service.write_queue):  # what waits for the disk is newer than what is on it
            saved = [self.service.conversation(each.key) or each for each in saved]
        return [*saved, *self.service.unsaved()]

    def rows(self) -> list[SidebarRow]:
        """The sidebar's lines."""
        return self._arranged(self.wanted)

    def order(self) -> list[str]:
        """The keys in the sidebar's order, whatever is filtered."""
        return [row.key for row in self._arranged("") if row.key]

    def _arranged(self, wanted: str) -> list[SidebarRow]:
        names = {chatbot.bot: clean_line(chatbot.name, 40) for chatbot in self.service.registry}
        conversations, today = self.conversations(), date.today()
        made_of = (conversations, self.recency.version, today, names, self.by_chatbot)
        before = self._arrangements.get(wanted)
        if before and before[0] == made_of:
            return before[1]
        times = self.recency.times
        rows = build_rows(
            conversations,
            times,
            today,
            bot_names=names,
            wanted=wanted,
            by_chatbot=self.by_chatbot,
            usual_bot=self.usual_bot,
        )
        if wanted not in self._arrangements:  # that of everything, and that of one filter
            self._arrangements = {key: kept for key, kept in self._arrangements.items() if not key}
        self._arrangements[wanted] = made_of, rows
        return rows

    def most_recent(self, bot: str | None) -> Conversation | None:
        """The conversation that had the newest activity, of one chatbot or of all that are configured."""
        times = self.recency.times
        candidates = [
            conversation
            for conversation in self.service.saved()
            if self.service.registry.for_conversation(conversation) and bot in (None, conversation.bot)
        ]
        return max(candidates, key=lambda c: times.get(c.key, c.created.timestamp()), default=None)

    def mark_of(self, key: str) -> Mark:
        """The mark before a conversation's title."""
        if self.service.turns(key):
            return Mark.STREAMING
        if key in self.failed:
            return Mark.FAILED
        if key in self.unread:
            return Mark.UNREAD
        if key != self.current and self.has_draft(key):
            return Mark.DRAFT
        return Mark.NONE

    def forget(self, key: str) -> None:
        """A conversation was deleted."""
        if not self.service.write_queue.waits(key):  # else it has messages that no file has yet
            self._views.pop(key, None)
        self.service.forget(key)
        self.unread.discard(key)
        self.failed.discard(key)

    # what was read

    def note_unread(self, key: str) -> None:
        """An answer came while the user was elsewhere. Blocks on the disk; raises StoreError."""
        self.store.read_marks.set(key, UNREAD)

    def note_read(self, key: str) -> None:
        """The conversation was looked at. Blocks on the disk; raises StoreError."""
        if self.store.get(key) and self.store.read_marks.get(key) == UNREAD:
            self.store.read_marks.set(key, max(1, len(self.store.transcript(key))))

    # feeds

    def view(self, key: str) -> ConversationView:
        """A conversation's feed; the same one while a turn of it is under way."""
        view = self._views.get(key)
        if view is None:
            transcript = self.store.transcript(key)
            view = self._views[key] = ConversationView(transcript)
            self._rereads[key] = transcript.rereads
        self._views.move_to_end(key)
        for old in list(self._views)[:-KEPT_FEEDS]:
            if (
                old != self.current
                and not self.service.turns(old)
                and not self.service.write_queue.waits(old)
            ):
                del self._views[old]
        return view

    def sync(self, key: str) -> bool:
        """Another process wrote to this conversation: take in what came behind our own.

        Whether the feed is another one now, as where a file that had gone was brought back, or
        where others' messages came before the end of our answer.
        """
        view = self._views.get(key)
        if view is None or len(self.service.write_queue):  # an empty one is false
            return False
        transcript = self.store.transcript(key)
        shown, there = len(view), len(transcript)
        if transcript.rereads != self._rereads[key] and there >= shown:
            del self._views[key]
            return True
        if there > shown > 0:
            ours, theirs = view.entry(shown - 1).message, transcript[shown - 1]
            if (ours.role, ours.text) != (theirs.role, theirs.text):
                del self._views[key]
                return True
        for index in range(shown, there):
            view.add(transcript[index])
        return False

    # drafts

    def draft(self, key: str) -> str:
        """The unsent text of a conversation."""
        if key not in self.drafts:
            # Another window may have left one since the last look, and what is typed would replace it.
            self.drafts[key] = self.store.drafts.get(key)
        return self.drafts[key]

    def set_draft(self, key: str, text: str) -> None:
        """Unsent text changed here: until it is written, what the disk says of it is old."""
        self.drafts[key] = text
        self._drafts_settled[key] = math.inf

    def draft_written(self, key: str, text: str) -> None:
        """The disk has what is unsent in a conversation."""
        self._drafts_settled[key] = time.monotonic()
        self._drafts_written[key] = text

    def has_written_draft(self, key: str, text: str) -> bool:
        """Whether this is what we wrote last, into a folder that is still there."""
        return self._drafts_written.get(key) == text and self.store.data_dir.exists()

    def has_draft(self, key: str) -> bool:
        """Whether something unsent waits in a conversation."""
        return bool(self.drafts[key]) if key in self.drafts else key in self._drafted
