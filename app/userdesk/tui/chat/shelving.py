"""Walking the conversations and arranging them: next, switch, rename, pin, filter, group."""

from textual import events, on

from userdesk.store.search.query import SearchQuery
from userdesk.tui.chat.discarding import DiscardActions
from userdesk.tui.sidebar.rows import title_of
from userdesk.tui.sidebar.sidebar import Sidebar


class ShelfActions(DiscardActions):
    """What the keys of the sidebar do, and those that switch conversations from anywhere."""

    _found_is_marked = False

    def action_new_conversation(self) -> None:
        """A new conversation with the chatbot of the one on the screen."""
        self.start_conversation()

    def action_step_conversation(self, direction: int) -> None:
        """The next or previous conversation in the sidebar's order, round the ends."""
        keys = self.sidebar.list.keys() if self.board.wanted else self.board.order()
        if self.on_stage and (current := self.board.conversation):
            same = {each.key for each in self.board.conversations() if each.bot == current.bot}
            keys = [key for key in keys if key in same]
        if not keys:
            return
        at = keys.index(self.board.current) if self.board.current in keys else -1 if direction > 0 else 0
        self.open_conversation(keys[(at + direction) % len(keys)])

    def action_switch(self) -> None:
        """The switcher over all conversations; on stage, over those with the same chatbot."""
        from userdesk.tui.switcher.screen import Chosen, SwitcherScreen

        def go(chosen: Chosen | None) -> None:
            if chosen is None:
                return
            self.open_conversation(chosen.key)
            if chosen.index is not None and chosen.index < len(self.board.view(chosen.key)):
                self._show_found(chosen.index, SearchQuery(chosen.words))
            else:
                self.input_bar.focus()

        conversation = self.board.conversation if self.on_stage else None
        self.app.push_screen(
            SwitcherScreen(self.board, only_bot=conversation.bot if conversation else ""), go
        )

    def _show_found(self, index: int, wanted: SearchQuery) -> None:
        """The message that was looked for, chosen in the log, its words marked until the log is left."""
        self.log_view.focus()
        self.log_view.highlight(wanted.spans if wanted else None)
        self.log_view.show_first_match(index)
        self.log_view.cursor = index
        self._found_is_marked = True

    @on(events.DescendantBlur)
    def found_was_left(self, event: events.DescendantBlur) -> None:
        """Back to writing: what was found is not marked any more."""
        if self._found_is_marked and event.widget is self.log_view and self.app.app_focus:
            self._found_is_marked = False
            self.log_view.highlight(None)

    async def action_rename(self) -> None:
        """Edit the title in place."""
        if conversation := self.service.conversation(self.target):
            self.remove_class("-hidden")
            if self.has_class("-narrow"):
                self.sidebar.add_class("-open")
            await self.sidebar.begin_rename(conversation.key, conversation.title and title_of(conversation))

    @on(Sidebar.Renamed)
    def conversation_renamed(self, event: Sidebar.Renamed) -> None:
        """The new title was given."""
        self._change(event.key, "Renamed", title=event.title)

    @on(Sidebar.Filtered)
    def conversations_filtered(self, event: Sidebar.Filtered) -> None:
        """The sidebar shows what was asked for."""
        self.board.wanted = event.words
        self.sidebar.show(self.board.rows())

    def show_all_conversations(self) -> None:
        """Lift the filter: what comes now need not be among what it leaves."""
        if self.board.wanted:
            self.run_worker(self.sidebar.end_edit(), group="filter", exit_on_error=False)

    async def action_filter(self) -> None:
        """Leave only some conversations."""
        await self.sidebar.begin_filter()

    def action_group(self) -> None:
        """Headings a chatbot instead of a day, or again a day; remembered in config.toml."""
        self.board.by_chatbot = not self.board.by_chatbot
        self.sidebar.show(self.board.rows())
        self.sidebar.list.reveal_cursor()
        grouping = "chatbot" if self.board.by_chatbot else "day"
        self.remember_setting("group_by", grouping)
        self.status.flash(f"By {grouping}")

    def action_pin(self) -> None:
        """Pin to the top, or let go."""
        if conversation := self.service.conversation(self.target):
            pinned = not conversation.pinned
            self._change(conversation.key, "Pinned" if pinned else "Not pinned any more", pinned=pinned)

    def _change(self, key: str, done: str, **fields: object) -> None:
        async def change() -> None:
            if not await self.service.change(key, **fields):
                self.tell_deleted(key, "This conversation")
            elif not len(self.service.write_queue):  # else it waits for the disk, which is told already
                self.status.flash(done)
            self.conversations_changed()

        self.run_worker(change(), group=f"change-{key}", exit_on_error=False)
