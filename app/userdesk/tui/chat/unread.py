"""Which conversations have answers that nobody looked at yet, kept beyond the program's end."""

import asyncio
import contextlib
import threading

from userdesk.domain.conversation import ConversationKey
from userdesk.store import Store, StoreError
from userdesk.tui.chat.dialogs import Background
from userdesk.tui.chat.state import ChatState

UNREAD = 0  # the read mark of a conversation with news


class UnreadMarks:
    """The marks in memory are the state's; those on the disk follow, and those of other processes come in."""

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
