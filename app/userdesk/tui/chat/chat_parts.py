"""What the chat screen is made of, as its groups of actions see it."""

from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from userdesk.chat import ChatService
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.tui.chat.board import Board
from userdesk.tui.chat.program import Program
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.annotations import FOR_AUDIENCE, Annotations
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.sidebar import Sidebar
from userdesk.tui.terminal.window_sized import WindowSized
from userdesk.tui.widgets.status_bar import StatusBar
from userdesk.tui.widgets.toast import ActionToast

if TYPE_CHECKING:  # a protocol has a metaclass of its own, which a screen can't share at run time
    from userdesk.tui.chat.chat_actions import ChatActions

    class _Screen(WindowSized[None], ChatActions): ...
else:
    _Screen = WindowSized[None]


class ChatParts(_Screen):
    """The widgets, the board and the desk; each group of actions builds on them in a module of its own.

    What a group needs of the others is named by `ChatActions`.
    """

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__()
        self.board: Board = board
        self.service: ChatService = board.service
        self.sidebar = Sidebar(board.mark_of, id="sidebar", still=accessible)
        self.log_view = MessageLog(id="log", still=accessible)
        self.input_bar = InputBar(id="input")
        self.status = StatusBar(id="status")
        self.main = Vertical(id="main")
        self.title_line = Static("", id="title", markup=False)
        self.log_area = Horizontal(id="log-area")
        self.toast = ActionToast(self.log_area, id="toast")
        self.too_small = Static("", id="too-small", markup=False)
        self.greeted_bot = ""
        """The chatbot that the first frame named, before any conversation was open."""
        self.stage_bot = ""
        """The chatbot that presenter mode was turned on with."""

    @property
    def userdesk(self) -> Program:
        """The application, by its own type."""
        return cast("Program", self.app)

    @property
    def annotations(self) -> Annotations:
        """What the log says beside the messages, with the keys there are."""
        if self.on_stage:
            return FOR_AUDIENCE
        return Annotations(remedy_key=self.userdesk.spoken_key("remedy"), is_demo=self.is_demo)

    @property
    def is_demo(self) -> bool:
        """Whether the conversation on the screen is the embedded chatbot's."""
        conversation = self.board.conversation
        return conversation is not None and conversation.bot == DEMO_BOT

    @property
    def on_stage(self) -> bool:
        """Whether presenter mode is on: nothing of another conversation may appear."""
        return self.has_class("-presenter")
