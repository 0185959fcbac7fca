"""The chat screen: sidebar, message log, input bar, status; each message of theirs goes to one controller."""

import logging
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import TextArea
from textual.worker import Worker, WorkerState

from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings import Options
from userdesk.tui.chat.commands import bind_commands
from userdesk.tui.chat.comparing import ComparisonCommands
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.display import ChatDisplay
from userdesk.tui.chat.indexing import AGAIN_EVERY
from userdesk.tui.chat.navigation import Navigation
from userdesk.tui.chat.presenter import stage
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.commands import Command, CommandRegistry, bindings
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.sidebar import Sidebar
from userdesk.tui.terminal.open_widgets import AIR, AIRY, WindowSized

WATCH_EVERY = 2.0  # s between two looks at what other processes did to the data folder

_log = logging.getLogger("userdesk.tui")


class ChatScreen(WindowSized[None]):
    """Wires the parts: `does` acts, `chat_display` shows what there is, `navigation` keeps the focus."""

    AUTO_FOCUS = "#input"
    VERTICAL_BREAKPOINTS = AIR
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("anywhere")]

    def __init__(self, program: Program, options: Options) -> None:
        super().__init__()
        self._program = program
        self._options = options
        settings = program.settings
        self.state = state = ChatState(
            by_chatbot=settings.group_by == "chatbot", accessible=settings.accessible
        )
        self.widgets = widgets = ChatWidgets(
            lambda key: self.does.chat.directory.mark_of(key), accessible=state.accessible
        )
        self.does = Controllers(self, widgets, program, state)
        if self.does.chat.presenter.for_visitor:
            self.add_class("-presenter", "-visitor")
        self.commands = CommandRegistry(self._allows)
        self.chat_display = ChatDisplay(self, widgets, program, self.does, self.commands.applies)
        self.navigation = Navigation(self, widgets, program, self.does)
        self.comparing = ComparisonCommands(widgets, program, self.does)
        bind_commands(self.commands, widgets, self.navigation, program, self.does, self.comparing)

    def compose(self) -> ComposeResult:
        """The widgets."""
        yield from self.widgets.compose()

    # start

    def on_mount(self) -> None:
        """Take keys at once, name the chatbot; conversations come when they are read."""
        self._fit_to_window()
        self.widgets.input_bar.send_keys = self._program.shortcuts.of("send")
        newline = self._program.shortcuts.of("newline")
        self.widgets.input_bar.newline_keys = (*newline, "shift+\r") if "shift+enter" in newline else newline
        self.chat_display.greet()
        self.does.player.is_awaited = self._options.play is not None
        self.set_interval(WATCH_EVERY, self.does.watcher.watch)
        self.set_interval(AGAIN_EVERY, self.does.indexing.begin)
        self.watch(self.app, "app_focus", self.chat_display.attention_changed, init=False)

    def on_unmount(self) -> None:
        """Nothing is shown any more."""
        self.chat_display.end()

    async def glance_at_first(self) -> None:
        """Before the store is read: what will probably be the first conversation."""
        if not (self._options.beside or self._options.conversation or self._options.play):
            await self.does.conversations.glance_at_first()

    async def open_first(self) -> None:
        """The store was read: the first conversation, and what was sent before it was there."""
        settings, does = self._program.settings, self.does
        does.chat.prompts.refresh()
        is_first_start = not len(does.chat.directory)
        if self._options.beside:
            self.comparing.compare_with(self._options.beside)
        else:
            await does.conversations.open_first(self._options.conversation)
        if is_first_start and settings.start_bot == DEMO_BOT and not settings.chatbots:
            self._tell_of_demo(self._program.shortcuts.way_to("chatbots"))
        elif does.chat.presenter.for_visitor and does.chat.is_demo(self.state.current):
            self._tell_of_demo()
        does.save_notices.remind()
        if not self._options.beside:
            does.turns.send_typed_ahead(settings.start_bot)
        if self._options.play:
            does.player.play(str(self._options.play), bot=settings.start_bot)

    def _tell_of_demo(self, way: str = "") -> None:
        """Say that this is no real chatbot, and how to connect one, where that can be done."""
        if self.has_class("-narrow"):  # a notice would cover the welcome
            connects = f" · {way} connects yours" if way else ""
            self.does.chat.notifier.flash(f"Demo chatbot{connects}", alert=True)
        else:
            connects = f" {way} connects a real one." if way else ""
            self.notify(f"This is the embedded demo chatbot.{connects}", markup=False)

    # commands

    def _allows(self, command: Command) -> bool:
        """A visitor's commands alone; until the conversations are read one can only write and leave."""
        if not self._program.shortcuts.has(command.id):
            return False
        if command.id in ("paste", "quit"):
            return True
        is_ready = self.state.is_loaded and self.widgets.log.is_mounted
        return is_ready and not (command.hidden_in_presenter and self.does.chat.presenter.is_on)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key's command can be done now."""
        if action == "command":
            return self.commands.available(str(parameters[0]))
        return super().check_action(action, parameters)

    async def action_command(self, command_id: str) -> None:
        """Do what a key stands for."""
        await self.commands.run(command_id)

    @on(Worker.StateChanged)
    def worker_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours in the background: say so, and go on."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            _log.error("worker %s failed", event.worker.name, exc_info=error)
            where = "" if self.does.chat.presenter.for_visitor else "See the log file"
            self.does.chat.notifier.tell("Something went wrong in userdesk", where, "Nothing is lost")

    # the input bar

    @on(InputBar.Submitted)
    def message_submitted(self, event: InputBar.Submitted) -> None:
        """Enter: the message goes to the conversation it was written in."""
        key = event.key or self.state.current
        self.does.chat.drafts.put(key, self.widgets.input_bar.stays if key == self.state.current else "")
        self.does.turns.submit(key, event.text)

    @on(InputBar.Refused)
    def message_refused(self, event: InputBar.Refused) -> None:
        """Enter where nothing can be sent: say why; what is written stays."""
        self.does.chat.notifier.flash(event.reason, alert=True)

    @on(TextArea.Changed, "#input")
    def text_changed(self) -> None:
        """Keep what is typed; a question that is edited has other keys."""
        self.does.chat.drafts.changed()
        self.does.player.refresh()

    # the sidebar

    @on(ConversationList.Opened)
    async def conversation_chosen(self, event: ConversationList.Opened) -> None:
        """Chosen in the sidebar: on to writing."""
        await self.does.conversations.read_and_open(event.key)
        if self.widgets.sidebar.has_class("-open"):
            self.navigation.lift_filter()
        self.widgets.sidebar.remove_class("-open")
        self.widgets.input_bar.focus()

    @on(Sidebar.Renamed)
    def conversation_renamed(self, event: Sidebar.Renamed) -> None:
        """The new title was given."""
        self.does.sidebar.rename(event.key, event.title)

    @on(Sidebar.Filtered)
    def conversations_filtered(self, event: Sidebar.Filtered) -> None:
        """The sidebar shows what was asked for."""
        self.does.sidebar.filter(event.words)
        self.does.verdicts.refresh()

    # the log

    @on(MessageLog.Moved)
    def log_moved(self) -> None:
        """Other keys do something now."""
        self.chat_display.show_hints()

    @on(MessageLog.LinkPicked)
    def link_picked(self, event: MessageLog.LinkPicked) -> None:
        """The sign of a link was typed, or something else."""
        self.does.links.picked(event.href)

    @on(MessageLog.LinkOpened)
    def link_clicked(self, event: MessageLog.LinkOpened) -> None:
        """A link was clicked."""
        self.does.links.ask_to_open(event.href)

    @on(events.DescendantBlur)
    def part_left(self, event: events.DescendantBlur) -> None:
        """What was found in the log is marked until the log is left."""
        if event.widget is self.widgets.log and self.app.app_focus:
            self.does.screens.log_left()

    # focus and size

    def on_descendant_focus(self) -> None:
        """Other keys matter now."""
        self.chat_display.focus_changed()

    def on_resize(self) -> None:
        """Other sizes have another layout."""
        self._fit_to_window()

    def _fit_to_window(self) -> None:
        """Other widths have another layout, low screens no edges."""
        self.widgets.log.bubbles.edged = self.app.size.height >= AIRY
        self.navigation.resized()
        stage(self, is_on=self.does.chat.presenter.is_on)
