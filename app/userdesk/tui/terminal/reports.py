"""What a terminal says of itself: the few reports that mean something here.

All others are left out, and so are replies to questions that another program asked before us.
"""

from textual import events, messages
from textual.message import Message

from userdesk.tui.terminal.modes import ALT_SENDS_ESCAPE, JOINED_CLUSTERS
from userdesk.tui.terminal.mouse_reports import MouseReports

_SYNCHRONIZED_OUTPUT = (b"?2026;1$y", b"?2026;2$y", b"?2026;3$y")
"""Answers to the question for this mode: set, not set, set for good."""
_WANTED_AND_OFF = {f"?{mode};2$y".encode(): mode for mode in (*ALT_SENDS_ESCAPE, JOINED_CLUSTERS)}
_JOINS_CLUSTERS = tuple(f"?{JOINED_CLUSTERS};{state}$y".encode() for state in (1, 3))


class ClustersJoined(Message, bubble=False):
    """The terminal takes an emoji sequence for one character. For the application."""


class WantedModeOff(Message):
    """A mode that is wanted is there and not set. For the driver."""

    def __init__(self, mode: int) -> None:
        super().__init__()
        self.mode = mode


class Reports:
    """Makes messages of whole control sequences that are no keys."""

    def __init__(self) -> None:
        self._mouse = MouseReports()

    def read(self, sequence: bytes) -> Message | None:
        """The message of a control sequence, given without its CSI; None where it says nothing to us."""
        if sequence[:1] == b"M" and len(sequence) == 4:
            return self._mouse.read_bytes(sequence[1:])
        if sequence[-1:] in b"Mm":
            return self._mouse.read(sequence[:-1].decode("ascii"), chr(sequence[-1]))
        if sequence == b"I":
            return events.AppFocus()
        if sequence == b"O":
            return events.AppBlur()
        if sequence in _SYNCHRONIZED_OUTPUT:
            return messages.TerminalSupportsSynchronizedOutput()
        if sequence in _JOINS_CLUSTERS:
            return ClustersJoined()
        if mode := _WANTED_AND_OFF.get(sequence):
            return WantedModeOff(mode)
        return None
