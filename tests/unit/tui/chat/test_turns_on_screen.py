"""Messages that are sent, and their answers in the view."""

import asyncio
from datetime import UTC, datetime

from chat_place import created, streamed
from scripted_server import whole
from turns_apart import begun, held
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Status
from userdesk.store import Store
from userdesk.tui.sidebar.rows import Mark

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


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
