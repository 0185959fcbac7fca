"""What is told while the disk takes nothing: once as a toast, then in sight until it does again."""

from userdesk.chat import ChatService
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.state import ChatState

NOT_SAVED = "Not saved"


class SaveNotices:
    """Listens to the write queue."""

    def __init__(
        self, service: ChatService, state: ChatState, notifier: Notifier, presenter: PresenterMode
    ) -> None:
        self._service = service
        self._state = state
        self._notifier = notifier
        self._presenter = presenter
        self._is_told = False
        service.write_queue.on_trouble = self._refused
        service.write_queue.on_written = self._written

    def remind(self) -> None:
        """A toast goes; that something waits for the disk, or never will be written, stays in sight."""
        if self._service.store.read_only:
            self._notifier.hold("Only read: a newer userdesk wrote these conversations; nothing is saved")
        elif self._is_told:
            self._notifier.hold("Not saved yet: the disk refuses it")

    def _refused(self, words: str) -> None:
        if self._is_told:
            return
        self._is_told = len(self._service.write_queue) > 0
        until = "the program ends" if self._service.store.read_only else "the disk is back"
        # The words may name the file of another conversation.
        detail = self._presenter.private(words)
        self._notifier.tell(NOT_SAVED, detail, f"Everything goes on in memory until {until}")
        self.remind()

    def _written(self) -> None:
        self._is_told = False
        self._notifier.dismiss(NOT_SAVED)
        self._notifier.flash("Everything is saved again")
        self._state.changed()
