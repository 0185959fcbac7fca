"""The sidebar: the list of conversations and the one line in which one is renamed or they are filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import Mark, SidebarRows

if TYPE_CHECKING:
    from userdesk.tui.widgets.field import Field  # imported when one is opened

TITLE_AT = 3  # cells left of a title: a blank, the mark, a blank


class Sidebar(Vertical):
    """Conversations on the left; a drawer over the log where the terminal is narrow."""

    @dataclass(eq=False, repr=False)
    class Filtered(Message):
        """The filter's text changed."""

        words: str

    @dataclass(eq=False, repr=False)
    class Renamed(Message):
        """A conversation got another title."""

        key: ConversationKey
        title: str

    def __init__(
        self, mark_of: Callable[[ConversationKey], Mark], *, id: str | None = None, still: bool = False
    ) -> None:
        self.list = ConversationList(mark_of, id="conversation-list", still=still)
        super().__init__(Static("Conversations", id="sidebar-heading", markup=False), self.list, id=id)
        self._field: Field | None = None
        """Where a title or the filter is edited."""
        self._came_from: Widget | None = None
        """What had the focus before."""

    def show(self, rows: SidebarRows) -> None:
        """Replace the rows; a title that is being edited stays over its row."""
        self.list.show(rows)
        self._place_field()
        if self._field:  # where the filter's field goes, the list moves up with the next layout
            self.call_after_refresh(self._place_field)

    @property
    def editing(self) -> bool:
        """Whether the field has the keys."""
        return self._field is not None

    @property
    def filtered_by(self) -> str:
        """What stands in the filter's field; empty where it is not open."""
        return self._field.value if self._field and self._field.id == "filter-field" else ""

    async def begin_rename(self, key: ConversationKey, title: str) -> None:
        """Edit a title where it stands."""
        from userdesk.tui.widgets.field import Field

        self._came_from = self.screen.focused
        await self.end_edit()
        self.list.edited = self.list.cursor = key
        field = self._field = Field(title, id="rename-field", select_on_focus=True, compact=True)
        await self.mount(field)
        self._place_field()
        field.focus()

    def on_mount(self) -> None:
        """The title that is edited moves with its row."""
        self.watch(self.list, "scroll_y", self._place_field, init=False)

    def on_resize(self) -> None:
        """The row is somewhere else, and not as wide."""
        self.call_after_refresh(self._place_field)

    def _place_field(self) -> None:
        row = self.list.row_of(self.list.edited)
        if row is None or self._field is None:
            return
        y = self.list.region.y - self.region.y + row - self.list.scroll_offset.y
        self._field.styles.offset = TITLE_AT, y
        self._field.styles.width = self.size.width - TITLE_AT

    async def begin_filter(self) -> None:
        """Leave only the conversations whose titles hold some words, or which have judged answers."""
        from userdesk.tui.widgets.field import Field

        self._came_from = self.screen.focused
        await self.end_edit()
        field = self._field = Field(placeholder="title, is:bad, has:note", id="filter-field", compact=True)
        await self.mount(field, before=self.list)
        field.focus()

    async def leave_field(self) -> None:
        """Close the field and give the focus back to where it was before."""
        await self.end_edit()
        before = self._came_from
        if before is None or not before.is_attached or not before.focusable:
            before = self.list
        if before is not self.list:
            self.remove_class("-open")
        before.focus()

    async def end_edit(self) -> None:
        """Close the field without taking what it holds; a filter is lifted."""
        if self._field is None:
            return
        field, self._field = self._field, None
        filtered = field.id == "filter-field"
        renamed, self.list.edited = self.list.edited, NO_KEY
        await field.remove()
        if renamed:
            self.list.cursor = renamed
        if filtered:
            self.post_message(self.Filtered(""))

    @on(Input.Changed, "#filter-field")
    def filter_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self.post_message(self.Filtered(event.value))

    @on(Input.Submitted, "#filter-field")
    async def filter_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the list, filtered; keys that follow wait for that."""
        event.stop()
        await self.list.filtered_by(event.value.strip())
        self.list.cursor = next(iter(self.list.keys()), NO_KEY)
        self.list.focus()

    @on(Input.Submitted, "#rename-field")
    async def rename_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the new title."""
        event.stop()
        key, title = self.list.edited, event.value.strip()
        await self.leave_field()
        self.list.cursor = key
        if key and title:
            self.post_message(self.Renamed(key, title))
