"""Copying from the log, opening links, and Ctrl+C."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on

from userdesk.tui.links import allowed, open_link
from userdesk.tui.log.message_log import MessageLog
from userdesk.tui.screens.chat_parts import ChatParts

if TYPE_CHECKING:
    pass


class CopyActions(ChatParts):
    """What is copied is source text: no wraps, borders or padding."""

    def copy(self, text: str, what: str) -> None:
        """Send text to the clipboard, and say honestly where it went."""
        where = self.userdesk.outside.copy(text)
        self.status.flash(f"{what} sent to {where}")

    def action_copy_message(self) -> None:
        """`y`: the chosen message, the last answer if none is."""
        if bubble := self.log_view.chosen():
            self.copy(bubble.source, "Message")

    def action_copy_code(self) -> None:
        """`c`: a code block of the chosen message; of several the user picks one."""
        bubble = self.log_view.chosen()
        blocks = bubble.document.code_blocks() if bubble and bubble.document else []
        if not blocks:
            self.status.flash("This message has no code block")
        elif len(blocks) == 1:
            self.copy(blocks[0].text, "Code block")
        else:
            from userdesk.tui.screens.choice import ChoiceScreen

            names = [
                f"{block.language or 'code'}: {block.text.strip().splitlines()[0]}"
                for block in blocks
                if block.text.strip()
            ]
            texts = [block.text for block in blocks if block.text.strip()]

            def chosen(index: int | None) -> None:
                if index is not None:
                    self.copy(texts[index], "Code block")

            self.app.push_screen(ChoiceScreen("Which code block?", names), chosen)

    def action_copy_conversation(self) -> None:
        """`Y`: every message as Markdown, as an export has it."""
        from userdesk.export import render

        if subject := self.export_subject():
            self.copy(render(subject, "md"), "Conversation")

    def action_open_link(self) -> None:
        """`o`: a link in view; the full address is shown before it is opened."""
        self._choose_link("Open in the browser", self.open_address)

    def action_copy_link(self) -> None:
        """`l`: the address of a link in view."""
        self._choose_link("Copy the address", lambda address: self.copy(address, "Address"))

    def _choose_link(self, question: str, then: Callable[[str], None]) -> None:
        chosen = self.log_view.chosen() if self.log_view.cursor is not None else None
        bubbles = [chosen] if chosen else self.log_view.visible_bubbles()
        links = [link for bubble in bubbles if bubble.document for link in bubble.document.links()]
        addresses = list(dict.fromkeys(href for _, href in links if allowed(href)))
        if not addresses:
            self.status.flash("There is no link here that can be opened")
            return
        from userdesk.tui.screens.choice import ChoiceScreen

        def picked(index: int | None) -> None:
            if index is not None:
                then(addresses[index])

        self.app.push_screen(ChoiceScreen(question, addresses), picked)

    def open_address(self, address: str) -> None:
        """Open one address; web and mail alone, never through a shell."""
        if allowed(address):
            self.status.flash(f"Opening {address}")
            self.run_worker(lambda: open_link(address), thread=True, group="links", exit_on_error=False)

    @on(MessageLog.LinkOpened)
    def link_clicked(self, event: MessageLog.LinkOpened) -> None:
        """A link was clicked: its address is shown before it is opened."""
        from userdesk.tui.screens.choice import ChoiceScreen

        address = event.href
        if allowed(address):
            self.app.push_screen(
                ChoiceScreen("Open in the browser", [address]),
                lambda index: self.open_address(address) if index is not None else None,
            )

    def action_interrupt(self) -> None:
        """Ctrl+C: copy a selection; else stop, put the draft away, ask to quit. No draft is ever lost."""
        selected = self.get_selected_text()
        if selected:
            self.copy(selected, "Selection")
            self.clear_selection()
        elif self.input_bar.has_focus and self.input_bar.selected_text:
            self.copy(self.input_bar.selected_text, "Selection")
        elif turns := self.desk.turns(self.board.current):
            turns[0].stop()
        elif self.input_bar.text.strip():
            self.put_away(self.input_bar.text)
            self.input_bar.put("")
            self.status.flash("The draft is in the prompt history · ↑ brings it back")
        else:
            self.userdesk.ask_to_quit()
