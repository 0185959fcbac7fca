"""Frames go to the terminal one at a time: none follows one that it has not taken yet."""

import asyncio
from collections.abc import Iterable
from math import inf
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from userdesk.tui.widgets.lean_strip import PLAIN_LOOK, RESET, LeanStrip


class PartialFrame(CompositorUpdate):
    """Pieces of lines, each with the column and the row of its first cell."""

    def __init__(self, pieces: Iterable[tuple[int, int, Strip]]) -> None:
        self.pieces = list(pieces)

    @property
    def spans(self) -> list[tuple[int, int, int]]:
        """Row, first column, and the column after the last one of each piece."""
        return [(y, x, x + strip.cell_length) for x, y, strip in self.pieces]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.render_segments(console)

    def render_segments(self, console: Console) -> str:
        """The sequences that draw the pieces; a look is told once where pieces in a row share it."""
        parts: list[str] = []
        left = PLAIN_LOOK
        for x, y, strip in self.pieces:
            inner = strip.render_inner(console) if isinstance(strip, LeanStrip) else None
            if inner is None or inner.first != left:
                parts.append(RESET if left != PLAIN_LOOK else "")
                parts.append(f"\x1b[{y + 1};{x + 1}H{inner.head if inner else strip.render(console)}")
            else:
                parts.append(f"\x1b[{y + 1};{x + 1}H")
            if inner:
                parts.append(inner.body)
            left = inner.last if inner else PLAIN_LOOK
        parts.append(RESET if left != PLAIN_LOOK else "")
        return "".join(parts)


def take_changes(screen: Screen[Any]) -> None:
    """Have the next frame draw what changed of widgets in view: the screen forgets them with that frame.

    For a widget that is not laid out yet, the framework would work out the whole layout past its own notice
    of what such a layout changes, and never draw that.
    """
    compositor = screen._compositor
    if laid_out := compositor.visible_widgets.keys() & screen._dirty_widgets:
        compositor.update_widgets(laid_out)


def _any() -> float:
    return inf


class FrameWriter(App[int]):
    """An application that draws the newest state when the terminal has taken the frame before."""

    cursor_stays = False
    """Whether the frame that is drawn leaves the cursor where the one before put it."""
    other_frames = 0
    """How many frames were drawn that were no partial ones."""
    _held: Screen[Any] | None = None
    """The screen of which a frame was held back."""
    _rest_timer: asyncio.TimerHandle | None = None
    """Draws what a frame had no room for."""

    @property
    def is_in_batch(self) -> bool:
        """Whether what changes is drawn at the end of a batch."""
        return bool(self._batch_count)

    def hold_frame(self, screen: Screen[Any]) -> bool:
        """Whether no frame may go now; then the screen is drawn as soon as one may.

        None goes before the terminal has taken what was written, nor in a batch. Ask once for a frame: the
        next answer may be another.
        """
        if not self.is_in_batch and not getattr(self._driver, "is_behind", bool)():
            return False
        self._held = screen
        return True

    def _end_batch(self) -> None:
        super()._end_batch()
        if self._batch_count:
            return
        for screen in self._screen_stack:  # what they were told of meanwhile waits for that
            screen.check_idle()
        if self._held is not None:
            asyncio.get_running_loop().call_soon(self._draw_held)

    def _draw_held(self) -> None:
        if self._held is not None and not self.hold_frame(self._held):
            self.terminal_drained()

    def frame_pause(self) -> float:
        """Seconds to leave a slow line to keys before an answer's next frame; 0 where it is none."""
        return float(getattr(self._driver, "frame_pause", float)())

    def frame_room(self) -> float:
        """About how many bytes a frame may have, so that a key waits for a moment only on a slow line."""
        return float(getattr(self._driver, "frame_room", _any)())

    def draw_rest(self, screen: Screen[Any]) -> None:
        """Draw what a frame had no room for once a slow line has carried it."""
        self._held = screen
        wait = float(getattr(self._driver, "frame_rest", float)())
        if self._rest_timer is None:
            self._rest_timer = asyncio.get_running_loop().call_later(wait, self._draw_rest, screen)

    def _draw_rest(self, screen: Screen[Any]) -> None:
        self._rest_timer = None
        self._held = screen
        self._draw_held()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draw a frame, unless the terminal has not taken the one before yet.

        A partial one is drawn: who makes it asks before, and takes it for what the terminal shows.
        """
        is_composed = isinstance(renderable, CompositorUpdate) and not isinstance(renderable, PartialFrame)
        if is_composed and self.hold_frame(screen):
            # What the update would have drawn is still to be drawn.
            compositor = screen._compositor
            spans = getattr(renderable, "spans", None)
            compositor._dirty_regions.update(
                [compositor.size.region]
                if spans is None
                else [Region(begin, row, end - begin, 1) for row, begin, end in spans]
            )
            self.post_display_hook()
        else:
            self.other_frames += not isinstance(renderable, PartialFrame)
            super()._display(screen, renderable)

    def draw_pieces(self, screen: Screen[Any], frame: PartialFrame, *, moves_cursor: bool = True) -> None:
        """Draw a partial frame, unless it would change nothing on the terminal.

        Without `moves_cursor` nothing changed but text elsewhere: the cursor stays where it is.
        """
        if frame.pieces or (moves_cursor and self.cursor_position != self._previous_cursor_position):
            self.cursor_stays = not moves_cursor
            try:
                self._display(screen, frame)
            finally:
                self.cursor_stays = False
        else:
            self.post_display_hook()

    def terminal_drained(self) -> None:
        """Draw the newest state instead of the frames that were held back."""
        held, self._held = self._held, None
        if held is None or not self._screen_stack:
            return  # nothing was held, or the program ends
        with self._context():  # called for the writing thread, which has none
            if held is not self.screen:
                self.refresh()
            elif held._compositor._dirty_regions:
                take_changes(held)
                held._compositor_refresh()
