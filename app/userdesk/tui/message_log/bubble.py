"""One message as the log draws it: its rows at a width, and the lines painted of them."""

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from userdesk.domain.days import short_day
from userdesk.domain.message import Role
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Layout, Row
from userdesk.tui.message_log.annotations import (
    BOTTOM_EDGE,
    EVERYTHING,
    TOP_EDGE,
    Annotations,
    divider_rows,
    mark_rows,
    role_row,
)
from userdesk.tui.message_log.conversation_view import ViewEntry
from userdesk.tui.message_log.lines import Line

if TYPE_CHECKING:
    from userdesk.markdown.document import Document
    from userdesk.tui.message_log.long_answer import LongAnswer

CLOCK_YEARS = range(1971, 9999)
"""A message of another year has no time that is known, or none that every time zone has."""
BLANK = Row((), 0, 0, 0, "")


class Bubble:
    """A message's text, layout and marks; made when it comes near the view, dropped far from it."""

    def __init__(
        self, entry: ViewEntry, index: int, annotations: Annotations = EVERYTHING, at_once: bool = True
    ) -> None:
        self.index = index
        self._at_once = at_once
        self._asides = annotations
        self.entry = entry
        self.painted: dict[int, Line] = {}
        """Painted rows, kept until the row changes."""
        self._text = ""
        self._document: Document | None = None
        self._document_width = 0  # that it was laid out at last
        self._under_way: LongAnswer | None = None
        self._layout: Layout | None = None
        self._lead: list[Row] = []
        self._foot: list[Row] = []
        self._width = 0
        self._is_last = False
        self._edged = False
        self._take_text()

    @property
    def role(self) -> Role:
        """Whose bubble it is."""
        return self.entry.message.role

    @property
    def time(self) -> str:
        """When it was sent or came, in local time, behind the date of another day; empty while it comes."""
        if not self._asides.times or self.entry.live or self.entry.waiting:
            return ""
        if self.entry.message.at.year not in CLOCK_YEARS:
            return ""
        at, today = self.entry.message.at.astimezone(), date.today()
        return f"{at:%H:%M}" if at.date() >= today else f"{short_day(at, today)} {at:%H:%M}"

    @property
    def source(self) -> str:
        """Its text as it is copied: Markdown source, safe to show."""
        return self.entry.text

    @property
    def document(self) -> "Document | None":
        """Its Markdown, whole; a user's message is text as it was typed and has none."""
        self.complete()
        return self._document

    @property
    def is_complete(self) -> bool:
        """Whether its rows are those of all of its text, not of a long text's end."""
        return self._under_way is None

    def complete(self) -> None:
        """Lay out what is left of a long text, which may take a second for each million characters."""
        self.go_on(float("inf"))

    def go_on(self, seconds: float) -> bool:
        """Lay out more of a long text for so long; whether its rows are others now."""
        if self._under_way is None or not self._under_way.go_on(seconds):
            return False
        self._document, self._document_width = self._under_way.document, self._under_way.width
        self._under_way = None
        self._layout = self._document.layout(self._document_width)
        self.painted.clear()
        return True

    def replace(self, entry: ViewEntry) -> None:
        """The answer ended, or a waiting message was sent: the same text with other marks."""
        was_live = self.entry.live is not None
        self.entry = entry
        if was_live and self._document and entry.text.startswith(self._text):
            self._grow_to(entry.text)
        elif entry.text != self._text:
            self._document = self._under_way = None
            self._layout = None
            self._take_text()
        self._width = 0
        self.painted.clear()

    def finish(self) -> None:
        """The text is complete: read it once more as a whole, so that late references come right."""
        if self._document:
            self._document.finish()
            self._layout = None
            self._width = 0
            self.painted.clear()

    def lay_out(self, width: int, *, is_last: bool, frame: int | None, edged: bool = False) -> int:
        """Bring the rows up to date; their number. Free where nothing changed.

        `frame` picks the spinner's shape, None stands for words in place of signs; `edged` asks for half a
        row of ground above and below what the user said.
        """
        edged = edged and self.role is Role.USER and frame is not None
        live = self.entry.live is not None
        if live:
            self._grow_to(self.entry.text)
        elif self._layout and (width, is_last, edged) == (self._width, self._is_last, self._edged):
            return len(self)
        before = len(self._lead) + (len(self._layout) if self._layout else 0)
        if (width, is_last, edged) != (self._width, self._is_last, self._edged):
            self.painted.clear()
        if self._layout is None or width != self._width or live:
            self._layout = self._body(width)
        self._lead = divider_rows(width) if self.entry.message.conversation_id else []
        if frame is None:
            self._lead.append(role_row(self.role))
        self._foot = self._foot_rows(width, is_last=is_last, frame=frame)
        if edged:
            self._lead.append(TOP_EDGE)
            self._foot.insert(0, BOTTOM_EDGE)
        self._width, self._is_last, self._edged = width, is_last, edged
        if live and self._document:
            self._drop_painted(min(before, len(self._lead) + self._layout.changed_from))
            for number in self._layout.recoloured:
                self.painted.pop(len(self._lead) + number, None)
        return len(self)

    def tick(self, frame: int | None) -> None:
        """Move the spinner of a live answer without touching its text."""
        if self.entry.live and self._layout:
            self._foot = self._foot_rows(self._width, is_last=self._is_last, frame=frame)
            self._drop_painted(len(self._lead) + len(self._layout))

    def __bool__(self) -> bool:
        return True  # one that was never drawn has no rows yet

    def __len__(self) -> int:
        body = len(self._layout) if self._layout else 0
        return len(self._lead) + body + len(self._foot)

    def row(self, number: int) -> Row:
        """A row by its number from the top; `lay_out` must have been called."""
        assert self._layout is not None
        if number < len(self._lead):
            return self._lead[number]
        number -= len(self._lead)
        if number < len(self._layout):
            return self._layout.rows[number]
        return self._foot[number - len(self._layout)]

    def is_body(self, number: int) -> bool:
        """Whether a row is text of the message, not a mark or a divider."""
        body = len(self._layout) if self._layout else 0
        return len(self._lead) <= number < len(self._lead) + body

    @property
    def first_body_row(self) -> int:
        """Where the message's own text begins."""
        return len(self._lead)

    def lines(self) -> list[int]:
        """The numbers of its logical lines."""
        return list(dict.fromkeys(row.line for row in self._layout.rows)) if self._layout else []

    def line_text(self, line: int) -> str:
        """One logical line without wraps, borders and padding."""
        return self._layout.line_text(line) if self._layout else ""

    def row_of(self, line: int, offset: int) -> int:
        """The row that shows a character of a logical line, or the nearest one before it."""
        if not self._layout:
            return len(self._lead)
        rows = self._layout.rows
        found = max(0, bisect_right(rows, (line, offset), key=lambda row: (row.line, row.start)) - 1)
        return len(self._lead) + found

    # how it comes by its rows

    def _take_text(self) -> None:
        self._text = self.entry.text
        if self.role is Role.ASSISTANT:
            # Imported here: the parser must not delay the first frame.
            from userdesk.markdown.document import Document

            self._document = Document(self._text)
            if not self.entry.live:
                self._document.finish()
            self._document_width = 0

    def _grow_to(self, text: str) -> None:
        if self._document and len(text) > len(self._text):
            self._document.append(text[len(self._text) :])
        self._text = text

    def _foot_rows(self, width: int, *, is_last: bool, frame: int | None) -> list[Row]:
        return [*mark_rows(self.entry, width, is_last=is_last, frame=frame, annotations=self._asides), BLANK]

    def _body(self, width: int) -> Layout:
        if self.role is not Role.ASSISTANT:
            return plain_layout(self._text, width)
        if self._under_way and self._under_way.width == width:
            return self._under_way.end
        from userdesk.tui.message_log.long_answer import LONG, LongAnswer

        if self._document and (
            self._at_once or self.entry.live or width == self._document_width or len(self._text) <= LONG
        ):
            self._document_width = width
            return self._document.layout(width)
        self._document, self._under_way = None, LongAnswer(self._text, width)
        return self._under_way.end

    def _drop_painted(self, first: int) -> None:
        for number in [n for n in self.painted if n >= first]:
            del self.painted[number]
