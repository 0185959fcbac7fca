"""A one-line text field for any script, edited by what a reader calls a letter."""

from bisect import bisect_right
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets.input import Selection

from userdesk.markdown.layout.cells import cells
from userdesk.tui.input import graphemes
from userdesk.tui.input.graphemes import Clusters, clusters_of
from userdesk.tui.input.typed_text import one_line, text_of, types_text
from userdesk.tui.terminal.open_widgets import OpenInput
from userdesk.tui.widgets.lean_strip import LeanStrip

LONGEST = 4_096
"""Characters that a field holds at most: a title, words to look for, a path, a key; more is a slip."""


class Field(OpenInput):
    """Compact and calm, and always one line: moves, deletions and the cursor's ground are whole clusters.

    Its cursor stands still: a blinking one keeps the terminal busy.
    """

    DEFAULT_CSS = "Field { height: 1; border: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+left,alt+b", "cursor_left_word", show=False),
        Binding("alt+right,alt+f", "cursor_right_word", show=False),
        Binding("alt+shift+left", "cursor_left_word(True)", show=False),
        Binding("alt+shift+right", "cursor_right_word(True)", show=False),
        Binding("alt+backspace,ctrl+backspace", "delete_left_word", show=False),
        Binding("alt+d,alt+delete,ctrl+delete", "delete_right_word", show=False),
    ]

    cursor_blink = reactive(False, init=False)

    # keys and pastes

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key may be text; if so, no binding above this widget gets it."""
        return types_text(key, character)

    def on_key(self, event: events.Key) -> None:
        """Put in text; the framework has the other keys."""
        if text := text_of(event):
            event.stop()
            event.prevent_default()
            self.replace(text, *self.selection)

    def on_paste(self, event: events.Paste) -> None:
        """Put in what was pasted, as one line."""
        event.stop()
        event.prevent_default()
        self.take(event.text)

    def action_paste(self) -> None:
        """Put in what was cut or copied in this program."""
        self.take(self.app.clipboard)

    def action_cut(self) -> None:
        """Cut what is selected; the clipboard is left alone where nothing is."""
        if self.selected_text:
            super().action_cut()

    def take(self, text: str) -> None:
        """Put pasted text where the cursor is, as one line; say so where it can't be taken whole."""
        line = self.as_line(text[: 4 * LONGEST])
        if not line.strip():
            if text:
                self.notify("Nothing pasted: it contains no text", severity="warning")
            return
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        kept = line[: graphemes.begin_of(line, max(0, room))] if len(line) > room else line
        if kept != line or len(text) > 4 * LONGEST:
            words = f"Pasted only the first {len(kept):,} characters: the field is full"
            self.notify(words, severity="warning")
        self.replace(kept, start, end)

    def as_line(self, text: str) -> str:
        """What this field makes of text."""
        return one_line(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace the characters from `start` to before `end`; every edit comes through here."""
        text = self.as_line(text)
        start, end = sorted((max(0, start), max(0, end)))
        if len(self.value) - (end - start) + len(text) <= LONGEST:
            super().replace(text, start, end)
        else:
            self.restricted()

    # moves and deletions

    @property
    def _counted(self) -> str:
        """The text that clusters are counted in: of a key every character is one sign on the screen."""
        return "•" * len(self.value) if self.password else self.value

    def _go(self, target: int, select: bool) -> None:
        self.selection = Selection(self.selection.start if select else target, target)

    def action_cursor_left(self, select: bool = False) -> None:
        """A cluster to the left, or to the left end of the selection."""
        is_step = select or self.selection.is_empty
        left = graphemes.before(self._counted, self.cursor_position)
        self._go(left if is_step else min(self.selection), select)

    def action_cursor_right(self, select: bool = False) -> None:
        """A cluster to the right, or to the right end of the selection."""
        is_step = select or self.selection.is_empty
        right = graphemes.after(self._counted, self.cursor_position)
        self._go(right if is_step else max(self.selection), select)

    def action_home(self, select: bool = False) -> None:
        """To the beginning."""
        self._go(0, select)

    def action_end(self, select: bool = False) -> None:
        """To the end."""
        self._go(len(self.value), select)

    def action_cursor_left_word(self, select: bool = False) -> None:
        """To the beginning of the word to the left; a key is one word."""
        self._go(graphemes.word_left(self._counted, self.cursor_position), select)

    def action_cursor_right_word(self, select: bool = False) -> None:
        """To the end of the word to the right; a key is one word."""
        self._go(graphemes.word_right(self._counted, self.cursor_position), select)

    def action_delete_left(self) -> None:
        """Backspace: what is selected, else the cluster left of the cursor or its last mark."""
        self._delete_to(graphemes.backspace(self._counted, self.cursor_position))

    def action_delete_right(self) -> None:
        """Delete: what is selected, else the cluster right of the cursor."""
        self._delete_to(graphemes.after(self._counted, self.cursor_position))

    def action_delete_left_word(self) -> None:
        """What is selected, else the word to the left."""
        self._delete_to(graphemes.word_left(self._counted, self.cursor_position))

    def action_delete_right_word(self) -> None:
        """What is selected, else the word to the right."""
        self._delete_to(graphemes.word_right(self._counted, self.cursor_position))

    def _delete_to(self, index: int) -> None:
        if self.selection.is_empty:
            self.delete(self.cursor_position, index)
        else:
            self.delete_selection()

    # places on the screen

    @property
    def _clusters(self) -> Clusters:
        return clusters_of(self._counted)

    def cell_of(self, index: int) -> int:
        """The cell at which the cluster of a character begins."""
        starts, edges, _ = self._clusters
        return edges[max(0, bisect_right(starts, index) - 1)]

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cursor's cell on the screen."""
        content = self.content_region
        x = content.x + self.cell_of(self.cursor_position) - self.scroll_offset.x
        return Offset(max(content.x, min(x, content.right - 1)), content.y)

    @property
    def content_width(self) -> int:
        """Cells of the text and of the cursor behind it."""
        return (self._clusters.edges[-1] if self.value else cells(self.placeholder)) + 1

    def index_at(self, cell: int) -> int:
        """The first character of the cluster that is drawn at a cell of the field."""
        starts, edges, _ = self._clusters
        return starts[bisect_right(edges, max(0, cell + self.scroll_offset.x)) - 1]

    def watch_selection(self) -> None:
        """Show all of the cluster at the cursor."""
        if self.is_mounted:
            begin = self.cell_of(self.cursor_position)
            end = self.cell_of(graphemes.after(self._counted, self.cursor_position))
            self.scroll_to_region(Region(begin, 0, max(1, end - begin), 1), force=True, animate=False)

    # drawing

    def render_line(self, y: int) -> Strip:
        """The text; where it is empty, the words that say what is wanted."""
        if y or not self.value:
            return super().render_line(y)
        base = self.rich_style
        starts, _, drawn = self._clusters
        segments = [
            Segment(shown, base + self._look(start)) for start, shown in zip(starts, drawn, strict=False)
        ]
        if self.has_focus and self.cursor_position == len(self.value):
            segments.append(Segment(" ", base + self.get_component_rich_style("input--cursor")))
        left, width = self.scroll_offset.x, self.scrollable_content_region.width
        whole = LeanStrip.filled(segments, max(self.content_width, left + width), base)
        return whole.crop(left, left + width)

    def _look(self, index: int) -> Style:
        """How the cluster at an index differs from the text round it."""
        look = Style.null()
        if not self.has_focus:
            return look
        start, end = sorted(self.selection)
        if start <= index < end:
            look += self.get_component_rich_style("input--selection")
        if index == graphemes.begin_of(self._counted, self.cursor_position):
            look += self.get_component_rich_style("input--cursor")
        return look


class KeyField(Field):
    """A field for an API key: dots, and no white space, which no key has."""

    def as_line(self, text: str) -> str:
        """The text without any white space."""
        return "".join(one_line(text).split())
