"""A strip that tells the terminal only what changes from one segment to the next.

Textual's own strip sends every segment with all its colours and a reset behind it: about 40 bytes a
word in bold. The log is most of what the program sends, so its lines are worth the difference.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as BackgroundColor
from textual.filter import LineFilter
from textual.strip import Strip

from userdesk.markdown.layout.cells import cells, is_disputed
from userdesk.tui.terminal.hyperlinks import END, hyperlink

# (attribute of a style, code that sets it, code that ends it); bold and dim share their end.
ATTRIBUTES = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("reverse", "7", "27"),
    ("strike", "9", "29"),
)
PLAIN = Style.null()
RESET = "\x1b[0m"
_DEFAULT = Color.default()
Look = tuple[Color | None, Color | None, tuple[bool, ...]]
"""What of a style is visible: foreground, background, attributes."""


class LeanStrip(Strip):
    """Renders like a strip, in fewer bytes; its pieces do, too.

    It keeps its pieces but never itself, which is a piece most often: as a cycle each line that was ever
    drawn would stay until the collector comes.
    """

    __slots__ = ("_inner", "_is_disputed", "_lean_crops", "_lean_filtered", "_sequence")

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        super().__init__(segments, cell_length)
        self._sequence: str | None = None
        self._inner: Inner | None = None
        self._is_disputed: bool | None = None
        self._lean_crops: dict[tuple[int, int | None], Strip] = {}
        self._lean_filtered: dict[tuple[LineFilter, BackgroundColor], Strip] = {}

    @classmethod
    def filled(cls, segments: Iterable[Segment], width: int, ground: Style) -> "LeanStrip":
        """Exactly `width` cells: filled up with the ground, or cut."""
        parts = list(segments)
        used = sum(cells(segment.text) for segment in parts)
        if used < width:
            parts.append(Segment(" " * (width - used), ground))
        strip = cls(parts, max(used, width))
        return strip if used <= width else cls(strip.crop(0, width), width)

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` to before `end`."""
        if start <= 0 and (end is None or end >= self.cell_length):
            return self
        key = (start, end)
        if key not in self._lean_crops:
            self._lean_crops[key] = self._cropped(start, end)
        return self._lean_crops[key]

    def piece(self, start: int, end: int) -> Strip:
        """The same, for once: what is sent of a line is another piece in each frame, and is not kept."""
        return self if start <= 0 and end >= self.cell_length else self._cropped(start, end)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The pieces that end at `cuts`, in cells from the left."""
        ends = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if ends == [self.cell_length] else super().divide(ends)

    def _cropped(self, start: int, end: int | None) -> Strip:
        if start <= 0 and end is not None and self:
            # Most often only background is cut off, in each frame at another place.
            *segments, (text, style, _) = self
            left = end - (self.cell_length - len(text))
            if left >= 0 and not text.strip(" "):
                return LeanStrip([*segments, Segment(text[:left], style)] if left else segments, end)
        end = self.cell_length if end is None else min(end, self.cell_length)
        start, at = max(0, start), 0
        parts: list[Segment] = []
        for segment in self:
            size = segment.cell_length
            if at > end or (at == end and size):
                break
            if at + size > start:
                if at + size > end:
                    segment, _ = segment.split_cells(end - at)
                if at < start:
                    _, segment = segment.split_cells(start - at)
                parts.append(segment)
            at += size
        return LeanStrip(parts, max(0, end - start))

    def apply_filter(self, filter: LineFilter, background: BackgroundColor) -> Strip:
        """The strip with a filter's colours, in the same economy."""
        key = (filter, background)
        if key not in self._lean_filtered:
            self._lean_filtered[key] = LeanStrip(filter.apply(list(self), background), self.cell_length)
        return self._lean_filtered[key]

    def render(self, console: Console) -> str:
        """The sequence that draws the strip and leaves the terminal's style reset."""
        if self._sequence is None:
            system = COLOR_SYSTEMS[console.color_system or "truecolor"]
            if self.is_disputed:
                self._sequence = _placed(self, system)
            else:
                self._inner = _inner(self, system)
                self._sequence = self._inner.whole
        return self._sequence

    @property
    def is_disputed(self) -> bool:
        """Whether terminals differ in how many cells its text takes."""
        if self._is_disputed is None:
            self._is_disputed = has_disputed(self)
        return self._is_disputed

    def render_inner(self, console: Console) -> "Inner | None":
        """The same in parts, for neighbours of one look; None where it has to stand by itself."""
        self.render(console)
        return self._inner


def has_disputed(strip: Strip) -> bool:
    """Whether terminals differ in how many cells the text of a strip takes."""
    return any(is_disputed(text) for text, _, _ in strip)


class Inner(NamedTuple):
    """The sequence of a strip in parts."""

    first: "Look"
    """The look of its first text."""
    head: str
    """The codes that turn a reset style into that."""
    body: str
    """Its texts, with the codes in between."""
    last: "Look"
    """The look that `body` leaves."""

    @property
    def whole(self) -> str:
        """The sequence that begins and ends with a reset style."""
        return self.head + self.body + (RESET if self.last != PLAIN_LOOK else "")


def _inner(segments: Iterable[Segment], system: ColorSystem) -> Inner:
    first: Look | None = None
    head = ""
    parts: list[str] = []
    current = PLAIN
    for text, style, _control in segments:
        style = style or PLAIN
        if style is not current or first is None:
            look, link = _look(style), style.link
            codes = _transition(_look(current), look, system) if style is not current else ""
            sequence = f"\x1b[{codes}m" if codes else ""
            if first is None:
                first, head, sequence = look, sequence, ""
            if link != current.link:
                parts.append(hyperlink(link) if link else END)
            parts.append(sequence)
            current = style
        parts.append(text)
    if current.link:
        parts.append(END)
    return Inner(first or PLAIN_LOOK, head, "".join(parts), _look(current))


def _sequence(segments: Iterable[Segment], system: ColorSystem) -> str:
    return _inner(segments, system).whole


def _placed(strip: Strip, system: ColorSystem) -> str:
    """A strip whose text takes more or fewer cells than counted here in some terminals.

    Its room is emptied first, and what follows is put behind the room, not behind the text.
    """
    segments = list(strip)
    ground = segments[-1].style
    while segments and not segments[-1].text.strip() and segments[-1].style == ground:
        segments.pop()
    room = strip.cell_length
    emptied = _sequence([Segment(" " * room, ground)], system)
    return f"\x1b7{emptied}\x1b8{_sequence(segments, system)}\x1b8\x1b[{room}C"


def _look(style: Style) -> Look:
    return style.color, style.bgcolor, _attributes(style)


@lru_cache(1024)
def _attributes(style: Style) -> tuple[bool, ...]:
    return tuple(bool(getattr(style, name)) for name, _, _ in ATTRIBUTES)


@lru_cache(4096)
def _transition(before: Look, after: Look, system: ColorSystem) -> str:
    """The codes that turn one look into another."""
    ended = {
        off for (_, _, off), had, has in zip(ATTRIBUTES, before[2], after[2], strict=True) if had and not has
    }
    codes = sorted(ended)
    codes += [
        on
        for (_, on, off), had, has in zip(ATTRIBUTES, before[2], after[2], strict=True)
        if has and (not had or off in ended)
    ]
    for foreground, old, new in ((True, before[0], after[0]), (False, before[1], after[1])):
        if old != new:
            codes += (new or _DEFAULT).downgrade(system).get_ansi_codes(foreground)
    return ";".join(codes)


PLAIN_LOOK = _look(PLAIN)
"""Of text on a terminal whose style was reset."""
