"""A second conversation on the screen beside the open one: its marks, and what is written in both."""

from typing import Any, cast

from chat_place import created, streamed
from controllers_apart import Input, Status, Toast
from userdesk.domain.failure import Failure, FailureKind
from userdesk.tui.chat.comparing import ComparisonCommands
from userdesk.tui.widgets.toast import Offer


async def test_an_answer_that_is_looked_at_beside_is_read(apart) -> None:
    async with apart(created(), streamed("Hi")) as at:
        left, right = at.at.begin(), at.at.begin()
        at.conversations.open(left)
        at.state.beside = right
        at.turns.send(right, "Hello")
        await at.settle()
        assert at.state.unread == set()


async def test_a_state_of_another_conversation_has_the_same_marks(apart) -> None:
    async with apart() as at:
        other = at.state.turned("right", "left")
        at.state.failed.add("right")
        other.changed()
        assert other.failed == {"right"} and (at.changes, at.current) == (1, "")
        assert at.views.turned(other).current is at.views.of("right")
        assert [other.shows(key) for key in ("left", "right", "third")] == [True, True, False]


async def test_the_blank_conversation_beside_is_not_taken(apart) -> None:
    async with apart(created("c1"), created("c2")) as at:
        at.conversations.start()
        blank = at.current
        at.state.current, at.state.beside = "", blank
        at.conversations.start()
        await at.settle()
        assert at.current and at.current != blank


async def test_what_was_sent_to_both_comes_back_once(apart) -> None:
    async with apart() as at:
        left, right = at.at.begin(), at.at.begin()
        at.conversations.open(left)
        at.state.beside = right
        at.input.type("draft")
        for key in (left, right):
            at.drafts.put_back(key, "one\ntwo")
        assert at.input.whole_text == "one\ntwo\ndraft" and at.drafts.get(right) == ""
        await at.settle()


async def test_a_draft_goes_with_the_user_to_another_input_bar_and_back(apart) -> None:
    async with apart() as at:
        key = at.at.begin()
        at.conversations.open(key)
        at.input.type("half a")
        other = Input()
        other.on_changed = at.drafts.changed
        at.drafts.move_to(other)
        assert (at.input.whole_text, other.whole_text, other.key) == ("", "half a", key)
        other.type(" thought")
        at.drafts.move_to(at.input)
        assert at.input.whole_text == at.drafts.get(key) == "half a thought"
        await at.settle()


async def test_text_typed_before_any_conversation_was_open_goes_along(apart) -> None:
    async with apart() as at:
        at.input.type("early")
        other = Input()
        at.drafts.move_to(other)
        assert other.whole_text == "early"
        at.conversations.open(at.at.begin())
        assert other.whole_text == "early"
        await at.settle()


async def test_failures_are_told_with_a_name_at_the_place_in_front(apart) -> None:
    async with apart() as at:
        status, toast = Status(), Toast()
        at.notifier.tell("Old news", "", "")
        at.notifier.move_to(status, toast)
        failure = Failure(FailureKind.SERVER_ERROR, status=500)
        at.notifier.naming("Acme").fail(failure, Offer("retry", lambda: None))
        assert not at.toast.display
        assert toast.headline == "Acme: 500 · An error occurred on the server"
        at.notifier.flash("Copied")
        assert status.flashed == [("Copied", False)]


async def test_any_chatbot_can_be_compared_with_its_own_one_last(apart) -> None:
    async with apart() as at:
        comparing = ComparisonCommands(cast(Any, None), cast(Any, None), at.does)
        at.conversations.open(at.at.begin())
        comparing.ask()
        assert at.dialogs.asked == [
            ("Compare Acme with", ["the demo chatbot", "Acme once more"], "compare", "")
        ]
