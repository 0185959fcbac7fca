"""Drawing: a frame is composed of the rows in view, and only what differs from the one before is sent."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.dom import NoScreen
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from userdesk.tui.message_log.bubble import SLICE, Bubble
from userdesk.tui.message_log.bubbles import Bubbles
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.frame import Emphasis, centred, gutter_lines, text_lines, with_badge
from userdesk.tui.message_log.lines import Gutter, Line, Prerendered
from userdesk.tui.message_log.painter import Painter
from userdesk.tui.message_log.scrolling import PlacedView
from userdesk.tui.message_log.viewport import Place
from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.terminal.hyperlinks import has_hyperlinks
from userdesk.tui.terminal.style_cache import StyleCache

if TYPE_CHECKING:  # imported once something is looked for
    from userdesk.store.search.query import SearchQuery
    from userdesk.tui.message_log.matches import Match, SpansOf

PAUSE = 0.004
"""Seconds between two slices of laying out a long answer or looking through it, in which keys act."""
TEXT_WIDTH = 100  # cells; longer lines are hard to read
BESIDE = 8  # cells right of the text for the time
ROOMY = 72  # cells from which on the text leaves them free


def _text_width(width: int) -> int:
    room = width - 1
    return max(8, min(TEXT_WIDTH, room - BESIDE if room >= ROOMY else room))


class Anchor(NamedTuple):
    """The text at the top of the view, which stays there when the width changes, also several times."""

    place: Place
    line: int
    """The logical line in the place's bubble."""
    offset: int
    """The character of that line."""


