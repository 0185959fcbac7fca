"""What is typed is kept: the draft of each conversation, and the prompts sent earlier."""

import asyncio
from functools import partial

from textual import on, work
from textual.app import SuspendNotSupported
from textual.widgets import TextArea

from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.external.editor import editor_command

DRAFT_AFTER = 0.4  # s after the last key until the draft is on disk
HISTORY = "the history"
"""The lane of the write queue that earlier prompts are written in."""


class DraftActions(ChatParts):
    """Drafts are on disk a moment after the last key, prompts once they are sent."""

    _draft_due: asyncio.TimerHandle | None = None
    _loading_draft = False

    @on(TextArea.Changed, "#input")
    def draft_changed(self) -> None:
        """Keep what is typed, a moment after the last key."""
        if not self._loading_draft and (unsent := self.input_bar.give_up_unsent()).strip():
            self.save_to_history(unsent)
        key, text = self.board.current, self.input_bar.draft
        if self._loading_draft or not key or self.board.draft(key) == text:
            return
        self.board.set_draft(key, text)
        if self._draft_due:
            self._draft_due.cancel()
        # A draft that was sent or deleted must not come back after a kill.
        delay = DRAFT_AFTER if text else 0.0
        self._draft_due = asyncio.get_running_loop().call_later(delay, self.save_draft, key)

    def load_draft(self, key: str) -> None:
        """Put a conversation's draft into the input bar."""
        self._loading_draft = True
        self.input_bar.put(self.board.draft(key))
        self._loading_draft = False

    def keep_draft(self) -> None:
        """Have the draft on its way to the disk now: another conversation comes."""
        key, text = self.board.current, self.input_bar.draft
        changed = text != self.board.draft(key)  # by a key whose news are still on their way
        if changed:
            self.board.set_draft(key, text)
        if self._draft_due:
            self._draft_due.cancel()
        if changed or self._draft_due:
            self.save_draft(key)

    def drop_draft(self) -> None:
        """Empty the input bar: the conversation was removed for good, and what was written in it too."""
        if self._draft_due:
            self._draft_due.cancel()
            self._draft_due = None
        self.input_bar.put("")

    def save_draft(self, key: str) -> None:
        """Write a conversation's draft, off the event loop; a disk that takes nothing is waited for."""
        if key == self.board.current:
            self._draft_due = None
        if key:
            self.run_worker(self._write_draft(key), group="drafts", exit_on_error=False)

    async def _write_draft(self, key: str) -> None:
        def write() -> None:  # what is unsent when the disk's turn comes
            text = self.unsent_text(key)
            # What is as we left it may have been changed by another window meanwhile.
            if not self.board.has_written_draft(key, text):
                self.board.store.drafts.set(key, text)
            self.board.draft_written(key, text)

        await self.service.write_queue.write(write, key, f"draft {key}")

    def unsent_text(self, key: str) -> str:
        """What a crash must not lose: messages not in the transcript yet, then what is being written."""
        waiting = [turn.text for turn in self.service.turns(key) if not turn.is_kept]
        return "\n".join(text for text in (*waiting, self.board.draft(key)) if text)

    async def flush_draft(self) -> None:
        """Have the draft on disk before the program ends."""
        if self._draft_due:
            self._draft_due.cancel()
        if key := self.board.current:
            self.board.set_draft(key, self.input_bar.draft)
            await self._write_draft(key)

    def rescue_drafts(self) -> None:
        """In a crash: write what is being typed at once. Blocks on the disk; raises StoreError."""
        if key := self.board.current:
            self.board.set_draft(key, self.input_bar.draft)
            self.board.store.drafts.set(key, self.unsent_text(key))

    @work(group="editor", exclusive=True, exit_on_error=False)
    async def action_editor(self) -> None:
        """Write the message in the user's own editor."""
        before = self.input_bar.whole_text
        try:
            command = editor_command()
            if command is None:
                self.status.flash("No editor found: set $VISUAL or $EDITOR", alert=True)
                return
            text, note = await self.userdesk.edit_outside(command, before)
        except (OSError, SuspendNotSupported) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            self.status.flash(f"The editor changed nothing: {reason}", alert=True)
            return
        if note:
            self.status.flash(note, alert=True)
        if before.strip() and not text.strip():
            self.save_to_history(before)
        self.input_bar.put(text)
        self.input_bar.focus()

    def save_to_history(self, draft: str) -> None:
        """Keep a draft in the prompt history: ↑ brings it back, at once."""
        if draft.strip():
            self.input_bar.remember([*self.input_bar.prompts, draft])
        self._append_prompt(draft)

    @work(group="history", exit_on_error=False)
    async def _append_prompt(self, text: str) -> None:
        history = self.board.store.history
        await self.service.write_queue.write(partial(history.append, text), HISTORY)
        self.input_bar.remember(await asyncio.to_thread(self._prompts))

    @work(thread=True, group="history", exit_on_error=False)
    def remember_prompts(self) -> None:
        """Read the prompts that ↑ brings back."""
        self.app.call_from_thread(self.input_bar.remember, self._prompts())

    def _prompts(self) -> list[str]:
        """All of them; on stage those of the conversation on the screen. Blocks on the disk."""
        prompts = self.board.store.history.entries()
        if self.on_stage and (view := self.log_view.view) is not None:  # an empty one is false
            said = {view.entry(index).message.text for index in range(len(view))}
            prompts = [text for text in prompts if text in said]
        return prompts
