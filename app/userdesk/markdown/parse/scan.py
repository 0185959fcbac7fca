"""How far a text was scanned for inline marks: pieces of text, spans over them, and what is still open.

A growing text is scanned tentatively: an unclosed mark counts as if it were about to close, and the start of
a link is held back, so that a line is not shown in two readings one after the other.
"""

from dataclasses import dataclass, field

from userdesk.markdown.layout.styling import Span
from userdesk.markdown.parse.addresses import openable
from userdesk.markdown.parse.emphasis import Delimiter
from userdesk.markdown.parse.references import References

MARK_REACH = 1200
"""Characters that an unclosed mark is taken to reach while text grows."""
LINK_REACH = 160
"""Characters of a link's text, and of its address, that are held back."""


@dataclass(slots=True)
class Bracket:
    """A `[` or `![` that may begin a link."""

    piece: int
    start: int
    end: int
    image: bool
    bottom: int
    """How many delimiters stood before it."""
    spans: int
    """How many spans did."""
    active: bool = True


@dataclass(slots=True)
class Scan:
    """One text, as far as it was scanned."""

    text: str
    references: References
    known: int
    """How many link references count."""
    tentative: bool = False
    holds: bool = False
    """Whether the start of a link near the end may be held back."""
    pieces: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)
    delimiters: list[Delimiter] = field(default_factory=list)
    tags: list[tuple[str, int, int]] = field(default_factory=list)
    """HTML tags that are open: name, piece, where it begins."""
    missed: set[str] = field(default_factory=set)
    """Labels of link references that no definition was known for."""
    solid: list[tuple[int, int]] = field(default_factory=list)
    """Where in the text what belongs together begins and ends: code, links, brackets."""
    loose: list[int] = field(default_factory=list)
    """Where something begins that is not closed."""
    unclosed: set[str] = field(default_factory=set)
    """Marks of formulas that nothing closes."""
    held: int = -1
    """Where the part begins that is held back, if any."""
    ticks: dict[int, list[int]] | None = None
    """Length of a run of backticks → where such runs begin, the last one first."""

    def add_link(self, text: str, address: str) -> None:
        """An address that stands in the text."""
        self.spans.append(Span("link", len(self.pieces), len(self.pieces) + 1, openable(address)))
        self.pieces.append(text)

    def add_break(self, at: int) -> None:
        """A line's end; spaces before it in the source are not shown."""
        if self.pieces and at and self.text[at - 1] == " ":
            self.pieces[-1] = self.pieces[-1].rstrip(" ")
        self.pieces.append("\n")

    def add_verbatim(self, style: str, source: str) -> None:
        """Text of perhaps several lines as it is written."""
        first = len(self.pieces)
        for number, line in enumerate(source.split("\n")):
            self.pieces += ["\n", line] if number else [line]
        self.spans.append(Span(style, first, len(self.pieces)))
