"""The keys that matter where the focus is."""

from textual.widget import Widget
from textual.widgets import Input

from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.widgets.status_bar import Hint

# Names of actions where a key may be remapped, else the key itself.
LIST_HINTS: tuple[Hint, ...] = (
    ("Enter", "open"),
    ("rename", "rename"),
    ("delete", "delete"),
    ("undo", "undo"),
    ("pin", "pin"),
    ("filter", "filter"),
    ("group", "group"),
    ("Esc", "back"),
)
LOG_HINTS: tuple[Hint, ...] = (
    ("↑↓", "choose"),
    ("copy_message", "copy"),
    ("copy_code", "code"),
    ("open_link", "link"),
    ("retry", "retry"),
    ("edit", "edit"),
    ("Esc", "back"),
)
FIELD_HINTS: dict[str, tuple[Hint, ...]] = {
    "rename-field": (("Enter", "rename"), ("Esc", "leave it")),
    "filter-field": (("Enter", "to the list"), ("Esc", "all again")),
    "find-field": (("Enter ↑", "match before"), ("↓", "match after"), ("Esc", "close")),
}
COMMON_HINTS: tuple[Hint, ...] = (
    ("new_conversation", "new"),
    ("switch", "switch"),
    ("stop", "stop"),
    ("commands", "commands"),
    ("help", "help"),
)
INPUT_HINTS: tuple[Hint, ...] = (("Enter", "send"), *COMMON_HINTS)
STREAMING_HINTS: tuple[Hint, ...] = (
    ("stop", "stop the answer"),
    *(h for h in COMMON_HINTS if h[0] != "stop"),
)


WAITING_HINTS: tuple[Hint, ...] = (("stop", "take the waiting message back"), *STREAMING_HINTS[1:])


def hints_for(focused: Widget | None, *, streaming: bool, waiting: bool = False) -> tuple[Hint, ...]:
    """Names of actions, or keys, and what they do."""
    if isinstance(focused, ConversationList):
        return LIST_HINTS
    if isinstance(focused, MessageLog):
        return LOG_HINTS
    if isinstance(focused, Input):
        return FIELD_HINTS.get(focused.id or "", ())
    if waiting:
        return WAITING_HINTS
    return STREAMING_HINTS if streaming else INPUT_HINTS
