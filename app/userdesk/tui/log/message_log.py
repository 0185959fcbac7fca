"""The message log: one widget that draws the lines in view, whatever the conversation's length."""

import asyncio
import time
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from userdesk.tui.log.bubble import Bubble
from userdesk.tui.log.feed import Feed
from userdesk.tui.log.gutter import WIDTH as GUTTER
from userdesk.tui.log.gutter import Gutter
from userdesk.tui.log.heights import Heights
from userdesk.tui.log.lines import Line, changed_regions
from userdesk.tui.log.painter import COMPONENT_CLASSES, Painter
from userdesk.tui.log.selecting import selected_text
from userdesk.tui.log.shading import Shade, found, selected
from userdesk.tui.log.viewport import Place, Viewport

FRAME = 1 / 30  # s between two frames while text only grows at the end of the view
SCROLL_FRAME = 1 / 16  # s between two frames that move every row: many times the bytes
FIRST_FRAME = 1 / 60  # s between the first frames of an answer, for which somebody waits
FIRST_CHARACTERS = 200  # so many characters of an answer are its beginning
BAR_FRAME = 1.0  # s between two frames of the scroll bar while an answer moves the end
COST_FACTOR = 4  # a flush that took long is followed by a pause this many times as long: typing wins
SPINNER_PERIOD = 0.125  # s
TEXT_WIDTH = 100  # cells; longer lines are hard to read
KEPT_BUBBLES = 96  # laid-out bubbles kept around the view


