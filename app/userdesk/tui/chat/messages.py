"""What is done with messages of the log: sent again, edited, copied; their links opened, chosen by signs."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import UserdeskError
from userdesk.domain.message import Role, Status
from userdesk.files.addresses import is_openable, spelled_out
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.exporting import ExportCommands
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.external.clipboard import Clipboard, Text
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog

SENT_ONCE_MORE = "This message was answered. Send it again? The chatbot remembers the first time too."


@dataclass(eq=False, repr=False)
class MessageCommands:
    """Applies to the message chosen in the log, else to the last one."""

    _chat: ChatParts
    _conversations: ConversationsController
    _turns: TurnsController
    _recovery: RecoveryController
    _log: MessageLog
    _input: InputBar

    @property
    def has_text(self) -> bool:
        """Whether there is a message of the user's to send again."""
        bubble = self._log.chosen()
        return bubble is not None and user_text(self._chat.views.current, bubble.index) is not None

    def retry(self) -> None:
        """The turn of the chosen message once more."""
        bubble, key = self._log.chosen(), self._chat.state.current
        if bubble is None:
            return
        if self._chat.service.turns(key):
            self._chat.notifier.flash("An answer is still arriving: stop it first", alert=True)
            return
        view = self._chat.views.current
        text = user_text(view, bubble.index)
        if text is None:
            self._chat.notifier.flash("There is no message to send again")
            return
        failed = self._recovery.failed_turn(key)
        is_last = user_text(view, len(view) - 1) == text
        if is_last and (failed or view.entry(len(view) - 1).message.status is Status.STOPPED):
            self._recovery.send_again(
                key, text, may_have_arrived=failed[0].may_have_arrived if failed else True
            )
        else:
            self._chat.dialogs.confirm(SENT_ONCE_MORE, "send again", partial(self._turns.send, key, text))

    def edit(self) -> None:
        """Edit the chosen turn's message and send it again; one that waits its turn is taken back."""
        bubble = self._log.chosen()
        if bubble is None:
            return
        if bubble.entry.waiting:
            self._turns.withdraw(self._chat.state.current, bubble.entry.turn_id)
            self._input.focus()
            return
        text = user_text(self._chat.views.current, bubble.index)
        if text is None:
            self._chat.notifier.flash("There is no message to edit")
            return
        here = "in this conversation: the chatbot remembers the first version too"
        lines = [here, "in a new conversation"]
        self._chat.dialogs.choose("Edit and send again", lines, partial(self._edit_there, text))

    def _edit_there(self, text: str, where: int) -> None:
        if where == 1:
            self._conversations.start()
        self._recovery.edit(text)


@dataclass(eq=False, repr=False)
class CopyCommands:
    """What is copied is source text: no wraps, borders or padding."""

    _chat: ChatParts
    _log: MessageLog
    _clipboard: Clipboard
    _exports: ExportCommands

    def copy(self, text: str, what: str) -> None:
        """Copy text, and say what came of it. `what` names it: `the message`."""
        self._chat.run(self._copy(text, what), group="copy")

    async def _copy(self, text: str | Text, what: str) -> None:
        message = await self._clipboard.copy(text, what)
        self._chat.notifier.flash(message, alert=not message.startswith("Copied"))

    def message(self) -> None:
        """The chosen message, the last answer if none is; of a failed turn why it failed, too."""
        if bubble := self._log.chosen():
            failure = self._chat.views.current.entry(bubble.index).message.failure
            reasons = (failure.headline, failure.detail) if failure and not self._chat.presenter.is_on else ()
            parts = [part for part in (bubble.source, *reasons) if part]
            self.copy("\n".join(parts), "the message" if bubble.source else "the failure")

    @property
    def has_code(self) -> bool:
        """Whether the chosen message has a fence of code; nothing is laid out to tell it."""
        bubble = self._log.chosen()
        return bubble is not None and any(fence in bubble.entry.source for fence in ("```", "~~~"))

    def code(self) -> None:
        """A code block of the chosen message; of several the user picks one."""
        if bubble := self._log.chosen():
            self._log.when_complete(bubble.index, self._copy_code_of)
        else:
            self._chat.notifier.flash("This message has no code block")

    def _copy_code_of(self, bubble: Bubble) -> None:
        blocks = bubble.document.code_blocks() if bubble.document else []
        filled = [block for block in blocks if block.text.strip()]
        if not filled:
            self._chat.notifier.flash("This message has no code block")
        elif len(filled) == 1:
            self.copy(filled[0].text, "the code block")
        else:
            lines = [
                f"{language or 'code'}: {text.lstrip()[:200].splitlines()[0]}" for text, language in filled
            ]
            self._chat.dialogs.choose(
                "Which code block?", lines, lambda index: self.copy(filled[index].text, "the code block")
            )

    def conversation(self) -> None:
        """Every message as Markdown, as an export has it."""
        if subject := self._exports.subject():
            copying = self._exports.copy(subject, partial(self._copy, what="the conversation"))
            self._chat.run(copying, group="copy")

    def curl(self) -> None:
        """The request of the chosen turn as a shell command; the key stays in the environment."""
        bubble, conversation = self._log.chosen(), self._chat.directory.current
        chatbot = self._chat.service.registry.for_conversation(conversation) if conversation else None
        text = user_text(self._chat.views.current, bubble.index) if bubble else None
        if text is None or bubble is None:
            self._chat.notifier.flash("There is no message to copy a request for")
        elif conversation is None or chatbot is None:
            self._chat.notifier.flash("The chatbot of this conversation is not configured", alert=True)
        else:
            went_to = id_of_turn(self._chat.views.current, bubble.index, conversation)
            self._chat.run(self._curl(chatbot, text, went_to), group="curl", exclusive=True)

    async def _curl(self, chatbot: Chatbot, text: str, conversation_id: str | None) -> None:
        try:
            command = await self._chat.service.registry.curl(chatbot, text, conversation_id)
        except UserdeskError as error:
            self._chat.notifier.flash(error.failure.headline, alert=True)
        else:
            self.copy(command, "the curl command (key: $USERDESK_API_KEY)")


