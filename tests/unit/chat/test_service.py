"""The chat service: which conversations there are, and what becomes of those that are changed or deleted."""

import asyncio
from datetime import UTC, datetime

import pytest

from chat_place import OpenPlace, Place, created, streamed
from scripted_server import LAST_CHUNK, Connection, Script, chunk, head, whole
from userdesk.chat import session, unanswered_text
from userdesk.chat.events import ConversationChanged, Greeted
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import UserdeskError
from userdesk.domain.message import Message, Role, Status
from userdesk.store import Store, StoreError
from userdesk.store.locks.advisory import IdLock

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


def saved(key: str, **fields: object) -> Conversation:
    values = {"key": key, "bot": "acme", "created": AT, "title": f"About {key}", "id": f"id-{key}"}
    return Conversation(**(values | fields))  # type: ignore[arg-type]


def another_window(at: Place) -> Store:
    other = Store(at.store.folder.path, durable=False)
    other.open()
    return other


async def written(at: Place) -> None:
    """What was begun in the background is on the disk."""
    await asyncio.sleep(0)  # it stands in the queue now
    await at.service.write_queue.erase(lambda: None, [])


async def test_a_new_conversation_is_in_memory_until_something_is_said(place: OpenPlace) -> None:
    async with place(created(), streamed("Hello")) as at:
        begun = at.service.start_conversation(at.chatbot)
        assert begun.bot == "acme" and begun.chatbot_id == "1" and begun.title == ""
        assert at.service.conversation(begun.key) == begun
        assert (at.service.unsaved(), at.service.saved(), at.store.conversations()) == ([begun], [], [])
        await at.service.send(begun.key, "Hi").wait_ended()
        assert at.service.unsaved() == []
        assert at.service.saved() == at.store.conversations() == [at.service.conversation(begun.key)]


async def test_a_conversation_nobody_knows_is_none_and_cannot_be_talked_in(place: OpenPlace) -> None:
    async with place(created()) as at:
        assert at.service.conversation("none") is None
        with pytest.raises(KeyError):
            at.service.send("none", "Hi")
        with pytest.raises(KeyError):
            at.service.retain("none")
        assert (at.service.turns("none"), at.service.holds("none")) == ([], False)


async def test_asking_for_the_id_greets_once(place: OpenPlace) -> None:
    async with place(created("c1", "Welcome!")) as at:
        key = at.begin()
        changed, greeted = await at.service.create(key)
        assert isinstance(changed, ConversationChanged) and changed.conversation.id == "c1"
        assert isinstance(greeted, Greeted) and greeted.message.welcome
        assert (greeted.message.role, greeted.message.text) == (Role.ASSISTANT, "Welcome!")
        assert at.kept(key) == [("assistant", "Welcome!")]
        assert await at.service.create(key) == []
        assert at.asked == ["conversation"]


async def test_a_conversation_without_a_welcome_is_not_greeted(place: OpenPlace) -> None:
    async with place(created("c1")) as at:
        key = at.begin()
        assert [type(event) for event in await at.service.create(key)] == [ConversationChanged]
        assert at.kept(key) == []


async def test_a_missing_create_endpoint_is_no_failure_and_others_are(place: OpenPlace) -> None:
    async with place(whole(404, {}), whole(500, {})) as at:
        assert await at.service.create(at.begin()) == []
        at.registry.without_create.clear()
        with pytest.raises(UserdeskError):
            await at.service.create(at.begin())


def held_creation(release: asyncio.Event, arrived: asyncio.Event) -> Script:
    async def script(connection: Connection) -> None:
        arrived.set()
        await release.wait()
        body = b'{"success": true, "conversationId": "c1", "response": "Welcome!"}'
        await connection.write(head(200, "Content-Type: application/json", "Transfer-Encoding: chunked"))
        await connection.write(chunk(body) + LAST_CHUNK)

    return script


async def test_a_message_sent_while_the_id_is_asked_for_waits_for_it(place: OpenPlace) -> None:
    release, arrived = asyncio.Event(), asyncio.Event()
    async with place(held_creation(release, arrived), streamed("Hello")) as at:
        key = at.begin()
        creation = asyncio.create_task(at.service.create(key))
        async with asyncio.timeout(20):
            await arrived.wait()
            assert at.service.holds(key)
            turn = at.service.send(key, "Hi")
            release.set()
            await creation
            await turn.wait_ended()
        assert at.messages == [{"message": "Hi", "conversationId": "c1", "stream": True}]
        assert at.asked.count("conversation") == 1
        assert not at.service.holds(key)


