"""Whether everything said in a command is on the disk: told while it is not, and known at the end."""

from collections.abc import Callable
from contextlib import suppress

from userdesk.chat.write_queue import WriteQueue


class SaveStatus:
    """What a command must know of saving before it may end well.

    `open_service` asks for one, so that no command that chats can leave it out.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` gets one line for the user when the disk first refuses something."""
        self._tell = tell
        self._told = ""
        self.saved = True
        """Whether everything is on the disk, as far as was found out; final once the service is closed."""

    def refused(self, text: str) -> None:
        """Note that the disk refused a write, which is tried again until the service closes."""
        self.saved = False
        if not self._told:
            self._told = text
            with suppress(OSError):  # where nobody can be told the message goes all the same
                self._tell(f"not saved: {text}")

    def settle(self, write_queue: WriteQueue) -> None:
        """Note what was saved in the end, once the service is closed."""
        self.saved = write_queue.is_clean
        if self.saved and self._told:
            with suppress(OSError):
                self._tell("everything is saved now")
        elif not self.saved and not self._told:
            self.refused(write_queue.lost)
