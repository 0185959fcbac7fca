"""The worker that follows a turn: text goes to its bubble, a failure becomes one toast."""

from typing import Protocol

from userdesk.chat import Turn, events
from userdesk.domain.failure import Failure
from userdesk.domain.message import Message, Role, now
from userdesk.tui.chat.board import Board


class TurnWatcher(Protocol):
    """Whom the follower tells what the whole screen must know."""

    def conversations_changed(self) -> None:
        """A title, an id, an order or a mark is another one."""
        ...

    def turn_failed(self, key: str, failure: Failure) -> None:
        """A turn ended in a failure."""
        ...

    def turn_finished(self, key: str, message: Message) -> None:
        """A turn ended with an answer, whole or stopped."""
        ...

    def unread_changed(self, key: str) -> None:
        """A conversation has news, or was looked at."""
        ...

    def turn_stalled(self, key: str, seconds: float) -> None:
        """No byte came for so long; the turn goes on waiting."""
        ...

    def message_kept(self, key: str) -> None:
        """The user's message is in the transcript."""
        ...

    def conversation_restored(self, key: str) -> None:
        """Another window had deleted it; the message brought it back."""
        ...

    def turn_withdrawn(self, key: str, text: str) -> None:
        """A waiting message was taken back."""
        ...


async def follow(turn: Turn, board: Board, watcher: TurnWatcher, *, waits: bool) -> None:
    """Consume a turn's events until it ends, wherever the user is meanwhile."""
    view = board.view(turn.key)
    if waits:
        view.queue(Message(role=Role.USER, text=turn.text, at=now()), turn.id)
    watcher.conversations_changed()
    async for event in turn.events():
        match event:
            case events.TextArrived(text):
                view.grow(text)
            case events.Started(message, repeated):
                if not view.start_waiting(turn.id) and not repeated:
                    view.add(message)
                view.begin_answer()
                board.recency.happened(turn.key)
                board.failed.discard(turn.key)
                watcher.message_kept(turn.key)
                watcher.conversations_changed()
            case events.Restored():
                watcher.conversation_restored(turn.key)
            case events.ConversationChanged():
                watcher.conversations_changed()
            case events.StreamEnded():
                view.stream_ended()
            case events.Stalled(seconds):
                view.stalled(seconds)
                watcher.turn_stalled(turn.key, seconds)
            case events.Finished(message):
                view.end_answer(message)
                board.recency.happened(turn.key)
                if turn.key != board.current:
                    board.unread.add(turn.key)
                    watcher.unread_changed(turn.key)
                watcher.turn_finished(turn.key, message)
            case events.Failed(message, failure):
                view.end_answer(message)
                board.recency.happened(turn.key)
                board.failed.add(turn.key)
                watcher.turn_failed(turn.key, failure)
            case events.Withdrawn(text):
                view.withdraw(turn.id)
                watcher.turn_withdrawn(turn.key, text)
    watcher.conversations_changed()
