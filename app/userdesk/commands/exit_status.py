"""Exit statuses of the non-interactive commands."""

from enum import IntEnum

from userdesk.chat.wiring import SaveStatus


class ExitStatus(IntEnum):
    """What a script learns from a command's end."""

    DONE = 0
    EXPECTATION = 1
    """`check` was answered, and something expected was not so."""
    USAGE = 2
    """Usage or configuration."""
    REFUSED = 3
    """401 or 403."""
    BAD_REQUEST = 4
    """400 and the other 4xx."""
    SERVER_ERROR = 5
    """5xx, 429, or an answer that can't be read."""
    NETWORK = 6
    """No connection, or one that broke in mid-answer."""
    NOT_SAVED = 7
    """An answer came and could not be saved."""
    DEFECT = 70
    """The program itself failed; a crash report says where."""
    HUNG_UP = 129
    """SIGHUP: the terminal went away, as shells count it."""
    INTERRUPTED = 130
    """Ctrl+C, as shells count it."""
    READER_GONE = 141
    """Whoever read our output went away, as shells count it."""
    TERMINATED = 143
    """SIGTERM, as shells count it."""


def if_saved(status: ExitStatus, saves: SaveStatus) -> ExitStatus:
    """The exit status once it is known what was saved: a command that kept nothing has not ended well."""
    return status if saves.saved or status is not ExitStatus.DONE else ExitStatus.NOT_SAVED
