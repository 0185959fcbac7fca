"""Screens that draw at once, and of what changed only that."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from time import monotonic
from typing import TypeVar

from textual import events
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from userdesk.tui.terminal.frame_writer import FrameWriter, take_changes
from userdesk.tui.terminal.lines_ahead import SLICE, lines_ahead
from userdesk.tui.terminal.partial_frames import Due, PartialFrames, add_dirty

Result = TypeVar("Result")

SOONEST = 1 / 250  # s between two frames that something waits for: a key is seen before the next one comes
MUCH = 0.25  # of the screen's cells, regions that lie over each other counted twice
SOON = 0.05  # s after a frame in which another comes where an answer grows


class FrameScreen(Screen[Result]):
    """A screen that draws at once, and of what changed only that."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._partial_frames = PartialFrames()
        self._drawn_at = 0.0
        self._due: Due = {}
        """What the frame that is made has to draw beside the compositor's regions."""
        self._moves_cursor = True
        self._lays_out = False
        """Whether a layout is under way."""
        self._preparation: Iterator[None] | None = None
        """What is under way before a frame of much of the screen."""
        self._is_prepared = False
        self.frames = 0
        """How often it was drawn anew beneath another screen."""
        self._changed_at: dict[int, int] = {}
        """By row the last of them in which it changed."""

    @property
    def _is_over(self) -> bool:
        """Whether it shows the screen beneath, too, which the framework composes alone."""
        return isinstance(self, ModalScreen)

    def draw(self, due: Due) -> bool:
        """Draw what changed of some widgets, and whatever else is to be drawn.

        False where more than that is to be drawn soon, or another screen shows.
        """
        if not self._can_draw:
            return False
        # The chosen message of a log, which has the cursor, moves up as the answer below it grows.
        self._moves_cursor = bool(
            self._dirty_widgets or self._compositor._dirty_regions or self.focused in due
        )
        take_changes(self)
        self._due = due
        self._compositor_refresh()
        return True

    @property
    def laid_out(self) -> Size:
        """The size that it was laid out for; beneath a dialog that is the window's a moment later."""
        return self._compositor.size

    def composed(self, rows: Collection[int]) -> dict[int, Strip]:
        """What it shows now in some rows, with the screens beneath it where those are seen."""
        if not rows:
            return {}
        crop = Region(0, min(rows), self.laid_out.width, max(rows) + 1 - min(rows))
        chops = self._compositor._render_chops(crop, rows.__contains__)
        return {y: Strip.join(chops[y].values()) for y in rows}

    def rows_since(self, frames: int) -> set[int]:
        """Rows in which it changed since it had been drawn so many times."""
        return {y for y, changed in self._changed_at.items() if changed > frames}

    def prepare_frame(self) -> Iterator[None]:
        """Work out, in steps before the frame, what it needs and takes long; may pause at each `yield`."""
        return lines_ahead(self._compositor)

    def draw_soon(self, widget: Widget, regions: Sequence[Region]) -> bool:
        """Draw regions of a widget anew: where one frame follows another with the next one, else at once.

        False where `draw` would draw nothing.
        """
        if not self._can_draw:
            return False
        widget._set_dirty(*regions)
        due = {widget: list(widget._exchange_repaint_regions())}
        if monotonic() - self._drawn_at < SOON:
            self._leave_due(due)
            return True
        return self.draw(due)

    @property
    def layout_now(self) -> object:
        """Stands for where each widget is: another object after each layout."""
        return self._compositor.visible_widgets

    @property
    def _can_draw(self) -> bool:
        return self.is_current and not self._layout_required and not self._repaint_required

    async def _on_idle(self, event: events.Idle) -> None:
        """Draw what changed now, not at the framework's next tick, unless a frame was drawn just now."""
        only_cells = self._dirty_widgets and not (
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
        )
        is_soon = monotonic() - self._drawn_at < SOONEST
        if only_cells and not is_soon and not self._is_over and self.is_current and not self.app._batch_count:
            event.prevent_default()
            self._on_timer_update()

    def _on_timer_update(self) -> None:
        if (
            self._repaint_required
        ):  # also of a part, where the framework forgets widgets that changed elsewhere
            take_changes(self)
        super()._on_timer_update()

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Lay out; where much of the screen is another, drawing is a step of its own: keys act in between."""
        self._lays_out = not scroll
        try:
            super()._refresh_layout(size, scroll)
        finally:
            self._lays_out = False

    def _compositor_refresh(self) -> None:
        app = self.app
        due, self._due = self._due, {}
        moves_cursor, self._moves_cursor = self._moves_cursor, True
        is_much = not self._is_prepared and isinstance(app, FrameWriter) and self._is_much_dirty
        if self._preparation is not None:
            self._leave_due(due)
        elif self._lays_out and is_much:
            # A message to itself would wait behind others'.
            asyncio.get_running_loop().call_soon(self._begin_preparing)
        elif self is not app.screen:
            self._leave_due(due)
            self._tell_top()
        elif not isinstance(app, FrameWriter) or self._is_over:
            self._leave_due(due)
            self._draw_composed(is_much)
        elif app.hold_frame(self):
            self._leave_due(due)
        else:
            self._drawn_at = monotonic()
            room = app.frame_room()
            if frame := self._partial_frames.frame(
                self._compositor, app.other_frames, due, room, self.focused
            ):
                self._dirty_widgets.clear()
                app.draw_pieces(self, frame, moves_cursor=moves_cursor)
                if self._compositor._dirty_regions:
                    app.draw_rest(self)
            else:
                self._draw_composed(is_much)

    def _draw_composed(self, is_much: bool) -> None:
        """Have the framework draw, where it `is_much` once all that takes long is prepared."""
        if is_much:
            self._begin_preparing()
        else:
            super()._compositor_refresh()

    def _tell_top(self) -> None:
        """Have the screen on top draw what changed beneath it.

        The framework would have this one drawn whole next time, for lines that a screen over it keeps.
        """
        app, dirty = self.app, self._compositor._dirty_regions
        take_changes(self)
        if dirty and self in app._background_screens:
            self.frames += 1
            for region in dirty:
                self._changed_at |= dict.fromkeys(region.line_range, self.frames)
            *between, top = app.screen_stack[app.screen_stack.index(self) + 1 :]
            for screen in between:  # in the terminal's own colours their lines are the framework's
                screen._set_dirty(*dirty)
            top.refresh(*dirty)
            dirty.clear()
            self._dirty_widgets.clear()

    def _begin_preparing(self) -> None:
        """Begin to prepare a frame, unless that is under way."""
        if self._preparation is None:
            self._preparation = self.prepare_frame()
            self._prepare_some()

    def _prepare_some(self) -> None:
        """Prepare a frame for as long as `SLICE`; then draw it, or go on in a step of its own.

        In a batch nothing is: widgets may have the styles of another theme, and what is around them not.
        """
        app = self.app
        if self._preparation is None or not self._is_open:
            self._preparation = None
            return
        if isinstance(app, FrameWriter) and app.is_in_batch:
            self._preparation = None
            if self is app.screen:
                app.hold_frame(self)
            else:
                self._tell_top()
            return
        begun, is_ready = monotonic(), True
        with app._context():
            for _ in self._preparation:
                if monotonic() > begun + SLICE:
                    is_ready = False
                    break
        if is_ready and monotonic() < begun + SLICE / 4:
            self._draw_prepared()
        else:
            call_soon = asyncio.get_running_loop().call_soon
            call_soon(self._draw_prepared if is_ready else self._prepare_some)

    def _draw_prepared(self) -> None:
        self._preparation, self._is_prepared = None, True
        try:
            if self._is_open:
                with self.app._context():
                    take_changes(self)
                    self._compositor_refresh()
        finally:
            self._is_prepared = False

    @property
    def _is_open(self) -> bool:
        """Whether it is shown, or beneath what is; of one that closes the widgets are gone before itself."""
        return self.is_attached and self in self.app.screen_stack

    @property
    def _is_much_dirty(self) -> bool:
        screen = self._compositor.size.region
        dirty = sum(each.intersection(screen).area for each in self._compositor._dirty_regions)
        return dirty > MUCH * screen.area

    def _leave_due(self, due: Due) -> None:
        for widget, regions in due.items():
            add_dirty(self._compositor, widget, regions)
