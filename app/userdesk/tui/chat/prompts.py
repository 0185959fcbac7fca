"""The prompts sent earlier: kept on the disk, brought back by ↑."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from userdesk.chat.write_queue import WriteQueue
from userdesk.store.prompt_history import PromptHistory as SavedPrompts
from userdesk.tui.chat.background import Background
from userdesk.tui.input.input_bar import InputBar

LANE = "the history"
"""The lane of the write queue that earlier prompts are written in."""


@dataclass(eq=False, repr=False)
class PromptHistory:
    """What ↑ brings back."""

    _saved: SavedPrompts
    _write_queue: WriteQueue
    _input: InputBar
    _run: Background
    _allowed: Callable[[], Collection[str] | None]
    """Gives the only prompts that may be shown, or None for all."""

    def add(self, text: str) -> None:
        """Keep a prompt or a draft: ↑ brings it back at once, and after the program's end."""
        if text.strip():
            self._remember([*self._input.recall.prompts, text])
        self._run(self._append(text), group="history")

    def refresh(self) -> None:
        """Read them anew, off the event loop."""
        self._run(self._read(), group="history")

    @property
    def newest_first(self) -> list[str]:
        """Each prompt once, the newest first."""
        return list(dict.fromkeys(reversed(self._input.recall.prompts)))

    async def _append(self, text: str) -> None:
        await self._write_queue.write(partial(self._saved.append, text), LANE)
        await self._read()

    async def _read(self) -> None:
        prompts = await asyncio.to_thread(self._saved.entries)
        allowed = self._allowed()
        self._remember(prompts if allowed is None else [text for text in prompts if text in allowed])

    def _remember(self, prompts: Sequence[str]) -> None:
        self._input.recall.remember(prompts, self._input.whole_text)
