"""Which of two logs is meant, and what Esc, Ctrl+C and the keys that scroll and find do there."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from textual.screen import Screen
from textual.widgets import Input, TextArea

from userdesk.tui.beside.side import Side
from userdesk.tui.chat.controllers import Program
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.commands import CommandRegistry
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.widgets.find_bar import FindBar
from userdesk.tui.widgets.toast import ActionToast


class BesideNavigation:
    """Moves between the two logs, the input bar and the find bar of one of them."""

    def __init__(
        self,
        screen: Screen[Any],
        sides: Sequence[Side],
        input_bar: InputBar,
        toast: ActionToast,
        chat: ChatParts,
        program: Program,
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        self._screen = screen
        self._sides = sides
        self._input = input_bar
        self._toast = toast
        self._chat = chat
        self._program = program
        self._leave = leave
        self._find_bar: FindBar | None = None
        self.meant = sides[0]
        """The side that had the keys last."""

    def bind(self, commands: CommandRegistry) -> None:
        """Give the commands their handlers."""

        def is_finding() -> bool:
            return self._find_bar is not None

        commands.bind("stop", self._step_back)
        commands.bind("interrupt", self._interrupt)
        commands.bind("remedy", self._recover)
        commands.bind("find", self._find)
        commands.bind("next_match", lambda: self._step_match(1), is_finding)
        commands.bind("previous_match", lambda: self._step_match(-1), is_finding)
        commands.bind("page_up", lambda: self._scroll(lambda log: log.action_page(-1)))
        commands.bind("page_down", lambda: self._scroll(lambda log: log.action_page(1)))
        commands.bind("follow", lambda: self._scroll(lambda log: log.action_to_end()))
        commands.bind("to_input", self._input.focus)

    def focus_changed(self) -> None:
        """Perhaps the other side is meant now."""
        self.meant = next((side for side in self._sides if side.has_focus_within), self.meant)
        self._input.invite(takes_keys=self._screen.focused in (None, self._input))

    def _scroll(self, move: Callable[[MessageLog], None]) -> None:
        """The log that has the keys; from the input bar, both."""
        logs = [side.log_view for side in self._sides]
        for log in [log for log in logs if log.has_focus] or logs:
            move(log)

    async def _step_back(self) -> None:
        """The mildest thing first: close a field, back to the input bar, stop both, dismiss, leave."""
        screen = self._screen
        if self._find_bar:
            await self._end_find()
        elif screen.selections:
            screen.clear_selection()
        elif screen.focused is not self._input:
            self._input.focus()
        elif self._stop() or any([side.recovery.cancel_scheduled() for side in self._sides]):
            pass
        elif self._toast.display:
            self._chat.notifier.dismiss()
        else:
            await self._leave()

    def _stop(self) -> bool:
        """Stop both answers, and take back what waits behind them; whether there was any."""
        turns = [turn for side in self._sides for turn in self._chat.service.turns(side.key)]
        for turn in reversed(turns):
            turn.stop()
        return bool(turns)

    async def _interrupt(self) -> None:
        """Copy a selection; else leave a field, stop both, put the draft away, ask to quit."""
        screen, input_bar, field = self._screen, self._input, self._screen.focused
        in_field = field.selected_text if isinstance(field, Input | TextArea) else ""
        if selected := in_field or screen.get_selected_text():
            self.meant.of_log.copying.copy(selected, "the selection")
            screen.clear_selection()
        elif self._find_bar:
            await self._end_find()
        elif self._stop():
            pass
        elif input_bar.text.strip():
            self._chat.prompts.add(input_bar.whole_text)
            input_bar.put(input_bar.stays)
            self._chat.notifier.flash("The draft is in the prompt history · ↑ restores it")
        else:
            self._program.ask_to_quit()

    async def _recover(self) -> None:
        """What the toast offers; without one, what helps with the side that failed."""
        sides = sorted(self._sides, key=lambda side: side is not self.meant)
        failed = [side for side in sides if side.recovery.failed_turn(side.key)]
        await (failed or sides)[0].recovery.act()

    async def _find(self) -> None:
        """In the log that had the keys last."""
        side, bar = self.meant, self._find_bar
        if bar is None or bar.parent is not side:
            if bar:
                await bar.close()
            bar = self._find_bar = FindBar(side.log_view, id="find")
            await side.mount(bar, after=0)
        bar.field.focus()

    def _step_match(self, direction: int) -> None:
        if self._find_bar:
            self._find_bar.action_go(direction)

    async def _end_find(self) -> None:
        bar, self._find_bar = self._find_bar, None
        if bar:
            self._input.focus()
            await bar.close()
