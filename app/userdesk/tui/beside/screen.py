"""Two chatbots side by side: what is sent goes to both, each answer into a conversation of its own."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widgets import Static, TextArea

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.failure import Failure
from userdesk.tui.beside.likeness_row import LikenessRow
from userdesk.tui.beside.navigation import BesideNavigation
from userdesk.tui.beside.side import Pair, Side
from userdesk.tui.chat.common_commands import bind_common_commands
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.display import hints_for
from userdesk.tui.chat.log_commands import bind_log_commands
from userdesk.tui.chat.navigation import tell_too_small
from userdesk.tui.chat.outside import OutsideText
from userdesk.tui.chat.presenter import stage
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.commands import CommandRegistry, bindings
from userdesk.tui.dialogs.dialog import ClosedOnce
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.terminal.open_widgets import AIR, AIRY
from userdesk.tui.widgets.status_bar import StatusBar
from userdesk.tui.widgets.toast import ActionToast

SIDE_BY_SIDE = 100
"""Cells of width from which on the logs stand beside each other; on narrower screens one above the other."""
MEASURE = 2 * 92
"""Cells of both conversations at most before an audience."""


class BesideScreen(ClosedOnce[Pair]):
    """Takes over from the chat screen until it is left; then the left conversation is open there.

    The result is the two conversations. Turns are the chat screen's, so that answers go on arriving wherever
    one goes, and so are drafts and news, which come to the widgets here for the time being.
    """

    AUTO_FOCUS = "#input"
    VERTICAL_BREAKPOINTS = AIR
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("anywhere")]

    def __init__(
        self,
        home: ChatWidgets,
        program: Program,
        does: Controllers,
        bot: str,
        pair: Pair | None,
    ) -> None:
        """`bot` is the chatbot on the right; `pair` the conversations to go on with, None for new ones."""
        super().__init__()
        self._home = home
        self._program = program
        self._does = does
        self._chat = chat = does.chat
        self._pair = pair
        self.input_bar = InputBar(id="input")
        self._status = StatusBar(id="status")
        bots = does.conversations.current_bot, bot
        self.left, self.right = (Side(program, does, self.input_bar, each) for each in bots)
        self.sides = self.left, self.right
        self._logs = Container(*self.sides, id="sides")
        self._toast = ActionToast(self._logs, id="toast")
        self._toast.stop_key = chat.shortcuts.spoken("stop")
        self._likeness = LikenessRow()
        self._main = Vertical(self._logs, self._likeness, self.input_bar, id="main")
        self._too_small = Static("", id="too-small", markup=False)
        self._navigation = BesideNavigation(
            self, self.sides, self.input_bar, self._toast, chat, program, self.leave
        )
        self.commands = CommandRegistry(
            lambda command: not (command.hidden_in_presenter and chat.presenter.is_on)
        )
        self._bind()
        self._silenced: list[tuple[list[Any], Callable[..., None]]] = [
            (does.turns.on_failed, does.recovery.failed),
            (does.watcher.on_polled, does.verdicts.refresh),
        ]
        """The chat screen's listeners in place of which ours listen."""
        self._listening: list[tuple[list[Any], Callable[..., None]]] = [
            (does.turns.on_failed, self._failed),
            (does.conversations.on_opened, self._opened_elsewhere),
            (does.watcher.on_view_replaced, self._show),
            (does.watcher.on_polled, self._polled),
            (chat.state.on_changed, self._refresh),
            (chat.presenter.on_toggled, self._presenter_toggled),
        ]

    def compose(self) -> ComposeResult:
        """In the order in which Tab walks them: left log, right log, input bar."""
        yield self._main
        yield self._status
        yield self._toast
        yield self._too_small

    # coming and going

    def on_mount(self) -> None:
        """Take over, and begin."""
        does, chat = self._does, self._chat
        input_bar = self.input_bar
        input_bar.send_keys = self._home.input_bar.send_keys
        input_bar.newline_keys = self._home.input_bar.newline_keys
        input_bar.elsewhere = self._home.input_bar.elsewhere
        names = dict.fromkeys(chat.directory.shown_name(side.bot) for side in self.sides)
        input_bar.address(" and ".join(names))
        chat.notifier.move_to(self._status, self._toast)
        chat.drafts.move_to(input_bar)
        self.left.act_on(chat.state)
        self.right.act_on(chat.state.turned(NO_KEY, chat.state.current))
        for listeners, listener in self._silenced:
            listeners.remove(listener)
        for listeners, listener in self._listening:
            listeners.append(listener)
        self.watch(self.app, "app_focus", self._attention_changed, init=False)
        if self._pair:
            for side, key in zip(self.sides, self._pair, strict=True):
                self._open(side, key)
        else:
            self._start()
        self._presenter_toggled()
        does.save_notices.remind()
        for text in does.turns.take_typed_ahead():
            self._send(text)
        if not chat.presenter.is_on:
            chat.notifier.flash("Messages go to both")

    def _start(self) -> None:
        """A new conversation on both sides; blank ones are used again."""
        for side in self.sides:
            self._open(side, NO_KEY)

    def _open(self, side: Side, key: ConversationKey) -> None:
        """Show a conversation on a side, a new one where no key is given."""
        if key:
            side.conversations.open(key)
        else:
            side.conversations.start(side.bot)
        other = self.right if side is self.left else self.left
        other.chat.state.beside = side.key
        side.chat.state.beside = other.key

    def _new_pair(self) -> None:
        before = [side.key for side in self.sides]
        self._start()
        if [side.key for side in self.sides] == before:
            self._chat.notifier.flash("These conversations are still blank")

    async def leave(self) -> None:
        """Back to the chat, with the left conversation open and what is being written in its input bar."""
        if self._chat.service.conversation(self.left.key):
            self._does.conversations.open(self.left.key)
        else:  # deleted in another window
            await self._does.conversations.open_another()

    def _opened_elsewhere(self, key: ConversationKey) -> None:
        """The chat screen has another conversation to show, or the left one again."""
        does, chat = self._does, self._chat
        pair = Pair(self.left.key, self.right.key)
        for listeners, listener in self._listening:
            listeners.remove(listener)
        for listeners, listener in self._silenced:
            listeners.append(listener)
        chat.state.beside = NO_KEY
        chat.notifier.move_to(self._home.status, self._home.toast)
        chat.drafts.move_to(self._home.input_bar)
        does.save_notices.remind()
        does.watcher.poll(thoroughly=True)
        self.dismiss(pair)

    # commands

    def _bind(self) -> None:
        outside = OutsideText(
            *(self._chat, self.input_bar, self._program.clipboard),
            lambda: self.app.clipboard,
            self._program.edit,
        )
        bind_common_commands(self.commands, self.input_bar, outside, self._program, self._does)
        bind_log_commands(self.commands, lambda: self._navigation.meant.of_log)
        self._navigation.bind(self.commands)
        self.commands.bind("new_conversation", self._new_pair)
        self.commands.bind("compare", self.leave)
        self.commands.bind("presenter", lambda: self._chat.presenter.toggle(self.left.bot))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key's command can be done now."""
        if action == "command":
            return self.commands.offers(str(parameters[0]))
        return super().check_action(action, parameters)

    async def action_command(self, command_id: str) -> None:
        """Do what a key stands for."""
        await self.commands.run(command_id)

    # turns

    @on(InputBar.Submitted)
    def message_submitted(self, event: InputBar.Submitted) -> None:
        """Enter: the message goes to both."""
        self._chat.drafts.put(self.left.key, self.input_bar.stays)
        self._send(event.text)

    def _send(self, text: str) -> None:
        for side in self.sides:
            self._does.turns.send(side.key, text)
            side.log_view.action_to_end()
        # A message that still waits is kept as a draft; the left conversation's is saved as it is typed.
        self._chat.drafts.save(self.right.key)

    @on(InputBar.Refused)
    def message_refused(self, event: InputBar.Refused) -> None:
        """Enter where nothing can be sent: say why; what is written stays."""
        self._chat.notifier.flash(event.reason, alert=True)

    @on(TextArea.Changed, "#input")
    def text_changed(self) -> None:
        """Keep what is typed as the left conversation's draft."""
        self._chat.drafts.changed()

    def _failed(self, key: ConversationKey, failure: Failure) -> None:
        """Told with the chatbot's name; what failed elsewhere offers the way there."""
        recoveries = {side.key: side.recovery for side in self.sides}
        recoveries.get(key, self._does.recovery).failed(key, failure)

    # the logs

    @on(MessageLog.Moved)
    def log_moved(self) -> None:
        """Other keys do something now."""
        self._show_hints()

    @on(MessageLog.LinkPicked)
    def link_picked(self, event: MessageLog.LinkPicked) -> None:
        """The sign of a link was typed, or something else."""
        self._navigation.meant.of_log.links.picked(event.href)

    @on(MessageLog.LinkOpened)
    def link_clicked(self, event: MessageLog.LinkOpened) -> None:
        """A link was clicked."""
        self._navigation.meant.of_log.links.ask_to_open(event.href)

    # what is shown

    def _show(self) -> None:
        for side in self.sides:
            side.show()

    def _polled(self) -> None:
        for side in self.sides:
            side.of_log.verdicts.refresh()

    def _refresh(self) -> None:
        """A title, a mark or a turn is another one."""
        for side in self.sides:
            side.refresh_title()
        keys = {side.key for side in self.sides}
        self.input_bar.set_class(bool(keys & self._chat.service.busy_keys()), "-streaming")
        self.input_bar.set_class(bool(keys & self._chat.state.failed), "-failed")
        turns = [None if self._chat.presenter.is_on else side.last_turn for side in self.sides]
        self._likeness.show(*turns)
        self._show_hints()

    def _presenter_toggled(self) -> None:
        stage(self, is_on=self._chat.presenter.is_on, measure=MEASURE)
        self._show()
        self._refresh()

    def _attention_changed(self, looks: bool) -> None:
        for side in self.sides:
            side.log_view.attention_changed(looks)

    def _show_hints(self) -> None:
        turns = any(self._chat.service.turns(side.key) for side in self.sides)
        hints = hints_for(
            self.focused,
            self._chat.shortcuts,
            turns,
            applies=self._applies,
            offers=self._applies,
            idle="leave",
        )
        self._status.show_hints([] if self._chat.presenter.is_on else hints)

    def _applies(self, command_id: str) -> bool:
        return self.commands.offers(command_id) and self.commands.applies(command_id)

    def on_descendant_focus(self) -> None:
        """Other keys matter now, and perhaps the other side."""
        self._navigation.focus_changed()
        self._show_hints()

    def on_resize(self) -> None:
        """Beside each other or one above the other; low screens have no edges."""
        width, height = self.app.size
        is_stacked = width < SIDE_BY_SIDE
        self.set_class(is_stacked, "-stacked")
        for side in self.sides:
            side.log_view.bubbles.edged = height >= AIRY * (2 if is_stacked else 1)
        tell_too_small(self, self._too_small, self.input_bar)
        stage(self, is_on=self._chat.presenter.is_on, measure=MEASURE)
