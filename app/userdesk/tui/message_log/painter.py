"""Turns a bubble's rows into lines: styles from the stylesheet, tint, selection."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from userdesk.domain.message import Role
from userdesk.domain.wording import MARKERS
from userdesk.markdown.layout.cells import cells, display
from userdesk.markdown.layout.rows import STYLES
from userdesk.tui.message_log.annotations import EDGE
from userdesk.tui.message_log.bubble import BLANK, Bubble
from userdesk.tui.message_log.highlight_spans import HighlightSpan, cut, drawn_parts, selection_y
from userdesk.tui.message_log.lines import GUTTER, Line
from userdesk.tui.terminal.hyperlinks import uri_of
from userdesk.tui.widgets.lean_strip import LeanStrip

# Every name the stylesheet gives a look to; rows carry names alone.
OWN_STYLES = (
    "user assistant user-marker assistant-marker cursor time figures verdict failed stopped divider badge "
    "match empty"
)
STYLE_NAMES = frozenset((*OWN_STYLES.split(), *STYLES))


class Painter:
    """Paints rows for one theme and width; made anew when either changes.

    Grounds of bubbles and code are `measure` cells wide, at their right end the time has its place.
    """

    def __init__(
        self,
        look_up: Callable[[str], Style],
        base: Style,
        width: int,
        hyperlinks: bool = False,
        measure: int | None = None,
    ) -> None:
        self.look = look_up
        """Gives the stylesheet's style of one name, as it is laid over others."""
        self._hyperlinks = hyperlinks
        self._styles: dict[tuple[Role, str], Style] = {}
        self._gutters: dict[tuple[Role, bool, bool, bool], Line] = {}
        self.base = base
        self.width = width
        self.measure = measure or width
        self.blank = Line(Strip.blank(width, base), 0)
        """A line with nothing on it."""

    def style(self, role: Role, names: str) -> Style:
        """The look of space-joined style names on a bubble of that role."""
        key = (role, names)
        if key not in self._styles:
            known = [name for name in names.split() if name in STYLE_NAMES]
            self._styles[key] = sum(map(self.look, (role, *known)), self.base)
        return self._styles[key]

    def line(self, bubble: Bubble, number: int, shades: Sequence[HighlightSpan] = ()) -> Line:
        """One row of a bubble; `shades` are selected or found parts of its logical line."""
        row = bubble.row(number)
        body = bubble.is_body(number) or row is EDGE
        if not row.runs and not row.fill and not body:
            return self.blank
        role = bubble.role if body else Role.ASSISTANT
        tinted = body and (role is Role.USER or bool(row.fill))
        ground = self.style(role, row.fill) if tinted else self.base
        segments: list[Segment] = []
        used = 0
        y, x = selection_y(bubble.index, row.line), row.start
        for position, run in enumerate(row.runs):
            style = self.style(role, f"{row.fill} {run.style}" if row.fill else run.style)
            if run.href:
                uri = uri_of(run.href) if self._hyperlinks else ""
                style += Style(meta={"href": run.href}, link=uri or None)
            used += cells(run.text)
            if row.offsets:
                x = row.offsets[position]
            if not body or x < 0 or (position < row.prefix and not row.offsets):
                segments.append(Segment(display(run.text), style))
                continue
            for text, at, shade in cut(run.text, x, shades):
                look = style + shade if shade else style
                for drawn, offset in drawn_parts(text, at):
                    segments.append(Segment(drawn, _placed(look, offset, y)))
            x += len(run.text)
        time = bubble.time if number == bubble.first_body_row else ""
        if used + len(time) >= self.measure - 1:
            time = time.rpartition(" ")[0]  # of another day
        if time and used + len(time) < self.measure - 1:
            blank = Segment(" " * (self.measure - 1 - len(time) - used), ground)
            segments += [blank, Segment(time, ground + self.look("time"))]
            used = self.measure - 1
        if tinted and used < self.measure:
            segments.append(Segment(" " * (self.measure - used), ground))
            used = self.measure
        if used < self.width:
            segments.append(Segment(" " * (self.width - used), self.base))
        strip = LeanStrip(segments, max(used, self.width))
        return Line(strip.crop(0, self.width), min(used, self.width))

    def gutter(self, bubble: Bubble, number: int, *, chosen: bool, marked: bool) -> Line:
        """The row's cells left of its text; `marked` puts the role's sign into the first one."""
        row = bubble.row(number)
        is_blank = row is BLANK
        is_signed = marked and number == bubble.first_body_row and not is_blank
        is_body = bubble.is_body(number) or row is EDGE
        what = bubble.role, is_body, is_signed, chosen and not is_blank
        if what not in self._gutters:  # of few kinds, and the same from frame to frame
            self._gutters[what] = self._gutter(*what)
        return self._gutters[what]

    def _gutter(self, role: Role, is_body: bool, is_signed: bool, is_chosen: bool) -> Line:
        tinted = is_body and role is Role.USER
        ground = self.style(Role.USER, "") if tinted else self.base
        if not is_chosen and not is_signed:
            return Line(Strip.blank(GUTTER, ground), GUTTER if tinted else 0)
        blank = Segment(" ", ground)
        bar = Segment("▌", ground + self.look("cursor")) if is_chosen else blank
        marker = Segment(MARKERS[role], ground + self.look(f"{role}-marker")) if is_signed else blank
        return Line(LeanStrip([bar, marker, blank], GUTTER), GUTTER)


@lru_cache(1024)
def _placed(look: Style, x: int, y: int) -> Style:
    """A look of text that tells where in its message it stands: a selection by the mouse asks for it."""
    # The line that an answer grows in is painted again and again: each of its words has the same one then.
    return look + Style(meta={"offset": (x, y)})
