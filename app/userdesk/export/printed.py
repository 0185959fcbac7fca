"""A conversation printed as it came, for `replay` and recordings: as written, or in the screen's rows."""

from collections.abc import Iterator, Mapping, Sequence

from rich.color import ColorSystem
from rich.style import Style

from userdesk.domain.message import Message, Role, Status
from userdesk.domain.pacing import BETWEEN, Step, steps
from userdesk.domain.wording import CONTINUED, MARKERS, outcome_line
from userdesk.export.subject import Subject
from userdesk.markdown.document import Document
from userdesk.markdown.layout.cells import display
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Row, Run

TEXT_WIDTH = 100
"""Cells of a line at most, as on the screen."""
GUTTER = 3
"""Cells left of the text for the marker."""
_DIVIDER = f"── {CONTINUED}"
_SIGNS = {Status.FAILED: "✗ ", Status.INTERRUPTED: "✗ ", Status.STOPPED: "■ "}
_PLAIN = Style()


def printed(subject: Subject, pen: "AsWritten | InRows") -> Iterator[Step]:
    """What to put out, and the seconds to wait before that."""
    for number, message in enumerate(subject.messages):
        between = BETWEEN if number else 0.0
        if message.role is Role.USER:
            yield Step(between, "")
            between = 0.0
        yield Step(0.0, pen.begin(message))
        for index, step in enumerate(steps(message)):
            pause = step.pause if index else step.pause or between
            yield Step(pause, pen.add(step.text))
        yield Step(0.0, pen.end(message))


def _outcome(message: Message) -> str:
    words = outcome_line(message) if message.role is Role.ASSISTANT else ""
    return _SIGNS.get(message.status, "") + words if words else ""


class AsWritten:
    """Puts the text out as it was written, behind its marker: for a pipe or a file."""

    def begin(self, message: Message) -> str:
        """Before its text."""
        return (f"\n{_DIVIDER}\n" if message.conversation_id else "") + f"\n{MARKERS[message.role]} "

    def add(self, text: str) -> str:
        """One more piece of it."""
        return text

    def end(self, message: Message) -> str:
        """It is complete."""
        outcome = _outcome(message)
        return f"\n  {outcome}\n" if outcome else "\n"


class InRows:
    """Puts the screen's rows out, for a terminal of so many cells and rows: open ones are drawn again.

    `looks` has a style for each name that a run's style may be joined from, and for both roles.
    """

    def __init__(self, width: int, height: int, looks: Mapping[str, Style]) -> None:
        self._width = max(4, min(TEXT_WIDTH, width - GUTTER - 1))
        self._height = height
        self._looks = looks
        self._role = Role.USER
        self._document = Document()
        self._drawn = 0  # rows of the message that stand above the cursor

    def begin(self, message: Message) -> str:
        """Before its text."""
        self._role, self._document, self._drawn = Role.ASSISTANT, Document(), 1
        divider = "\n" + self._from(1, self._aside(_DIVIDER, "divider")) if message.conversation_id else ""
        self._role, self._drawn = message.role, 0
        return divider + "\n" + self._from(0, [Row(())])

    def add(self, text: str) -> str:
        """One more piece of it."""
        if self._role is Role.USER:
            return self._from(0, plain_layout(text, self._width).rows)
        self._document.append(text)
        return self._grown()

    def end(self, message: Message) -> str:
        """It is complete."""
        self._document.finish()
        grown = self._grown() if self._role is Role.ASSISTANT else ""
        self._role = Role.ASSISTANT
        return grown + self._from(self._drawn, self._aside(_outcome(message), f"outcome {message.status}"))

    def _aside(self, words: str, style: str) -> list[Row]:
        return [Row((Run(row.text, style),)) for row in plain_layout(words, self._width).rows if row.text]

    def _grown(self) -> str:
        layout = self._document.layout(self._width)
        return self._from(layout.changed_from, layout.rows[layout.changed_from :])

    def _from(self, first: int, rows: Sequence[Row]) -> str:
        """The message's rows from the `first` one on: what stands there and can be reached is overwritten."""
        over = self._drawn - first
        out_of_reach = max(0, over - (self._height - 1))
        self._drawn = first + len(rows)
        up = over - out_of_reach
        back = f"\x1b[{up}A\x1b[J" if up else ""
        lines = [self._line(row, is_first=first + at == 0) for at, row in enumerate(rows)]
        return back + "".join([f"{line}\r\n" for line in lines[out_of_reach:]])

    def _line(self, row: Row, *, is_first: bool) -> str:
        ground = self._looks[Role.USER] if self._role is Role.USER else _PLAIN
        marker = self._looks[f"{self._role}-marker"] if is_first else _PLAIN
        line = _drawn(f" {MARKERS[self._role]} " if is_first else " " * GUTTER, ground + marker)
        ground += self._style(row.fill)
        line += "".join([_drawn(display(run.text), ground + self._style(run.style)) for run in row.runs])
        return line + (_drawn(" " * (self._width - row.cells), ground) if ground.bgcolor else "")

    def _style(self, names: str) -> Style:
        return sum([self._looks[name] for name in names.split() if name in self._looks], _PLAIN)


def _drawn(text: str, style: Style) -> str:
    return style.render(text, color_system=ColorSystem.TRUECOLOR)
