"""What the user is told beside the conversation: news, failures, and what Ctrl+R would do about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from userdesk.domain.failure import Failure
from userdesk.store import Problem
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.widgets.status_bar import StatusBar
from userdesk.tui.widgets.toast import ActionToast, Offer, ToastContent


@dataclass(eq=False, repr=False)
class Notifier:
    """Owns the status bar's news and the toast; what presenter mode hides is taken out here."""

    _status: StatusBar
    _toast: ActionToast
    _presenter: PresenterMode
    _key_of: Callable[[str], str]
    """Spells the first key of a command."""
    _notify: Callable[[str], None]
    """Shows a notice of the framework."""
    _speaks_of: str = ""
    """Whose failures are told, where more than one chatbot is on the screen."""

    def move_to(self, status: StatusBar, toast: ActionToast) -> None:
        """Another screen has come to the front: everything is told there."""
        self._toast.dismiss()
        self._status, self._toast = status, toast

    def naming(self, chatbot: str) -> "Notifier":
        """Tells at the same place, and failures with the chatbot's name before them."""
        return replace(self, _speaks_of=f"{chatbot}: ")

    # the status bar

    def flash(self, message: str, *, alert: bool = False) -> None:
        """Small news for a few seconds."""
        self._status.flash(message, alert=alert)

    def hold(self, message: str) -> None:
        """News that stay until others come."""
        self._status.hold(message)

    def hold_unless_busy(self, message: str) -> None:
        """News that stay, where no other are told right now."""
        if not self._status.news:
            self._status.hold(message)

    def release(self) -> None:
        """Let go of news that stay."""
        self._status.release()

    # the toast

    def fail(self, failure: Failure, offer: Offer, *, reveals: bool = False) -> None:
        """Tell a failure of the conversation on the screen, and offer what helps.

        `reveals`: what helps shows ids and keys, so that presenter mode has to end first.
        """
        step = self._step(offer)
        if reveals and self._presenter.is_on:
            step = f"{self._key_of('presenter')} ends presenter mode, then {step}"
        detail = self._presenter.private(failure.detail)  # it may hold ids
        headline = self._speaks_of + failure.headline
        self._toast.show(ToastContent(headline, detail, step, offer, failure.retry_after))

    def count_down(self, failure: Failure, offer: Offer, seconds: float) -> None:
        """Tell when a message will be sent again by itself."""
        detail = self._presenter.private(failure.detail)
        stop = self._key_of("stop")
        countdown = "sends again in {seconds} s" + (f" · {stop} cancels" if stop else "")
        headline = self._speaks_of + failure.headline
        self._toast.show(ToastContent(headline, detail, "", offer, seconds, countdown))

    def fail_elsewhere(self, failure: Failure, title: str, offer: Offer) -> None:
        """Tell a failure of another conversation, and offer the way there; an audience is not told."""
        if not self._presenter.for_audience:
            self._toast.show(ToastContent(failure.headline, f"in “{title}”", self._step(offer), offer))

    def tell(self, headline: str, detail: str, step: str) -> None:
        """Tell trouble about which Ctrl+R can do nothing."""
        self._toast.show(ToastContent(headline, detail, step))

    def offer(self, headline: str, detail: str, offer: Offer, *, seconds: float) -> None:
        """Tell what was done, and offer to undo it for some seconds."""
        self._toast.show(
            ToastContent(headline, detail, self._step(offer), offer), seconds=seconds, is_offer=True
        )

    def dismiss(self, headline: str = "") -> None:
        """Take the toast away; with a headline, only where it says that."""
        if not headline or self._toast.headline == headline:
            self._toast.dismiss()

    @property
    def offered(self) -> Offer | None:
        """What the toast on the screen offers."""
        return self._toast.offer

    def _step(self, offer: Offer) -> str:
        return f"{self._key_of('remedy')} {offer.label}"

    def problems(self, problems: Iterable[Problem]) -> None:
        """Files that had to be got around, a notice each."""
        for problem in problems:
            self._notify(problem.message)
