"""What is being written in each conversation, on the disk a moment after the last key; earlier prompts."""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from userdesk.chat import ChatService
from userdesk.chat.write_queue import WriteQueue
from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.store.prompt_history import PromptHistory as SavedPrompts
from userdesk.tui.chat.dialogs import Background
from userdesk.tui.chat.state import ChatState
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.conversation_view import ConversationView

LANE = "the history"
"""The lane of the write queue that earlier prompts are written in."""
RECENT = 1000
"""Messages of a conversation, from its end, whose prompts are brought back before an audience."""
DRAFT_AFTER = 0.4  # s after the last key until the draft is on disk


@dataclass(eq=False, repr=False)
class PromptHistory:
    """What ↑ brings back."""

    _saved: SavedPrompts
    _write_queue: WriteQueue
    _input: InputBar
    _run: Background
    _shown_alone: Callable[[], ConversationView | None]
    """Gives the only conversation whose prompts may be shown, or None for all."""

    def add(self, text: str) -> None:
        """Keep a prompt or a draft: ↑ brings it back at once, and after the program's end."""
        if text.strip():
            self._remember([*self._input.recall.prompts, text])
        self._run(self._append(text), group="history")

    def refresh(self) -> None:
        """Read them anew, off the event loop."""
        if self._shown_alone() is not None:
            self._remember([])  # until those that may be shown are known
        self._run(self._read(), group="prompts", exclusive=True)

    def move_to(self, input_bar: InputBar) -> None:
        """They are brought back into another input bar."""
        before, self._input = self._input, input_bar
        self._remember(before.recall.prompts)

    @property
    def newest_first(self) -> list[str]:
        """Each prompt once, the newest first."""
        return list(dict.fromkeys(reversed(self._input.recall.prompts)))

    async def _append(self, text: str) -> None:
        await self._write_queue.write(partial(self._saved.append, text), LANE)
        self._run(self._read(), group="prompts", exclusive=True)

    async def _read(self) -> None:
        self._remember(await asyncio.to_thread(self._prompts_of, self._shown_alone()))

    def _prompts_of(self, view: ConversationView | None) -> list[str]:
        prompts = self._saved.entries()
        if view is None:
            return prompts
        said = set[str]()
        with suppress(IndexError):  # a message that waits its turn may be withdrawn meanwhile
            for index in range(max(0, len(view) - RECENT), len(view)):
                said.add(view.entry(index).message.text)
        return [text for text in prompts if text in said]

    def _remember(self, prompts: Sequence[str]) -> None:
        self._input.recall.remember(prompts, self._input.whole_text)


