"""From the chat into the switcher, and to what was found there; and into a replay, and back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.rows import title_of

if TYPE_CHECKING:
    from userdesk.tui.switcher.screen import Chosen


@dataclass(eq=False, repr=False)
class OtherScreens:
    """The screens that take the chat's place for a while."""

    _chat: ChatParts
    _conversations: ConversationsController
    _log: MessageLog
    _input: InputBar
    _indexed: Callable[[], int | None] = lambda: None
    """How much of what is searched is in the index, in percent, while it is being built."""
    _is_found_marked: bool = field(default=False, init=False)

    def switch(self) -> None:
        """The switcher over all conversations; for an audience, over those with the same chatbot."""
        from userdesk.tui.switcher.screen import SwitcherScreen

        here = self._chat.state.current
        names = {chatbot.config_name: chatbot.name for chatbot in self._chat.service.registry}
        screen = SwitcherScreen(
            self._chat.service.store,
            self._chat.directory.all,
            names,
            only_bot=self._chat.directory.bot_of(here) if self._chat.presenter.is_on else "",
            current=here,
            previous=self._chat.state.previous,
            times=lambda: self._chat.directory.times,
            indexed=self._indexed,
        )
        self._chat.dialogs.show(screen, self._go_to)

    async def _go_to(self, chosen: "Chosen | None") -> None:
        if chosen is None:
            return
        await self._conversations.read_and_open(chosen.key)
        if chosen.index is None or chosen.index >= len(self._chat.views.of(chosen.key)):
            self._input.focus()
            return
        # The message that was looked for, chosen in the log, its words marked until the log is left.
        from userdesk.store.search.query import SearchQuery

        query = SearchQuery(chosen.words)
        self._log.focus()
        self._log.highlight(query.spans if query else None)
        self._log.show_first_match(chosen.index)
        self._log.cursor = chosen.index
        self._is_found_marked = True

    def log_left(self) -> None:
        """Back to writing: what was found is not marked any more."""
        if self._is_found_marked:
            self._is_found_marked = False
            self._log.highlight(None)

    def replay(self) -> None:
        """Show the conversation again as it came, from the chosen message on."""
        from userdesk.tui.replay.screen import Recorded, ReplayScreen

        conversation = self._chat.directory.current
        view = self._chat.views.current if conversation else None
        if conversation is None or view is None or not view.settled:
            self._chat.notifier.flash("There is nothing to replay yet")
            return
        name, start = self._chat.directory.shown_name(conversation.bot), self._log.cursor or 0
        recorded = Recorded(view, name, title_of(conversation), start=min(start, view.settled - 1))

        def toggle_presenter() -> bool:
            self._chat.presenter.toggle(conversation.bot)
            return self._chat.presenter.is_on

        screen = ReplayScreen(
            recorded,
            for_audience=self._chat.presenter.is_on,
            toggle_presenter=toggle_presenter,
            still=self._chat.state.accessible,
        )
        self._chat.dialogs.show(screen, lambda _: self._input.focus())
