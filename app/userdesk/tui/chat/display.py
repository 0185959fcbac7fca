"""What the chat screen's widgets show of its state: rows, title, whom a message goes to, hints."""

from collections.abc import Callable

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from userdesk.chat import Turn
from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.safe_text import clean_line
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.presenter import stage
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.commands import COMMANDS, Place
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import title_of
from userdesk.tui.ticker import Ticker
from userdesk.tui.widgets.status_bar import Hint

SPINNER_PERIOD = 0.125  # s
FIELD_HINTS: dict[str, tuple[list[Hint], str]] = {
    "rename-field": ([("Enter", "rename")], "cancel"),
    "filter-field": ([("Enter", "go to list")], "clear"),
    "find-field": ([("Enter", "next"), ("↑", "previous")], "close"),
}
"""By the field's id, last what the command `stop` does there."""


class ChatDisplay:
    """Listens to the state and the controllers, and draws."""

    def __init__(
        self,
        screen: Screen[None],
        widgets: ChatWidgets,
        program: Program,
        does: Controllers,
        applies: Callable[[str], bool],
    ) -> None:
        """`applies` tells whether a command would do something now."""
        self._applies = applies
        self._screen = screen
        self._widgets = widgets
        self._program = program
        self._does = does
        self._chat = does.chat
        self._spinner_clock = Ticker(SPINNER_PERIOD, widgets.sidebar.list.spin)
        does.chat.presenter.on_toggled.append(self._presenter_toggled)
        does.preferences.on_accessible.append(self._accessible_toggled)
        does.conversations.on_glanced_at.append(self._glanced_at)
        does.conversations.on_opened.append(self._opened)
        does.conversations.on_creating.append(self._creating)
        does.turns.on_started.append(self._turn_started)
        does.watcher.on_view_replaced.append(self.show_current)
        does.turns.on_finished.append(self._turn_finished)
        does.chat.state.on_changed.append(self.refresh)

    # what is shown

    def greet(self) -> None:
        """At start: name the chatbot before its conversations are read; what is typed meanwhile is kept."""
        self._widgets.log.bubbles.annotations = self._chat.annotations
        if chatbot := self._chat.service.registry.get(self._program.settings.start_bot):
            self._widgets.input_bar.address(clean_line(chatbot.name, 40))

    def end(self) -> None:
        """Nothing is drawn any more."""
        self._spinner_clock.run(False)

    def refresh(self) -> None:
        """An order, a title or a mark is another one."""
        screen, current = self._screen, self._chat.state.current
        if not screen.is_mounted:
            return
        self._show_rows()
        self._widgets.sidebar.list.refresh_marks()
        if conversation := self._chat.directory.current:
            self._address(conversation)
        busy = self._chat.service.busy_keys()
        is_turning = bool(busy) and not self._chat.state.accessible and screen.app.app_focus
        self._spinner_clock.run(is_turning)
        self._widgets.input_bar.set_class(current in busy, "-streaming")
        self._widgets.input_bar.set_class(current in self._chat.state.failed, "-failed")
        self.show_hints()

    def show_current(self) -> None:
        """Draw the conversation on the screen anew."""
        if self._chat.state.current:
            self._widgets.log.show(self._chat.views.current)

    def _glanced_at(self, end: ConversationView) -> None:
        self._widgets.log.bubbles.annotations = self._chat.annotations
        self._widgets.log.show(end, only_end=True)

    def _opened(self, key: ConversationKey) -> None:
        self._widgets.log.bubbles.annotations = self._chat.annotations
        self.show_current()
        self._show_rows()
        self._widgets.sidebar.list.active = key

    def _show_rows(self) -> None:
        rows, current = self._chat.directory.rows(), self._chat.directory.current
        if len(rows) < 3 and current and not current.title and not self._chat.state.filter:
            way = self._chat.shortcuts.way_to("new_conversation")
            rows = rows.with_more("", "Conversations are saved", "and listed here.", f"New: {way}")
        self._widgets.sidebar.show(rows)

    def _address(self, conversation: Conversation) -> None:
        """Name the chatbot in the title and the input bar, or say why nothing can be sent."""
        input_bar, registry = self._widgets.input_bar, self._chat.service.registry
        name = self._chat.directory.shown_name(conversation.bot)
        title = self._chat.presenter.private(title_of(conversation))
        is_only_one = [each.config_name for each in registry] == [conversation.bot]
        heading = Content.assemble((name, "bold"), (f"  {title}", "$dim"))
        if title and is_only_one:  # the input bar has its name
            heading = Content.styled(title, "bold")
        if heading != self._widgets.title.content:
            self._widgets.title.update(heading)
        if registry.for_conversation(conversation):
            input_bar.address(name)
        elif not conversation.bot:
            input_bar.refuse("The chatbot of this conversation is unknown: it is read-only")
        elif registry.get(conversation.bot) is None:
            way = self._chat.shortcuts.way_to("chatbots")
            input_bar.refuse(f"The chatbot “{name}” is not configured: connect it with {way}")
        else:
            input_bar.refuse(f"“{name}” is now another chatbot: this conversation is read-only")

    def _creating(self, key: ConversationKey, is_under_way: bool) -> None:
        if key == self._chat.state.current:
            send, help_ = (self._chat.shortcuts.way_to(each) for each in ("send", "help"))
            keys = "" if self._chat.presenter.for_audience else f" {send} to send, {help_} for help."
            greeting = f"Ask anything.{keys}"
            self._widgets.log.empty_words = "Starting the conversation…" if is_under_way else greeting
            self._widgets.log.redraw()

    # turns

    def _turn_started(self, turn: Turn) -> None:
        if turn.key == self._chat.state.current:
            self._widgets.log.action_to_end()

    def _turn_finished(self, key: ConversationKey) -> None:
        if not self._screen.app.app_focus and not self._chat.presenter.is_on:
            self._program.notify_outside(self._chat.directory.title(key))

    # modes

    def _presenter_toggled(self) -> None:
        screen, presenter = self._screen, self._chat.presenter
        stage(screen, is_on=presenter.is_on)
        self._widgets.log.bubbles.annotations = self._chat.annotations
        if presenter.is_on:  # take away what may speak of other conversations
            self._widgets.sidebar.remove_class("-open")
            screen.run_worker(self._widgets.sidebar.end_edit(), group="presenter", exit_on_error=False)
            self._chat.notifier.dismiss()
            screen.app.clear_notifications()
            self._chat.notifier.release()
        self._widgets.log.redraw()
        self._chat.prompts.refresh()
        self.refresh()
        ends = f"Presenter mode · {self._chat.shortcuts.way_to('presenter')} ends it"
        self._chat.notifier.flash(ends if presenter.is_on else "")

    def _accessible_toggled(self, is_on: bool) -> None:
        screen = self._screen
        self._widgets.log.still = self._widgets.sidebar.list.still = is_on
        screen.set_class(is_on, "-accessible")
        self.show_current()
        self.refresh()

    def attention_changed(self, looks: bool) -> None:
        """The terminal lost or got the focus: spinners stop; what other windows wrote meanwhile counts."""
        self._widgets.log.attention_changed(looks)
        if not looks:
            self._spinner_clock.run(False)
        elif self._chat.state.is_loaded:
            self._does.watcher.poll(thoroughly=True)
            self.refresh()

    # hints

    def focus_changed(self) -> None:
        """Other keys matter now."""
        input_bar, focused = self._widgets.input_bar, self._screen.focused
        input_bar.invite(takes_keys=focused in (None, input_bar))
        self.show_hints()

    def show_hints(self) -> None:
        """The keys that matter where the focus is; for an audience none."""
        if self._chat.presenter.for_audience:
            self._widgets.status.show_hints([])
            return
        turns = len(self._chat.service.turns(self._chat.state.current))
        locked = bool(self._widgets.input_bar.locked)
        hints = hints_for(
            self._screen.focused, self._chat.shortcuts, turns, locked=locked, applies=self._applies
        )
        self._widgets.status.show_hints(hints)