class LogView(PlacedView, Prerendered):  # in this order: default styles are inherited from the first base
    """Draws the bubbles in view; keeps its place in the text when it is resized."""

    cursor: reactive[int | None] = reactive(None)
    """The bubble that copy, retry and edit apply to."""

    def __init__(self, *, id: str | None = None, still: bool = False) -> None:
        super().__init__(self.measure, id=id)
        self.still = still
        """No spinner and no ticking numbers (accessible mode)."""
        self.markers = Gutter(id="gutter")
        """The column left of the text; composed beside the log, drawn by it."""
        self.empty_words = ""
        """What an empty conversation says."""
        self.bubbles = Bubbles()
        self._looks = StyleCache(self, "log")
        self._painter: Painter | None = None
        self._window: list[Place] = []
        self.rows_changed = 0
        """Rows of the last frame that were others than in the one before."""
        self._anchor: Anchor | None = None
        self._layout_before: tuple[object, ...] = ()
        self.spinner_frame = 0
        self.unseen_text = False
        """Whether text arrived below the view."""
        self._spans_of: SpansOf | None = None
        self._match: Match | None = None
        self._signs: dict[str, str] = {}
        self._slices: Timer | None = None
        self._composing = 0
        """The text's width while a frame is composed, for which it is asked often; else 0."""
        self._waiting: list[tuple[Bubble, Callable[[Bubble], None]]] = []
        self._measured = Size(), 0
        self._measured_for: tuple[object, bool] | None = None

    @property
    def view(self) -> ConversationView | None:
        """The conversation on the screen."""
        return self.bubbles.view

    @property
    def text_width(self) -> int:
        """Cells for the text of a bubble."""
        if self._composing:
            return self._composing
        return _text_width(self.scrollable_content_region.width)

    def visible_bubbles(self) -> list[Bubble]:
        """The bubbles in view, from the top."""
        return [self.bubbles[index] for index in dict.fromkeys(place.bubble for place in self._window)]

    def measure(self, index: int) -> int:
        """Lay a bubble out; its exact height in rows."""
        return self.bubbles.lay_out(index, self.text_width, None if self.still else self.spinner_frame)

    def laid_out(self, index: int) -> Bubble:
        """A bubble with its rows, those of its end alone while a long answer is not read."""
        self.measure(index)
        return self.bubbles[index]

    # long answers

    def when_complete(self, index: int, then: Callable[[Bubble], None]) -> None:
        """Do something with a bubble as soon as it has the rows of all of its text."""
        if (bubble := self.laid_out(index)).is_complete:
            then(bubble)
        else:
            self._waiting.append((bubble, then))
            self._go_on_soon()

    def _go_on_soon(self) -> None:
        """Lay out more of a long answer, in turn with whatever else is to be done."""
        if self._slices is None and self._under_way():
            self._slices = self.set_timer(PAUSE, self._go_on)

    def _under_way(self) -> list[Bubble]:
        wanted = [*[bubble for bubble, _ in self._waiting], *self.visible_bubbles()]
        return [bubble for bubble in wanted if not bubble.is_complete]

    def _go_on(self) -> None:
        self._slices = None
        if bubbles := self._under_way():
            self.go_on(bubbles[0])
            self._go_on_soon()

    def go_on(self, bubble: Bubble) -> None:
        """Lay out more of a bubble with a long answer, and show its rows when it has all of them."""
        rows, showed_all = len(bubble), bubble.shows_all
        is_complete = bubble.go_on()
        if not is_complete:
            return
        if self.bubbles.known(bubble.index) is bubble:
            if showed_all:
                self._layout_before = ()  # the text at the top is in another row now
            else:
                self.viewport.grow_above(bubble.index, len(bubble) - rows)
                self.screen.clear_selection()  # it counts from the end's first line
            self.redraw()
        for waiting in [each for each in self._waiting if each[0] is bubble]:
            self._waiting.remove(waiting)
            waiting[1](bubble)

    # finding

    def matches(self, wanted: "SearchQuery", spans_of: "SpansOf", first: int = 0) -> "Iterator[list[Match]]":
        """Every place from a message on that is looked for, in slices."""
        from userdesk.tui.message_log.matches import matches

        if self.view is not None:
            yield from matches(self.view, wanted, spans_of, self._searched, self.go_on, first)

    def _searched(self, index: int) -> Bubble:
        """A bubble to look through: the one that is shown, or one that is made for it alone."""
        if self.bubbles.known(index):
            return self.laid_out(index)
        assert self.view is not None
        bubble = Bubble(self.view.entry(index), index)
        bubble.lay_out(self.text_width, is_last=False, frame=None)
        return bubble

    def highlight(self, spans_of: "SpansOf | None") -> None:
        """Mark every place in view that is looked for; None for nothing."""
        self._spans_of, self._match = spans_of, None
        self.redraw()

    def show_match(self, match: "Match") -> None:
        """Bring one of the places looked for into view, and mark it apart from the others."""
        self._match = match
        self.when_complete(match.bubble, lambda bubble: self._show_match(match, bubble))

    def _show_match(self, match: "Match", bubble: Bubble) -> None:
        if match is self._match:
            self.show_bubble(match.bubble, bubble.row_of(match.line, match.start))

    def show_first_match(self, index: int) -> None:
        """Bring the first place of a message that is looked for into view; its beginning without one."""
        from userdesk.tui.message_log.matches import first_match

        spans_of = self._spans_of or (lambda line: ())
        self.when_complete(index, lambda it: self._show_first_match(it, first_match(it, spans_of)))

    def _show_first_match(self, bubble: Bubble, looked: "Iterator[Match | None]") -> None:
        until = perf_counter() + SLICE
        for match in looked:
            if match:
                self.show_match(match)
                return
            if perf_counter() > until:
                self.set_timer(PAUSE, partial(self._show_first_match, bubble, looked))
                return
        self.show_bubble(bubble.index)

    # drawing

    def begin_at_welcome(self) -> None:
        """What the chatbot says before any question is read from its first row, however low the screen."""
        if self.view and len(self.view) == 1 and self.view.entry(0).message.welcome:
            self.action_to_start()

    def redraw(self) -> None:
        """Compose the view anew and refresh just the rows that changed."""
        if not self.is_mounted or not self._room[0].height:
            self._window = []
            return
        self.rows_changed = self.show_lines(self._compose_frame())

    def redraw_at_once(self) -> None:
        """The same, and have the frame drawn right away: text waits for nothing."""
        due: dict[Widget, Sequence[Region]] = {}
        self.due = self.markers.due = due
        try:
            self.redraw()
        finally:
            self.due = self.markers.due = None
        if not (isinstance(screen := self.screen, FrameScreen) and screen.draw(due)):
            for widget, regions in due.items():
                widget.refresh(*regions)

    @property
    def _room(self) -> tuple[Size, int]:
        """Its size, and the cells of it beside the scroll bar; worked out once a layout, asked for often."""
        try:
            screen = self.screen
        except NoScreen:  # it was removed; what is under way for it may still tell of itself
            return Size(), 0
        has_bar = self.show_vertical_scrollbar
        layout = screen.layout_now if isinstance(screen, FrameScreen) else object()
        known = self._measured_for
        if known is None or known[0] is not layout or known[1] != has_bar:
            self._measured_for = layout, has_bar
            self._measured = self.size, self.scrollable_content_region.width
        return self._measured

    def _compose_frame(self) -> list[Line]:
        size, width = self._room
        self._composing = _text_width(width)
        try:
            return self._frame(Size(width, size.height))
        finally:
            self._composing = 0

    def _frame(self, size: Size) -> list[Line]:
        height = self.viewport.height = size.height
        painter = self._ensure_painter(size.width)
        self.bubbles.drop_outdated()
        self._keep_top_text()
        window = self._window = self.viewport.rows() if self.bubbles.view else []
        self._drop_anchor()
        if self.following:
            self.unseen_text = False
        selection = self.text_selection
        look = self.screen.get_component_rich_style("screen--selection", partial=True) if selection else None
        emphasis = Emphasis(selection, look, self._spans_of, self._match, self._signs)
        frame = text_lines(painter, self.bubbles, window, height, emphasis)
        if not window and self.empty_words and height:
            frame[height // 2] = centred(painter, self.empty_words)
        if self.unseen_text and height:
            frame[-1] = with_badge(painter, frame[-1].strip, self.bubbles.annotations.follow_key)
        self.markers.show_lines(
            gutter_lines(painter, self.bubbles, window, height, self.cursor, not self.still)
        )
        self.sync_scroll_bar(size)
        if window:
            self.bubbles.drop_far_from(window[0], window[-1], self.cursor)
            self._go_on_soon()
        return frame

    def _ensure_painter(self, width: int) -> Painter:
        if self._painter is None or self._painter.width != width:
            measure = self.text_width + BESIDE if width > ROOMY else width
            links = has_hyperlinks(os.environ)
            self._painter = Painter(self._looks, self.rich_style, width, links, measure)
            for bubble in self.bubbles:
                bubble.painted.clear()
        return self._painter

    def strips(self, rows: range) -> list[Strip]:
        """Some lines of the view as last composed."""
        self._ensure_lines()
        return super().strips(rows)

    def render_line(self, y: int) -> Strip:
        """One line of the view as last composed."""
        self._ensure_lines()
        return super().render_line(y)

    def _ensure_lines(self) -> None:
        if len(self._lines) != self._room[0].height:
            self._lines = self._compose_frame()

    def notify_style_update(self) -> None:
        """The theme changed: paint everything anew."""
        super().notify_style_update()
        self._looks.forget()
        self._painter = None
        if self._lines and self.is_mounted:
            self._lines = ()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Another size: compose anew."""
        self._lines = ()
        self.redraw()
        if self.following:  # as where all of it was in view
            self.begin_at_welcome()

    @property
    def _layout_now(self) -> tuple[object, ...]:
        """What the heights of bubbles depend on."""
        return self.text_width, self.bubbles.edged, self.bubbles.annotations

    def _keep_top_text(self) -> None:
        """Where the layout changed since the last frame, put what was at the top there again."""
        laid_out = self._layout_now
        if laid_out == self._layout_before:
            return
        self._layout_before = laid_out
        self.viewport.heights = self.bubbles.estimates(self.text_width)
        if self.following:
            for bubble in self.bubbles:
                bubble.forget_rows()
        elif anchor := self._anchor:
            index = anchor.place.bubble
            place = Place(index, self.laid_out(index).row_of(anchor.line, anchor.offset))
            self.viewport.place = place
            self._anchor = anchor._replace(place=place)

    def _drop_anchor(self) -> None:
        """Remember the text at the top, unless it is the one that was there before."""
        place = self.viewport.place
        if self.following or not self._window or not self.bubbles[place.bubble].shows_all:
            self._anchor = None
        elif self._anchor is None or self._anchor.place != place:
            row = self.bubbles[place.bubble].row(place.row)
            self._anchor = Anchor(place, row.line, row.start)
