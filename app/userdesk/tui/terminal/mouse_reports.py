"""Mouse reports: SGR (`CSI < b;x;y M` or `m`) and X10 (`CSI M` and three bytes)."""

import re

from textual import events

FARTHEST = 9_999  # cells; farther out no terminal reaches
_SGR = re.compile(r"<(\d{1,4});(\d{1,9});(\d{1,9})")
_SHIFT, _META, _CTRL, _MOTION, _WHEEL = 4, 8, 16, 32, 64
_RELEASED = 3  # in the two low bits: no button
_WHEELS = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)


class MouseReports:
    """Makes events of reports; knows where the mouse was last."""

    def __init__(self) -> None:
        self._x = self._y = 0
        self._button = 0
        """The button pressed last, for reports that do not say which one was released."""

    def read(self, body: str, final: str) -> events.MouseEvent | None:
        """The event of a control sequence; None where it is no report, or one of nothing we know."""
        match = _SGR.fullmatch(body)
        if match is None:
            return None
        code, x, y = map(int, match.groups())
        return self._event(code, x, y, released=final == "m")

    def read_bytes(self, report: bytes) -> events.MouseEvent | None:
        """The event of X10's three bytes; None where a coordinate is too large to be said in one."""
        code, x, y = (byte - 32 for byte in report)
        return self._event(code, x, y)

    def _event(self, code: int, x: int, y: int, *, released: bool = False) -> events.MouseEvent | None:
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
