"""What other processes did to the data folder: their conversations appear, ours get their news."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from userdesk.domain.conversation import ConversationKey
from userdesk.store import StoreError
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.state import UnreadMarks
from userdesk.tui.chat.trash import TrashController

RECENCY_EVERY = 15  # polls until all transcripts' times are read again


class FolderWatcher:
    """Polls the data folder."""

    def __init__(self, chat: ChatParts, unread: UnreadMarks, trash: TrashController) -> None:
        self._chat = chat
        self._store = chat.service.store
        self._unread = unread
        self._trash = trash
        self.on_polled: list[Callable[[], None]] = []
        """Called after each look."""
        self.on_view_replaced: list[Callable[[], None]] = []
        """Called when a conversation on the screen has another view."""
        self._activity = -1
        self._polls = 0
        self._poll: asyncio.Future[None] | None = None
        self._again = False

    def load(self) -> None:
        """At start: drafts, marks, times, and how the most recent conversations ended. Blocks on the disk."""
        self._look()()
        self._chat.state.is_loaded = True

    def watch(self) -> None:
        """Time for another poll, unless the disk is so slow that the last one is still under way."""
        if self._poll is None:
            self.poll()

    def poll(self, *, thoroughly: bool = False) -> asyncio.Future[None]:
        """Look at the folder; a poll under way comes to its end, and is followed by another one.

        With `thoroughly`, times are read anew whatever the list says. The future is done with the last poll.
        """
        if thoroughly:
            self._polls = -1
        self._again = True
        if self._poll is None:
            self._poll = asyncio.get_running_loop().create_future()
            self._chat.run(self._keep_polling(), group="watch")
        return self._poll

    async def _keep_polling(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._poll_once()
        finally:
            done, self._poll = self._poll, None
            if done:
                done.set_result(None)

    async def _poll_once(self) -> None:
        if not self._chat.state.is_loaded:
            return
        changed = await asyncio.to_thread(self._reload)
        changed |= (await asyncio.to_thread(self._look))()
        for key in (self._chat.state.current, self._chat.state.beside):
            changed |= await self._poll_shown(key)
        if await self._trash.settle() or changed:
            self._chat.state.changed()
        for listener in self.on_polled:
            listener()

    async def _poll_shown(self, key: ConversationKey) -> bool:
        if not key or self._chat.service.holds(key):
            return False
        is_news = await asyncio.to_thread(self._store.transcript(key).refresh)
        if is_news:
            self._chat.directory.happened(key)
        if self._chat.views.sync(key) and self._chat.state.shows(key):
            for listener in self.on_view_replaced:
                listener()
        view = self._chat.views.of(key)
        if view.ends_with_question:
            view.is_answered_elsewhere(await asyncio.to_thread(self._store.is_answered_elsewhere, key))
        return is_news

    def _reload(self) -> bool:
        """Whether conversations changed; a list that was removed with its folder is written again."""
        with contextlib.suppress(StoreError):  # a disk that takes nothing is told of by what is written
            self._store.bring_back()
        changed = self._store.reload()
        self._polls += 1
        if changed or self._polls % RECENCY_EVERY == 0:
            changed = self._chat.directory.refresh_times() or changed
        return changed

    def _look(self) -> Callable[[], bool]:
        """Read what stands beside conversations.toml; what then shows it, and says whether any is new."""
        store, state, begun = self._store, self._chat.state, time.monotonic()
        drafted, marks, activity = set(store.drafts.keys()), store.read_marks.all(), store.activity()
        if activity != self._activity:
            self._chat.directory.refresh_times()
        spoken_in = self._chat.directory.take_fresh()
        failed = store.ended_badly(spoken_in)

        def show() -> bool:
            changed = self._chat.drafts.apply_names(drafted, begun) or activity != self._activity
            changed |= self._unread.apply(marks)
            if not len(self._chat.service.write_queue):  # else our own newest outcomes are not on the disk
                busy = self._chat.service.busy_keys() | state.creation_failures.keys()
                state.failed |= failed - busy
                state.failed -= spoken_in - failed - busy
            self._activity = activity
            return changed

        return show
