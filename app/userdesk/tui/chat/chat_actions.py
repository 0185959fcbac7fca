"""What the chat screen's groups of actions ask of each other."""

from typing import TYPE_CHECKING, Protocol

from userdesk.chat import Turn
from userdesk.domain.failure import Failure
from userdesk.settings import Options, Settings

if TYPE_CHECKING:
    from userdesk.export import Subject


class ChatActions(Protocol):
    """Each is done by one of the groups; the type checker sees to it that the chat screen has all of them."""

    def open_conversation(self, key: str) -> None:
        """Show a conversation."""
        ...

    def start_conversation(self, bot: str | None = None) -> None:
        """A new conversation."""
        ...

    def open_first(self, settings: Settings, options: Options) -> None:
        """The most recent conversation, or the first one with the chatbot."""
        ...

    def open_another(self) -> None:
        """Show another conversation, for the one on the screen is gone."""
        ...

    def settle_deletions(self) -> bool:
        """Take note of what other windows deleted; whether there was anything."""
        ...

    def conversations_changed(self) -> None:
        """An order, a title or a mark is another one."""
        ...

    def follow_turn(self, turn: Turn, *, waits: bool = False) -> None:
        """Follow a turn to its end."""
        ...

    def send(self, key: str, text: str) -> None:
        """Send a message in a conversation."""
        ...

    def was_spoken_in(self, key: str) -> bool:
        """Whether the user said anything in a conversation."""
        ...

    def create_on_server(self, key: str) -> object:
        """Ask for the conversation's id and welcome message."""
        ...

    def show_failure(self, key: str, failure: Failure) -> None:
        """One toast for a failed turn."""
        ...

    def title_of(self, key: str) -> str:
        """A conversation's title as it is shown."""
        ...

    def save_to_history(self, draft: str) -> None:
        """Keep a text in the prompt history: ↑ brings it back."""
        ...

    def load_draft(self, key: str) -> None:
        """Put a conversation's draft into the input bar."""
        ...

    def keep_draft(self) -> None:
        """Have the draft on its way to the disk now."""
        ...

    def drop_draft(self) -> None:
        """Empty the input bar, for good."""
        ...

    def save_draft(self, key: str) -> None:
        """Write a conversation's draft."""
        ...

    def remember_prompts(self) -> object:
        """Read the prompts that ↑ brings back."""
        ...

    def unread_changed(self, key: str) -> None:
        """A conversation has news, or was looked at."""
        ...

    def forget_elsewhere(self) -> None:
        """The toast does not speak of another conversation any more."""
        ...

    def send_typed_ahead(self) -> None:
        """At start: what was sent before the first conversation was open."""
        ...

    def remind_of_version(self) -> None:
        """Nothing is saved, for a newer version wrote the conversations."""
        ...

    def not_saved(self, words: str) -> None:
        """Something could not be written."""
        ...

    def turn_failed(self, key: str, failure: Failure) -> None:
        """One failure, one toast."""
        ...

    def attach(self, wanted: str) -> None:
        """Open a conversation by its key or conversationId."""
        ...

    @property
    def undo_is_offered(self) -> bool:
        """Whether the toast on the screen offers to undo a delete."""
        ...

    def action_undo_delete(self) -> None:
        """Bring back what was deleted last."""
        ...

    def find_anew(self) -> None:
        """Look for what stands in the find bar in the conversation that is now on the screen."""
        ...

    def show_all_conversations(self) -> None:
        """Lift the sidebar's filter."""
        ...

    def turn_stage(self) -> None:
        """Turn presenter mode on, or off."""
        ...

    def remember_setting(self, name: str, value: str | bool) -> object:
        """Write a setting into config.toml."""
        ...

    def set_accessible(self, still: bool) -> None:
        """Turn accessible mode on or off for what is on the screen."""
        ...

    def export_subject(self) -> "Subject | None":
        """The conversation on the screen as an export sees it."""
        ...

    def user_text(self, index: int) -> str | None:
        """The user's text that a message of the log belongs to."""
        ...
