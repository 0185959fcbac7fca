"""Presenter mode: what an audience has no use for, and what is none of its business, is not shown."""

from userdesk.tui.chat.opening import OpeningActions
from userdesk.tui.commands import COMMANDS

OFF_STAGE = frozenset(command.action for command in COMMANDS if command.hidden_in_presenter)
"""Actions that would show ids, keys, figures or the names of other conversations and chatbots."""


class PresentActions(OpeningActions):
    """The class `-presenter` is the mode; `on_stage` asks for it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What would show other conversations can't be done on stage."""
        if action in OFF_STAGE and self.on_stage:
            return False
        return super().check_action(action, parameters)

    def action_presenter(self) -> None:
        """On stage, or off it again."""
        self.turn_stage()
        self.input_bar.focus()

    def turn_stage(self) -> None:
        """Turn presenter mode on, or off."""
        on_stage = self.toggle_class("-presenter").has_class("-presenter")
        self.log_view.bubbles.annotations = self.annotations
        if on_stage:
            conversation = self.board.conversation
            self.stage_bot = conversation.bot if conversation else ""
            self.clear_stage()
        if self.board.current:
            self.log_view.show(self.board.view(self.board.current))
        self.remember_prompts()
        self.conversations_changed()
        self.status.flash(
            f"Presenter mode · {self.userdesk.spoken_key('presenter')} ends it" if on_stage else ""
        )

    def clear_stage(self) -> None:
        """Take away what may speak of other conversations."""
        self.sidebar.remove_class("-open")
        self.run_worker(self.sidebar.end_edit(), group="stage", exit_on_error=False)
        self.toast.dismiss()
        self.app.clear_notifications()
        self.status.release()

    def open_conversation(self, key: str) -> None:
        """On stage ↑ brings back what was said in this conversation alone."""
        super().open_conversation(key)
        if self.on_stage:
            self.remember_prompts()
