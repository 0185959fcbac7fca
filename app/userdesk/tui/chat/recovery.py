"""What helps after a failed turn: the one thing that its toast offers and Ctrl+R does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from textual.timer import Timer

from userdesk.chat import unanswered_text
from userdesk.domain.conversation import ConversationKey
from userdesk.domain.failure import ASK_FOR_ACCESS, ASK_FOR_KEY, Failure, FailureKind, Recovery
from userdesk.domain.message import Role, Status
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.message_log.annotations import TELL_HOST, recovery_words
from userdesk.tui.widgets.toast import Offer

UNKNOWN_OUTCOME = Failure(
    FailureKind.INTERRUPTED,
    "No answer was saved; the message may have been received",
    may_have_arrived=True,
)
MAY_HAVE_ARRIVED = "The message may have been received: the chatbot may see it twice. Send it again?"


@dataclass(eq=False, repr=False)
class RecoveryController:
    """Turns failures into offers, and does what was offered."""

    _chat: ChatParts
    _conversations: ConversationsController
    _turns: TurnsController
    _connect: Callable[[str], None]
    """Shows the form for a chatbot's id and key."""
    _later: Callable[[float, Callable[[], None]], Timer]
    """Calls something after some seconds."""
    scheduled: dict[ConversationKey, Timer] = field(default_factory=dict, init=False)
    """Conversations whose failed turn is sent again when the time Retry-After gave is over."""

    def failed(self, key: ConversationKey, failure: Failure) -> None:
        """Tell a failure; one in another conversation only offers the way there."""
        if failure.retry_after is not None:
            self._chat.state.retry_at[key] = time.monotonic() + failure.retry_after
        if key != self._chat.state.current:
            title = self._chat.directory.title(key)
            there = Offer("open it", partial(self._conversations.read_and_open, key))
            self._chat.notifier.fail_elsewhere(failure, title, there)
            return
        reveals = failure.recovery in ASK_FOR_ACCESS and not self._chat.is_demo(key)
        if reveals and self._chat.presenter.for_visitor:
            self._chat.notifier.tell(failure.headline, "", TELL_HOST)
        else:
            self._chat.notifier.fail(failure, self._offer(key, failure), reveals=reveals)

    def _offer(self, key: ConversationKey, failure: Failure) -> Offer:
        words = recovery_words(failure.recovery, is_demo=self._chat.is_demo(key))
        return Offer(words, partial(self.recover, key))

    async def act(self) -> None:
        """Ctrl+R: what the toast on the screen offers; without one, what helps with the last turn."""
        if offer := self._chat.notifier.offered:
            if (done := offer.run()) is not None:
                await done
        else:
            await self.recover(self._chat.state.current)

    async def recover(self, key: ConversationKey) -> None:
        """Do what helps with the failure that a conversation ends with, as long as it does."""
        failed = self.failed_turn(key)
        if self._chat.service.turns(key):
            way = self._chat.shortcuts.way_to("stop")
            self._chat.notifier.flash(f"The answer is still arriving · {way} stops it")
        elif self._is_awaited_elsewhere(key):
            self._chat.notifier.flash("The answer is arriving in another window")
        elif failed is None:
            self._chat.notifier.flash("Nothing failed here")
        else:
            await self._recover(key, *failed)

    def failed_turn(self, key: ConversationKey) -> tuple[Failure, str | None] | None:
        """The failure that a conversation ends with, and the user's text of that turn."""
        if not key:
            return None
        view = self._chat.views.of(key)
        last = view.entry(len(view) - 1).message if len(view) else None
        if last is None or last.welcome:
            failure = self._chat.state.creation_failures.get(key)
            return (failure, None) if failure else None
        if last.role is Role.USER:
            return UNKNOWN_OUTCOME, last.text
        if last.status in (Status.FAILED, Status.INTERRUPTED):
            return last.failure or UNKNOWN_OUTCOME, unanswered_text(view.back_from(len(view) - 1))
        return None

    def _is_awaited_elsewhere(self, key: ConversationKey) -> bool:
        view = self._chat.views.of(key) if key else None
        return view is not None and view.ends_with_question and view.entry(len(view) - 1).elsewhere

    async def _recover(self, key: ConversationKey, failure: Failure, text: str | None) -> None:
        bot = self._chat.directory.bot_of(key)
        wait = self._chat.state.retry_at.get(key, 0.0) - time.monotonic()
        match failure.recovery:
            case recovery if recovery in ASK_FOR_KEY and await self._chat.service.registry.has_untried_key(
                bot
            ):
                # It was refused in an earlier run, or another window changed the key since.
                self.send_again(key, text, may_have_arrived=False)
            case Recovery.EDIT if text is not None:
                self.edit(text)
            case Recovery.CONTINUE if text is not None:
                self._chat.notifier.dismiss()
                continued = self._turns.continue_in_new(key, text)
                self._chat.run(continued, group="continue", exclusive=True)
            case recovery if recovery in ASK_FOR_ACCESS and text is not None and self._chat.is_demo(key):
                # It has no key and no address that could be wrong: only another message can help.
                self.edit(text)
                self._chat.notifier.flash("The demo chatbot needs no key: it failed because you asked it to")
            case recovery if recovery in ASK_FOR_ACCESS and self._chat.presenter.is_on:
                self.failed(key, failure)
            case recovery if recovery in ASK_FOR_ACCESS:
                self._connect(bot)
            case Recovery.RETRY_LATER if wait > 0:
                self._chat.notifier.count_down(failure, self._offer(key, failure), wait)
                if key not in self.scheduled:
                    self.scheduled[key] = self._later(wait, partial(self.retry_if_still_failed, key, failure))
            case _:
                self.send_again(key, text, may_have_arrived=failure.may_have_arrived)

    def access_changed(self) -> None:
        """A key was given: what was refused for want of it is sent again."""
        key = self._chat.state.current
        failed = self.failed_turn(key)
        if failed and failed[0].recovery in ASK_FOR_ACCESS and not self._chat.service.turns(key):
            self.send_again(key, failed[1], may_have_arrived=False)

    def cancel_scheduled(self) -> bool:
        """Esc: send nothing again by itself in the conversation on the screen; whether anything would be."""
        timer = self.scheduled.pop(self._chat.state.current, None)
        if timer is None:
            return False
        timer.stop()
        self._chat.notifier.dismiss()
        self._chat.notifier.flash("Retry cancelled")
        return True

    def retry_if_still_failed(self, key: ConversationKey, failure: Failure) -> None:
        """The time that Retry-After gave is over: send again what still ends with that failure."""
        self.scheduled.pop(key, None)
        failed = self.failed_turn(key)
        if failed and failed[0] == failure and not self._chat.service.turns(key):
            self.send_again(key, failed[1], may_have_arrived=False)

    def send_again(self, key: ConversationKey, text: str | None, *, may_have_arrived: bool) -> None:
        """Retry a turn; where its message may have been received, ask first.

        Without a text the conversation itself is asked for again.
        """
        if text is None:
            self._chat.notifier.dismiss()
            self._conversations.create(key)
        elif may_have_arrived:
            self._chat.dialogs.confirm(MAY_HAVE_ARRIVED, "send again", partial(self._retry, key, text))
        else:
            self._retry(key, text)

    def edit(self, text: str) -> None:
        """Put a sent text into the input bar; a draft there goes into the prompt history."""
        is_put_away = self._chat.drafts.replace(text)
        self._chat.notifier.dismiss()
        where = " · your draft is in the prompt history" if is_put_away else ""
        self._chat.notifier.flash(f"Edit it, then send it with {self._chat.shortcuts.way_to('send')}{where}")

    def _retry(self, key: ConversationKey, text: str) -> None:
        if not self._chat.service.turns(key):
            if key == self._chat.state.current:
                self._chat.notifier.dismiss()
            self._turns.retry(key, text)