class MessageLog(ScrollView, can_focus=True):
    """Shows a feed; keeps its place in the text whatever arrives, is measured or is resized."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENT_CLASSES
    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Message before", show=False, id="log.previous"),
        Binding("down,j", "move(1)", "Message after", show=False, id="log.next"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="log.page_up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="log.page_down"),
        Binding("home,g", "to_start", "Beginning", show=False, id="log.start"),
        Binding("end,G", "to_end", "End", show=False, id="log.end"),
    ]

    cursor: reactive[int | None] = reactive(None)
    """The bubble that copy, retry and edit apply to."""

    class LinkOpened(TextualMessage):
        """A link was clicked."""

        def __init__(self, href: str) -> None:
            super().__init__()
            self.href = href

    class ReachedEnd(TextualMessage):
        """The view follows the end again."""

    def __init__(self, *, id: str | None = None, still: bool = False) -> None:
        super().__init__(id=id)
        self.still = still
        """No spinner and no ticking numbers (accessible mode)."""
        self.markers = Gutter(id="gutter")
        """The column left of the text; composed beside the log, drawn by it."""
        self.empty_words = ""
        """What an empty conversation says."""
        self._feed: Feed | None = None
        self._bubbles: dict[int, Bubble] = {}
        self._viewport = Viewport(self._measure)
        self._painter: Painter | None = None
        self._window: list[Place] = []
        self._frame: list[Line] = []
        self._spinner_frame = 0
        self._ticking = False
        self._unseen_text = False
        self._flush_due: asyncio.TimerHandle | None = None
        self._last_flush = 0.0
        self._last_cost = 0.0
        self._synced_scroll = 0
        self._bar_synced = 0.0
        self._wanted = ""

    def on_mount(self) -> None:
        """Start the spinner's clock, still until an answer is under way."""
        self._clock = self.set_interval(SPINNER_PERIOD, self._tick, pause=True)

    # what is shown

    @property
    def feed(self) -> Feed | None:
        """The conversation on the screen."""
        return self._feed

    @property
    def following(self) -> bool:
        """Whether the view stays at the end."""
        return self._viewport.following

    @property
    def text_width(self) -> int:
        """Cells for the text of a bubble."""
        return max(8, min(TEXT_WIDTH, self.scrollable_content_region.width - 1))

    def show(self, feed: Feed) -> None:
        """Show another conversation, at its end. Costs what is in view."""
        if self._feed:
            self._feed.listener = None
        self._feed = feed
        feed.listener = self
        self._bubbles.clear()
        self._unseen_text = False
        self.cursor = None
        self.screen.clear_selection()
        self._viewport.reset(self._estimates())
        self._run_clock()
        self.redraw()

    def bubble(self, index: int) -> Bubble:
        """The bubble of a message, laid out or not."""
        if index not in self._bubbles:
            assert self._feed is not None
            self._bubbles[index] = Bubble(self._feed.entry(index), index)
        return self._bubbles[index]

    def chosen(self) -> Bubble | None:
        """The bubble under the cursor, else the last one."""
        if not self._feed or not len(self._feed):
            return None
        return self.bubble(len(self._feed) - 1 if self.cursor is None else self.cursor)

    def visible_bubbles(self) -> list[Bubble]:
        """The bubbles in view, from the top."""
        return [self.bubble(index) for index in dict.fromkeys(place.bubble for place in self._window)]

    # the feed tells

    def message_added(self, index: int) -> None:
        """A message came at the end, or before those waiting."""
        assert self._feed is not None
        heights = self._viewport.heights
        if index == len(heights):
            heights.append(2)
        else:
            self._viewport.heights = self._estimates()
        for later in [i for i in self._bubbles if i >= index - 1]:
            del self._bubbles[later]
        if index < len(self._feed) - 1:
            self._bubbles.clear()
        self._note_unseen()
        self._run_clock()
        self.redraw()

    def message_changed(self, index: int) -> None:
        """A message got its marks; its text is what it was."""
        assert self._feed is not None
        if index in self._bubbles:
            self._bubbles[index].replace(self._feed.entry(index))
            self.call_later(self._finish, self._bubbles[index])
        self._run_clock()
        self.redraw()

    def message_removed(self, index: int) -> None:
        """A waiting message was withdrawn."""
        self._bubbles.clear()
        self._viewport.heights = self._estimates()
        self.redraw()

    def answer_grew(self) -> None:
        """Text arrived: it is on the screen within a frame, or two while every row moves."""
        self._note_unseen()
        if self._flush_due is None:
            wait = max(self._frame_time(), COST_FACTOR * self._last_cost)
            wait -= time.monotonic() - self._last_flush
            if wait <= 0:
                self._flush()
            else:
                self._flush_due = asyncio.get_running_loop().call_later(wait, self._flush)

    def _frame_time(self) -> float:
        live = self._feed.live if self._feed else None
        if live and live.characters < FIRST_CHARACTERS:
            return FIRST_FRAME
        scrolls = self._viewport.following and len(self._window) >= self.size.height
        return SCROLL_FRAME if scrolls else FRAME

    def _flush(self) -> None:
        self._flush_due = None
        begun = time.monotonic()
        self.redraw()
        self._last_flush = time.monotonic()
        self._last_cost = self._last_flush - begun

    def _finish(self, bubble: Bubble) -> None:
        """After the last text is on the screen: late references and table widths come right."""
        if self._bubbles.get(bubble.index) is bubble:
            bubble.finish()
            self.redraw()

    def _note_unseen(self) -> None:
        if not self._viewport.following:
            self._unseen_text = True

    # layout

    def _estimates(self) -> Heights:
        width = self.text_width
        sizes = self._feed.sizes() if self._feed else []
        return Heights(3 + size // width for size in sizes)

    def _measure(self, index: int) -> int:
        assert self._feed is not None
        is_last = index == len(self._feed) - 1
        return self.bubble(index).lay_out(self.text_width, is_last=is_last, frame=self._spinner)

    @property
    def _spinner(self) -> int | None:
        return None if self.still else self._spinner_frame

    def _drop_far_bubbles(self) -> None:
        if len(self._bubbles) > KEPT_BUBBLES and self._window:
            middle = self._window[len(self._window) // 2].bubble
            by_distance = sorted(self._bubbles, key=lambda index: abs(index - middle))
            for index in by_distance[KEPT_BUBBLES // 2 :]:
                if index != self.cursor:
                    del self._bubbles[index]

    # drawing

    def redraw(self) -> None:
        """Compose the view anew and refresh just the rows that changed."""
        if not self.is_mounted or not self.size.height:
            return
        before = self._frame
        self._compose_frame()
        if len(before) != len(self._frame):
            self.refresh()
        elif regions := list(changed_regions(before, self._frame)):
            self.refresh(*regions)

    def _compose_frame(self) -> None:
        height = self._viewport.height = self.size.height
        painter = self._ensure_painter()
        self._window = self._viewport.rows() if self._feed else []
        if self._viewport.following:
            self._unseen_text = False
        frame = [self._paint(painter, place) for place in self._window]
        frame += [painter.blank] * (height - len(frame))
        if not self._window and self.empty_words:
            frame[height // 2] = self._centred(painter, self.empty_words)
        if self._unseen_text:
            frame[-1] = self._with_badge(painter, frame[-1].strip)
        self._frame = frame
        self._show_gutter(painter)
        self._sync_scroll_bar()
        self._drop_far_bubbles()

    def _paint(self, painter: Painter, place: Place) -> Line:
        bubble = self.bubble(place.bubble)
        if shades := self._shades(painter, bubble, place.row):
            return painter.line(bubble, place.row, shades)
        line = bubble.painted.get(place.row)
        if line is None:
            line = bubble.painted[place.row] = painter.line(bubble, place.row)
        return line

    def _show_gutter(self, painter: Painter) -> None:
        lines = [
            painter.gutter(self.bubble(place.bubble), place.row, chosen=place.bubble == self.cursor)
            for place in self._window
        ]
        ground = Line(Strip.blank(GUTTER, painter.base), 0)
        self.markers.show([*lines, *[ground] * (self.size.height - len(lines))])

    def _shades(self, painter: Painter, bubble: Bubble, number: int) -> list[Shade]:
        """The selected and the found parts of a row."""
        selection = self.text_selection
        if not (selection or self._wanted) or not bubble.is_body(number):
            return []
        line = bubble.row(number).line
        shades: list[Shade] = []
        if selection:
            look = self.screen.get_component_rich_style("screen--selection", partial=True)
            shades += selected(bubble, line, selection, look)
        if self._wanted:
            shades += found(bubble, line, self._wanted, painter.look("match"))
        return shades

    def highlight(self, words: str) -> None:
        """Mark every place in view that holds some words; nothing for none."""
        self._wanted = words.casefold()
        self.redraw()

    def show_match(self, index: int) -> None:
        """Bring the first place of a message that holds the words looked for into view."""
        self._measure(index)
        bubble = self.bubble(index)
        for line in bubble.lines():
            at = bubble.line_text(line).casefold().find(self._wanted)
            if at >= 0:
                self.show_bubble(index, bubble.row_of(line, at))
                return
        self.show_bubble(index)

    def _centred(self, painter: Painter, words: str) -> Line:
        style = painter.base + painter.look("empty")
        return Line(Strip([Segment(words.center(painter.width)[: painter.width], style)]), painter.width)

    def _with_badge(self, painter: Painter, strip: Strip) -> Line:
        words = " ▼ new text below · Ctrl+End "
        if painter.width < len(words) + 4:
            words = " ▼ new text "
        style = painter.base + self.get_component_rich_style("log--badge")
        left = strip.crop(0, max(0, painter.width - len(words) - 1))
        right = Strip([Segment(words, style), Segment(" ", painter.base)])
        return Line(Strip.join([left, right]), painter.width)

    def _ensure_painter(self) -> Painter:
        width = self.scrollable_content_region.width
        if self._painter is None or self._painter.width != width:
            self._painter = Painter(
                lambda name: self.get_component_rich_style(name, partial=True),
                self.rich_style,
                width,
            )
            for bubble in self._bubbles.values():
                bubble.painted.clear()
        return self._painter

    def render_line(self, y: int) -> Strip:
        """One line of the view as last composed."""
        if len(self._frame) != self.size.height:
            self._compose_frame()
        return self._frame[y].strip if y < len(self._frame) else self._ensure_painter().blank.strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the view as they are: the log has no border, padding or opacity to add to them."""
        lines = [self.render_line(y) for y in crop.line_range]
        if filters := self.get_line_filters():
            background = self.background_colors[1]
            for each in filters:
                lines = [line.apply_filter(each, background) for line in lines]
        if crop.column_span != (0, self.size.width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def notify_style_update(self) -> None:
        """The theme changed: paint everything anew."""
        super().notify_style_update()
        self._painter = None
        if self._frame and self.is_mounted:
            self._frame = []
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Another width: the text at the top stays there."""
        top = self._top_character()
        self._viewport.height = self.size.height
        if self._painter and self._painter.width != self.scrollable_content_region.width:
            known = self._viewport.heights
            self._viewport.heights = self._estimates() if len(known) else known
            if top and not self._viewport.following:
                index, line, start = top
                self._measure(index)
                self._viewport.place = Place(index, self.bubble(index).row_of(line, start))
        self._frame = []
        self._compose_frame()
        self.refresh()

    def _top_character(self) -> tuple[int, int, int] | None:
        if not self._window or self._window[0].bubble not in self._bubbles:
            return None
        index, number = self._window[0]
        bubble = self._bubbles[index]
        if number >= len(bubble):
            return None
        row = bubble.row(number)
        return index, row.line, row.start

    # the spinner

    def _run_clock(self) -> None:
        live = bool(self._feed and self._feed.live_index is not None) and not self.still
        if live != self._ticking and self.is_mounted:
            self._ticking = live
            self._clock.resume() if live and self.app.app_focus else self._clock.pause()

    def _tick(self) -> None:
        live = self._feed.live_index if self._feed else None
        if live is None:
            self._run_clock()
            return
        self._spinner_frame += 1
        if live in self._bubbles:
            self._bubbles[live].tick(self._spinner)
            if self._flush_due is None:
                self.redraw()

    def on_app_blur(self) -> None:
        """Nobody looks: the spinner stops."""
        self._clock.pause()

    def on_app_focus(self) -> None:
        """Somebody looks again."""
        if self._ticking:
            self._clock.resume()

    # scrolling

    def scroll_rows(self, rows: int) -> None:
        """Move the view by exactly so many rows, down where positive."""
        self._viewport.scroll(rows)
        self._moved()

    def action_page(self, direction: int) -> None:
        """A page up or down, one row of it staying in view."""
        self.scroll_rows(direction * max(1, self.size.height - 1))

    def action_to_start(self) -> None:
        """The very first row."""
        self._viewport.to_start()
        self.cursor = 0 if self.cursor is not None and self._feed and len(self._feed) else None
        self._moved()

    def action_to_end(self) -> None:
        """The end, and follow it."""
        self._viewport.to_end()
        self.cursor = None
        self._moved()

    def action_move(self, direction: int) -> None:
        """Choose the message before or after."""
        if not self._feed or not len(self._feed):
            return
        last = len(self._feed) - 1
        if self.cursor is None:
            visible = [place.bubble for place in self._window]
            self.cursor = min(last, max(visible, default=last))
        else:
            self.cursor = min(last, max(0, self.cursor + direction))
        self.show_bubble(self.cursor)

    def show_bubble(self, index: int, row: int | None = None) -> None:
        """Bring a message, or one row of it, into view."""
        if row is None:
            self._viewport.show(index)
        else:
            self._viewport.show_row(Place(index, row))
        self._moved()

    def _moved(self) -> None:
        self.redraw()
        if self._viewport.following:
            self.post_message(self.ReachedEnd())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves by three rows, exactly."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(-3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves by three rows, exactly."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(3)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The scroll bar was dragged, or a selection scrolls the view."""
        row = round(new_value)
        if row == self._synced_scroll:
            return
        moved = row - self._synced_scroll
        if abs(moved) <= self.size.height:
            self._viewport.scroll(moved)
        else:
            self._viewport.to_offset(row)
        self._moved()

    def _sync_scroll_bar(self) -> None:
        """Tell Textual's scroll bar where the view is, without a layout of the screen."""
        total = max(self._viewport.heights.total, self.size.height)
        offset = total - self.size.height if self._viewport.following else self._viewport.offset
        self.set_reactive(MessageLog.virtual_size, Size(self.scrollable_content_region.width, total))
        self._synced_scroll = offset
        self.set_reactive(MessageLog.scroll_y, float(offset))
        self.set_reactive(MessageLog.scroll_target_y, float(offset))
        now = time.monotonic()
        moving = self._viewport.following and self._ticking
        if self.show_vertical_scrollbar and not (moving and now - self._bar_synced < BAR_FRAME):
            self._bar_synced = now
            bar = self.vertical_scrollbar
            bar.window_virtual_size = total
            bar.window_size = self.size.height
            bar.position = offset

    # choosing and selecting

    def watch_cursor(self) -> None:
        """Mark the chosen bubble."""
        self.redraw()

    def on_blur(self) -> None:
        """Elsewhere no message is chosen."""
        self.cursor = None

    def on_click(self, event: events.Click) -> None:
        """A click on a link opens it; elsewhere it chooses the message."""
        href = event.style.meta.get("href")
        if isinstance(href, str):
            self.post_message(self.LinkOpened(href))
        elif event.y < len(self._window):
            self.cursor = self._window[event.y].bubble

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection as it changes."""
        self.redraw()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text selected: a whole message's source, of others the text without wraps and padding."""
        if not self._feed:
            return None
        return selected_text(selection, len(self._feed), self._laid_out), "\n"

    def _laid_out(self, index: int) -> Bubble:
        self._measure(index)
        return self.bubble(index)
