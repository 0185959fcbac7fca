"""Where the focus goes on the chat screen, and what Esc and Ctrl+C do where it is."""

from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widgets import Input, Static

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import title_of
from userdesk.tui.terminal.open_widgets import NARROW

if TYPE_CHECKING:
    from userdesk.tui.widgets.find_bar import FindBar  # imported when it is opened

SMALLEST = (40, 12)  # cells, rows; below, the program says that it needs more


class Navigation:
    """Moves between sidebar, log, input bar and the fields over them."""

    def __init__(
        self, screen: Screen[None], widgets: ChatWidgets, program: Program, does: Controllers
    ) -> None:
        self._screen = screen
        self._widgets = widgets
        self._sidebar = widgets.sidebar
        self._input = widgets.input_bar
        self._program = program
        self._does = does
        self._chat = does.chat
        self._find_bar: FindBar | None = None
        does.conversations.on_opened.append(self._opened)
        does.conversations.on_started.append(self._started)

    @property
    def target(self) -> ConversationKey:
        """The conversation that rename, delete and pin apply to: under the cursor, else on the screen."""
        if isinstance(self._screen.focused, ConversationList):
            return self._sidebar.list.cursor or self._chat.state.current
        return self._chat.state.current

    async def step(self, direction: int) -> None:
        """The next or previous conversation of those that the filter leaves, else of all."""
        wanted = self._sidebar.filtered_by
        if wanted != self._chat.state.filter:
            self._does.sidebar.filter(wanted)  # typed just now: its news are still on their way
        if wanted:
            await self._sidebar.list.filtered_by(wanted.strip())
        keys = self._sidebar.list.keys() if wanted else self._chat.directory.order()
        await self._does.conversations.step(direction, keys)

    # the sidebar

    def to_sidebar(self) -> None:
        """To the conversations, wherever they are hidden."""
        self._reveal_sidebar()
        self._sidebar.list.focus()

    def _reveal_sidebar(self) -> None:
        self._screen.remove_class("-hidden")
        if self._screen.has_class("-narrow"):
            self._sidebar.add_class("-open")

    def toggle_sidebar(self) -> None:
        """Wide: hide or show it. Narrow: open the drawer and go there."""
        screen, sidebar = self._screen, self._sidebar
        if screen.has_class("-narrow"):
            is_open = sidebar.toggle_class("-open").has_class("-open")
            (sidebar.list if is_open else self._input).focus()
        elif screen.toggle_class("-hidden").has_class("-hidden") and sidebar.has_focus_within:
            self._input.focus()

    async def rename(self) -> None:
        """Edit the title in place."""
        if conversation := self._chat.service.conversation(self.target):
            self._reveal_sidebar()
            title = conversation.title and title_of(conversation)
            await self._sidebar.begin_rename(conversation.key, title)

    async def delete(self) -> None:
        """Delete; the cursor goes to the neighbor."""
        neighbor = await self._does.trash.delete(self.target)
        if neighbor is not None:
            self._sidebar.list.cursor = neighbor

    def lift_filter(self) -> None:
        """Show all conversations again."""
        if self._chat.state.filter:
            self._screen.run_worker(self._sidebar.end_edit(), group="filter", exit_on_error=False)

    # writing

    def to_input(self) -> None:
        """To writing."""
        self._sidebar.remove_class("-open")
        self._input.focus()

    def _started(self) -> None:
        self.lift_filter()  # what comes now need not be among what it leaves
        self._input.focus()

    # find

    async def find(self) -> None:
        """Open the find bar, or go to it."""
        bar = self._find_bar
        if bar is None:
            from userdesk.tui.widgets.find_bar import FindBar

            bar = self._find_bar = FindBar(self._widgets.log, id="find")
            await self._widgets.main.mount(bar, before=self._widgets.log_area)
        bar.field.focus()

    @property
    def is_finding(self) -> bool:
        """Whether the find bar is open."""
        return self._find_bar is not None

    def step_match(self, direction: int) -> None:
        """The next match (1), or the one before (-1), wherever the focus is."""
        if self._find_bar:
            self._find_bar.action_go(direction)

    def _opened(self, key: str) -> None:
        """Another conversation came: look for the same in it."""
        if self._find_bar:
            self._find_bar.look_again()

    async def _leave_field(self) -> None:
        bar, self._find_bar = self._find_bar, None
        if bar:
            self._input.focus()
            await bar.close()
        else:
            await self._sidebar.leave_field()

    # Esc and Ctrl+C

    async def step_back(self) -> None:
        """The mildest thing first: close a field or the toast, back to the input bar, stop the answer."""
        screen = self._screen
        if self._sidebar.editing or self._find_bar:
            await self._leave_field()
        elif screen.selections:
            screen.clear_selection()
        elif screen.focused is not self._input:
            self.to_input()
        elif self._does.turns.stop(-1) or self._does.recovery.cancel_scheduled():
            pass
        elif self._widgets.toast.display:
            self._chat.notifier.dismiss()
        else:
            screen.app.clear_notifications()
            self._sidebar.remove_class("-open")

    async def interrupt(self) -> None:
        """Copy a selection; else leave a field, stop, put the draft away, ask to quit."""
        screen, input_bar, focused = self._screen, self._input, self._screen.focused
        if isinstance(focused, Input):
            if focused.selected_text:
                self._does.copying.copy(focused.selected_text, "the selection")
            else:
                await self._leave_field()
        elif selected := screen.get_selected_text():
            self._does.copying.copy(selected, "the selection")
            screen.clear_selection()
        elif input_bar.has_focus and input_bar.selected_text:
            self._does.copying.copy(input_bar.selected_text, "the selection")
        elif self._does.turns.stop(0):
            pass
        elif input_bar.text.strip():
            self._chat.prompts.add(input_bar.whole_text)
            input_bar.put(input_bar.stays)
            self._chat.notifier.flash("The draft is in the prompt history · ↑ restores it")
        else:
            self._program.ask_to_quit()

    def resized(self) -> None:
        """Narrow terminals get a drawer; too small ones a word."""
        self._screen.set_class(self._screen.app.size[0] < NARROW, "-narrow")
        tell_too_small(self._screen, self._widgets.too_small, self._input)


def tell_too_small(screen: Screen[Any], notice: Static, input_bar: InputBar) -> None:
    """On a screen that is too small, show a notice in place of all else."""
    width, height = screen.app.size
    is_too_small = width < SMALLEST[0] or height < SMALLEST[1]
    if screen.has_class("-too-small") and not is_too_small:
        screen.call_after_refresh(input_bar.focus)  # what is hidden loses the focus
    screen.set_class(is_too_small, "-too-small")
    if is_too_small:
        notice.update(f"userdesk needs {SMALLEST[0]}×{SMALLEST[1]}\nthis is {width}×{height}")
