"""Help, made from the live bindings: what is remapped is shown remapped."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, Static

from userdesk.domain.text_folding import fold_letters
from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.plain import plain_layout
from userdesk.tui.commands import Place
from userdesk.tui.dialogs.dialog import PageDialog, keys_row
from userdesk.tui.shortcuts import Shortcuts, key_name
from userdesk.tui.widgets.field import Field

Row = tuple[str, str]
"""Keys as people write them, and what they do."""
PLACES: dict[Place, str] = {
    "input": "Writing",
    "anywhere": "Anywhere",
    "log": "In the message log",
    "sidebar": "In the sidebar",
}
FIXED: dict[Place, tuple[Row, ...]] = {
    "input": (
        ("↑ ↓", "Earlier prompts, on the first and last line"),
        ("Tab", "Move between input bar, sidebar and message log"),
    ),
    "log": (("↑ ↓", "Choose a message"),),
    "sidebar": (("↑ ↓ Enter", "Choose a conversation and open it"),),
}
"""What is not remapped, by the part of the screen."""
FIXED_FOR_VISITORS: dict[Place, tuple[Row, ...]] = {
    "input": (FIXED["input"][0], ("Tab", "Move between input bar and message log")),
    "log": FIXED["log"],
}
SIGNS = (
    ("Enter, ↑", "In the find bar: next match, previous match"),
    ("⠹ ✗ ● ✎", "In the sidebar: answering, failed, unread, unsent draft"),
    ("◌ ■ ✗", "Under a message: waiting, stopped, failed or interrupted"),
    ("✓ ✗", "Under an answer, with the word: judged good, bad"),
)
_OF_TURNS = (
    "While messages wait to be sent, stopping takes the last one back into the input bar first.",
    "Stopping ends the reading of an answer; the chatbot may finish writing it, and remembers the turn.",
    "Retry and edit continue the same conversation: the chatbot remembers both the old and the new turn.",
)
FACTS = (
    *_OF_TURNS,
    "Deleted conversations stay in the trash for 30 days; Userdesk offers no way to delete its own copy.",
    "Presenter mode hides the sidebar, ids, keys and figures; nothing of another conversation appears, and "
    "keys that would show it do nothing.",
    "is:bad, is:good and has:note find judged answers in the sidebar's filter and in the switcher; userdesk "
    "verdicts makes a table of them.",
    "A question set is a TOML file: userdesk check runs it without the screen, --play FILE opens it here.",
    "A replay shows a conversation offline, from the chosen message on: Space pauses, + and - change "
    "the speed, → steps.",
    "userdesk --stream-log FILE logs how answers arrive, for a support ticket.",
    "userdesk doctor shows where settings come from; userdesk export ID writes a conversation to a file.",
    "In the demo, /fail 500, /drop, /slow, /long, /markdown and /unicode show what can happen.",
)
FACTS_FOR_VISITORS = (
    *_OF_TURNS,
    "What you export and copy arrives in your browser; paste as you do elsewhere in it.",
    "Your conversations are removed here when you leave, or soon after the page is closed; the chatbot's "
    "service keeps its own copy.",
)


def sections(shortcuts: Shortcuts, *, for_visitor: bool = False) -> Iterator[tuple[str, list[Row]]]:
    """Heading and rows of each section of the help, with the keys that hold.

    A visitor has no sidebar, judges nothing, and is told of no commands of a shell.
    """
    for place, heading in PLACES.items():
        if for_visitor and place == "sidebar":
            continue
        rows = [
            (
                ", ".join(map(key_name, shortcuts.of(command.id))) or f"via {shortcuts.way_to('commands')}",
                command.words,
            )
            for command in shortcuts.commands
            if command.place == place
        ]
        fixed = FIXED_FOR_VISITORS if for_visitor else FIXED
        yield heading, [*rows, *fixed.get(place, ())]
    yield "Find and marks", [SIGNS[0], SIGNS[2]] if for_visitor else list(SIGNS)
    yield "Good to know", [("·", fact) for fact in (FACTS_FOR_VISITORS if for_visitor else FACTS)]


class HelpScreen(PageDialog):
    """Keys and a few honest facts, all or those that hold some words; any of its own keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark,q", "leave", "Close"),
        Binding("slash", "filter", "Filter"),
        Binding("escape", "step_back", "Close"),
    ]

    def __init__(self, shortcuts: Shortcuts, *, for_visitor: bool = False) -> None:
        super().__init__("help-page")
        self._for_visitor = for_visitor
        self._shortcuts = shortcuts
        self.field = Field(placeholder="Filter by word or key", id="help-filter", compact=True)
        self.field.display = False

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        with Vertical(classes="dialog", id="help"):
            yield Static("Help", classes="dialog-title")
            yield self.field
            yield self.scroll
            yield keys_row(("↑↓", "scroll"), ("/", "filter"), ("Esc", "close"))

    def written(self, width: int) -> Content:
        """A section for each part of the screen, and the facts, as far as they hold the filter's words."""
        words = fold_letters(self.field.value).split()
        pieces = []
        for heading, rows in sections(self._shortcuts, for_visitor=self._for_visitor):
            kept = [row for row in rows if all(word in fold_letters(" ".join(row)) for word in words)]
            if kept:
                pieces.append(self._section(heading, kept, width))
        return Content("\n\n").join(pieces) or Content("No matches")

    def _section(self, heading: str, rows: list[Row], width: int) -> Content:
        column = min(max(cells(keys) for keys, _ in rows) + 2, width // 2)
        lines = [Content.styled(heading, "bold underline")]
        for keys, words in rows:
            wrapped = [row.text for row in plain_layout(words, width - column).rows]
            if cells(keys) >= column:
                lines.append(Content.styled(keys, "bold $accent"))
                keys = ""
            lines.append(Content.assemble((keys.ljust(column), "bold $accent"), wrapped[0]))
            lines += [Content(" " * column + more) for more in wrapped[1:]]
        return Content("\n").join(lines)

    def action_filter(self) -> None:
        """Leave only what holds some words."""
        self.field.display = True
        self.field.focus()

    def action_step_back(self) -> None:
        """Everything again; where everything is shown, close."""
        if not self.field.display:
            self.action_leave()
        self.scroll.focus()
        self.field.clear()
        self.field.display = False

    @on(Input.Changed)
    def filtered(self) -> None:
        """Fewer as one types."""
        self.write()
        self.scroll.scroll_home(animate=False)

    @on(Input.Submitted)
    def filter_taken(self) -> None:
        """Enter goes on to what is left."""
        self.scroll.focus()

    def on_key(self, event: Key) -> None:
        """The key that opened it closes it, whatever key it is."""
        if event.key in self._shortcuts.of("help"):
            event.stop()
            self.action_leave()
