"""Choose a theme: the screen behind shows each as one walks over it."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from userdesk.tui.dialogs.dialog import ListingScreen, keys_row


class ThemesScreen(ListingScreen[str]):
    """Enter keeps the theme shown, Esc goes back to the one before; the result is the name kept."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._before = ""

    def compose(self) -> ComposeResult:
        """The names, our own first."""
        names = sorted(self.app.available_themes, key=lambda name: (not name.startswith("userdesk"), name))
        self._names = [name for name in names if name != "textual-ansi"]
        self._before = self.app.theme
        self.listed.add_options([Option(Content(name)) for name in self._names])
        with Vertical(classes="dialog listing", id="themes"):
            yield Static("Theme", classes="dialog-title")
            yield self.listed
            yield keys_row(("↑↓", "try"), ("Enter", "apply"), ("Esc", "cancel"))

    def on_mount(self) -> None:
        """Begin at the theme in use."""
        if self._before in self._names:
            self.listed.highlighted = self._names.index(self._before)

    @on(OptionList.OptionHighlighted)
    def looked_at(self, event: OptionList.OptionHighlighted) -> None:
        """Show it."""
        self.app.theme = self._names[event.option_index]

    @on(OptionList.OptionSelected)
    def kept(self, event: OptionList.OptionSelected) -> None:
        """Keep it."""
        self.dismiss(self._names[event.option_index])

    def action_leave(self) -> None:
        """Back to the one before."""
        if self._before:
            self.app.theme = self._before
        self.dismiss()
