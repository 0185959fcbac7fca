"""Mouse events as the screen can use them: motion in one piece, nothing outside the screen."""

from collections.abc import Iterable, Iterator

from textual import events
from textual.geometry import Size
from textual.message import Message


class MouseFilter:
    """Coalesces motion, and keeps presses outside the screen away from it.

    The framework takes the focus from the whole screen where one is pressed outside of it. What was begun
    inside, such as a selection, goes on at the edge.
    """

    def __init__(self) -> None:
        self._pressed_outside = False

    def usable(self, messages: Iterable[Message], screen: Size) -> Iterator[Message]:
        """The messages in their order, as far as they are of use to a screen of this size (cells)."""
        waiting: events.MouseMove | None = None
        for message in messages:
            if isinstance(message, events.MouseEvent):
                if not self._is_inside(message, screen):
                    continue
                if isinstance(message, events.MouseMove):
                    if waiting and not _goes_on(waiting, message):
                        yield waiting
                    elif waiting:
                        message._delta_x += waiting._delta_x
                        message._delta_y += waiting._delta_y
                    waiting = message
                    continue
            if waiting:
                yield waiting
                waiting = None
            yield message
        if waiting:
            yield waiting

    def _is_inside(self, event: events.MouseEvent, screen: Size) -> bool:
        """Whether an event is for the screen; one that ends what was begun there is moved to its edge."""
        outside = event._x >= screen.width or event._y >= screen.height
        if isinstance(event, events.MouseDown):
            self._pressed_outside = outside
        if not isinstance(event, events.MouseMove | events.MouseUp):
            return not outside
        if outside:
            event._x = event._screen_x = min(event._x, max(0, screen.width - 1))
            event._y = event._screen_y = min(event._y, max(0, screen.height - 1))
        return not self._pressed_outside


def _goes_on(one: events.MouseMove, other: events.MouseMove) -> bool:
    return (one.button, one.shift, one.meta, one.ctrl) == (other.button, other.shift, other.meta, other.ctrl)
