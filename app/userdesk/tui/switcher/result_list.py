"""The switcher's results, drawn line by line: filling it costs nothing, drawing it what is in view."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from userdesk.domain.conversation import ConversationKey
from userdesk.markdown.layout.cells import cells, display
from userdesk.store.search.query import Span
from userdesk.tui.widgets.drawn_list import DrawnList, beginning, cut
from userdesk.tui.widgets.lean_strip import LeanStrip

_ASIDE_FROM = 36  # cells; in narrower lists a title needs the room itself


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line: a conversation by its title, or a message of it by the line that was looked for."""

    key: ConversationKey
    text: str
    """Safe to show."""
    spans: tuple[Span, ...] = ()
    """What of the text is highlighted."""
    index: int | None = None
    """The message, where it is one."""
    aside: str = ""
    """What stands dim at the right."""
    is_heading: bool = False
    """Whether it only names the conversation of the messages below it and can't be chosen."""


class ResultList(DrawnList[ResultRow], can_focus=False):
    """Rows that grow as they are found; the cursor stays where it is meanwhile."""

    LOOKS = "results"

    cursor: reactive[int] = reactive(0)
    """The number of the chosen row."""
    empty_words: reactive[str] = reactive("")
    """What the list says while nothing is in it."""

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """A row was clicked."""

        row: ResultRow

    # content

    def show(self, rows: Sequence[ResultRow], chosen: int | None = None) -> None:
        """Replace the rows and choose one: the first that can be, if no other is named."""
        self.rows = rows
        self.measure()
        self.scroll_to(y=0, animate=False, immediate=True)
        first = next((y for y, row in enumerate(self.rows) if not row.is_heading), 0)
        self.cursor = first if chosen is None else chosen
        self.refresh()

    def add(self, rows: Sequence[ResultRow]) -> None:
        """More rows at the end."""
        if not self.rows:
            self.show(rows)
        elif rows:
            self.rows = [*self.rows, *rows]
            self.measure()
            self.refresh()

    def chosen(self) -> ResultRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    # moving

    def move(self, step: int, *, round_ends: bool = False) -> None:
        """Move the cursor over the rows that can be chosen."""
        choices = [y for y, row in enumerate(self.rows) if not row.is_heading]
        if not choices:
            return
        at = choices.index(self.cursor) + step if self.cursor in choices else 0
        self.cursor = choices[at % len(choices) if round_ends else max(0, min(len(choices) - 1, at))]

    def show_chosen(self) -> None:
        """Bring the row under the cursor into view."""
        self.reveal(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        if row := self.clicked(event):
            self.post_message(self.Chosen(row))

    # drawing

    def render_line(self, y: int) -> Strip:
        """One line of the list; where it is empty, the first one says so."""
        if self.rows or y or not self.empty_words:
            return super().render_line(y)
        width = self.size.width
        empty = Segment(cut(f"  {self.empty_words}", width), self.style("empty"))
        return LeanStrip.filled([empty], width, self.rich_style)

    def draw_row(self, number: int) -> Strip:
        """A title or a passage, and what stands dim at the right."""
        width = self.scrollable_content_region.width
        row, cursor = self.rows[number], number == self.cursor
        look = "heading" if row.is_heading else "title" if row.index is None else "passage"
        style = self.style(look) + (self.partial("cursor") if cursor else Style())
        indent = "  " if look == "passage" and width >= _ASIDE_FROM else ""
        lead = indent + ("› " if cursor else "  ")
        aside = f"  {row.aside} " if row.aside and width >= _ASIDE_FROM else " "
        aside = cut(aside, max(width // 2, width - len(lead) - cells(display(row.text))))
        room = width - len(lead) - cells(aside)
        segments = [Segment(lead, style), *self._text(row, room, style, cursor)]
        used = sum(cells(segment.text) for segment in segments)
        segments.append(Segment(" " * max(0, width - used - cells(aside)), style))
        segments.append(Segment(aside, style if cursor else style + self.partial("aside")))
        return LeanStrip.filled(segments, width, style)

    def _text(self, row: ResultRow, room: int, style: Style, cursor: bool) -> list[Segment]:
        """The text in the cells there are, shifted so that its first match is among them."""
        text, spans = row.text, row.spans
        if spans and cells(display(text[: spans[0][1]])) > room - 1:
            begin = spans[0][0]
            lead = max(0, room - 2 - cells(display(text[begin : spans[0][1]]))) // 2
            while begin > 0 and cells(display(text[begin - 1 : spans[0][0]])) <= lead:
                begin -= 1
            text = "…" + text[begin:]
            spans = tuple((start - begin + 1, end - begin + 1) for start, end in spans)
        # On the cursor's ground the match's own colour could not be read.
        match = style + (Style(underline=True) if cursor else self.partial("match"))
        segments: list[Segment] = []
        at, kept = 0, len(beginning(text, room))
        for start, end in (*spans, (len(text), len(text))):
            if at < (stop := min(start, kept)):
                segments.append(Segment(display(text[at:stop]), style))
            if start < (stop := min(end, kept)):
                segments.append(Segment(display(text[start:stop]), match))
            at = max(at, end)
        if kept < len(text):
            segments.append(Segment("…", style))
        return segments
