"""What the chat screen is made of, as its groups of actions see it."""

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from userdesk.chat import Desk, Turn
from userdesk.domain.failure import Failure
from userdesk.tui.board import Board
from userdesk.tui.input_bar import InputBar
from userdesk.tui.log.message_log import MessageLog
from userdesk.tui.program import Program
from userdesk.tui.sidebar.sidebar import Sidebar
from userdesk.tui.status_bar import StatusBar
from userdesk.tui.toast import RemedyToast

if TYPE_CHECKING:
    from userdesk.export import Subject
    from userdesk.settings import Options, Settings


class ChatParts(Screen[None]):
    """The widgets, the board and the desk; each group of actions builds on them in a module of its own."""

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__()
        self.board: Board = board
        self.desk: Desk = board.desk
        self.sidebar = Sidebar(board.mark_of, id="sidebar", still=accessible)
        self.log_view = MessageLog(id="log", still=accessible)
        self.input_bar = InputBar(id="input")
        self.status = StatusBar(id="status")
        self.toast = RemedyToast(id="toast")
        self.greeted_bot = ""
        """The chatbot that the first frame named, before any conversation was open."""
        self.stage_bot = ""
        """The chatbot that presenter mode was turned on with."""

    @property
    def userdesk(self) -> Program:
        """The application, by its own type."""
        return cast("Program", self.app)

    @property
    def on_stage(self) -> bool:
        """Whether presenter mode is on: nothing of another conversation may appear."""
        return self.has_class("-presenter")

    # what the groups of actions need of each other

    def open_conversation(self, key: str) -> None:
        """Show a conversation."""
        raise NotImplementedError

    def start_conversation(self, bot: str | None = None) -> None:
        """A new conversation."""
        raise NotImplementedError

    def open_first(self, settings: "Settings", options: "Options") -> None:
        """The most recent conversation, or the first one with the chatbot."""
        raise NotImplementedError

    def open_another(self) -> None:
        """Show another conversation, for the one on the screen is gone."""
        raise NotImplementedError

    def settle_deletions(self) -> bool:
        """Take note of what other windows deleted; whether there was anything."""
        raise NotImplementedError

    def conversations_changed(self) -> None:
        """An order, a title or a mark is another one."""
        raise NotImplementedError

    def follow_turn(self, turn: Turn, *, waits: bool = False) -> None:
        """Follow a turn to its end."""
        raise NotImplementedError

    def send(self, key: str, text: str) -> None:
        """Send a message in a conversation."""
        raise NotImplementedError

    def create_on_server(self, key: str) -> object:
        """Ask for the conversation's id and welcome message."""
        raise NotImplementedError

    def show_failure(self, key: str, failure: Failure) -> None:
        """One toast for a failed turn."""
        raise NotImplementedError

    def title_of(self, key: str) -> str:
        """A conversation's title as it is shown."""
        raise NotImplementedError

    def put_away(self, draft: str) -> None:
        """Keep a text in the prompt history: ↑ brings it back."""
        raise NotImplementedError

    def load_draft(self, key: str) -> None:
        """Put a conversation's draft into the input bar."""
        raise NotImplementedError

    def keep_draft(self) -> None:
        """Have the draft on its way to the disk now."""
        raise NotImplementedError

    def drop_draft(self) -> None:
        """Empty the input bar, for good."""
        raise NotImplementedError

    def save_draft(self, key: str) -> None:
        """Write a conversation's draft."""
        raise NotImplementedError

    def remember_prompts(self) -> object:
        """Read the prompts that ↑ brings back."""
        raise NotImplementedError

    def unread_changed(self, key: str) -> None:
        """A conversation has news, or was looked at."""
        raise NotImplementedError

    def forget_elsewhere(self) -> None:
        """The toast does not speak of another conversation any more."""
        raise NotImplementedError

    def send_typed_ahead(self) -> None:
        """At start: what was sent before the first conversation was open."""
        raise NotImplementedError

    def remind_of_version(self) -> None:
        """Nothing is saved, for a newer version wrote the conversations."""
        raise NotImplementedError

    def not_saved(self, words: str) -> None:
        """Something could not be written."""
        raise NotImplementedError

    def turn_failed(self, key: str, failure: Failure) -> None:
        """One failure, one toast."""
        raise NotImplementedError

    def attach(self, wanted: str) -> None:
        """Open a conversation by its key or conversationId."""
        raise NotImplementedError

    @property
    def undo_is_offered(self) -> bool:
        """Whether the toast on the screen offers to undo a delete."""
        raise NotImplementedError

    def action_undo_delete(self) -> None:
        """Bring back what was deleted last."""
        raise NotImplementedError

    def find_anew(self) -> None:
        """Look for what stands in the find bar in the conversation that is now on the screen."""
        raise NotImplementedError

    def show_all_conversations(self) -> None:
        """Lift the sidebar's filter."""
        raise NotImplementedError

    def turn_stage(self) -> None:
        """Turn presenter mode on, or off."""
        raise NotImplementedError

    def remember_setting(self, name: str, value: str | bool) -> object:
        """Write a setting into config.toml."""
        raise NotImplementedError

    def set_accessible(self, still: bool) -> None:
        """Turn accessible mode on or off for what is on the screen."""
        raise NotImplementedError

    def export_subject(self) -> "Subject | None":
        """The conversation on the screen as an export sees it."""
        raise NotImplementedError

    def user_text(self, index: int) -> str | None:
        """The user's text that a message of the log belongs to."""
        raise NotImplementedError
