"""What the log shows of each conversation: made when it is first looked at, kept for a while, caught up."""

from collections import OrderedDict

from userdesk.chat import ChatService
from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.state import ChatState
from userdesk.tui.message_log.conversation_view import ConversationView

KEPT = 24  # views of opened conversations that stay in memory


class ConversationViews:
    """The views by conversation key."""

    def __init__(self, service: ChatService, state: ChatState) -> None:
        self._service = service
        self._state = state
        self._views: OrderedDict[ConversationKey, ConversationView] = OrderedDict()
        self._rereads: dict[ConversationKey, int] = {}
        """How often a transcript had been read anew when its view was made."""

    @property
    def current(self) -> ConversationView:
        """The view of the conversation on the screen."""
        return self.of(self._state.current)

    def of(self, key: ConversationKey) -> ConversationView:
        """A conversation's view; the same one while a turn of it is under way."""
        view = self._views.get(key)
        if view is None:
            transcript = self._service.store.transcript(key)
            view = self._views[key] = ConversationView(transcript)
            self._rereads[key] = transcript.rereads
        self._views.move_to_end(key)
        for old in list(self._views)[:-KEPT]:
            if old != self._state.current and not self._service.turns(old) and not self._waits(old):
                del self._views[old]
        return view

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
        if not self._waits(key):
            self._views.pop(key, None)

    def _waits(self, key: ConversationKey) -> bool:
        return self._service.write_queue.waits(key)
