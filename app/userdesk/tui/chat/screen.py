"""The chat screen: sidebar, message log, input bar, status; what happens when a key is pressed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from userdesk.tui.chat.board import Board
from userdesk.tui.chat.copying import CopyActions
from userdesk.tui.chat.drafting import DraftActions
from userdesk.tui.chat.finding import FindActions
from userdesk.tui.chat.hints import hints_for
from userdesk.tui.chat.keeping import KeepActions
from userdesk.tui.chat.playing import PlayActions
from userdesk.tui.chat.presenting import PresentActions
from userdesk.tui.chat.purging import PurgeActions
from userdesk.tui.chat.remedies import RemedyActions
from userdesk.tui.chat.replaying import ReplayActions
from userdesk.tui.chat.shelving import ShelfActions
from userdesk.tui.commands import bindings
from userdesk.tui.sidebar.conversation_list import ConversationList

NARROW = 80  # cells; below, the sidebar is a drawer
SMALLEST = (40, 12)  # cells, rows; below, the program says that it needs more
WATCH_EVERY = 2.0  # s between two looks at what other processes did to the data folder


class ChatScreen(
    PresentActions,
    PlayActions,
    ReplayActions,
    DraftActions,
    RemedyActions,
    ShelfActions,
    CopyActions,
    FindActions,
    KeepActions,
    PurgeActions,
):
    """Everything one sees while chatting. What it shows is the board's; what it does is the desk's."""

    AUTO_FOCUS = "#input"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("anywhere")]

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__(board, accessible=accessible)
        self._still = accessible
        self.service.write_queue.on_trouble = self.not_saved
        self.service.write_queue.on_written = self.saved_again

    def compose(self) -> ComposeResult:
        """The parts, in the order in which Tab walks them."""
        with Horizontal(id="body"):
            yield self.sidebar
            with self.main:
                yield self.title_line
                with self.log_area:
                    yield self.log_view.markers
                    yield self.log_view
                yield self.input_bar
        yield self.status
        yield self.toast
        yield self.too_small

    def on_mount(self) -> None:
        """Take keys at once; conversations come when they are read."""
        shortcuts = self.userdesk.shortcuts
        self.input_bar.send_keys = shortcuts.of("send")
        also = ("shift+\r",) if "shift+enter" in shortcuts.of("newline") else ()
        self.input_bar.newline_keys = (*shortcuts.of("newline"), *also)
        self.log_view.bubbles.annotations = self.annotations
        self.greet()
        self.set_interval(WATCH_EVERY, self.watch_folder)
        self._spinner_clock = self.set_interval(0.125, self.sidebar.list.spin, pause=True)
        self.watch(self.app, "app_focus", self.attention_changed, init=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Until the conversations are read there is nothing to act on; leaving is possible at any time."""
        ready = self.board.is_loaded and self.log_view.is_mounted
        return (ready or action == "quit") and super().check_action(action, parameters)

    def conversations_changed(self) -> None:
        """An order, a title or a mark is another one: show it."""
        if not self.is_mounted:
            return
        self.sidebar.show(self.board.rows())
        self.sidebar.list.refresh_marks()
        if conversation := self.board.conversation:
            self._address(conversation)
        busy = self.service.busy_keys()
        if busy and not self._still and self.app.app_focus:
            self._spinner_clock.resume()
        else:
            self._spinner_clock.pause()
        streaming = self.board.current in busy
        self.input_bar.set_class(streaming, "-streaming")
        self.input_bar.set_class(self.board.current in self.board.failed, "-failed")
        self.show_hints()

    @on(ConversationList.Opened)
    def conversation_opened(self, event: ConversationList.Opened) -> None:
        """Chosen in the sidebar: on to writing."""
        self.open_conversation(event.key)
        if self.sidebar.has_class("-open"):
            self.show_all_conversations()
        self.sidebar.remove_class("-open")
        self.input_bar.focus()

    async def action_escape(self) -> None:
        """The mildest thing first: close a field or the toast, back to the input bar, stop the answer."""
        if self.sidebar.editing or self.find_bar:
            await self._leave_field()
        elif self.selections:
            self.clear_selection()
        elif self.focused is not self.input_bar:
            self.action_focus_input()
        elif turns := self.service.turns(self.board.current):
            turns[-1].stop()  # the last one: a waiting message is withdrawn before the answer is stopped
        elif self.toast.display:
            self.toast.dismiss()
        else:
            self.app.clear_notifications()
            self.sidebar.remove_class("-open")

    async def action_interrupt(self) -> None:
        """Ctrl+C: in a field it copies what is selected there, or leaves the field; else see `copying`."""
        if not isinstance(self.focused, Input):
            await super().action_interrupt()
        elif self.focused.selected_text:
            self.copy(self.focused.selected_text, "the selection")
        else:
            await self._leave_field()

    async def _leave_field(self) -> None:
        if not await self.close_find():
            await self.sidebar.end_edit()
            self.sidebar.list.focus()

    def action_send(self) -> None:
        """What Enter does, from the palette."""
        self.input_bar.submit()

    def action_newline(self) -> None:
        """What Ctrl+J does, from the palette."""
        self.input_bar.insert("\n")
        self.input_bar.focus()

    def action_paste(self) -> None:
        """What Ctrl+V does, from the palette."""
        self.input_bar.focus()
        self.input_bar.action_paste_outside()

    def action_focus_log(self) -> None:
        """To the messages."""
        self.log_view.focus()

    def action_focus_sidebar(self) -> None:
        """To the conversations, wherever they are hidden."""
        self.remove_class("-hidden")
        if self.has_class("-narrow"):
            self.sidebar.add_class("-open")
        self.sidebar.list.focus()

    def action_focus_input(self) -> None:
        """To writing."""
        self.sidebar.remove_class("-open")
        self.input_bar.focus()

    def action_page(self, direction: int) -> None:
        """Scroll the log by a page wherever the focus is."""
        self.log_view.action_page(direction)

    def action_follow(self) -> None:
        """Follow the end again."""
        self.log_view.action_to_end()

    def action_toggle_sidebar(self) -> None:
        """Wide: hide or show it. Narrow: open the drawer and go there."""
        if self.has_class("-narrow"):
            self.sidebar.toggle_class("-open")
            if self.sidebar.has_class("-open"):
                self.sidebar.list.focus()
            else:
                self.input_bar.focus()
        elif self.sidebar.toggle_class("-hidden").has_class("-hidden") and self.sidebar.has_focus_within:
            self.input_bar.focus()

    def action_chatbots(self) -> None:
        """The chatbots there are, and the form that connects one."""
        self.userdesk.connect("")

    def action_commands(self) -> None:
        """The command palette."""
        self.app.action_command_palette()

    def action_help(self) -> None:
        """The help, made from the live bindings."""
        from userdesk.tui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self.userdesk.shortcuts))

    def action_quit(self) -> None:
        """Leave the program."""
        self.run_worker(self.userdesk.action_quit(), exit_on_error=False)

    @property
    def accessible(self) -> bool:
        """Whether nothing moves by itself and signs are words."""
        return self._still

    def set_accessible(self, still: bool) -> None:
        """No spinners, no ticking numbers, roles as words; or all of them again."""
        self._still = self.log_view.still = self.sidebar.list.still = still
        self.set_class(still, "-accessible")
        if self.board.current:
            self.log_view.show(self.board.view(self.board.current))
        self.conversations_changed()

    def on_resize(self) -> None:
        """Narrow terminals get a drawer; too small ones a word."""
        width, height = self.app.size
        self.set_class(width < NARROW, "-narrow")
        too_small = width < SMALLEST[0] or height < SMALLEST[1]
        if self.has_class("-too-small") and not too_small:
            self.call_after_refresh(self.input_bar.focus)  # what is hidden loses the focus
        self.set_class(too_small, "-too-small")
        if too_small:
            self.too_small.update(f"userdesk needs {SMALLEST[0]}×{SMALLEST[1]}\nthis is {width}×{height}")

    def on_descendant_focus(self) -> None:
        """Other keys matter now."""
        self.input_bar.invite(takes_keys=self.focused in (None, self.input_bar))
        self.show_hints()

    def attention_changed(self, looks: bool) -> None:
        """The terminal lost or got the focus: spinners stop; what other windows wrote meanwhile counts."""
        self.log_view.attention_changed(looks)
        if not looks:
            self._spinner_clock.pause()
        elif self.board.is_loaded:
            self._looks = -1
            self.poll()
            self.conversations_changed()

    def show_hints(self) -> None:
        """The keys that matter where the focus is; on stage none."""
        if self.on_stage:
            self.status.show_hints([])
            return
        turns = self.service.turns(self.board.current)
        shortcuts = self.userdesk.shortcuts
        hints = hints_for(self.focused, shortcuts, streaming=bool(turns), waiting=len(turns) > 1)
        self.status.show_hints(hints)
