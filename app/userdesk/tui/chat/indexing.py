"""Keeps the search index of a large folder up to date, while the program has nothing better to do."""

import asyncio

from userdesk.tui.chat.parts import ChatParts

BEGINS_AFTER = 2.0
"""Seconds after the start at which the index is looked at first."""
AGAIN_EVERY = 600.0
"""Seconds between two looks whether there is more to take in."""
_LET_STREAM = 0.5  # s between two looks whether an answer is still arriving


class SearchIndexing:
    """Has the index built by a process of its own, one at a time."""

    def __init__(self, chat: ChatParts) -> None:
        self._chat = chat
        self._is_at_it = False
        self.percent: int | None = None
        """How much of what is to be searched is in the index; None while nobody is building it here."""

    def begin(self) -> None:
        """Bring the index up to date, unless that is being done."""
        service = self._chat.service
        if service.write_queue.keeps and not service.store.folder.read_only and not self._is_at_it:
            self._is_at_it = True
            self._chat.run(self._build(), group="index")

    async def _build(self) -> None:
        from userdesk.store.search.background import IndexProcess, needs_index  # a small folder needs neither

        folder = self._chat.service.store.folder
        process = IndexProcess(folder)
        try:
            if not await asyncio.to_thread(needs_index, folder):
                return
            while (percent := await process.step()) is not None:
                self.percent = percent
                while self._chat.service.busy_keys():
                    await asyncio.sleep(_LET_STREAM)
        finally:
            self._is_at_it, self.percent = False, None
            await process.end()