def user_text(view: ConversationView, index: int) -> str | None:
    """The user's text that a message belongs to."""
    return next((each.text for each in view.back_from(index) if each.role is Role.USER), None)


def id_of_turn(view: ConversationView, index: int, conversation: Conversation) -> str | None:
    """The conversationId that the turn of a message went to: an earlier one above a divider."""
    if view.entry(index).message.role is Role.USER and index + 1 < len(view):
        index += 1  # the outcome says where its turn went
    return conversation.id_of_turn(view.back_from(index))


def open_link(address: str) -> bool:
    """Open an address in the browser, and say whether there is one; blocks, so call it from a thread.

    A browser that runs in the terminal is none: it would draw over the program.
    """
    import webbrowser

    if not is_openable(address):
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER")
    return not in_terminal and webbrowser.open(address)


@dataclass(eq=False, repr=False)
class LinkCommands:
    """Web and mail addresses alone; the full address is shown before it is opened."""

    _chat: ChatParts
    _log: MessageLog
    _copy: Callable[[str, str], None]
    """Copies a text that its second argument names."""
    open_in_browser: Callable[[str], bool] = open_link
    """Starts the browser, or says that there is none. Blocks."""
    _with_link: Callable[[str], None] | None = field(default=None, init=False)
    """What is done with the link that is picked next."""

    def open(self) -> None:
        """Open a link in view by its sign."""
        self._choose(self.ask_to_open, "open it")

    def copy(self) -> None:
        """Copy the address of a link in view, by its sign."""
        self._choose(lambda address: self._copy(address, "the address"), "copy its address")

    def _choose(self, then: Callable[[str], None], does: str) -> None:
        addresses = self._log.ask_for_link(is_openable)
        self._with_link = then
        if not addresses:
            self._chat.notifier.flash("There are no links in view")
        elif len(addresses) == 1:
            then(addresses[0])
        else:
            self._log.focus()
            self._chat.notifier.flash(f"Type a link's character to {does} · another key cancels", alert=True)

    def picked(self, address: str | None) -> None:
        """The sign of a link was typed, or something else."""
        self._chat.notifier.flash("")
        if address and self._with_link:
            self._with_link(address)

    def ask_to_open(self, address: str) -> None:
        """Show the full address; open it if that is wanted, never through a shell."""
        if is_openable(address):
            address = spelled_out(address)
            self._chat.dialogs.confirm(
                address,
                "open in the browser",
                lambda: self._chat.run(self._open(address), group="links"),
            )

    async def _open(self, address: str) -> None:
        self._chat.notifier.flash(f"Opening {address}")
        if not await asyncio.to_thread(self.open_in_browser, address):
            key = self._chat.shortcuts.way_to("copy_link")
            self._chat.notifier.flash(f"No browser could be started · {key} copies the address", alert=True)
