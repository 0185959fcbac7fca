"""Sending a message, and what becomes of it on the screen."""

import contextlib
import logging
import threading

from textual import on
from textual.worker import Worker, WorkerState

from userdesk.chat import Turn
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.failure import ASK_FOR_KEY, Failure
from userdesk.domain.message import Message
from userdesk.store import StoreError
from userdesk.tui.chat.board import Board
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.chat.turn_follower import follow
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.sidebar.rows import title_of

NOT_SAVED = "Not saved"

_log = logging.getLogger("userdesk.tui")


class TalkActions(ChatParts):
    """What turns tell the screen; see `turn_follower.TurnWatcher`."""

    _disk_trouble = False

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__(board, accessible=accessible)
        self._typed_ahead: list[str] = []
        """Messages sent before any conversation was open."""
        self._marking = threading.Lock()

    @on(InputBar.Submitted)
    async def message_submitted(self, event: InputBar.Submitted) -> None:
        """Enter: the message goes to the conversation on the screen."""
        key = event.key or self.board.current
        if key == self.board.current:
            self.input_bar.put(self.input_bar.stays)
        else:
            self.board.set_draft(key, "")
            self.save_draft(key)
        if key:
            self.send(key, event.text)
        else:
            self._typed_ahead.append(event.text)

    def send_typed_ahead(self) -> None:
        """At start: what was sent before the first conversation was open."""
        texts, self._typed_ahead = self._typed_ahead, []
        conversation = self.board.conversation
        if texts and conversation and conversation.bot != self.greeted_bot:
            # Another chatbot was named when Enter was pressed: nothing goes to this one unasked.
            self.input_bar.put("\n".join((*texts, self.input_bar.whole_text)).strip())
            self.status.flash("Not sent yet: this conversation is with another chatbot", alert=True)
            return
        for text in texts:
            self.send(self.board.current, text)

    @on(InputBar.Refused)
    def message_refused(self, event: InputBar.Refused) -> None:
        """Enter where nothing can be sent: say why; what is written stays."""
        self.status.flash(event.words, alert=True)

    def send(self, key: str, text: str) -> None:
        """Send a message in a conversation and follow its turn."""
        self.board.view(key)
        waits = self.service.holds(key)
        self.toast.dismiss()
        turn = self.service.send(key, text)
        self.log_view.action_to_end()
        self.follow_turn(turn, waits=waits)
        if self.userdesk.settings.start_bot == DEMO_BOT:
            self.status.release()
        self._remind_of_disk()
        self.save_to_history(text)

    def follow_turn(self, turn: Turn, *, waits: bool = False) -> None:
        """Start the worker that follows a turn to its end."""
        self.run_worker(follow(turn, self.board, self, waits=waits), group="turns", exit_on_error=False)

    def turn_finished(self, key: str, message: Message) -> None:
        """An answer is complete."""
        if key == self.board.current:
            self.board.unread.discard(key)
        if not self.app.app_focus and not self.on_stage:
            self.userdesk.notify_outside(self.title_of(key))

    def turn_failed(self, key: str, failure: Failure) -> None:
        """One failure, one toast."""
        conversation = self.service.conversation(key)
        if conversation and failure.remedy in ASK_FOR_KEY:
            self.service.registry.key_was_refused(conversation.bot)
        self.board.failed.add(key)
        self.show_failure(key, failure)
        self.conversations_changed()

    def turn_stalled(self, key: str, seconds: float) -> None:
        """A toast that asks for nothing: the turn goes on waiting."""
        if key == self.board.current:
            self.forget_elsewhere()
            self.toast.tell_words(f"No answer for {seconds:.0f} s", "", "Still waiting · Esc stops")

    def turn_withdrawn(self, key: str, text: str) -> None:
        """A waiting message comes back into the input bar, before what stands there."""
        if key == self.board.current:
            written = self.input_bar.whole_text
            self.input_bar.put(f"{text}\n{written}" if written else text)
        else:
            written = self.board.draft(key)
            self.board.set_draft(key, f"{text}\n{written}" if written else text)
            self.save_draft(key)

    def conversation_restored(self, key: str) -> None:
        """Another window had deleted it; the message brought it back."""
        if key == self.board.current:
            self.status.flash("It was deleted in another window · your message brought it back", alert=True)

    def message_kept(self, key: str) -> None:
        """A message is in the transcript: it need not stand in the draft's file any more."""
        self.save_draft(key)

    def unread_changed(self, key: str) -> None:
        """Keep what is unread beyond the program's end."""

        def write() -> None:
            # What holds when the disk's turn comes: an answer that ends and is read at once is read.
            with self._marking, contextlib.suppress(StoreError):  # a mark is not worth a toast
                (self.board.note_unread if key in self.board.unread else self.board.note_read)(key)

        self.run_worker(write, thread=True, group="marks", exit_on_error=False)

    def not_saved(self, words: str) -> None:
        """Something could not be written: say so once, and go on in memory."""
        if not self._disk_trouble:
            self._disk_trouble = len(self.service.write_queue) > 0
            # The words may name the file of another conversation.
            detail = "" if self.on_stage else words
            until = "the program ends" if self.service.store.read_only else "the disk is back"
            self.toast.tell_words(NOT_SAVED, detail, f"Everything goes on in memory until {until}")
            self._remind_of_disk()

    def _remind_of_disk(self) -> None:
        """A toast goes; that something waits for the disk stays in sight."""
        if self.service.store.read_only:
            self.remind_of_version()
        elif self._disk_trouble:
            self.status.hold("Not saved yet: the disk refuses it")

    def remind_of_version(self) -> None:
        """That nothing is saved stays in sight where a newer version wrote the conversations."""
        self.status.hold("Only read: a newer userdesk wrote these conversations; nothing is saved")

    def saved_again(self) -> None:
        """The disk is back, and everything that waited is on it."""
        self._disk_trouble = False
        if self.toast.headline == NOT_SAVED:
            self.toast.dismiss()
        self.status.flash("Everything is saved again")
        self.conversations_changed()

    @on(Worker.StateChanged)
    def worker_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours in the background: say so, and go on."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            _log.error("worker %s failed", event.worker.name, exc_info=error)
            self.toast.tell_words(
                "Something went wrong in userdesk", "The log file says where", "Nothing is lost"
            )

    def title_of(self, key: str) -> str:
        """A conversation's title as it is shown."""
        conversation = self.service.conversation(key)
        return title_of(conversation) if conversation else ""
