"""The list of conversations, drawn line by line: a thousand of them cost what is in view."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.markdown.layout.cells import cells
from userdesk.store.index.entry_list import EntryList
from userdesk.tui.commands import bindings
from userdesk.tui.message_log.annotations import SPINNER
from userdesk.tui.sidebar.order import ConversationOrder, Listed
from userdesk.tui.sidebar.rows import Mark, RowLooks, SidebarRow, SidebarRows
from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.widgets.drawn_list import DrawnList, cut
from userdesk.tui.widgets.lean_strip import LeanStrip

SIGNS = {Mark.FAILED: "✗", Mark.UNREAD: "●", Mark.DRAFT: "✎", Mark.NONE: " "}
WORDS = {Mark.STREAMING: "replying", Mark.FAILED: "failed", Mark.UNREAD: "unread", Mark.DRAFT: "draft"}
"""What the signs say, for those to whom they say nothing (accessible mode)."""

SPUN = 6  # spinners that move at a time
FILTERED_WITHIN = 2.0  # s; a filter that was lifted meanwhile leaves no rows of its own
NOTHING_LISTED = SidebarRows(ConversationOrder(Listed(EntryList())), RowLooks(date.min, {}))
"""What the list shows before there is anything to show."""


class ConversationList(DrawnList[SidebarRow], can_focus=True):
    """Rows of the sidebar; the active conversation is on the screen, the cursor moves with the focus."""

    LOOKS = "list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("home,g", "move(-1000000)", "First", show=False, id="list.first"),
        Binding("end,G", "move(1000000)", "Last", show=False, id="list.last"),
        Binding("enter,space", "open", "Open", show=False, id="list.open"),
        *bindings("sidebar"),
    ]

    cursor: reactive[ConversationKey] = reactive(NO_KEY)
    """The key of the conversation that rename, delete and pin apply to."""
    active: reactive[ConversationKey] = reactive(NO_KEY)
    """The key of the conversation on the screen."""

    @dataclass(eq=False, repr=False)
    class Opened(Message):
        """A conversation was chosen."""

        key: ConversationKey

    def __init__(
        self, mark_of: Callable[[ConversationKey], Mark], *, id: str | None = None, still: bool = False
    ) -> None:
        super().__init__(id=id)
        self._mark_of = mark_of
        self.still = still
        self._spinner = 0
        self._spun = 0  # rows with a spinner that have moved it, from the top
        self._marked: object = None
        """The marks in view when they were last looked at."""
        self._listed = NOTHING_LISTED
        self._drawn: object = None
        """The rows in view when they were last drawn."""
        self._replaced = asyncio.Event()
        self.edited = NO_KEY
        """The conversation whose title is being edited: it stays in view."""

    # content

    def show(self, rows: SidebarRows) -> None:
        """Replace the rows; the cursor stays on its conversation."""
        if rows is not self.rows:
            self.rows = self._listed = rows
            self.measure()
            self._replaced.set()
            if self.row_of(self.cursor) is None:
                self.cursor = self.active
            if self.edited:
                self.show_chosen()
        top = self.scroll_offset.y
        looks = (top, len(rows), rows[top : top + self.size.height])
        if looks != self._drawn:  # of thousands, only those in view are looked at
            self._drawn = looks
            self.refresh()

    async def filtered_by(self, wanted: str) -> None:
        """Wait until the rows are those that a filter leaves, which takes a moment among thousands."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FILTERED_WITHIN):
                while self._listed.wanted != wanted:
                    self._replaced.clear()
                    await self._replaced.wait()

    def keys(self) -> list[ConversationKey]:
        """The conversations in the order they are shown."""
        return self._listed.keys

    def row_of(self, key: ConversationKey) -> int | None:
        """The line a conversation stands on."""
        return self._listed.row_of(key) if key else None

    def refresh_marks(self) -> None:
        """A mark may have changed: draw the rows in view again where one did."""
        top = self.scroll_offset.y
        marks = [self._mark_of(row.key) for row in self.rows[top : top + self.size.height] if row.key]
        looks = (top, self.still, marks)
        if looks != self._marked:
            self._marked = looks
            self.refresh()

    def spin(self) -> None:
        """Move the spinners of conversations that stream, and redraw those rows alone.

        Of many a few move at a time, in turn: what a frame costs, a key waits.
        """
        top = self.scroll_offset.y
        rows = range(top, min(len(self.rows), top + self.size.height))
        turning = [y for y in rows if self.rows[y].key and self._mark_of(self.rows[y].key) is Mark.STREAMING]
        first = self._spun if self._spun < len(turning) else 0
        if not first:
            self._spinner += 1
        self._spun = first + SPUN
        regions = [Region(0, y - top, 3, 1) for y in turning[first : self._spun]]
        screen = self.screen
        if regions and not (isinstance(screen, FrameScreen) and screen.draw_soon(self, regions)):
            self.refresh(*regions)

    # drawing

    def draw_row(self, number: int) -> Strip:
        """A heading, or a conversation: its mark, its title, its chatbot, when it was the last time."""
        width, row = self.size.width, self.rows[number]
        if row.is_heading:
            return Strip([Segment(_fit(f" {row.text}", width), self.style("heading"))], width)
        chosen = self.has_focus and row.key == self.cursor  # its ground is made for its own colour alone
        style = self.style("cursor" if chosen else "active" if row.key == self.active else "row")
        mark = self._mark_of(row.key)
        sign = SIGNS.get(mark) or SPINNER[self._spinner % len(SPINNER)]
        mark_style = style if chosen or mark is Mark.NONE else style + self.partial(f"mark-{mark.value}")
        tag = row.bot if width > 24 else ""
        if self.still:  # a word where a sign would say nothing
            sign, tag = " ", WORDS.get(mark, tag)
        aside = cut(f" {tag}" if tag else "", width // 3)
        aside += f" {row.when}" if width > 24 else ""
        title = _fit(row.text, width - 4 - cells(aside))
        segments = [Segment(" ", style), Segment(sign, mark_style), Segment(f" {title}", style)]
        if aside:
            segments.append(Segment(aside, style if chosen else style + self.partial("bot")))
        segments.append(Segment(" ", style))
        return LeanStrip.filled(segments, width, style)

    # moving

    def action_move(self, direction: int) -> None:
        """Move the cursor over conversations, headings aside."""
        keys = self.keys()
        if not keys:
            return
        at = keys.index(self.cursor) if self.cursor in keys else 0
        self.cursor = keys[max(0, min(len(keys) - 1, at + direction))]

    def action_open(self) -> None:
        """Show the conversation under the cursor."""
        if self.cursor:
            self.post_message(self.Opened(self.cursor))

    def watch_active(self, key: ConversationKey) -> None:
        """Another conversation is on the screen."""
        self.cursor = key
        self.show_chosen()

    def show_chosen(self) -> None:
        """Scroll to where the cursor's conversation stands now."""
        if (number := self.row_of(self.cursor)) is not None:
            self.reveal(number)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the chosen row begins."""
        content = self.content_region
        y = (self.row_of(self.cursor) or 0) - self.scroll_offset.y
        return content.offset + Offset(0, max(0, min(y, content.height - 1)))

    def on_blur(self) -> None:
        """The cursor is where the conversation on the screen is, but for one whose title is edited."""
        self.cursor = self.edited or self.active

    def on_click(self, event: events.Click) -> None:
        """A click opens."""
        if row := self.clicked(event):
            self.post_message(self.Opened(row.key))


def _fit(text: str, width: int) -> str:
    """The text in exactly so many cells, `…` where it was cut."""
    kept = cut(text, width) if width > 0 else ""
    return kept + " " * (width - cells(kept))
