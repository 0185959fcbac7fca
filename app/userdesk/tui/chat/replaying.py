"""From the chat into the replay of its conversation, and back."""

from userdesk.domain.safe_text import clean_line
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.sidebar.rows import title_of


class ReplayActions(ChatParts):
    """The conversation on the screen, played from its transcript."""

    def action_replay(self) -> None:
        """`p` in the log: show the conversation again as it came, from the chosen message on."""
        from userdesk.tui.replay.screen import Recorded, ReplayScreen

        conversation = self.board.conversation
        view = self.board.view(self.board.current) if conversation else None
        if conversation is None or view is None or not view.settled:
            self.status.flash("There is nothing to replay here yet")
            return
        chatbot = self.service.registry.get(conversation.bot)
        recorded = Recorded(
            view,
            clean_line(chatbot.name if chatbot else conversation.bot, 40),
            title_of(conversation),
            start=min(self.log_view.chosen_index or 0, view.settled - 1),
        )

        def ended(_: None) -> None:
            self.input_bar.focus()

        def turn_stage() -> bool:
            self.turn_stage()
            return self.on_stage

        screen = ReplayScreen(
            recorded, on_stage=self.on_stage, turn_stage=turn_stage, still=self.log_view.still
        )
        self.app.push_screen(screen, ended)