async def test_the_id_of_a_conversation_that_was_let_go_meanwhile_is_not_kept(place: OpenPlace) -> None:
    release, arrived = asyncio.Event(), asyncio.Event()
    async with place(held_creation(release, arrived)) as at:
        key = at.begin()
        creation = asyncio.create_task(at.service.create(key))
        async with asyncio.timeout(20):
            await arrived.wait()
            assert at.service.delete(key) is False
            release.set()
            assert await creation == []
        assert (at.store.conversations(), at.service.conversation(key)) == ([], None)


async def test_a_change_is_known_at_once_and_written(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        assert await at.service.change("one", title="Renamed", pinned=True)
        for known in (at.service.conversation("one"), at.store.get("one"), another_window(at).get("one")):
            assert known and (known.title, known.pinned, known.id) == ("Renamed", True, "id-one")


async def test_a_change_of_an_unsaved_conversation_saves_nothing(place: OpenPlace) -> None:
    async with place(created()) as at:
        key = at.begin()
        assert await at.service.change(key, title="Renamed")
        assert [each.title for each in at.service.unsaved()] == ["Renamed"]
        assert at.store.conversations() == []


async def test_what_another_window_deleted_is_changed_in_the_trash(place: OpenPlace) -> None:
    async with place(created()) as at:
        for key in ("known", "unknown"):
            at.store.add(saved(key))
        at.service.retain("known")
        other = another_window(at)
        for key in ("known", "unknown"):
            other.delete(key)
        at.store.reload()
        assert at.service.deleted() == ["known"]
        for key in ("known", "unknown"):
            assert await at.service.change(key, title="Renamed") is False
            assert at.store.get(key) is None
            assert at.store.restore(key).title == "Renamed"


async def test_a_change_of_another_window_is_taken_up(place: OpenPlace) -> None:
    async with place(streamed("Hello")) as at:
        at.store.add(saved("one"))
        at.service.retain("one")
        another_window(at).update("one", lambda before: before.evolve(title="Theirs", id="id-theirs"))
        at.store.reload()
        assert at.service.conversation("one") == at.store.get("one")
        await at.service.send("one", "Hi").wait_ended()
        assert at.messages == [{"message": "Hi", "conversationId": "id-theirs", "stream": True}]


async def test_deleting_is_at_once_here_and_soon_on_the_disk(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        at.store.add(saved("two"))
        assert at.service.delete("one")
        assert at.service.conversation("one") is None
        assert [each.key for each in at.service.saved()] == ["two"]
        assert at.service.deleted() == []
        await written(at)
        assert [each.key for each in another_window(at).conversations()] == ["two"]
        assert at.store.trash.entry("one")
        assert await at.service.bring_back("one")
        assert {each.key for each in another_window(at).conversations()} == {"one", "two"}


async def test_a_deletion_that_has_not_happened_yet_can_be_taken_back(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        for turns_of_the_loop in (0, 1):  # 0 as by two keys of one read
            at.service.delete("one")
            for _ in range(turns_of_the_loop):
                await asyncio.sleep(0)
            assert await at.service.bring_back("one")
            await written(at)
            assert at.service.conversation("one") == saved("one") == another_window(at).get("one")
        assert await at.service.bring_back("none") is False


async def test_nothing_is_brought_back_of_what_was_never_kept(place: OpenPlace) -> None:
    async with place(created()) as at:
        key = at.begin()
        assert at.service.delete(key) is False
        assert at.service.delete("none") is False
        assert (at.service.conversation(key), at.service.unsaved()) == (None, [])


async def test_a_conversation_whose_first_message_waits_for_the_disk_can_be_brought_back(
    place: OpenPlace,
) -> None:
    async with place(created(), streamed("Hello")) as at:
        index = at.store.folder.path / "conversations.toml"
        index.unlink(missing_ok=True)
        index.mkdir()
        key = at.begin()
        await at.service.send(key, "Hi").wait_ended()
        assert at.store.get(key) is None
        conversation = at.service.conversation(key)
        assert conversation and (conversation.title, conversation.id) == ("Hi", "c1")
        at.service.forget(key)
        assert at.service.conversation(key), "what waits for the disk is not forgotten"
        assert at.service.delete(key) is True
        assert at.service.conversation(key) is None and at.service.unsaved() == []
        index.rmdir()
        assert await at.service.bring_back(key)
        await at.service.write_queue.flush()
        again = another_window(at).get(key)
        assert again and (again.title, again.id) == ("Hi", "c1")


async def test_what_is_erased_is_known_no_more(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        at.service.retain("one")
        assert await at.service.erase(lambda: at.store.erase(["one"]), ["one"]) == 1
        assert at.service.conversation("one") is None
        assert (at.service.deleted(), at.store.trash.entry("one")) == ([], None)

        def refuse() -> int:
            raise StoreError("no permission")

        at.store.add(saved("two"))
        with pytest.raises(StoreError):
            await at.service.erase(refuse, ["two"])
        assert at.service.conversation("two")


async def test_a_deleted_conversation_can_be_forgotten(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        at.service.retain("one")
        another_window(at).delete("one")
        at.store.reload()
        assert at.service.conversation("one"), "it can be gone on with"
        at.service.forget("one")
        at.service.forget("none")
        assert at.service.conversation("one") is None


async def test_closing_stops_answers_and_keeps_them(place: OpenPlace) -> None:
    async def endless(connection: Connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked") + chunk(b"half"))
        await connection.wait_until_left()

    async with place(created(), endless) as at:
        key = at.begin()
        turn = at.service.send(key, "Hi")
        async with asyncio.timeout(20):
            while turn.recording.text != "half":
                await asyncio.sleep(0.001)
            await at.service.aclose()
        assert turn.outcome and turn.outcome.status is Status.STOPPED
        assert at.kept(key) == [("user", "Hi"), ("assistant", "half")]


async def test_closing_writes_what_waited_for_the_disk(place: OpenPlace) -> None:
    async with place(created(), streamed("Hello")) as at:
        key = at.begin()
        await at.service.create(key)
        transcript = at.store.transcript(key).path
        transcript.mkdir()
        await at.service.send(key, "Hi").wait_ended()
        assert at.service.write_queue.waits(key)
        transcript.rmdir()
        await at.service.aclose()
        assert at.kept(key) == [("user", "Hi"), ("assistant", "Hello")]


async def test_closing_writes_a_list_again_that_was_removed(place: OpenPlace) -> None:
    async with place(created()) as at:
        at.store.add(saved("one"))
        (at.store.folder.path / "conversations.toml").unlink()
        await at.service.aclose()
        assert another_window(at).get("one") == saved("one")


async def test_of_two_windows_that_need_an_id_one_asks_and_both_have_it(
    place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []

    class Watched(IdLock):
        def take(self) -> bool:
            taken.append(super().take())
            return taken[-1]

    monkeypatch.setattr(session, "IdLock", Watched)
    monkeypatch.setattr(session, "ASK_AGAIN_EVERY", 0.001)
    release, arrived = asyncio.Event(), asyncio.Event()
    async with place(held_creation(release, arrived)) as here:
        here.store.add(saved("one", id=None))
        here.store.transcript("one").append(said(Role.USER, "Hi"))
        async with place(created("c9"), store=another_window(here)) as there, asyncio.timeout(20):
            asking = asyncio.create_task(here.service.create("one"))
            await arrived.wait()
            waiting = asyncio.create_task(there.service.create("one"))
            while taken != [True, False]:
                await asyncio.sleep(0)
            release.set()
            (changed,) = await asking
            (found,) = await waiting
            assert changed == found == ConversationChanged(saved("one", id="c1"))
            assert there.asked == []
            assert there.store.get("one") == saved("one", id="c1")


async def test_a_window_whose_request_failed_lets_the_others_ask(place: OpenPlace) -> None:
    async with place(whole(500, {})) as here:
        here.store.add(saved("one", id=None))
        here.store.transcript("one").append(said(Role.USER, "Hi"))
        with pytest.raises(UserdeskError):
            await here.service.create("one")
        async with place(created("c9"), store=another_window(here)) as there, asyncio.timeout(20):
            assert await there.service.create("one") == [ConversationChanged(saved("one", id="c9"))]


def said(role: Role, text: str, status: Status = Status.COMPLETE) -> Message:
    return Message(role=role, text=text, at=AT, status=status)


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([], None),
        ([said(Role.USER, "a")], "a"),
        ([said(Role.USER, "a"), said(Role.ASSISTANT, "b")], None),
        ([said(Role.ASSISTANT, "b")], None),
        *(
            ([said(Role.USER, "a"), said(Role.ASSISTANT, "b", status)], "a")
            for status in (Status.FAILED, Status.STOPPED, Status.INTERRUPTED)
        ),
        ([said(Role.ASSISTANT, "", Status.FAILED)], None),
        (
            [
                said(Role.USER, "a"),
                said(Role.USER, "c"),
                said(Role.ASSISTANT, "", Status.FAILED),
                said(Role.ASSISTANT, "", Status.STOPPED),
            ],
            "c",
        ),
    ],
)
def test_what_has_no_answer_yet(messages: list[Message], text: str | None) -> None:
    assert unanswered_text(reversed(messages)) == text
