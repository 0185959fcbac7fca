"""What helps where a turn failed, and when it is offered."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chat_place import created, streamed
from scripted_server import chunk, cut, head, whole
from turns_apart import FAILURE, begun, held, message
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status
from userdesk.tui.chat.recovery import MAY_HAVE_ARRIVED, UNKNOWN_OUTCOME

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


async def test_a_refused_key_is_asked_for_until_there_is_another(apart) -> None:
    async with apart(created(), whole(401, {}), streamed("now")) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        at.presenter.toggle("acme")
        await at.recovery.recover(key)
        assert at.connected == [] and at.toast.told.step.startswith("<presenter> ends presenter mode")
        at.presenter.toggle("acme")
        await at.recovery.recover(key)
        assert at.connected == ["acme"]
        at.at.key = ApiKey("sk-another-0123456789")
        await at.recovery.recover(key)
        await at.settle()
        assert at.shown[-1] == "now" and len(at.connected) == 1
        assert at.at.server.received[-1].header("authorization") == "Bearer sk-another-0123456789"


async def test_access_that_was_given_sends_what_was_refused_for_want_of_it(apart) -> None:
    async with apart(created(), whole(403, {}), streamed("now"), whole(500, {})) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        at.recovery.access_changed()
        await at.settle()
        assert at.shown[-1] == "now"
        at.turns.send(key, "More")
        await at.settle()
        asked = len(at.at.asked)
        at.recovery.access_changed()
        await at.settle()
        assert len(at.at.asked) == asked, "another failure is not helped by it"


async def test_what_may_have_arrived_is_asked_before_it_is_sent_again(apart) -> None:
    lost = cut(head(200, "Transfer-Encoding: chunked") + chunk(b"half"))
    async with apart(created(), lost, streamed("now")) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        await at.recovery.act()
        assert at.dialogs.asked == [(MAY_HAVE_ARRIVED, "send again")]
        assert at.shown == ["Hi", "half"]
        at.dialogs.then()
        assert not at.toast.display
        await at.settle()
        assert at.shown == ["Hi", "half", "now"]


async def test_an_id_that_is_not_valid_is_gone_on_from_under_a_new_one(apart) -> None:
    async with apart(created("c1"), whole(400, {}), created("c2"), streamed("now")) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        assert at.toast.told.step == "<remedy> continue in a new conversation"
        await at.recovery.act()
        await at.settle()
        assert at.shown[-1] == "now" and not at.toast.display
        conversation = at.service.conversation(key)
        assert conversation and conversation.id == "c2"


async def test_a_retry_waits_as_long_as_the_service_asked_and_is_scheduled_once(apart) -> None:
    async with apart(created(), whole(429, {}, "Retry-After: 30"), streamed("now")) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        assert at.toast.told.retry_after == 30.0
        for _ in range(2):
            await at.recovery.act()
        assert at.toast.told.countdown == "sends again in {seconds} s · <stop> cancels"
        assert 29 < at.toast.told.retry_after <= 30
        (timer,) = at.later
        assert 29 < timer.seconds <= 30 and list(at.recovery.scheduled) == [key]
        at.conversations.open(at.at.begin())
        timer.call()
        await at.settle()
        at.conversations.open(key)
        assert at.shown[-1] == "now" and not at.recovery.scheduled
        timer.call()
        await at.settle()
        assert len(at.at.messages) == 2, "what does not end with that failure any more is left alone"


async def test_once_the_wait_is_over_a_retry_is_made_at_once(apart) -> None:
    async with apart(created(), whole(429, {}, "Retry-After: 30"), streamed("now")) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        at.state.retry_at[key] -= 31
        await at.recovery.act()
        await at.settle()
        assert at.shown[-1] == "now" and not at.later


async def test_there_may_be_nothing_to_recover(apart) -> None:
    release = asyncio.Event()
    async with apart(created(), held("", release, "Hello")) as at:
        await at.recovery.act()
        key = begun(at)
        await at.recovery.act()
        assert at.flashed == ["Nothing failed here"] * 2
        at.turns.send(key, "Hi")
        await at.recovery.act()
        assert at.flashed == ["The answer is still arriving · <stop> stops it"]
        release.set()
        await at.settle()
        await at.recovery.act()
        assert at.flashed == ["Nothing failed here"]


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([], None),
        ([message(Role.ASSISTANT, welcome=True)], None),
        ([message(Role.USER, "a")], (UNKNOWN_OUTCOME, "a")),
        ([message(Role.USER, "a"), message(Role.ASSISTANT)], None),
        ([message(Role.USER, "a"), message(Role.ASSISTANT, status=Status.STOPPED)], None),
        (
            [message(Role.USER, "a"), message(Role.ASSISTANT, status=Status.FAILED, failure=FAILURE)],
            (FAILURE, "a"),
        ),
        (
            [message(Role.USER, "a"), message(Role.ASSISTANT, status=Status.INTERRUPTED)],
            (UNKNOWN_OUTCOME, "a"),
        ),
        (
            [
                *(message(Role.USER, "a"), message(Role.ASSISTANT), message(Role.USER, "b")),
                message(Role.ASSISTANT, status=Status.FAILED, failure=FAILURE),
                message(Role.ASSISTANT, status=Status.FAILED, failure=FAILURE),
            ],
            (FAILURE, "b"),
        ),
    ],
)
async def test_a_conversation_ends_with_a_failure_or_not(
    apart, messages: list[Message], found: tuple[Failure, str] | None
) -> None:
    async with apart(created()) as at:
        key = begun(at)
        assert at.recovery.failed_turn("") is None
        for each in messages:
            at.views.of(key).add(each)
        assert at.recovery.failed_turn(key) == found
        assert UNKNOWN_OUTCOME.may_have_arrived


async def test_an_answer_that_is_awaited_elsewhere_is_not_asked_for_again(apart) -> None:
    async with apart(created()) as at:
        key = begun(at)
        view = at.views.of(key)
        view.add(message(Role.USER, "a"))
        view.is_answered_elsewhere(True)
        await at.recovery.act()
        assert at.flashed == ["The answer is arriving in another window"]
        assert at.dialogs.asked == []


async def test_the_demo_chatbot_needs_no_key(apart) -> None:
    async with apart(created()) as at:
        at.at.key = None
        demo = at.service.registry.get("demo")
        key = at.service.start_conversation(demo).key
        at.conversations.open(key)
        view = at.views.of(key)
        view.add(message(Role.USER, "a"))
        wrong = Failure(FailureKind.MISSING_KEY, status=401)
        view.add(message(Role.ASSISTANT, "", status=Status.FAILED, failure=wrong))
        at.recovery.failed(key, wrong)
        assert at.toast.told.step == "<remedy> edit and resend"
        at.service.registry.key_was_refused("demo")
        await at.recovery.act()
        assert at.input.whole_text == "a"
        assert at.flashed[-1] == "The demo chatbot needs no key: it failed because you asked it to"
        assert at.connected == []


async def test_a_scheduled_retry_of_another_failure_is_left_alone(apart) -> None:
    async with apart(created(), whole(500, {})) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        await at.settle()
        at.recovery.retry_if_still_failed(key, replace(FAILURE, message="another"))
        await at.settle()
        assert len(at.at.messages) == 1


async def test_a_scheduled_retry_can_be_cancelled_and_scheduled_again(apart) -> None:
    async with apart(created(), whole(429, {}, "Retry-After: 30"), streamed("now")) as at:
        key = begun(at)
        assert not at.recovery.cancel_scheduled()
        at.turns.send(key, "Hi")
        await at.settle()
        await at.recovery.act()
        at.state.current = "another"
        assert not at.recovery.cancel_scheduled() and not at.later[0].is_stopped
        at.state.current = key
        assert at.recovery.cancel_scheduled() and at.flashed[-1] == "Retry cancelled"
        assert at.later[0].is_stopped and not at.recovery.cancel_scheduled()
        assert not at.toast.display
        await at.recovery.act()
        at.later[1].call()
        await at.settle()
        assert at.shown[-1] == "now"
