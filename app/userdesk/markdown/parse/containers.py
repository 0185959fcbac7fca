"""What Markdown blocks stand in: quotes and list items, and the leaves that hold the text."""

from dataclasses import dataclass, field
from enum import Enum, auto


class Quote:
    """An open block quote."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Item:
    """An open list item."""

    delimiter: str
    """`-`, `+`, `*`, or what follows a number: `.`, `)`."""
    number: int | None
    """None in bullet lists."""
    indent: int
    """Columns that its further lines are indented by, against the container's."""
    depth: int
    """How many bullet lists it is nested in."""
    series: object
    """The identity of its list, shared with its siblings."""
    done: bool | None
    """Whether its task is done; None where it is no task."""
    blank_start: bool
    """Whether its first line holds the marker alone."""


Frame = Quote | Item
Frames = tuple[Frame, ...]


class Kind(Enum):
    """What a leaf is."""

    PARAGRAPH = auto()
    HEADING = auto()
    CODE = auto()
    RULE = auto()
    TABLE = auto()
    DEFINITION = auto()
    """A link reference definition."""
    FORMULA = auto()
    """A formula of several lines."""
    EMPTY = auto()
    """A list item with nothing in it yet."""


@dataclass(slots=True, eq=False)
class Leaf:
    """A block of text. Only `lines` grows; the last leaf may still be open."""

    kind: Kind
    frames: Frames
    common: int
    """How many of its frames were open before: markers of the others are drawn with this leaf."""
    gap: bool
    """Whether a blank row stands before it."""
    gap_frames: int = 0
    """How many frames that blank row is in."""
    lines: list[str] = field(default_factory=list)
    """Source lines without container markers; in a table the header, the delimiter row, the rows."""
    level: int = 0
    """A heading's level, 1 to 6."""
    language: str = ""
    """The first word behind a code fence."""
    info: str = ""
    """All of them."""
    fence: str = ""
    """The marks that opened a code fence; empty for indented code."""
    fence_indent: int = 0
    continued: bool = False
    """Whether it goes on from a leaf that was cut because it grew too long."""
    glued: bool = False
    """Whether that cut was within a line."""
    broken: bool = False
    """Whether its last word goes on in the leaf behind it."""
    parts: list[int] = field(default_factory=list)
    """Indices of code lines that go on in the line before: it was too long to be given at once."""
    known: int = 0
    """How many link references had been defined when it was closed."""
    closing: str = ""
    """What a formula ends with."""
    number: int = 0
    """Its place among all leaves."""
    label: str = ""
    """What a definition defines; empty where it is shown in any case: with a title, or as a second one."""

    @property
    def text(self) -> str:
        """A paragraph's or heading's source."""
        return "\n".join(self.lines)
