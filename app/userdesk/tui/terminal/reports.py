"""What a terminal says of itself and of the mouse: the few reports that mean something here.

All others are left out, and so are replies to questions that another program asked before us.
"""

import re
from dataclasses import dataclass

from textual import events, messages
from textual.message import Message

from userdesk.tui.terminal.modes import ALT_SENDS_ESCAPE, JOINED_CLUSTERS, SYNCHRONIZED_OUTPUT

FARTHEST = 9_999  # cells; farther out no terminal reaches
_SGR = re.compile(rb"<(\d{1,4});(\d{1,9});(\d{1,9})([Mm])")
_SHIFT, _META, _CTRL, _MOTION, _WHEEL = 4, 8, 16, 32, 64
_RELEASED = 3  # in the two low bits: no button
_WHEELS = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)


class ClustersJoined(Message, bubble=False):
    """The terminal takes an emoji sequence for one character. For the application."""


class QuestionAnswered(Message):
    """The terminal is past the question, and does not know what was asked. For the driver."""


@dataclass(eq=False, repr=False)
class WantedModeOff(Message):
    """A mode that is wanted is there and not set. For the driver."""

    mode: int


# The answers to a question for a mode: unknown (0), set (1), not set (2), set (3) or not set (4) for good.
_WANTED_AND_OFF = {f"?{mode};2$y".encode(): mode for mode in (*ALT_SENDS_ESCAPE, JOINED_CLUSTERS)}
_MEANINGS: dict[bytes, type[Message]] = {
    b"I": events.AppFocus,
    b"O": events.AppBlur,
    **{
        f"?{SYNCHRONIZED_OUTPUT};{state}$y".encode(): messages.TerminalSupportsSynchronizedOutput
        for state in (1, 2, 3)
    },
    **{f"?{SYNCHRONIZED_OUTPUT};{state}$y".encode(): QuestionAnswered for state in (0, 4)},
    **{f"?{JOINED_CLUSTERS};{state}$y".encode(): ClustersJoined for state in (1, 3)},
}


class Reports:
    """Makes messages of whole control sequences that are no keys.

    The mouse's are SGR (`CSI < b;x;y M` or `m`) or X10 (`CSI M` and three bytes).
    """

    def __init__(self) -> None:
        self._x = self._y = 0
        self._button = 0
        """The button pressed last, for reports that do not say which one was released."""

    def read(self, sequence: bytes) -> Message | None:
        """The message of a control sequence, given without its CSI; None where it says nothing to us."""
        if sequence[:1] == b"M" and len(sequence) == 4:
            code, x, y = (byte - 32 for byte in sequence[1:])
            return self._mouse(code, x, y)
        if sgr := _SGR.fullmatch(sequence):
            return self._mouse(int(sgr[1]), int(sgr[2]), int(sgr[3]), released=sgr[4] == b"m")
        if mode := _WANTED_AND_OFF.get(sequence):
            return WantedModeOff(mode)
        means = _MEANINGS.get(sequence)
        return means() if means else None

    def _mouse(self, code: int, x: int, y: int, *, released: bool = False) -> events.MouseEvent | None:
        if not 0 <= code < 128 or not 0 < x <= FARTHEST or not 0 < y <= FARTHEST:
            return None  # from 128 on: buttons that no widget knows
        kind: type[events.MouseEvent]
        button = (code & 3) + 1 if code & 3 != _RELEASED else 0
        if code & _WHEEL:
            if released:
                return None
            kind, button = _WHEELS[code & 3], 0
        elif code & _MOTION:
            kind = events.MouseMove
        elif released or not button:
            kind, button = events.MouseUp, button or self._button
            self._button = 0
            if not button:
                return None
        else:
            kind, self._button = events.MouseDown, button
        x, y = x - 1, y - 1
        delta_x, delta_y, self._x, self._y = x - self._x, y - self._y, x, y
        shift, meta, ctrl = (bool(code & bit) for bit in (_SHIFT, _META, _CTRL))
        return kind(None, x, y, delta_x, delta_y, button, shift, meta, ctrl, screen_x=x, screen_y=y)
