"""The widgets of the chat screen, and how they are put together."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.rows import Mark
from userdesk.tui.sidebar.sidebar import Sidebar
from userdesk.tui.widgets.status_bar import StatusBar
from userdesk.tui.widgets.toast import ActionToast


class ChatWidgets:
    """There before they are composed, so that controllers can be given them.

    `mark_of` gives the mark before a conversation's title.
    """

    def __init__(self, mark_of: Callable[[ConversationKey], Mark], *, accessible: bool) -> None:
        self.sidebar = Sidebar(mark_of, id="sidebar", still=accessible)
        self.log = MessageLog(id="log", still=accessible)
        self.input_bar = InputBar(id="input")
        self.status = StatusBar(id="status")
        self.title = Static("", id="title", markup=False)
        self.main = Vertical(id="main")
        self.log_area = Horizontal(id="log-area")
        self.toast = ActionToast(self.log_area, id="toast")
        self.too_small = Static("", id="too-small", markup=False)

    def compose(self) -> ComposeResult:
        """In the order in which Tab walks them."""
        with Horizontal(id="body"):
            yield self.sidebar
            with self.main:
                yield self.title
                with self.log_area:
                    yield self.log.markers
                    yield self.log
                yield self.input_bar
        yield self.status
        yield self.toast
        yield self.too_small
