"""What a terminal says of itself: the few reports that mean something here.

All others are left out, and so are replies to questions that another program asked before us.
"""

from textual import events, messages
from textual.message import Message

from userdesk.tui.terminal.modes import ALT_SENDS_ESCAPE
from userdesk.tui.terminal.mouse_reports import MouseReports

_SYNCHRONIZED_OUTPUT = (b"?2026;1$y", b"?2026;2$y", b"?2026;3$y")
"""Answers to the question for this mode: set, not set, set for good."""
_ALT_IS_NO_ESCAPE = {f"?{mode};2$y".encode(): mode for mode in ALT_SENDS_ESCAPE}


class AltModeOff(Message):
    """A mode that makes Alt an ESC before the key is there and not set. For the driver."""

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
        if mode := _ALT_IS_NO_ESCAPE.get(sequence):
            return AltModeOff(mode)
        return None
