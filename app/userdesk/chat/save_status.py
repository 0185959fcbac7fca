"""Whether everything said in a command is on the disk: told while it is not, and known at the end."""

from collections.abc import Callable
from contextlib import suppress

from userdesk.chat.write_queue import Backlog


class SaveStatus:
    """What a command must know of saving before it may end well.

    `open_desk` asks for one, so that no command that chats can leave it out.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` gets one line for the user when the disk first refuses something."""
        self._tell = tell
        self._told = ""
        self.saved = True
        """Whether everything is on the disk, as far as was found out; final once the desk is closed."""

    def refused(self, words: str) -> None:
        """The disk refused a write; it is tried again until the desk closes."""
        self.saved = False
        if not self._told:
            self._told = words
            with suppress(OSError):  # where nobody can be told the message goes all the same
                self._tell(f"not saved: {words}")

    def settle(self, backlog: Backlog) -> None:
        """The desk is closed, and what waited was tried once more."""
        self.saved = backlog.is_clean
        if self.saved and self._told:
            with suppress(OSError):
                self._tell("everything is saved now")
        elif not self.saved and not self._told:
            self.refused(backlog.lost)
