"""What Ctrl+R does about a failed turn: the one thing its toast offers."""

import time
from dataclasses import replace
from functools import partial

from userdesk.chat import unanswered_text
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.failure import ASK_FOR_ACCESS, ASK_FOR_KEY, Failure, FailureKind, Recovery
from userdesk.domain.message import Message, Role, Status
from userdesk.tui.chat.board import Board
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.message_log.annotations import recovery_words

UNKNOWN_OUTCOME = Failure(
    kind=FailureKind.INTERRUPTED,
    words="No answer was recorded; the message may have been received",
    may_have_arrived=True,
)
MAY_HAVE_ARRIVED = (
    "The message may have been received: sent again, the chatbot may see it twice. Send it again?"
)


class RemedyActions(ChatParts):
    """Failures become toasts, toasts become actions."""

    _elsewhere = ""
    """The conversation that the toast speaks of, where it is not the one on the screen."""

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__(board, accessible=accessible)
        self._scheduled: set[str] = set()
        """Conversations whose failed turn is sent again when the time Retry-After gave is over."""

    def show_failure(self, key: str, failure: Failure) -> None:
        """Tell a failure; one in another conversation only offers the way there."""
        remedy_key = self.userdesk.spoken_key("remedy")
        if failure.retry_after is not None:
            self.board.retry_at[key] = time.monotonic() + failure.retry_after
        if key == self.board.current:
            self._elsewhere = ""
            told = replace(failure, detail="") if self.on_stage else failure  # it may hold ids
            step = f"{remedy_key} {recovery_words(failure.remedy, is_demo=self.is_demo)}"
            # Ids and keys are shown where that is done.
            if self.on_stage and failure.remedy in ASK_FOR_ACCESS and not self.is_demo:
                step = f"{self.userdesk.spoken_key('presenter')} ends presenter mode, then {step}"
            self.toast.tell(told, step)
        elif not self.on_stage:
            self._elsewhere = key
            title = self.title_of(key)
            self.toast.tell_words(failure.headline, f"in “{title}”", f"{remedy_key} open it")

    def forget_elsewhere(self) -> None:
        """The toast speaks of something else now: Ctrl+R is about the conversation on the screen."""
        self._elsewhere = ""

    def failed_text(self, key: str = "") -> tuple[Failure, str | None] | None:
        """The failure that a conversation ends with, and the user's text of that turn.

        Without a key, of the conversation on the screen.
        """
        key = key or self.board.current
        if not key:
            return None
        messages = self._back_to_question(key)
        last = messages[-1] if messages else None
        if last is None or last.welcome:
            failure = self.board.creation_failures.get(key)
            return (failure, None) if failure else None
        if last.role is Role.USER:
            return UNKNOWN_OUTCOME, last.text
        if last.status in (Status.FAILED, Status.INTERRUPTED):
            return last.failure or UNKNOWN_OUTCOME, unanswered_text(messages)
        return None

    def _back_to_question(self, key: str) -> list[Message]:
        view = self.board.view(key)
        messages: list[Message] = []
        for index in range(len(view) - 1, -1, -1):
            message = view.entry(index).message
            messages.insert(0, message)
            if message.role is Role.USER:
                break
        return messages

    async def action_remedy(self) -> None:
        """Ctrl+R: what the toast offers, as long as the failed turn is the last one."""
        if self._elsewhere and self.toast.display:
            key, self._elsewhere = self._elsewhere, ""
            self.open_conversation(key)
            return
        if self.undo_is_offered:
            self.action_undo_delete()
            return
        key = self.board.current
        failed = self.failed_text()
        if self.service.turns(key):
            self.status.flash("The answer is still on its way · Esc stops it")
        elif self._is_awaited_elsewhere(key):
            self.status.flash("The answer is arriving in another window")
        elif failed is None:
            self.status.flash("Nothing failed here")
        else:
            await self._mend(key, *failed)

    def _is_awaited_elsewhere(self, key: str) -> bool:
        view = self.board.view(key)
        return view.ends_with_question and view.entry(len(view) - 1).elsewhere

    async def _mend(self, key: str, failure: Failure, text: str | None) -> None:
        conversation = self.service.conversation(key)
        bot = conversation.bot if conversation else ""
        match failure.remedy:
            case remedy if remedy in ASK_FOR_KEY and await self.service.registry.has_untried_key(bot):
                # It was refused in an earlier run, or another window changed the key since.
                self.send_again(key, text, may_have_arrived=False)
            case Recovery.EDIT if text is not None:
                self.edit_text(text)
            case Recovery.CONTINUE if text is not None:
                self.continue_in_new(key, text)
            case remedy if remedy in ASK_FOR_ACCESS and bot == DEMO_BOT and text is not None:
                # It has no key and no address that could be wrong: only another message can help.
                self.edit_text(text)
                self.status.flash("The demo chatbot needs no key: it failed because you asked it to")
            case remedy if remedy in ASK_FOR_ACCESS and self.on_stage:
                self.show_failure(key, failure)
            case remedy if remedy in ASK_FOR_ACCESS:
                self.userdesk.connect(bot)
            case Recovery.RETRY_LATER if (wait := self.board.retry_at.get(key, 0.0) - time.monotonic()) > 0:
                self.status.flash(f"Sent again in {wait:.0f} s, as Userdesk asked")
                if key not in self._scheduled:
                    self._scheduled.add(key)
                    self.set_timer(wait, partial(self.run_if_still_failed, key, failure))
            case _:
                self.send_again(key, text, may_have_arrived=failure.may_have_arrived)

    def access_changed(self) -> None:
        """A key was given: what was refused for want of it is sent again."""
        failed = self.failed_text()
        if failed and failed[0].remedy in ASK_FOR_ACCESS and not self.service.turns(self.board.current):
            self.send_again(self.board.current, failed[1], may_have_arrived=False)

    def run_if_still_failed(self, key: str, failure: Failure) -> None:
        """The time that Retry-After gave is over."""
        self._scheduled.discard(key)
        failed = self.failed_text(key)
        if failed and failed[0] == failure and not self.service.turns(key):
            self.send_again(key, failed[1], may_have_arrived=False)

    def send_again(self, key: str, text: str | None, *, may_have_arrived: bool) -> None:
        """Retry a turn; where its message may have been received, ask first."""
        from userdesk.tui.dialogs.confirm import ConfirmScreen

        if text is None:
            self.toast.dismiss()
            self.create_on_server(key)
            return

        def again(yes: bool | None) -> None:
            if yes and not self.service.turns(key):
                self.follow_turn(self.service.retry(key, text))
                if key == self.board.current:
                    self.toast.dismiss()
                    self.log_view.action_to_end()

        if may_have_arrived:
            self.app.push_screen(ConfirmScreen(MAY_HAVE_ARRIVED, "Send again"), again)
        else:
            again(True)

    def continue_in_new(self, key: str, text: str) -> None:
        """The conversationId is not valid: ask under a new one, the transcript stays."""
        self.toast.dismiss()

        async def go_on() -> None:
            turn = await self.service.continue_in_new(key, text)
            self.follow_turn(turn)

        self.run_worker(go_on(), group="continue", exclusive=True, exit_on_error=False)
        self.log_view.action_to_end()

    def edit_text(self, text: str) -> None:
        """Put a sent text back into the input bar; a draft there goes into the prompt history."""
        draft = self.input_bar.draft
        if is_put_away := bool(draft.strip() and draft != text):
            self.save_to_history(draft)
        self.input_bar.put(text)
        self.input_bar.focus()
        self.toast.dismiss()
        where = " · your draft is in the prompt history" if is_put_away else ""
        self.status.flash(f"Edit it and press Enter{where}")

    def action_retry(self) -> None:
        """`r` in the log: the turn of the chosen message once more."""
        bubble = self.log_view.chosen()
        if bubble is None:
            return
        if self.service.turns(self.board.current):
            self.status.flash("An answer is still on its way: stop it first", alert=True)
            return
        text = self.user_text(bubble.index)
        if text is None:
            self.status.flash("There is no message of yours to send again")
            return
        failed = self.failed_text()
        view = self.board.view(self.board.current)
        last = view.entry(len(view) - 1).message
        if self.user_text(len(view) - 1) == text and (failed or last.status is Status.STOPPED):
            doubt = failed[0].may_have_arrived if failed else True
            self.send_again(self.board.current, text, may_have_arrived=doubt)
        else:
            self._ask_to_repeat(self.board.current, text)

    def _ask_to_repeat(self, key: str, text: str) -> None:
        """An answered message is sent again only on purpose."""
        from userdesk.tui.dialogs.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self.send(key, text)

        question = "This message was answered. Send it once more? The chatbot remembers the first time too."
        self.app.push_screen(ConfirmScreen(question, "Send once more"), answered)

    def action_edit_message(self) -> None:
        """`e` in the log: edit the chosen turn's message and send it again."""
        bubble = self.log_view.chosen()
        if bubble is None:
            return
        if bubble.entry.waiting:
            self._withdraw(bubble.entry.turn_id)
            return
        text = self.user_text(bubble.index)
        if text is None:
            self.status.flash("There is no message of yours to edit")
            return
        from userdesk.tui.dialogs.choice import ChoiceScreen

        def chosen(where: int | None) -> None:
            if where == 1:
                self.start_conversation()
            if where is not None:
                self.edit_text(text)

        here = "in this conversation: the chatbot remembers the first version too"
        self.app.push_screen(ChoiceScreen("Edit and send again", [here, "in a new conversation"]), chosen)

    def _withdraw(self, turn_id: str) -> None:
        """Take a waiting message back into the input bar."""
        for turn in self.service.turns(self.board.current):
            if turn.id == turn_id:
                turn.stop()
        self.input_bar.focus()

    def user_text(self, index: int) -> str | None:
        """The user's text that a message of the log belongs to."""
        view = self.board.view(self.board.current)
        for at in range(index, -1, -1):
            message = view.entry(at).message
            if message.role is Role.USER:
                return message.text
        return None
