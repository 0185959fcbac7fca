"""What is done with one message of the log: sent again, edited, copied."""

from collections.abc import Callable
from functools import partial

from userdesk.chat import ChatService
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import UserdeskError
from userdesk.domain.message import Message, Role, Status
from userdesk.tui.chat.background import Background
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.dialogs import Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.prompts import PromptHistory
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.chat.views import ConversationViews
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog

SENT_ONCE_MORE = "This message was answered. Send it once more? The chatbot remembers the first time too."


class MessageEditor:
    """Puts texts that were sent back into the input bar."""

    def __init__(self, input_bar: InputBar, prompts: PromptHistory, notifier: Notifier) -> None:
        self._input = input_bar
        self._prompts = prompts
        self._notifier = notifier

    def edit(self, text: str) -> None:
        """Put a sent text into the input bar; a draft there goes into the prompt history."""
        draft = self._input.draft
        if is_put_away := bool(draft.strip() and draft != text):
            self._prompts.add(draft)
        self._input.put(text)
        self._input.focus()
        self._notifier.dismiss()
        where = " · your draft is in the prompt history" if is_put_away else ""
        self._notifier.flash(f"Edit it and press Enter{where}")


class MessageCommands:
    """Applies to the message chosen in the log, else to the last one."""

    def __init__(
        self,
        service: ChatService,
        state: ChatState,
        views: ConversationViews,
        conversations: ConversationsController,
        turns: TurnsController,
        recovery: RecoveryController,
        editor: MessageEditor,
        notifier: Notifier,
        dialogs: Dialogs,
        log: MessageLog,
        input_bar: InputBar,
    ) -> None:
        self._service = service
        self._state = state
        self._views = views
        self._conversations = conversations
        self._turns = turns
        self._recovery = recovery
        self._editor = editor
        self._notifier = notifier
        self._dialogs = dialogs
        self._log = log
        self._input = input_bar

    def retry(self) -> None:
        """The turn of the chosen message once more."""
        bubble, key = self._log.chosen(), self._state.current
        if bubble is None:
            return
        if self._service.turns(key):
            self._notifier.flash("An answer is still on its way: stop it first", alert=True)
            return
        view = self._views.current
        text = user_text(view, bubble.index)
        if text is None:
            self._notifier.flash("There is no message of yours to send again")
            return
        failed = self._recovery.failed_turn(key)
        is_last = user_text(view, len(view) - 1) == text
        if is_last and (failed or view.entry(len(view) - 1).message.status is Status.STOPPED):
            self._recovery.send_again(
                key, text, may_have_arrived=failed[0].may_have_arrived if failed else True
            )
        else:
            self._dialogs.confirm(SENT_ONCE_MORE, "Send once more", partial(self._turns.send, key, text))

    def edit(self) -> None:
        """Edit the chosen turn's message and send it again; one that waits its turn is taken back."""
        bubble = self._log.chosen()
        if bubble is None:
            return
        if bubble.entry.waiting:
            self._turns.withdraw(self._state.current, bubble.entry.turn_id)
            self._input.focus()
            return
        text = user_text(self._views.current, bubble.index)
        if text is None:
            self._notifier.flash("There is no message of yours to edit")
            return
        here = "in this conversation: the chatbot remembers the first version too"
        lines = [here, "in a new conversation"]
        self._dialogs.choose("Edit and send again", lines, partial(self._edit_there, text))

    def _edit_there(self, text: str, where: int) -> None:
        if where == 1:
            self._conversations.start()
        self._editor.edit(text)


class CopyCommands:
    """What is copied is source text: no wraps, borders or padding."""

    def __init__(
        self,
        service: ChatService,
        views: ConversationViews,
        directory: ConversationDirectory,
        notifier: Notifier,
        dialogs: Dialogs,
        log: MessageLog,
        clipboard: Clipboard,
        run: Background,
        conversation_text: Callable[[], str | None],
    ) -> None:
        self._service = service
        self._views = views
        self._directory = directory
        self._notifier = notifier
        self._dialogs = dialogs
        self._log = log
        self._clipboard = clipboard
        self._run = run
        self._conversation_text = conversation_text

    def copy(self, text: str, what: str) -> None:
        """Copy text, and say what came of it. `what` names it in words: `the message`."""
        self._run(self._copy(text, what), group="copy")

    async def _copy(self, text: str, what: str) -> None:
        words = await self._clipboard.copy(text, what)
        self._notifier.flash(words, alert=not words.startswith("Copied"))

    def message(self) -> None:
        """The chosen message, the last answer if none is."""
        if bubble := self._log.chosen():
            self.copy(bubble.source, "the message")

    def code(self) -> None:
        """A code block of the chosen message; of several the user picks one."""
        blocks = _code_blocks(self._log.chosen())
        if not blocks:
            self._notifier.flash("This message has no code block")
        elif len(blocks) == 1:
            self.copy(blocks[0][1], "the code block")
        else:
            filled = [(name, text) for name, text in blocks if text.strip()]
            lines = [f"{name}: {text.strip().splitlines()[0]}" for name, text in filled]
            self._dialogs.choose(
                "Which code block?", lines, lambda index: self.copy(filled[index][1], "the code block")
            )

    def conversation(self) -> None:
        """Every message as Markdown, as an export has it."""
        if text := self._conversation_text():
            self.copy(text, "the conversation")

    def curl(self) -> None:
        """The request of the chosen turn as a shell command; the key stays in the environment."""
        bubble, conversation = self._log.chosen(), self._directory.current
        chatbot = self._service.registry.for_conversation(conversation) if conversation else None
        text = user_text(self._views.current, bubble.index) if bubble else None
        if text is None or bubble is None:
            self._notifier.flash("There is no message of yours here")
        elif conversation is None or chatbot is None:
            self._notifier.flash("The chatbot of this conversation is not configured", alert=True)
        else:
            went_to = id_of_turn(self._views.current, bubble.index, conversation)
            self._run(self._curl(chatbot, text, went_to), group="curl", exclusive=True)

    async def _curl(self, chatbot: Chatbot, text: str, conversation_id: str | None) -> None:
        try:
            command = await self._service.registry.curl(chatbot, text, conversation_id)
        except UserdeskError as error:
            self._notifier.flash(error.failure.headline, alert=True)
        except OSError as error:
            self._notifier.flash(f"The chatbot could not be started: {error}", alert=True)
        else:
            self.copy(command, "the request as curl, with $USERDESK_API_KEY,")


def _code_blocks(bubble: Bubble | None) -> list[tuple[str, str]]:
    """Language, or `code`, and text of each."""
    blocks = bubble.document.code_blocks() if bubble and bubble.document else []
    return [(block.language or "code", block.text) for block in blocks]


def messages_of(view: ConversationView) -> list[Message]:
    """All messages of a conversation, oldest first."""
    return [view.entry(index).message for index in range(len(view))]


def user_text(view: ConversationView, index: int) -> str | None:
    """The user's text that a message belongs to."""
    for at in range(index, -1, -1):
        message = view.entry(at).message
        if message.role is Role.USER:
            return message.text
    return None


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
