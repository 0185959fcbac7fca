"""From the chat to two chatbots side by side, and back."""

from typing import TYPE_CHECKING

from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.widgets import ChatWidgets

if TYPE_CHECKING:
    from userdesk.tui.beside.side import Pair


class ComparisonCommands:
    """The conversations that were side by side last are gone on with, as long as the left one is open."""

    def __init__(self, widgets: ChatWidgets, program: Program, does: Controllers) -> None:
        self._widgets = widgets
        self._program = program
        self._does = does
        self._chat = does.chat
        self._pair: Pair | None = None

    def ask(self) -> None:
        """Ask which chatbot to compare with; its own may be taken, to see whether its answers differ."""
        if self._does.player.is_playing:
            self._chat.notifier.flash("End the question set first", alert=True)
            return
        here = self._does.conversations.current_bot
        bots = [each.config_name for each in self._chat.service.registry]
        if here not in bots:
            self._chat.notifier.flash("The chatbot of this conversation is not configured", alert=True)
            return
        bots.sort(key=lambda bot: bot == here)
        names = [self._chat.directory.shown_name(bot) for bot in bots]
        title = f"Compare {names[-1]} with"
        names[-1] += " once more"
        self._chat.dialogs.pick(title, names, lambda index: self.compare_with(bots[index]), take="compare")

    def compare_with(self, bot: str) -> None:
        """The chatbot of this conversation and another one side by side."""
        from userdesk.tui.beside.screen import BesideScreen

        pair, current = self._pair, self._chat.state.current
        if pair and (pair.left != current or self._chat.directory.bot_of(pair.right) != bot):
            pair = None
        self._chat.dialogs.show(
            BesideScreen(self._widgets, self._program, self._does, bot, pair), self._compared
        )

    def _compared(self, pair: "Pair | None") -> None:
        self._pair = pair
        self._widgets.input_bar.focus()
