"""What the user is told, what a toast offers, and what an audience does not see."""

from typing import Any

import pytest

from controllers_apart import Status, Toast
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, now
from userdesk.store import Problem
from userdesk.tui.chat.log_commands import metrics_line
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.state import ChatState
from userdesk.tui.message_log.annotations import EVERYTHING, FOR_AUDIENCE
from userdesk.tui.widgets.toast import Offer, ToastContent

WRONG_KEY = Failure(FailureKind.WRONG_KEY, status=401, detail="key of conversation 7")


class Parts:
    def __init__(self) -> None:
        self.status: Any = Status()
        self.toast: Any = Toast()
        self.presenter = PresenterMode()
        self.notices: list[str] = []
        self.notifier = Notifier(
            self.status, self.toast, self.presenter, lambda command: f"<{command}>", self.notices.append
        )
        self.offer = Offer("change the key", lambda: None)


@pytest.fixture
def parts() -> Parts:
    return Parts()


def test_a_failure_is_told_with_what_helps_and_its_key(parts: Parts) -> None:
    parts.notifier.fail(WRONG_KEY, parts.offer, reveals=True)
    assert parts.toast.told == ToastContent(
        "401 · Wrong API Key", "key of conversation 7", "<remedy> change the key", parts.offer, None
    )
    assert parts.notifier.offered is parts.offer and parts.toast.display


def test_what_reveals_nothing_needs_no_end_of_presenter_mode(parts: Parts) -> None:
    parts.presenter.toggle("acme")
    parts.notifier.fail(WRONG_KEY, parts.offer)
    assert parts.toast.told and parts.toast.told.step == "<remedy> change the key"


@pytest.mark.parametrize(("key", "cancels"), [("F6", " · F6 cancels"), ("", "")])
def test_a_countdown_names_the_key_that_cancels_it_if_there_is_one(
    parts: Parts, key: str, cancels: str
) -> None:
    notifier = Notifier(parts.status, parts.toast, parts.presenter, lambda command: key, parts.notices.append)
    notifier.count_down(WRONG_KEY, parts.offer, 5.0)
    assert parts.toast.told.countdown == "sends again in {seconds} s" + cancels


@pytest.mark.parametrize(
    ("reveals", "step"),
    [
        (True, "<presenter> ends presenter mode, then <remedy> change the key"),
        (False, "<remedy> change the key"),
    ],
)
def test_an_audience_sees_no_detail_and_no_way_to_one(parts: Parts, reveals: bool, step: str) -> None:
    parts.presenter.toggle("acme")
    parts.notifier.fail(WRONG_KEY, parts.offer, reveals=reveals)
    assert parts.toast.told == ToastContent("401 · Wrong API Key", "", step, parts.offer, None)


def test_a_failure_elsewhere_names_its_conversation_but_not_before_an_audience(parts: Parts) -> None:
    parts.notifier.fail_elsewhere(WRONG_KEY, "Trip", parts.offer)
    assert parts.toast.told == ToastContent(
        "401 · Wrong API Key", "in “Trip”", "<remedy> change the key", parts.offer
    )
    parts.notifier.dismiss()
    parts.presenter.toggle("acme")
    parts.notifier.fail_elsewhere(WRONG_KEY, "Trip", parts.offer)
    assert not parts.toast.display and parts.notifier.offered is None


def test_how_long_to_wait_is_told(parts: Parts) -> None:
    from dataclasses import replace

    parts.notifier.fail(replace(WRONG_KEY, retry_after=7.0), parts.offer)
    assert parts.toast.told.retry_after == 7.0


def test_trouble_offers_nothing_and_an_undo_offers_it_for_a_while(parts: Parts) -> None:
    parts.notifier.tell("No answer for 60 s", "detail", "Still waiting")
    assert parts.toast.told == ToastContent("No answer for 60 s", "detail", "Still waiting")
    assert parts.notifier.offered is None
    parts.notifier.offer("Deleted", "In the trash", parts.offer, seconds=10.0)
    assert parts.toast.told == ToastContent("Deleted", "In the trash", "<remedy> change the key", parts.offer)
    assert (parts.toast.seconds, parts.toast.is_offer) == (10.0, True)


def test_a_toast_is_dismissed_by_its_headline_alone(parts: Parts) -> None:
    parts.notifier.tell("Not saved", "", "")
    parts.notifier.dismiss("Another")
    assert parts.toast.display
    parts.notifier.dismiss("Not saved")
    assert not parts.toast.display


def test_news_that_stay_make_way_for_no_other_that_stay(parts: Parts) -> None:
    parts.notifier.flash("soon gone", alert=True)
    assert parts.status.flashed == [("soon gone", True)]
    parts.notifier.hold_unless_busy("first")
    parts.notifier.hold_unless_busy("second")
    assert parts.status.news == "first"
    parts.notifier.hold("third")
    assert parts.status.news == "third"
    parts.notifier.release()
    assert parts.status.news == ""


def test_each_problem_is_a_notice(parts: Parts, tmp_path: Any) -> None:
    parts.notifier.problems([Problem(tmp_path, "one"), Problem(tmp_path, "two")])
    assert parts.notices == ["one", "two"]


def test_presenter_mode_hides_until_it_is_turned_off() -> None:
    presenter, told = PresenterMode(), list[bool]()
    presenter.on_toggled.append(lambda: told.append(presenter.is_on))
    assert (presenter.private("id"), presenter.named("Trip", "This one")) == ("id", "“Trip”")
    assert presenter.named("What one can see on a trip to the sea", "") == "“What one can see on a trip…”"
    assert presenter.annotations(EVERYTHING) is EVERYTHING
    presenter.toggle("acme")
    assert (presenter.is_on, presenter.bot) == (True, "acme")
    assert (presenter.private("id"), presenter.named("Trip", "This one")) == ("", "This one")
    assert presenter.annotations(EVERYTHING) == FOR_AUDIENCE
    presenter.toggle("other")
    assert (presenter.is_on, presenter.bot, told) == (False, "acme", [True, False])


def test_whoever_listens_is_told_of_a_change() -> None:
    state, told = ChatState(by_chatbot=True), list[str]()
    state.on_changed.append(lambda: told.append("a"))
    state.on_changed.append(lambda: told.append("b"))
    state.changed()
    assert told == ["a", "b"]
    assert (state.current, state.filter, state.by_chatbot, state.accessible) == ("", "", True, False)


def test_the_figures_of_a_conversation_are_a_median_and_a_percentile() -> None:
    def answer(first: float | None, total: float) -> Message:
        return Message(role=Role.ASSISTANT, text="a", at=now(), metrics=Metrics(first, total, 1))

    assert metrics_line([]) == "No answers with figures yet"
    question = Message(role=Role.USER, text="q", at=now())
    one = "1 answer · first text 0.2 s median, 0.2 s p95 · whole 0.6 s median, 0.6 s p95"
    assert metrics_line([question, answer(0.2, 0.6)]) == one
    assert metrics_line([answer(None, 0.6)]) == "1 answer · whole 0.6 s median, 0.6 s p95"
    many = metrics_line(answer(None, float(each)) for each in range(1, 100))
    assert many == "99 answers · whole 50 s median, 95 s p95"
