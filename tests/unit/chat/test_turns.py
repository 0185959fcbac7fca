"""A turn: what it tells, what it keeps, and what comes of it, whatever the service does."""

import asyncio
import socket
from typing import Any

import pytest

from chat_place import OpenPlace, answered, created, streamed
from scripted_server import LAST_CHUNK, Connection, Script, chunk, cut, hang, head, whole
from userdesk.api import Chunk
from userdesk.chat import Turn, TurnState
from userdesk.chat.events import (
    ConversationChanged,
    Failed,
    Finished,
    Greeted,
    Restored,
    Stalled,
    Started,
    StreamEnded,
    TextArrived,
    TurnEvent,
    Withdrawn,
)
from userdesk.domain.failure import FailureKind
from userdesk.domain.message import Message, Role, Status
from userdesk.store import Store

PLAIN = "Content-Type: text/plain; charset=utf-8"


async def told_by(turn: Turn) -> list[TurnEvent]:
    async with asyncio.timeout(20):
        return [event async for event in turn.events()]


def names(events: list[TurnEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def held(first: str, release: asyncio.Event, rest: str) -> Script:
    """An answer that goes on when it is released."""

    async def script(connection: Connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked", PLAIN))
        if first:
            await connection.write(chunk(first.encode()))
        await release.wait()
        await connection.write(chunk(rest.encode()) + LAST_CHUNK)

    return script


async def test_a_first_message_gets_a_title_an_id_and_an_answer_in_that_order(place: OpenPlace) -> None:
    async with place(created("c1", "Welcome!"), streamed("Hel", "lo")) as at:
        key = at.begin()
        turn = at.service.send(key, "Hi there")
        assert (turn.state, turn.outcome, turn.is_kept, turn.repeated) == (
            TurnState.WAITING,
            None,
            False,
            False,
        )
        events = await told_by(turn)
        titled, started, with_id, *text, ended, finished = events
        assert isinstance(titled, ConversationChanged) and titled.conversation.title == "Hi there"
        assert isinstance(started, Started) and not started.repeated
        assert (started.message.role, started.message.text) == (Role.USER, "Hi there")
        assert isinstance(with_id, ConversationChanged) and with_id.conversation.id == "c1"
        assert "".join(each.text for each in text if isinstance(each, TextArrived)) == "Hello"
        assert isinstance(ended, StreamEnded) and isinstance(finished, Finished)
        assert finished.message is turn.outcome
        assert (turn.state, turn.ended, turn.is_kept) == (TurnState.ENDED, True, True)
        assert at.asked == ["conversation", "message"]
        assert at.messages == [{"message": "Hi there", "conversationId": "c1", "stream": True}]
        assert at.kept(key) == [("user", "Hi there"), ("assistant", "Hello")], "too late to be greeted"
        saved = at.store.get(key)
        assert saved and (saved.id, saved.title, saved.bot) == ("c1", "Hi there", "acme")


async def test_an_outcome_says_how_the_answer_came(place: OpenPlace) -> None:
    async with place(created(), streamed("Hel", "lö")) as at:
        turn = at.service.send(at.begin(), "Hi")
        await told_by(turn)
        outcome = turn.outcome
        assert outcome and outcome.metrics and outcome.status is Status.COMPLETE
        assert outcome.metrics.characters == 5 == sum(count for _, count in outcome.chunks)
        assert outcome.metrics.first_text is not None
        assert 0 <= outcome.metrics.first_text <= outcome.metrics.total < 20
        assert outcome.conversation_id is None, "it goes on under no other id"


async def test_messages_of_a_conversation_wait_for_each_other_and_others_do_not(place: OpenPlace) -> None:
    release = asyncio.Event()
    async with place(
        created("c1"), held("one", release, "!"), created("c2"), streamed("other"), streamed("two")
    ) as at:
        key, other = at.begin(), at.begin()
        first = at.service.send(key, "1")
        async with asyncio.timeout(20):
            while first.recording.text != "one":
                await asyncio.sleep(0.001)
        assert first.state is TurnState.STREAMING
        second = at.service.send(key, "2")
        assert at.service.holds(key) and not at.service.holds(other)
        assert at.service.turns(key) == [first, second]
        assert names(await told_by(at.service.send(other, "3")))[-1] == "Finished"
        assert at.service.busy_keys() == {key}
        assert (second.state, at.kept(key)) == (TurnState.WAITING, [("user", "1")])
        release.set()
        await told_by(second)
        assert first.outcome and first.outcome.text == "one!"
        assert at.kept(key)[2:] == [("user", "2"), ("assistant", "two")]
        assert (at.service.turns(key), at.service.busy_keys(), at.service.holds(key)) == ([], set(), False)


async def test_a_waiting_message_that_is_taken_back_was_never_sent_or_saved(place: OpenPlace) -> None:
    release = asyncio.Event()
    async with place(created(), held("", release, "one")) as at:
        key = at.begin()
        first, second = at.service.send(key, "1"), at.service.send(key, "2")
        second.stop()
        assert await told_by(second) == [Withdrawn("2")]
        release.set()
        await told_by(first)
        assert second.outcome is None and not second.is_kept
        assert at.kept(key) == [("user", "1"), ("assistant", "one")]
        assert len(at.messages) == 1


async def test_a_stopped_answer_keeps_what_arrived(place: OpenPlace) -> None:
    left = asyncio.Event()
    answer = head(200, "Transfer-Encoding: chunked", PLAIN) + chunk(b"half of it")
    async with place(created(), hang(answer, left)) as at:
        key = at.begin()
        turn = at.service.send(key, "Hi")
        events = []
        async with asyncio.timeout(20):
            async for event in turn.events():
                events.append(event)
                if isinstance(event, TextArrived):
                    turn.stop()
            await left.wait()
        assert names(events)[-3:] == ["TextArrived", "StreamEnded", "Finished"]
        assert turn.outcome and turn.outcome.status is Status.STOPPED
        assert turn.outcome.failure is None
        assert at.kept(key) == [("user", "Hi"), ("assistant", "half of it")]
        assert not list((at.store.folder.path / "transcripts").glob("*.answer"))


async def test_a_turn_stopped_before_its_request_leaves_asks_nothing(place: OpenPlace) -> None:
    async with place(created()) as at:
        turn = at.service.send(at.begin(), "Hi")
        async with asyncio.timeout(20):
            async for event in turn.events():
                if isinstance(event, ConversationChanged):  # its message is being written
                    turn.stop()
        assert turn.outcome and turn.outcome.status is Status.STOPPED
        assert at.asked == []


FAILURES: dict[str, tuple[list[Script], FailureKind, Status, str, bool]] = {
    "a refusal": (
        [created(), whole(401, {"message": "no"})],
        FailureKind.WRONG_KEY,
        Status.FAILED,
        "",
        False,
    ),
    "a lost connection": (
        [created(), cut(head(200, "Transfer-Encoding: chunked", PLAIN) + chunk(b"half"))],
        FailureKind.INTERRUPTED,
        Status.INTERRUPTED,
        "half",
        True,
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_turn_that_fails_says_how_and_keeps_what_arrived(place: OpenPlace, name: str) -> None:
    scripts, kind, status, text, may_have_arrived = FAILURES[name]
    async with place(*scripts) as at:
        key = at.begin()
        turn = at.service.send(key, "Hi")
        events = await told_by(turn)
        failed = events[-1]
        assert isinstance(failed, Failed) and failed.message is turn.outcome
        assert names(events)[-2] == "StreamEnded"
        assert failed.failure.kind is kind and failed.message.failure == failed.failure
        assert (failed.message.status, failed.message.text) == (status, text)
        assert failed.failure.may_have_arrived is may_have_arrived
        assert at.kept(key) == [("user", "Hi"), ("assistant", text)]


async def test_silence_is_told_each_time_and_waited_out(place: OpenPlace) -> None:
    release = asyncio.Event()
    async with place(created(), held("", release, "at last"), read_timeout=0.02) as at:
        turn = at.service.send(at.begin(), "Hi")
        silent = []
        async with asyncio.timeout(20):
            async for event in turn.events():
                if isinstance(event, Stalled):
                    silent.append(event.seconds)
                    if len(silent) == 3:
                        release.set()
        assert silent[:3] == [0.02] * 3
        assert turn.outcome and (turn.outcome.status, turn.outcome.text) == (Status.COMPLETE, "at last")


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (whole(500, {"message": "we are down"}), "we are down; the message was not sent"),
        (whole(500, b""), "the message was not sent"),
    ],
)
async def test_where_no_conversation_could_be_created_the_message_was_not_sent(
    place: OpenPlace, reply: Script, detail: str
) -> None:
    async with place(reply) as at:
        turn = at.service.send(at.begin(), "Hi")
        await told_by(turn)
        assert turn.outcome and turn.outcome.failure
        assert turn.outcome.failure.kind is FailureKind.SERVER_ERROR
        assert turn.outcome.failure.detail == detail
        assert not turn.outcome.failure.may_have_arrived
        assert at.asked == ["conversation"]


async def test_without_a_connection_nobody_thinks_that_anything_was_sent(place: OpenPlace) -> None:
    async with place(created()) as at:
        key = at.begin()
    with socket.socket() as nobody:  # whatever else begins to listen takes another port
        nobody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        nobody.bind(("127.0.0.1", int(at.chatbot.base_url.rpartition(":")[2])))
        turn = at.service.send(key, "Hi")  # the server is gone
        await told_by(turn)
    assert turn.outcome and turn.outcome.failure
    assert turn.outcome.failure.kind is FailureKind.REFUSED
    assert "not sent" not in turn.outcome.failure.detail


@pytest.mark.parametrize(
    ("options", "reply", "sent", "known"),
    [
        ({}, answered("Hello", "c7"), {"message": "Hi"}, "c7"),
        ({"stream_first": True}, streamed("Hello"), {"message": "Hi", "stream": True}, None),
    ],
)
async def test_without_a_create_endpoint_a_whole_answer_brings_the_id(
    place: OpenPlace, options: dict[str, Any], reply: Script, sent: dict[str, object], known: str | None
) -> None:
    async with place(whole(404, {}), reply, streamed("again"), **options) as at:
        key = at.begin()
        events = await told_by(at.service.send(key, "Hi"))
        changes = [event.conversation.id for event in events if isinstance(event, ConversationChanged)]
        assert changes == ([None, known] if known else [None])
        assert at.messages == [sent]
        await told_by(at.service.send(key, "More"))
        assert at.asked == ["conversation", "message", "message"], "nobody asks for it again"
        assert at.messages[1]["stream"] is True
        assert at.messages[1].get("conversationId") == known
        assert at.registry.without_create == {"acme"}


async def test_an_answer_may_be_asked_for_unstreamed(place: OpenPlace) -> None:
    async with place(created(), answered("Hello")) as at:
        turn = at.service.send(at.begin(), "Hi", whole=True)
        await told_by(turn)
        assert at.messages == [{"message": "Hi", "conversationId": "c1"}]
        assert turn.outcome and turn.outcome.text == "Hello"


async def test_a_message_sent_again_is_in_the_transcript_once(place: OpenPlace) -> None:
    async with place(created(), whole(500, {}), streamed("now")) as at:
        key = at.begin()
        await told_by(at.service.send(key, "Hi"))
        again = at.service.retry(key, "Hi")
        assert again.repeated and again.is_kept
        started = next(event for event in await told_by(again) if isinstance(event, Started))
        assert started.repeated and started.message.text == "Hi"
        assert at.kept(key) == [("user", "Hi"), ("assistant", ""), ("assistant", "now")]
        assert [message["message"] for message in at.messages] == ["Hi", "Hi"]


async def test_a_conversation_goes_on_under_a_new_id_and_says_so_once(place: OpenPlace) -> None:
    async with place(
        created("c1"), whole(400, {}), created("c2", "Welcome!"), streamed("new"), streamed("more")
    ) as at:
        key = at.begin()
        await told_by(at.service.send(key, "Hi"))
        again = await at.service.continue_in_new(key, "Hi")
        events = await told_by(again)
        assert again.repeated
        assert not any(isinstance(event, Greeted) for event in events)
        assert again.outcome and again.outcome.conversation_id == "c2"
        further = at.service.send(key, "More")
        await told_by(further)
        assert further.outcome and further.outcome.conversation_id is None
        saved = at.store.get(key)
        assert saved and (saved.id, saved.previous_ids) == ("c2", ("c1",))
        assert [message["conversationId"] for message in at.messages] == ["c1", "c2", "c2"]


async def test_what_another_window_deleted_comes_back_with_its_next_message(place: OpenPlace) -> None:
    async with place(created(), streamed("one"), streamed("two")) as at:
        key = at.begin()
        await told_by(at.service.send(key, "Hi"))
        other = Store(at.store.folder.path, durable=False)
        other.open()
        other.delete(key)
        at.store.reload()
        assert at.service.deleted() == [key]
        events = await told_by(at.service.send(key, "More"))
        assert names(events)[:2] == ["Restored", "Started"]
        assert isinstance(events[0], Restored)
        assert at.kept(key)[2:] == [("user", "More"), ("assistant", "two")]
        assert at.store.get(key) and at.service.deleted() == []


async def test_a_chatbot_that_is_not_configured_any_more_is_not_asked(place: OpenPlace) -> None:
    async with place(created()) as at:
        for conversation, words in (
            (at.service.start_conversation(at.chatbot).evolve(bot="gone"), "“gone”"),
            (at.service.start_conversation(at.chatbot).evolve(chatbot_id="2"), "“acme”"),
        ):
            at.service.take_up(conversation)
            turn = at.service.send(conversation.key, "Hi")
            await told_by(turn)
            failure = turn.outcome and turn.outcome.failure
            assert failure and failure.kind is FailureKind.CONFIGURATION
            assert failure.message == f"The chatbot {words} of this conversation is not configured"
        assert at.asked == []


async def test_an_embedded_chatbot_that_cannot_be_started_is_told(place: OpenPlace) -> None:
    async with place(created()) as at:
        demo = at.registry.get("demo")
        assert demo
        turn = at.service.send(at.service.start_conversation(demo).key, "Hi")
        await told_by(turn)
        failure = turn.outcome and turn.outcome.failure
        assert failure and (failure.kind, failure.message, failure.detail) == (
            FailureKind.CONFIGURATION,
            "The chatbot could not be started",
            "no such program",
        )


class Watching:
    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def begun(self, turn: str, conversation_id: str | None) -> None:
        self.told.append(("begun", turn, conversation_id))

    def arrived(self, turn: str, chunk: Chunk) -> None:
        self.told.append(("arrived", turn, chunk.text))

    def ended(self, turn: str, outcome: Message) -> None:
        self.told.append(("ended", turn, outcome))

    def close(self) -> None:
        self.told.append(("close",))


async def test_the_stream_log_is_told_of_each_request_chunk_and_end(place: OpenPlace) -> None:
    watching = Watching()
    async with place(created(), streamed("Hello"), whole(500, {}), stream_log=watching) as at:
        key = at.begin()
        first = at.service.send(key, "Hi")
        await told_by(first)
        again = at.service.retry(key, "Hi")
        await told_by(again)
        await at.service.aclose()
    assert watching.told == [
        ("begun", first.id, "c1"),
        ("arrived", first.id, "Hello"),
        ("ended", first.id, first.outcome),
        ("begun", again.id, "c1"),
        ("ended", again.id, again.outcome),
        ("close",),
    ]


async def test_an_answer_lies_beside_the_transcript_while_it_arrives(place: OpenPlace) -> None:
    release = asyncio.Event()
    async with place(created(), held("one ", release, "two")) as at:
        key = at.begin()
        turn = at.service.send(key, "Hi")
        async with asyncio.timeout(20):
            async for event in turn.events():
                if isinstance(event, TextArrived) and event.text.startswith("one"):
                    assert list((at.store.folder.path / "transcripts").glob(f"{key}.{turn.id}.answer"))
                    release.set()
        assert not list((at.store.folder.path / "transcripts").glob("*.answer"))


async def test_an_answer_that_a_defect_keeps_from_the_disk_is_told_and_known_as_lost(
    place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from userdesk.chat.session import ConversationSession

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ConversationSession, "write_outcome", broken)
    async with place(created(), streamed("Hello")) as at:
        told: list[str] = []
        at.service.write_queue.on_trouble = told.append
        turn = at.service.send(at.begin(), "Hi")
        events = await told_by(turn)
        assert isinstance(events[-1], Finished) and events[-1].message.text == "Hello"
        assert told == ["The answer could not be saved"] == [at.service.write_queue.lost]


async def test_a_defect_before_the_message_is_kept_is_a_failed_turn(
    place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from userdesk.chat.session import ConversationSession

    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(ConversationSession, "give_title", broken)
    async with place(created()) as at:
        turn = at.service.send(at.begin(), "Hi")
        failed = (await told_by(turn))[-1]
        assert isinstance(failed, Failed) and failed.failure.may_have_arrived
        assert failed.failure.kind is FailureKind.UNREADABLE_ANSWER
        assert failed.failure.detail == "see the log file"
        assert failed.failure.message == "userdesk failed while reading the answer"
        assert at.asked == []


async def test_text_that_nobody_looked_at_comes_as_one_event_before_what_followed(
    place: OpenPlace,
) -> None:
    async with place(created(), streamed(*"abcdef")) as at:
        turn = at.service.send(at.begin(), "Hi")
        async with asyncio.timeout(20):
            await turn.wait_ended()
        assert [event.text for event in await told_by(turn) if isinstance(event, TextArrived)] == ["abcdef"]


async def test_the_log_tells_of_a_turn_in_our_words_alone(
    place: OpenPlace, logged: pytest.LogCaptureFixture
) -> None:
    async with place(created(), whole(500, {"message": "their words"})) as at:
        turn = at.service.send(at.begin(), "My words")
        await told_by(turn)
        assert f"turn {turn.id[:8]} of {turn.key} begins, 8 characters" in logged.text
        assert f"turn {turn.id[:8]} of {turn.key}: failed (server_error 500), 0 characters" in logged.text
        assert "words" not in logged.text.casefold()