def hints_for(
    focused: Widget | None,
    shortcuts: Shortcuts,
    turns: int,
    *,
    locked: bool = False,
    applies: Callable[[str], bool] = lambda command_id: True,
    offers: Callable[[str], bool] = lambda command_id: True,
    idle: str = "",
) -> list[Hint]:
    """The hints to show; of several turns the last ones wait, and `locked` says that nothing can be sent.

    `applies` tells whether a command of the log or the sidebar would do something now, `offers` whether any
    other one is there, and `idle` what `stop` does where nothing is under way.
    """
    if isinstance(focused, ConversationList):
        return [("Enter", "open"), *_hints("sidebar", shortcuts, applies), *_stop(shortcuts, "back")]
    if isinstance(focused, MessageLog):
        return [("↑↓", "choose"), *_hints("log", shortcuts, applies), *_stop(shortcuts, "back")]
    if isinstance(focused, Input):
        hints, leave = FIELD_HINTS.get(focused.id or "", ([], ""))
        return [*hints, *_stop(shortcuts, leave)] if hints else []
    first = [] if locked else _hints("input", shortcuts, offers)
    if turns:
        first = _stop(shortcuts, "edit waiting" if turns > 1 else "stop")
    elif idle:
        first += _stop(shortcuts, idle)
    return [*first, *_hints("anywhere", shortcuts, offers)]


def _stop(shortcuts: Shortcuts, words: str) -> list[Hint]:
    return [(shortcuts.short("stop"), words)] if shortcuts.of("stop") else []


def _hints(place: Place, shortcuts: Shortcuts, applies: Callable[[str], bool]) -> list[Hint]:
    """The commands of a place that have a key and words for the footer, and do something now."""
    return [
        (shortcuts.short(command.id), command.hint)
        for command in COMMANDS
        if command.place == place and command.hint and shortcuts.of(command.id) and applies(command.id)
    ]