@dataclass(eq=False, repr=False)
class DraftsController:
    """Moves unsent text between the input bar, memory and the disk."""

    _service: ChatService
    _state: ChatState
    _input: InputBar
    _prompts: PromptHistory
    _run: Background
    _texts: dict[ConversationKey, str] = field(default_factory=dict, init=False)
    """Unsent text by conversation, as far as it is known in memory."""
    _names: Set[ConversationKey] = field(default=frozenset(), init=False)
    """The conversations that have a draft on the disk."""
    _settled: dict[ConversationKey, float] = field(default_factory=dict, init=False)
    """When our own change of a draft was on the disk, by the monotonic clock; infinite until it is."""
    _written: dict[ConversationKey, str] = field(default_factory=dict, init=False)
    _due: asyncio.TimerHandle | None = field(default=None, init=False)
    _is_entering: bool = field(default=False, init=False)

    # by conversation

    def get(self, key: ConversationKey) -> str:
        """The unsent text of a conversation. Blocks on the disk where it is not known yet."""
        if key not in self._texts:
            # Another window may have left one since the last look, and what is typed would replace it.
            self._texts[key] = self._service.store.drafts.get(key)
        return self._texts[key]

    def set(self, key: ConversationKey, text: str) -> None:
        """Unsent text changed here: until it is written, what the disk says of it is old."""
        self._texts[key] = text
        self._settled[key] = math.inf

    @property
    def keys(self) -> Collection[ConversationKey]:
        """The conversations whose unsent text is in memory."""
        return self._texts.keys()

    def has(self, key: ConversationKey) -> bool:
        """Whether something unsent waits in a conversation."""
        return bool(self._texts[key]) if key in self._texts else key in self._names

    def put_back(self, key: ConversationKey, text: str) -> None:
        """A message that was not sent comes back, before what is being written; one sent to two, once."""
        if self._state.shows(key):
            key, written = self._state.current, self._input.whole_text
            if self._state.beside and f"{written}\n".startswith(f"{text}\n"):
                return
        else:
            written = self.get(key)
        self.put(key, f"{text}\n{written}" if written else text)

    def put(self, key: ConversationKey, text: str) -> None:
        """Have another text be written in a conversation, on the screen or not."""
        if key == self._state.current:
            self._input.put(text)
        else:
            self.set(key, text)
            self.save(key)

    def forget(self, key: ConversationKey) -> None:
        """A conversation was removed for good."""
        self._texts.pop(key, None)

    # other processes

    def apply_names(self, names: Set[ConversationKey], begun: float) -> bool:
        """Which conversations have a draft on the disk, read from the time `begun` (monotonic, s) on.

        Whether that is news.
        """
        changed = names != self._names
        for key in (names ^ self._names) - {self._state.current}:
            if self._settled.get(key, 0.0) < begun:
                self._texts.pop(key, None)  # read from the disk when the conversation is opened
        self._names = names
        return changed

    # the input bar

    def changed(self) -> None:
        """The input bar's text changed: keep it, a moment after the last key."""
        if not self._is_entering and (unsent := self._input.give_up_unsent()).strip():
            self._prompts.add(unsent)
        key, text = self._state.current, self._input.draft
        if self._is_entering or not key or self.get(key) == text:
            return
        self.set(key, text)
        self._cancel_timer()
        # A draft that was sent or deleted must not come back after a kill.
        delay = DRAFT_AFTER if text else 0.0
        self._due = asyncio.get_running_loop().call_later(delay, self.save, key)

    def leave(self, to: ConversationKey = NO_KEY) -> None:
        """Have the draft on its way to the disk now: another conversation comes, unless `to` is the same."""
        self._input.flush()
        key, text = self._state.current, self._input.draft
        if key in (NO_KEY, to):
            return
        is_news = text != self.get(key)  # by a key whose news are still on their way
        if is_news:
            self.set(key, text)
        if is_news or self._due:
            self._cancel_timer()
            self.save(key)

    def enter(self, key: ConversationKey) -> None:
        """Put a conversation's draft into the input bar; text typed before any was open stays."""
        if key != self._state.current:
            return  # another one on the screen, which the same input bar writes in
        typed_early = "" if self._input.key else self._input.whole_text
        self._input.key = key
        self._is_entering = True
        self._input.put(self.get(key))
        self._is_entering = False
        if typed_early:
            self._input.put(self.get(key) + typed_early)

    def move_to(self, input_bar: InputBar) -> None:
        """Another screen has come to the front: what is being written goes on in its input bar."""
        self.leave()
        before, self._input = self._input, input_bar
        self._prompts.move_to(input_bar)
        if before.key:
            self.enter(before.key)
        else:
            input_bar.put(before.whole_text)
        before.put("")

    def replace(self, text: str) -> bool:
        """Another text into the input bar; whether what stood there went into the prompt history."""
        draft = self._input.draft
        if is_put_away := bool(draft.strip() and draft != text):
            self._prompts.add(draft)
        self._input.put(text)
        self._input.focus()
        return is_put_away

    def drop(self) -> None:
        """Empty the input bar: the conversation was removed for good, and what was written in it too."""
        self._cancel_timer()
        self._input.put("")

    def discard(self, key: ConversationKey) -> None:
        """Empty the input bar for good: what stands in it is no draft."""
        self._input.put("")
        self.set(key, "")
        self.save(key)

    # the disk

    def save(self, key: ConversationKey) -> None:
        """Write a conversation's draft, off the event loop; a disk that takes nothing is waited for."""
        if key == self._state.current:
            self._due = None
        if key:
            self._run(self._write(key), group="drafts")

    async def _write(self, key: ConversationKey) -> None:
        def write() -> None:  # what is unsent when the disk's turn comes
            text = self._unsent(key)
            # What is as we left it may have been changed by another window meanwhile.
            if self._written.get(key) != text or not self._service.store.folder.path.exists():
                self._service.store.drafts.set(key, text)
            self._settled[key] = time.monotonic()
            self._written[key] = text

        await self._service.write_queue.write(write, key, f"draft {key}")

    def _unsent(self, key: ConversationKey) -> str:
        """What a crash must not lose: messages not in the transcript yet, then what is being written."""
        waiting = [turn.text for turn in self._service.turns(key) if not turn.is_kept]
        return "\n".join(text for text in (*waiting, self.get(key)) if text)

    async def flush(self) -> None:
        """Have the draft on disk before the program ends."""
        self._cancel_timer()
        if key := self._state.current:
            self.set(key, self._input.draft)
            await self._write(key)

    def rescue(self) -> None:
        """In a crash: write what is being typed at once. Blocks on the disk; raises StoreError."""
        if key := self._state.current:
            self.set(key, self._input.draft)
            self._service.store.drafts.set(key, self._unsent(key))

    def _cancel_timer(self) -> None:
        if self._due:
            self._due.cancel()
            self._due = None
