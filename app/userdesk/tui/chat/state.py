"""What the chat screen shows, as one truth: the open conversation, marks, filter, grouping."""

import asyncio
import contextlib
import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection

from userdesk.chat import ChatService
from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.failure import Failure
from userdesk.domain.verdict import JudgedConversations
from userdesk.store import Store, StoreError
from userdesk.tui.chat.dialogs import Background
from userdesk.tui.message_log.conversation_view import ConversationView

KEPT = 24  # views of opened conversations that stay in memory
UNREAD = 0  # the read mark of a conversation with news


class ChatState:
    """View state alone: whatever must outlive the program is in the store.

    Whoever changes what the sidebar or the title shows calls `changed`; who draws it is in `on_changed`.
    """

    def __init__(self, *, by_chatbot: bool = False, accessible: bool = False) -> None:
        self.current = NO_KEY
        """The key of the conversation on the screen; empty before the first one is open."""
        self.previous = NO_KEY
        """The key of the one that was on the screen before it."""
        self.beside = NO_KEY
        """The key of another one that is on the screen as well."""
        self.filter = ""
        """The words that the sidebar's conversations must hold, and the verdicts, `is:bad`."""
        self.judged: JudgedConversations | None = None
        """What a filter by verdicts finds; None until it is read for the first one."""
        self.by_chatbot = by_chatbot
        """Whether the sidebar has a heading a chatbot, rather than one a day."""
        self.accessible = accessible
        """Whether nothing moves by itself and signs are words."""
        self.is_loaded = False
        """Whether the store was read."""
        self.unread: set[ConversationKey] = set()
        self.failed: set[ConversationKey] = set()
        self.creation_failures: dict[ConversationKey, Failure] = {}
        """Why the server did not create a conversation in which nothing was said yet."""
        self.retry_at: dict[ConversationKey, float] = {}
        """When a conversation may be tried again after a 429, by the monotonic clock (s)."""
        self.on_changed: list[Callable[[], None]] = []
        """Called after each change."""

    def shows(self, key: ConversationKey) -> bool:
        """Whether a conversation is on the screen."""
        return key in (self.current, self.beside)

    def turned(self, current: ConversationKey, beside: ConversationKey) -> "ChatState":
        """The same marks and listeners with another conversation open, for controllers of that one."""
        other = copy.copy(self)
        other.current, other.beside = current, beside
        return other

    def changed(self) -> None:
        """An order, a title or a mark is another one: tell who shows it."""
        for listener in self.on_changed:
            listener()


class UnreadMarks:
    """Which conversations have answers that nobody looked at yet, kept beyond the program's end.

    The marks in memory are the state's; those on the disk follow, and those of other processes come in.
    """

    def __init__(self, store: Store, state: ChatState, run: Background) -> None:
        self._store = store
        self._state = state
        self._run = run
        self._saved: dict[ConversationKey, int] = {}
        self._writing = threading.Lock()

    def apply(self, marks: dict[ConversationKey, int]) -> bool:
        """What the disk says now; whether another process changed a mark."""
        changed = False
        for key in marks.keys() | self._saved.keys():
            mark = marks.get(key)
            if mark != self._saved.get(key) and key != self._state.current:
                changed = True
                (self._state.unread.add if mark == UNREAD else self._state.unread.discard)(key)
        self._saved = marks
        return changed

    def add(self, key: ConversationKey) -> None:
        """An answer came while the user was elsewhere."""
        self._state.unread.add(key)
        self._keep(key)

    def discard(self, key: ConversationKey) -> None:
        """The conversation is looked at."""
        if key in self._state.unread:
            self._state.unread.discard(key)
            self._keep(key)

    def _keep(self, key: ConversationKey) -> None:
        self._run(asyncio.to_thread(self._write, key), group="marks")

    def _write(self, key: ConversationKey) -> None:
        # What holds when the disk's turn comes: an answer that ends and is read at once is read.
        with self._writing, contextlib.suppress(StoreError):  # a mark is not worth a toast
            if key in self._state.unread:
                self._store.read_marks.set(key, UNREAD)
            elif self._store.get(key) and self._store.read_marks.get(key) == UNREAD:
                self._store.read_marks.set(key, max(1, len(self._store.transcript(key))))


class ConversationViews:
    """What the log shows of each conversation, by key: made when it is first looked at, kept for a while."""

    def __init__(self, service: ChatService, state: ChatState) -> None:
        self._service = service
        self.state = state
        """Which of the views is that of the open conversation."""
        self._views: OrderedDict[ConversationKey, ConversationView] = OrderedDict()
        self._rereads: dict[ConversationKey, int] = {}
        """How often a transcript had been read anew when its view was made."""

    @property
    def current(self) -> ConversationView:
        """The view of the conversation on the screen."""
        return self.of(self.state.current)

    @property
    def keys(self) -> Collection[ConversationKey]:
        """The conversations whose views are in memory."""
        return self._views.keys()

    def of(self, key: ConversationKey) -> ConversationView:
        """A conversation's view; the same one while a turn of it is under way."""
        view = self._views.get(key)
        if view is None:
            transcript = self._service.store.transcript(key)
            view = self._views[key] = ConversationView(transcript)
            self._rereads[key] = transcript.rereads
        self._views.move_to_end(key)
        for old in list(self._views)[:-KEPT]:
            is_busy = self._service.turns(old) or self._service.write_queue.waits(old)
            if not self.state.shows(old) and not is_busy:
                del self._views[old]
        return view

    def turned(self, state: ChatState) -> "ConversationViews":
        """The same views, of which another one is that of the open conversation."""
        other = copy.copy(self)
        other.state = state
        return other

    def sync(self, key: ConversationKey) -> bool:
        """Another process wrote to this conversation: take in what came behind our own.

        Whether the view is another one now, as where a file that had gone was brought back, or
        where others' messages came before the end of our answer.
        """
        view = self._views.get(key)
        if view is None or len(self._service.write_queue):  # an empty one is false
            return False
        transcript = self._service.store.transcript(key)
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

    def forget(self, key: ConversationKey) -> None:
        """A conversation was deleted; one with messages that no file has yet keeps its view."""
        if not self._service.write_queue.waits(key):
            self._views.pop(key, None)
