"""Copying from the log, opening links, and Ctrl+C."""

from collections.abc import Callable

from textual import on, work

from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import UserdeskError
from userdesk.domain.message import Role
from userdesk.files.addresses import is_openable, spelled_out
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.external.links import open_link
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog


class CopyActions(ChatParts):
    """What is copied is source text: no wraps, borders or padding."""

    _with_link: Callable[[str], None] | None = None
    """What is done with the link that is picked next."""

    def copy(self, text: str, what: str) -> None:
        """Copy text, and say what came of it. `what` names it in words: `the message`."""

        async def copy() -> None:
            words = await self.userdesk.outside.copy(text, what)
            self.status.flash(words, alert=not words.startswith("Copied"))

        self.run_worker(copy(), group="copy", exit_on_error=False)

    def action_copy_message(self) -> None:
        """`y`: the chosen message, the last answer if none is."""
        if bubble := self.log_view.chosen():
            self.copy(bubble.source, "the message")

    def action_copy_code(self) -> None:
        """`c`: a code block of the chosen message; of several the user picks one."""
        bubble = self.log_view.chosen()
        blocks = bubble.document.code_blocks() if bubble and bubble.document else []
        if not blocks:
            self.status.flash("This message has no code block")
        elif len(blocks) == 1:
            self.copy(blocks[0].text, "the code block")
        else:
            from userdesk.tui.dialogs.choice import ChoiceScreen

            names = [
                f"{block.language or 'code'}: {block.text.strip().splitlines()[0]}"
                for block in blocks
                if block.text.strip()
            ]
            texts = [block.text for block in blocks if block.text.strip()]

            def chosen(index: int | None) -> None:
                if index is not None:
                    self.copy(texts[index], "the code block")

            self.app.push_screen(ChoiceScreen("Which code block?", names), chosen)

    def action_copy_conversation(self) -> None:
        """`Y`: every message as Markdown, as an export has it."""
        from userdesk.export import render

        if subject := self.export_subject():
            self.copy(render(subject, "md"), "the conversation")

    def action_copy_curl(self) -> None:
        """`u`: the request of the chosen turn as a shell command; the key stays in the environment."""
        bubble, conversation = self.log_view.chosen(), self.board.conversation
        chatbot = self.service.registry.for_conversation(conversation) if conversation else None
        text = self.user_text(bubble.index) if bubble else None
        if text is None or bubble is None:
            self.status.flash("There is no message of yours here")
        elif conversation is None or chatbot is None:
            self.status.flash("The chatbot of this conversation is not configured", alert=True)
        else:
            view = self.board.view(conversation.key)
            self._copy_curl(chatbot, text, id_of_turn(view, bubble.index, conversation))

    @work(group="curl", exclusive=True, exit_on_error=False)
    async def _copy_curl(self, chatbot: Chatbot, text: str, conversation_id: str | None) -> None:
        try:
            command = await self.service.registry.curl(chatbot, text, conversation_id)
        except UserdeskError as error:
            self.status.flash(error.failure.headline, alert=True)
        except OSError as error:
            self.status.flash(f"The chatbot could not be started: {error}", alert=True)
        else:
            self.copy(command, "the request as curl, with $USERDESK_API_KEY,")

    def action_open_link(self) -> None:
        """`o`: a link in view by its sign; the full address is shown before it is opened."""
        self._choose_link(self.ask_to_open, "opens it")

    def action_copy_link(self) -> None:
        """`l`: the address of a link in view, by its sign."""
        self._choose_link(lambda address: self.copy(address, "the address"), "copies its address")

    def _choose_link(self, then: Callable[[str], None], does: str) -> None:
        addresses = self.log_view.ask_for_link(is_openable)
        self._with_link = then
        if len(addresses) < 2:
            self.log_view.stop_asking()
        if not addresses:
            self.status.flash("There is no link in view that can be opened")
        elif len(addresses) == 1:
            then(addresses[0])
        else:
            self.log_view.focus()
            self.status.flash(f"The sign of a link {does} · Esc leaves", alert=True)

    @on(MessageLog.LinkPicked)
    def link_picked(self, event: MessageLog.LinkPicked) -> None:
        """The sign of a link was typed, or something else."""
        self.status.flash("")
        if event.href and self._with_link:
            self._with_link(event.href)

    def ask_to_open(self, address: str) -> None:
        """Show the full address; open it if that is wanted."""
        from userdesk.tui.dialogs.confirm import ConfirmScreen

        if not is_openable(address):
            return
        address = spelled_out(address)

        def answered(yes: bool | None) -> None:
            if yes:
                self.open_address(address)

        self.app.push_screen(ConfirmScreen(address, "Open in the browser"), answered)

    def open_address(self, address: str) -> None:
        """Open one address; web and mail alone, never through a shell."""
        if is_openable(address):
            self.status.flash(f"Opening {address}")
            self._open(address)

    @work(thread=True, group="links", exit_on_error=False)
    def _open(self, address: str) -> None:
        if not open_link(address):
            key = self.userdesk.spoken_key("copy_link")
            words = f"No browser could be started · {key} copies the address"
            self.app.call_from_thread(self.status.flash, words, alert=True)

    @on(MessageLog.LinkOpened)
    def link_clicked(self, event: MessageLog.LinkOpened) -> None:
        """A link was clicked: its address is shown before it is opened."""
        self.ask_to_open(event.href)

    async def action_interrupt(self) -> None:
        """Ctrl+C: copy a selection; else stop, put the draft away, ask to quit. No draft is ever lost."""
        selected = self.get_selected_text()
        if selected:
            self.copy(selected, "the selection")
            self.clear_selection()
        elif self.input_bar.has_focus and self.input_bar.selected_text:
            self.copy(self.input_bar.selected_text, "the selection")
        elif turns := self.service.turns(self.board.current):
            turns[0].stop()
        elif self.input_bar.text.strip():
            self.save_to_history(self.input_bar.whole_text)
            self.input_bar.put(self.input_bar.stays)
            self.status.flash("The draft is in the prompt history · ↑ brings it back")
        else:
            self.userdesk.ask_to_quit()


def id_of_turn(view: ConversationView, index: int, conversation: Conversation) -> str | None:
    """The conversationId that the turn of a message went to: an earlier one above a divider."""
    if not conversation.previous_ids:
        return conversation.id
    if view.entry(index).message.role is Role.USER and index + 1 < len(view):
        index += 1  # the outcome says where its turn went
    for at in range(index, -1, -1):
        if changed := view.entry(at).message.conversation_id:
            return changed
    return conversation.previous_ids[0]
