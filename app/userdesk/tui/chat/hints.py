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
    focused: Widget | None, shortcuts: Shortcuts, *, streaming: bool, waiting: bool = False
) -> list[Hint]:
    """The hints to show.

    Parameters:
        streaming: an answer is being received in the conversation on the screen.
        waiting: a message waits behind it.
    """
    if isinstance(focused, ConversationList):
        return [("Enter", "open"), *_hints("sidebar", shortcuts), ("Esc", "back")]
    if isinstance(focused, MessageLog):
        return [("↑↓", "choose"), *_hints("log", shortcuts), ("Esc", "back")]
    if isinstance(focused, Input):
        return FIELD_HINTS.get(focused.id or "", [])
    if streaming or waiting:
        words = "take the waiting message back" if waiting else "stop the answer"
        stop = [(shortcuts.short("stop"), words)] if shortcuts.of("stop") else []
        return [*stop, *_hints("anywhere", shortcuts, but="stop")]
    return [*_hints("input", shortcuts), *_hints("anywhere", shortcuts)]


def _hints(place: Place, shortcuts: Shortcuts, but: str = "") -> list[Hint]:
    """The commands of a place that have a key and words for the footer."""
    return [
        (shortcuts.short(command.id), command.hint)
        for command in COMMANDS
        if command.place == place and command.hint and command.id != but and shortcuts.of(command.id)
    ]
