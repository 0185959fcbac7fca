"""A conversation being talked in: its title, its ids, and what its transcript says of it."""

import json

import pytest

from chat_place import OpenPlace, Place, answered, created, streamed
from userdesk.chat.session import ConversationSession, entry_lane
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import Store


def session_of(at: Place, conversation: Conversation) -> ConversationSession:
    return ConversationSession(
        conversation, at.store, at.registry, at.service.write_queue, read_timeout=60.0, stream_first=False
    )


def said(text: str) -> Message:
    return Message(role=Role.USER, text=text, at=now())


@pytest.mark.parametrize(
    ("fields", "text", "title"),
    [
        ({}, "Where is it?\nmore", "Where is it?"),
        ({"id": "0123456789", "title": "Opened 01234567"}, "Where is it?", "Where is it?"),
        ({"id": "0123456789", "title": "Opened 99999999"}, "Where is it?", "Opened 99999999"),
        ({"title": "Mine"}, "Where is it?", "Mine"),
        ({}, "  \n ", ""),
    ],
)
async def test_the_first_message_titles_an_untitled_conversation_and_saves_it(
    place: OpenPlace, fields: dict[str, object], text: str, title: str
) -> None:
    async with place(created()) as at:
        session = session_of(at, Conversation.start(at.chatbot, now()).evolve(**fields))
        assert not session.is_saved
        changed = await session.give_title(text)
        assert changed == session.conversation and changed.title == title
        assert session.is_saved and not session.is_ahead and not session.is_gone
        assert at.store.get(session.key) == changed
        again = await session.give_title("Another")
        assert (again and again.title) == ("Another" if not title else None)


async def test_an_id_is_learned_once(place: OpenPlace) -> None:
    async with place(created()) as at:
        session = session_of(at, Conversation.start(at.chatbot, now()))
        assert await session.learn_id(None) is None
        changed = await session.learn_id("c1")
        assert changed and changed.id == "c1"
        assert await session.learn_id("c2") is None
        assert session.take_new_id() is None, "it is the first one"
        await session.drop_id()
        assert (session.conversation.id, session.conversation.previous_ids) == (None, ("c1",))
        await session.learn_id("c3")
        assert (session.take_new_id(), session.take_new_id()) == ("c3", None)


async def test_an_id_that_another_window_has_already_replaced_stays(place: OpenPlace) -> None:
    async with place(created()) as at:
        session = session_of(at, Conversation.start(at.chatbot, now()).evolve(id="c1", title="One"))
        await session.change()
        other = Store(at.store.folder.path, durable=False)
        other.open()
        other.update(session.key, lambda saved: saved.without_id().with_id("c2"))
        await session.drop_id()
        assert (session.conversation.id, session.conversation.previous_ids) == ("c2", ("c1",))
        saved = at.store.get(session.key)
        assert saved and saved.id == "c2"


async def test_a_conversation_that_was_saved_and_deleted_is_gone(place: OpenPlace) -> None:
    async with place(created()) as at:
        session = session_of(at, Conversation.start(at.chatbot, now()))
        assert not session.is_gone
        assert await session.restore_if_deleted() is False
        await session.change(title="One")
        assert await session.restore_if_deleted() is False
        at.store.delete(session.key)
        assert session.is_gone
        assert await session.restore_if_deleted() is True
        assert not session.is_gone and at.store.get(session.key) == session.conversation


async def test_changes_that_wait_for_the_disk_are_ahead_of_it(place: OpenPlace) -> None:
    async with place(created()) as at:
        session = session_of(at, Conversation.start(at.chatbot, now()))
        index = at.store.folder.path / "conversations.toml"
        index.unlink(missing_ok=True)
        index.mkdir()
        await session.change(title="One")
        await session.change(title="Two")
        assert session.is_ahead and not session.is_saved and not session.is_gone
        assert session.conversation.title == "Two"
        assert await session.restore_if_deleted() is False
        assert at.service.write_queue.waits(session.key) and entry_lane("k") == "k/entry"
        index.rmdir()
        assert await at.service.write_queue.flush()
        saved = at.store.get(session.key)
        assert not session.is_ahead and saved and saved.title == "Two"


async def test_a_transcript_says_once_whose_it_is(place: OpenPlace) -> None:
    async with place(created(), streamed("Hello"), streamed("again")) as at:
        key = at.begin()
        for text in ("Hi", "More"):
            await at.service.send(key, text).wait_ended()
        path = at.store.transcript(key).path
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        told = [json.dumps(line).count('"acme"') for line in lines]
        assert told[0] == 1 and sum(told) == 2, "when it began, and when it had its id"
        assert '"c1"' in json.dumps(lines[1])


async def test_a_conversation_that_goes_on_is_not_greeted(place: OpenPlace) -> None:
    async with place(created("c1", "Welcome!"), answered("x")) as at:
        conversation = Conversation.start(at.chatbot, now())
        at.store.add(conversation)
        at.store.transcript(conversation.key).append(said("Hi"))
        assert len(await at.service.create(conversation.key)) == 1
        assert at.kept(conversation.key) == [("user", "Hi")]


async def test_a_message_whose_answers_file_cannot_be_made_is_answered_all_the_same(
    place: OpenPlace,
) -> None:
    async with place(created("c1"), streamed("Hello")) as at:
        told: list[str] = []
        at.service.write_queue.on_trouble = told.append
        key = at.begin()
        await at.service.create(key)
        (at.store.folder.path / "transcripts").rmdir()
        (at.store.folder.path / "transcripts").write_text("a file where the folder was")
        turn = at.service.send(key, "Hi")
        await turn.wait_ended()
        assert turn.outcome and turn.outcome.text == "Hello"
        assert len(told) == 2 and not at.service.write_queue.is_clean
        (at.store.folder.path / "transcripts").unlink()
        assert await at.service.write_queue.flush()
        assert at.kept(key) == [("user", "Hi"), ("assistant", "Hello")]
