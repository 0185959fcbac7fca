"""The footer: the keys that matter where the focus is."""

from textual.widget import Widget
from textual.widgets import Input

from userdesk.tui.commands import COMMANDS, Place
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.widgets.status_bar import Hint

FIELD_HINTS: dict[str, list[Hint]] = {
    "rename-field": [("Enter", "rename"), ("Esc", "leave it")],
    "filter-field": [("Enter", "to the list"), ("Esc", "all again")],
    "find-field": [("Enter", "next match"), ("↑", "match before"), ("Esc", "close")],
}
"""By the field's id."""


def hints_for(
    focused: Widget | None, shortcuts: Shortcuts, turns: int, *, locked: bool = False
) -> list[Hint]:
    """The hints to show; of several turns the last ones wait, and `locked` says that nothing can be sent."""
    if isinstance(focused, ConversationList):
        return [("Enter", "open"), *_hints("sidebar", shortcuts), ("Esc", "back")]
    if isinstance(focused, MessageLog):
        return [("↑↓", "choose"), *_hints("log", shortcuts), ("Esc", "back")]
    if isinstance(focused, Input):
        return FIELD_HINTS.get(focused.id or "", [])
    first = [] if locked else _hints("input", shortcuts)
    if turns:
        words = "take the waiting message back" if turns > 1 else "stop the answer"
        first = [(shortcuts.short("stop"), words)] if shortcuts.of("stop") else []
    return [*first, *_hints("anywhere", shortcuts)]


def _hints(place: Place, shortcuts: Shortcuts) -> list[Hint]:
    """The commands of a place that have a key and words for the footer."""
    return [
        (shortcuts.short(command.id), command.hint)
        for command in COMMANDS
        if command.place == place and command.hint and shortcuts.of(command.id)
    ]
