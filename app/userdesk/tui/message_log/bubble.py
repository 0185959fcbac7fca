"""One message as the log draws it: its rows at a width, and the lines painted of them."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from math import inf
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING

from userdesk.domain.days import short_day
from userdesk.domain.message import Role
from userdesk.domain.safe_text import clean
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Layout, Row
from userdesk.tui.garbage import keep
from userdesk.tui.message_log.annotations import (
    EDGE,
    EVERYTHING,
    Annotations,
    divider_rows,
    mark_rows,
    role_row,
)
from userdesk.tui.message_log.conversation_view import ViewEntry
from userdesk.tui.message_log.lines import Line

if TYPE_CHECKING:
    from userdesk.markdown.document import Document

CLOCK_YEARS = range(1971, 9999)
"""A message of another year has no time that is known, or none that every time zone has."""
LONG = 20_000
"""Characters up to which an answer is laid out at once."""
FAR_TOO_LONG = 50_000
"""Characters that no slice lays out: the first one waits until the end is shown, which takes its time too."""
SLICE = 0.008
"""Seconds for which a long answer is laid out between two chances of keys to act."""
FIGURES = 2
"""How often a second the figures of an answer that grows change at least, where no spinner turns."""
BLANK = Row((), 0, 0, 0, "")


def preload_parser() -> None:
    """Import what lays out an answer; for a thread, so that no key waits for it."""
    import userdesk.markdown.document  # noqa: F401

    clean("é 👋")  # compiles what looks at letters beyond ASCII


def free_slowly(rows: list[Row]) -> None:
    """Empty a list in a thread, where there are so many rows that keys would have to wait for it."""

    def free() -> None:
        while rows:
            del rows[-500:]

    if len(rows) > 5000:
        Thread(target=free, daemon=True).start()


class Bubble:
    """A message's text, layout and marks; made when it comes near the view, dropped far from it."""

    def __init__(self, entry: ViewEntry, index: int, annotations: Annotations = EVERYTHING) -> None:
        self.index = index
        self._asides = annotations
        self.entry = entry
        self.painted: dict[int, Line] = {}
        """Painted rows, kept until the row changes."""
        self.is_complete = False
        """Whether its rows are those of all of its text at its width, which take a while for a long text."""
        self._text = ""  # of an answer as it came, of the user as it is shown
        self._pieces: Iterator[str] = iter(())  # of it that the document was not given
        self._above = 0  # characters above the end that stands for all of it
        self.document: Document | None = None
        """Its Markdown, as far as it is complete; a user's message is text as it was typed and has none."""
        self._is_ended = False  # whether no more text comes
        self._layout = Layout(0)
        self._lead: list[Row] = []
        self._foot: list[Row] = []
        self._width = 0
        self._is_last = False
        self._edged = False
        self._foot_of: tuple[object, ...] = ()  # what the figures of a live answer were made for
        self._drawn: tuple[object, ...] = ()  # what the rows of a live answer were laid out for
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
        is_read = self.document and self.is_complete and not self.entry.live
        return self.document.text if self.document and is_read else self.entry.text

    @property
    def shows_all(self) -> bool:
        """Whether its rows are of all of its text, be it at the width before, not of its end alone."""
        return not self._above

    @property
    def lags(self) -> bool:
        """Whether more of an answer came at once than one layout takes in."""
        return self.entry.live is not None and len(self._text) < len(self.entry.text)

    def go_on(self) -> bool:
        """Lay out more of a long text, for `SLICE`; whether its rows are others now."""
        if self.is_complete or not self._width:
            return False
        self._drop_painted(len(self._lead) + self._layout.stable)
        is_all = self._advance(self._width, perf_counter() + SLICE)
        keep()
        if not is_all:
            return False
        assert self.document is not None
        before, self._layout = self._layout, self.document.layout(self._width)
        self.is_complete, self._above = True, 0
        self.painted.clear()
        if before is not self._layout:
            free_slowly(before.rows)
        return True

    def leave(self) -> None:
        """It is not used any more."""
        free_slowly(self._layout.rows)

    def forget_rows(self) -> None:
        """At another width, show a long text's end until it is laid out, not the rows as they are."""
        self._layout, self._width = Layout(0), 0

    def replace(self, entry: ViewEntry) -> None:
        """The answer ended, or a waiting message was sent: the same text with other marks."""
        was_live = self.entry.live is not None
        self.entry = entry
        if was_live and self.document and entry.text.startswith(self._text):
            self._grow_to(entry.text)
        elif self._text != (entry.message.text if self.document else entry.text):
            self._layout, self.document = Layout(0), None
            self._take_text()
        self._width = 0
        self.painted.clear()

    def finish(self) -> None:
        """The text is complete: read it once more as a whole, so that late references come right."""
        self._is_ended = True
        self._width = 0
        self.painted.clear()

    def lay_out(self, width: int, *, is_last: bool, frame: int | None, edged: bool = False) -> int:
        """Bring the rows up to date; their number. Free where nothing changed.

        `frame` picks the spinner's shape, None stands for words in place of signs; `edged` asks for a
        row of ground above and below what the user said, and for the gap of its annotations.
        """
        live = self.entry.live is not None
        if self.entry.live:
            answer = self.entry.live
            drawn = width, is_last, edged, frame, answer.characters, answer.silent_for
            is_drawn = drawn == self._drawn and width == self._width and self.is_complete
            if is_drawn and answer.characters == len(self._text):
                return len(self)
            self._drawn = drawn
            self._grow_to(self.entry.text[: len(self._text) + LONG])
        elif (width, is_last, edged) == (self._width, self._is_last, self._edged):
            return len(self)
        before = len(self._lead) + len(self._layout)
        if (width, is_last, edged) != (self._width, self._is_last, self._edged):
            self.painted.clear()
        if width != self._width or live:
            self._layout = self._body(width)
        self._lead = divider_rows(width) if self.entry.message.conversation_id else []
        if frame is None:
            self._lead.append(role_row(self.role))
        self._width, self._is_last, self._edged = width, is_last, edged
        foot_lines = [self.painted.get(before + number) for number in range(len(self._foot))]
        if not self._keeps_foot(frame):
            self._foot = self._foot_rows(frame)
            foot_lines.clear()
        if edged and self.role is Role.USER and frame is not None:
            self._lead.append(EDGE)
            self._foot.insert(0, EDGE)
        if live and self.document:
            self._drop_painted(min(before, len(self._lead) + self._layout.changed_from))
            for number in self._layout.recoloured:
                self.painted.pop(len(self._lead) + number, None)
            first = len(self._lead) + len(self._layout)
            self.painted.update({first + at: line for at, line in enumerate(foot_lines) if line})
        return len(self)

    def __bool__(self) -> bool:
        return True  # one that was never drawn has no rows yet

    def __len__(self) -> int:
        return len(self._lead) + len(self._layout) + len(self._foot)

    def row(self, number: int) -> Row:
        """A row by its number from the top; `lay_out` must have been called."""
        if number < len(self._lead):
            return self._lead[number]
        number -= len(self._lead)
        if number < len(self._layout):
            return self._layout.rows[number]
        return self._foot[number - len(self._layout)]

    def is_body(self, number: int) -> bool:
        """Whether a row is text of the message, not a mark or a divider."""
        return 0 <= number - len(self._lead) < len(self._layout)

    @property
    def first_body_row(self) -> int:
        """Where the message's own text begins."""
        return len(self._lead)

    def lines(self) -> range:
        """The numbers of its logical lines."""
        return range(self._layout.line_count)

    def line_size(self, line: int) -> int:
        """How many characters a logical line has."""
        return self._above if self._above and not line else self._layout.line_size(line)

    def line_part(self, line: int, start: int, end: int) -> tuple[int, str]:
        """A part of a logical line that holds its characters from `start` to `end`, and where it begins.

        It has no wraps, borders and padding; the first line of an end alone is all above it.
        """
        if self._above and not line:
            return 0, clean(self._text[: self._above])
        return self._layout.line_part(line, start, end)

    def row_of(self, line: int, offset: int) -> int:
        """The row that shows a character of a logical line, or the nearest one before it."""
        found = bisect_right(self._layout.rows, (line, offset), key=lambda row: (row.line, row.start))
        return len(self._lead) + max(0, found - 1)

    # how it comes by its rows

    def _take_text(self) -> None:
        self._text = self.entry.text if self.entry.live or self.role is Role.USER else self.entry.message.text
        self._is_ended = not self.entry.live
        self.is_complete = False
        if self.role is Role.ASSISTANT:
            # Imported here: the parser must not delay the first frame.
            from userdesk.markdown.document import Document

            live = bool(self.entry.live)
            self.document = Document(self._text if live else "", waits=live)
            self._pieces = iter(()) if live else self.entry.pieces()

    def _grow_to(self, text: str) -> None:
        if self.document and len(text) > len(self._text):
            self.document.append(text[len(self._text) :])
        self._text = text

    def _keeps_foot(self, frame: int | None) -> bool:
        """Whether the figures of a live answer stay: they turn with its spinner, not with each word."""
        before, self._foot_of = self._foot_of, ()
        if answer := self.entry.live:
            shape = self._width, self._is_last, self._edged, frame, int(answer.elapsed * FIGURES)
            self._foot_of = *shape, answer.first_text is None, not answer.characters, answer.silent_for
        return bool(self._foot_of) and self._foot_of == before

    def _foot_rows(self, frame: int | None) -> list[Row]:
        marks = mark_rows(
            self.entry, self._width, is_last=self._is_last, frame=frame, annotations=self._asides
        )
        return [*marks, *[BLANK] * (self._asides.gap if self._edged else 1)]

    def _body(self, width: int) -> Layout:
        if self.document is None:
            self.is_complete = True
            return plain_layout(self._text, width)
        from userdesk.tui.message_log.long_answer import end_of

        if width != self._width:
            until = inf if len(self._text) <= LONG else perf_counter() + SLICE
            self.is_complete = len(self._text) < FAR_TOO_LONG and self._advance(width, until)
        if self.is_complete:
            self._above = 0
            return self.document.layout(width)
        if self._above or not self._layout.width:
            self._above, self._layout = end_of(self._text, width)
        return self._layout

    def _advance(self, width: int, until: float) -> bool:
        """Read and lay out more of the text up to a time; whether all of it is."""
        assert self.document is not None
        while self.document.go_on(width, until):
            if (piece := next(self._pieces, None)) is not None:
                self.document.append(piece)
            elif self._is_ended and not self.document.is_finished:
                self.document.finish()
            else:
                return True
        return False

    def _drop_painted(self, first: int) -> None:
        for number in [n for n in self.painted if n >= first]:
            del self.painted[number]
