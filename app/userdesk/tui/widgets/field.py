"""A one-line text field for any script, whose cursor stands still: a blinking one keeps the terminal busy."""

from textual import events

from userdesk.tui.input import graphemes
from userdesk.tui.input.cluster_input import ClusterInput
from userdesk.tui.input.typed_text import one_line, text_of, types_text

LONGEST = 4_096
"""Characters that a field holds at most: a title, words to look for, a path, a key; more is a slip."""


class Field(ClusterInput):
    """Compact and calm, and always one line."""

    DEFAULT_CSS = "Field { height: 1; border: none; }"

    def on_mount(self) -> None:
        """Stand still."""
        self.cursor_blink = False

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
                self.notify("Nothing was pasted: there is no text in it", severity="warning")
            return
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        kept = line[: graphemes.begin_of(line, max(0, room))] if len(line) > room else line
        if kept != line or len(text) > 4 * LONGEST:
            words = f"Only {len(kept):,} characters were pasted: a line holds no more"
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


class KeyField(Field):
    """A field for an API key: dots, and no white space, which no key has."""

    def as_line(self, text: str) -> str:
        """The text without any white space."""
        return "".join(one_line(text).split())
