"""Messages that are sent, their answers in the view, and what helps where a turn failed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat_place import answered, created, streamed
from controllers_apart import Apart
from scripted_server import LAST_CHUNK, Connection, Script, chunk, cut, head, whole
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status, now
from userdesk.store import Store
from userdesk.tui.chat.recovery import MAY_HAVE_ARRIVED, UNKNOWN_OUTCOME
from userdesk.tui.sidebar.rows import Mark

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


def begun(at: Apart) -> str:
    """A new conversation on the screen, for which no id was asked yet."""
    key = at.at.begin()
    at.conversations.open(key)
    return key


def held(first: str, release: asyncio.Event, rest: str) -> Script:
    async def script(connection: Connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked"))
        if first:
            await connection.write(chunk(first.encode()))
        await release.wait()
        await connection.write(chunk(rest.encode()) + LAST_CHUNK)

    return script


async def test_a_message_is_shown_answered_and_remembered(apart) -> None:
    async with apart(created(), streamed("Hel", "lo")) as at:
        key = begun(at)
        told: list[object] = []
        at.turns.on_started.append(lambda turn: told.append(turn.text))
        at.turns.on_finished.append(told.append)
        at.notifier.tell("old trouble", "", "")
        at.turns.submit(key, "Hi")
        assert not at.toast.display
        assert at.directory.mark_of(key) is Mark.STREAMING
        await at.settle()
        assert at.shown == ["Hi", "Hello"] and told == ["Hi", key]
        assert at.input.recall.prompts == ["Hi"] and at.prompts.newest_first == ["Hi"]
        assert at.views.current.live is None
        assert at.state.unread == set() and key in at.directory.times
        assert at.changes > 3


async def test_what_is_sent_before_any_conversation_is_open_waits_for_one(apart) -> None:
    async with apart(created(), streamed("Hello"), streamed("Bye")) as at:
        at.turns.submit("", "one")
        at.turns.submit("", "two")
        begun(at)
        at.turns.send_typed_ahead("acme")
        at.turns.send_typed_ahead("acme")
        await at.settle()
        assert at.shown == ["one", "Hello", "two", "Bye"]


async def test_what_was_written_for_another_chatbot_is_not_sent(apart) -> None:
    async with apart(created()) as at:
        begun(at)
        at.input.put("three")
        for text in ("one", "two"):
            at.turns.submit("", text)
        at.turns.send_typed_ahead("other")
        assert at.input.whole_text == "one\ntwo\nthree" and at.shown == []
        assert at.flashed == ["Not sent yet: this conversation is with another chatbot"]
        assert not at.service.turns(at.current)


async def test_an_answer_that_ends_elsewhere_is_unread_and_its_failure_offers_the_way_there(apart) -> None:
    async with apart(created("c1"), streamed("Hello"), created("c2"), whole(500, {})) as at:
        first, second = begun(at), begun(at)
        at.turns.send(first, "Hi")
        await at.settle()
        assert at.state.unread == {first} and at.directory.mark_of(first) is Mark.UNREAD
        assert Store(at.service.store.folder.path).read_marks.all() == {first: 0}
        at.conversations.open(first)
        await at.settle()
        assert at.state.unread == set() and at.service.store.read_marks.get(first) == 2
        at.turns.send(second, "Trip")
        await at.settle()
        assert at.toast.told.detail == "in “Trip”" and at.toast.told.step == "<remedy> open it"
        assert at.state.failed == {second}
        await at.recovery.act()
        assert at.current == second
        await at.settle()


async def test_a_waiting_message_is_taken_back_before_the_answer_is_stopped(apart) -> None:
    release = asyncio.Event()
    async with apart(created(), held("Hel", release, "lo")) as at:
        key = begun(at)
        at.turns.send(key, "one")
        async with asyncio.timeout(20):
            while at.shown[-1:] != ["Hel"]:
                await asyncio.sleep(0.001)
        at.turns.send(key, "two")
        await asyncio.sleep(0)
        assert at.shown == ["one", "Hel", "two"] and at.views.current.entry(2).waiting
        at.input.type("three")
        assert at.turns.stop(-1)
        async with asyncio.timeout(20):
            while len(at.shown) > 2:
                await asyncio.sleep(0.001)
        assert at.input.whole_text == "two\nthree"
        at.turns.send(key, "four")
        await asyncio.sleep(0)
        waiting = at.views.current.entry(2)
        at.turns.withdraw(key, "none")
        at.turns.withdraw(key, waiting.turn_id)
        async with asyncio.timeout(20):
            while len(at.shown) > 2:
                await asyncio.sleep(0.001)
        assert at.turns.stop(0)
        await at.settle()
        view = at.views.current
        assert view.entry(1).message.status is Status.STOPPED and view.entry(1).text == "Hel"
        assert not at.turns.stop(-1) and not at.turns.stop(0)
        release.set()


async def test_silence_is_told_of_the_conversation_on_the_screen_alone(apart) -> None:
    release = asyncio.Event()
    async with apart(created(), held("", release, "Hello"), read_timeout=0.02) as at:
        key = begun(at)
        at.turns.send(key, "Hi")
        async with asyncio.timeout(20):
            while not at.toast.display:
                await asyncio.sleep(0.001)
        assert at.toast.told[:3] == ("No answer for 0 s", "", "Still waiting · <stop> stops")
        assert at.notifier.offered is None
        begun(at)
        view = at.views.of(key)
        async with asyncio.timeout(20):
            while ((view.live and view.live.silent_for) or 0.0) < 0.09:
                await asyncio.sleep(0.001)
        assert not at.toast.display
        release.set()
        await at.settle()


async def test_a_message_that_brings_a_conversation_back_says_so(apart) -> None:
    async with apart(streamed("Hello")) as at:
        at.service.store.add(Conversation(key="a", bot="acme", created=AT, id="c1", title="One"))
        at.conversations.open("a")
        other = Store(at.service.store.folder.path, durable=False)
        other.open()
        other.delete("a")
        at.turns.send("a", "Hi")
        await at.settle()
        assert "It was deleted in another window · your message restored it" in at.flashed
        assert at.service.store.get("a")


# recovery


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


def message(role: Role, text: str = "x", **fields: object) -> Message:
    return Message(**({"role": role, "text": text, "at": now()} | fields))  # type: ignore[arg-type]


FAILURE = Failure(FailureKind.SERVER_ERROR, status=500)


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


# what the disk refuses


async def test_what_is_not_saved_is_told_once_and_not_by_its_file_before_an_audience(apart) -> None:
    for for_audience in (False, True):
        async with apart(created(), streamed("Hello")) as at:
            if for_audience:
                at.presenter.toggle("acme")
            key = begun(at)
            path: Path = at.service.store.transcript(key).path
            path.parent.mkdir(exist_ok=True)
            path.mkdir()
            at.turns.send(key, "Hi")
            await at.settle()
            told = at.toast.told
            assert told.headline == "Not saved"
            assert told.step == "userdesk keeps everything in memory until the disk is back"
            assert (told.detail == "") is for_audience, told
            assert at.status.news == "Not saved yet: can't write to the disk"
            at.notifier.dismiss()
            at.service.write_queue.tell("still")
            assert not at.toast.display, "told already"
            path.rmdir()
            at.service.write_queue.on_written()
            assert at.flashed[-1] == "Everything is saved"
            assert await at.service.write_queue.flush()
            at.save_notices.remind()
            at.status.news = ""
            at.save_notices.remind()
            assert at.status.news == ""


# drafts, prompts, other windows


async def test_a_draft_is_on_the_disk_when_the_conversation_is_left(apart) -> None:
    async with apart(created()) as at:
        key = begun(at)
        at.input.type("half")
        assert at.service.store.drafts.get(key) == ""
        flushed = at.input.flushed
        at.drafts.leave()
        assert at.input.flushed == flushed + 1, "what the keys still hold back belongs to it"
        await at.settle()
        assert at.service.store.drafts.get(key) == "half" and at.drafts.has(key)
        at.input.put("")
        await asyncio.sleep(0.01)
        await at.settle()
        assert at.service.store.drafts.get(key) == "" and not at.drafts.has(key)


async def test_a_message_that_was_not_sent_comes_back_before_what_is_written(apart) -> None:
    async with apart(created()) as at:
        other, key = begun(at), begun(at)
        at.drafts.put_back(key, "one")
        assert at.input.whole_text == "one"
        at.drafts.put_back(key, "zero")
        assert at.input.whole_text == "zero\none"
        at.drafts.put_back(other, "two")
        await at.settle()
        assert at.drafts.get(other) == "two" == at.service.store.drafts.get(other)
        await at.drafts.flush()
        assert at.service.store.drafts.get(key) == "zero\none"


async def test_a_draft_that_is_replaced_or_given_up_is_in_the_history(apart) -> None:
    async with apart(created()) as at:
        key = begun(at)
        at.input.type("half")
        at.drafts.replace("half")
        await at.settle()
        assert at.input.recall.prompts == ()
        at.drafts.replace("whole")
        assert at.input.whole_text == "whole" and at.input.focused == 2
        await at.settle()
        assert at.input.recall.prompts == ["half"]
        at.input.unsent = "was looked at"
        at.input.type("!")
        await at.settle()
        assert at.input.recall.prompts == ["half", "was looked at"]
        at.drafts.discard(key)
        await at.settle()
        assert (at.input.whole_text, at.service.store.drafts.get(key)) == ("", "")


async def test_a_crash_writes_what_is_being_typed(apart) -> None:
    async with apart(created()) as at:
        at.drafts.rescue()
        key = begun(at)
        at.input.type("half")
        at.drafts.rescue()
        assert at.service.store.drafts.get(key) == "half"
        at.drafts.drop()
        at.drafts.forget(key)
        assert at.input.whole_text == ""
        await at.settle()


async def test_another_windows_draft_is_read_when_its_conversation_is_opened(apart) -> None:
    async with apart(created()) as at:
        other, key = begun(at), begun(at)
        assert at.drafts.get(other) == ""
        at.service.store.drafts.set(other, "theirs")
        assert at.drafts.apply_names({other}, 1.0) is True
        assert at.drafts.get(other) == "theirs"
        assert at.drafts.apply_names({other}, 1.0) is False
        at.drafts.set(other, "ours")
        assert at.drafts.apply_names(set(), 1.0) is True
        assert at.drafts.get(other) == "ours", "what is not written yet is newer than what was read"
        assert at.drafts.get(key) == ""


async def test_an_audience_sees_the_prompts_of_the_conversation_alone(apart) -> None:
    async with apart(created()) as at:
        elsewhere, key = begun(at), at.at.begin()
        at.views.of(key).add(message(Role.USER, "two"))
        for text in ("one", "two", "one", " "):
            at.prompts.add(text)
        await at.settle()
        assert at.prompts.newest_first == ["one", "two"]
        at.presenter.toggle("acme")
        at.conversations.open(key)
        await at.settle()
        assert list(at.input.recall.prompts) == ["two"]
        at.conversations.open(elsewhere)
        assert list(at.input.recall.prompts) == [], "nor is one seen until the conversation was read"
        await at.settle()
        assert list(at.input.recall.prompts) == []


async def test_what_other_windows_did_is_seen_at_the_next_look(apart) -> None:
    async with apart(answered("x")) as at:
        store = at.service.store
        for key in "ab":
            store.add(Conversation(key=key, bot="acme", created=AT, id=f"id-{key}", title=f"About {key}"))
            store.transcript(key).append(message(Role.USER, "Hi"))
        at.watcher.watch()
        await at.settle()
        assert at.polls == 0, "nothing is looked at before the store was read"
        at.watcher.load()
        assert at.state.is_loaded
        at.conversations.open("a")
        other = Store(store.folder.path, durable=False)
        other.open()
        other.transcript("a").append(message(Role.ASSISTANT, "theirs"))
        other.transcript("b").append(message(Role.ASSISTANT, "", status=Status.FAILED, failure=FAILURE))
        other.read_marks.set("b", 0)
        other.drafts.set("b", "half")
        begun_answer = other.begin_answer("b", "t1")  # the folder changes with each turn
        other.add(Conversation(key="c", bot="acme", created=AT, title="New"))
        await at.watcher.poll(thoroughly=True)
        assert at.shown == ["Hi", "theirs"]
        assert at.service.conversation("c") and at.drafts.has("b")
        assert at.state.unread == {"b"} and "b" in at.state.failed
        assert at.polls == 1
        begun_answer.finish(message(Role.ASSISTANT, "now"))
        await at.watcher.poll(thoroughly=True)
        assert "b" not in at.state.failed
        await at.settle()


async def test_polls_asked_for_meanwhile_are_one_more(apart) -> None:
    async with apart(created()) as at:
        at.watcher.load()
        first, second = at.watcher.poll(), at.watcher.poll()
        at.watcher.watch()
        assert first is second
        await first
        assert 1 <= at.polls <= 2
        await at.settle()


async def test_a_view_is_kept_while_it_is_needed_and_caught_up(apart) -> None:
    async with apart(created()) as at:
        store = at.service.store
        keys = [f"k{number}" for number in range(30)]
        for key in keys:
            store.add(Conversation(key=key, bot="acme", created=AT, title=key))
        at.state.current = "k0"
        views = {key: at.views.of(key) for key in keys}
        assert at.views.of("k0") is views["k0"] and at.views.current is views["k0"]
        assert at.views.of("k29") is views["k29"] and at.views.of("k3") is not views["k3"]
        store.transcript("k29").append(message(Role.USER, "theirs"))
        assert at.views.sync("k29") is False and len(views["k29"]) == 1
        assert at.views.sync("never seen") is False
        views["k29"].add(message(Role.ASSISTANT, "ours"))
        store.transcript("k29").append(message(Role.ASSISTANT, "not ours"))
        store.transcript("k29").append(message(Role.ASSISTANT, "ours"))
        assert at.views.sync("k29") is True
        assert len(at.views.of("k29")) == 3
        at.views.forget("k29")
        assert at.views.of("k29") is not views["k29"]


async def test_unread_marks_of_other_windows_come_in(apart) -> None:
    async with apart(created()) as at:
        at.state.current = "a"
        assert at.unread.apply({"b": 0, "a": 0, "c": 3}) is True
        assert at.state.unread == {"b"}
        assert at.unread.apply({"b": 0, "a": 0, "c": 3}) is False
        assert at.unread.apply({"b": 2, "a": 0}) is True
        assert at.state.unread == set()
        at.service.store.read_marks.set("x", 0)
        at.unread.apply(at.service.store.read_marks.all())
        assert at.state.unread == {"x"}


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
