"""What is told while the disk takes nothing: once as a toast, then in sight until it does again."""

from userdesk.tui.chat.parts import ChatParts

NOT_SAVED = "Not saved"


class SaveNotices:
    """Listens to the write queue."""

    def __init__(self, chat: ChatParts) -> None:
        self._chat = chat
        self._is_told = False
        chat.service.write_queue.on_trouble = self._refused
        chat.service.write_queue.on_written = self._written

    def remind(self) -> None:
        """A toast goes; that something waits for the disk, or never will be written, stays in sight."""
        if self._chat.service.store.folder.read_only:
            self._chat.notifier.hold("Read-only: written by a newer userdesk; nothing is saved")
        elif self._is_told:
            self._chat.notifier.hold("Not saved yet: can't write to the disk")

    def _refused(self, message: str) -> None:
        if self._is_told:
            return
        self._is_told = len(self._chat.service.write_queue) > 0
        until = "you quit" if self._chat.service.store.folder.read_only else "the disk is back"
        # It may name the file of another conversation.
        detail = self._chat.presenter.private(message)
        self._chat.notifier.tell(NOT_SAVED, detail, f"userdesk keeps everything in memory until {until}")
        self.remind()

    def _written(self) -> None:
        self._is_told = False
        self._chat.notifier.dismiss(NOT_SAVED)
        self._chat.notifier.flash("Everything is saved")
        self._chat.state.changed()
