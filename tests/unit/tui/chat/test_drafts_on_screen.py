"""Drafts and earlier prompts, what the disk refuses, and what other windows did meanwhile."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from chat_place import answered, created, streamed
from turns_apart import FAILURE, begun, message
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Role, Status
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


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
