"""Help, made from the live bindings: what is remapped is shown remapped."""

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from userdesk.tui.keymap import ACTIONS, spoken

PLACES = {"anywhere": "Anywhere", "log": "In the message log", "sidebar": "In the sidebar"}
FIXED = {
    "Writing": (
        ("Enter", "Send the message"),
        ("Ctrl+J", "New line (Shift+Enter too, where the terminal sends it)"),
        ("↑ ↓", "Earlier prompts, from the first and last line"),
        ("Tab", "Input bar, sidebar, message log in turn (Shift+Tab: back)"),
    ),
}
FACTS = (
    "Stopping an answer ends our reading of it; the chatbot may go on writing, and remembers the turn.",
    "Retry and edit go on in the same conversation: the chatbot remembers both the old and the new turn.",
    "Deleting removes the copy on this machine. Userdesk has no way to delete its own.",
    "In the demo, /fail 500, /drop, /slow, /long, /markdown and /unicode show what can happen.",
)


class HelpScreen(ModalScreen[None]):
    """Keys and a few honest facts; any of its own keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q,ctrl+c", "leave", "Close"),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
    ]

    def __init__(self, keys: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        with Vertical(classes="dialog", id="help"):
            yield Static("Help", classes="dialog-title")
            with VerticalScroll():
                yield Static(self._page())
            yield Static(
                Content.assemble(("↑↓", "bold"), " scroll   ", ("Esc", "bold"), " close"),
                classes="dialog-keys",
            )

    def _page(self) -> Content:
        rows: list[tuple[str, str]] = []
        for heading, lines in FIXED.items():
            rows += [("", heading), *lines, ("", "")]
        for where, heading in PLACES.items():
            rows.append(("", heading))
            for action in ACTIONS:
                if action.where == where and self._keys[action.name]:
                    keys = ", ".join(spoken(key) for key in self._keys[action.name])
                    rows.append((keys, action.words))
            rows.append(("", ""))
        width = max(cell_len(keys) for keys, _ in rows) + 2
        parts: list[Content] = []
        for keys, words in rows:
            if keys:
                parts.append(Content.assemble((keys.ljust(width), "bold $text-accent"), words))
            else:
                parts.append(Content.assemble((words, "bold underline") if words else ""))
        parts += [Content(f"· {fact}") for fact in FACTS]
        return Content("\n").join(parts)

    def action_scroll(self, rows: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
