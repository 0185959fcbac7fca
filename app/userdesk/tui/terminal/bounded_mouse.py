"""Mouse events lie on the screen, whatever the terminal reports."""

from textual import events
from textual.app import App


class BoundedMouse(App[int]):
    """An application that takes no press beside its screen: the framework would take the focus away.

    A terminal reports places outside while the mouse is dragged, and after it became smaller.
    """

    async def on_event(self, event: events.Event) -> None:
        """Hold what ends a press or moves to the screen, ignore what begins outside."""
        if isinstance(event, events.MouseEvent) and not event.is_forwarded and not self._fits(event):
            return
        await super().on_event(event)

    def _fits(self, event: events.MouseEvent) -> bool:
        if self.mouse_captured is not None and not self.mouse_captured.is_attached:
            self.capture_mouse(None)  # it went while the button was held
        width, height = self.size
        if 0 <= event.x < width and 0 <= event.y < height:
            return True
        if not isinstance(event, events.MouseUp | events.MouseMove) or not width or not height:
            return False
        if isinstance(event, events.MouseUp):
            self._mouse_down_widget = None  # let go outside: no click
        event._x = event._screen_x = max(0, min(event.x, width - 1))
        event._y = event._screen_y = max(0, min(event.y, height - 1))
        return True
