"""Which conversation is on the screen, and which ones the sidebar lists."""

import asyncio
import threading
import traceback
from datetime import UTC, datetime

import pytest

from chat_place import created, streamed
from saved_apart import elsewhere, save
from scripted_server import whole
from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role
from userdesk.store.index.entry_list import EntryList
from userdesk.store.transcript import transcript
from userdesk.store.transcript.line_scan import Scan, scan_lines
from userdesk.tui.chat import directory
from userdesk.tui.chat.conversations import ATTACHED
from userdesk.tui.sidebar.rows import Mark

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


async def test_opening_shows_a_conversation_with_its_draft_and_marks_it_read(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        assert not at.directory.refresh_times()
        at.service.store.transcript("a").append(Message(role=Role.USER, text="later", at=AT))
        assert at.directory.refresh_times()
        at.service.store.drafts.set("b", "half")
        at.state.unread.add("b")
        opened: list[str] = []
        at.conversations.on_opened.append(opened.append)
        at.notifier.tell("trouble", "", "")
        at.conversations.open("a")
        at.input.type("unsent")
        at.input.unsent = "no news of what is being written"
        at.conversations.open("b")
        assert at.input.recall.prompts == () and at.input.unsent
        await at.settle()
        assert (at.current, at.shown, opened) == ("b", ["user b", "assistant b"], ["a", "b"])
        assert (at.input.key, at.input.whole_text) == ("b", "half")
        assert at.state.unread == set() and not at.toast.display
        assert at.service.store.drafts.get("a") == "unsent"
        assert at.directory.current and at.directory.current.key == "b"
        at.conversations.open("none")
        assert at.current == "b"
        at.conversations.open("a")
        assert at.input.whole_text == "unsent"
        await at.settle()


async def test_text_typed_before_any_conversation_was_open_stays(apart) -> None:
    async with apart(created()) as at:
        save(at, "a")
        at.service.store.drafts.set("a", "before ")
        at.input.type("typed")
        at.conversations.open("a")
        assert at.input.whole_text == "before typed"
        await at.settle()


async def test_a_start_opens_what_was_newest_or_begins_anew(apart) -> None:
    async with apart(created("c1", "Welcome!")) as at:
        await at.conversations.open_first(None)
        await at.settle()
        assert at.shown == ["Welcome!"] and at.at.asked == ["conversation"]
        save(at, "a", "b")
        await at.conversations.open_first(None)
        assert at.current == "b"
        await at.conversations.open_first("id-a")
        assert at.current == "a"
        await at.conversations.open_first("b")
        assert at.current == "b"
        await at.settle()


async def test_a_start_may_be_limited_to_one_chatbot(apart) -> None:
    async with apart(created(), only_bot=True, start_bot="demo") as at:
        save(at, "a")
        assert at.directory.most_recent("demo") is None
        assert at.directory.most_recent(None)
        assert at.directory.most_recent("acme")
        await at.conversations.open_first(None)
        assert at.directory.current and at.directory.current.bot == "demo"
        await at.settle()


async def test_a_conversation_in_which_nothing_was_said_is_used_again(apart) -> None:
    async with apart(created("c1"), created("c2")) as at:
        started: list[int] = []
        at.conversations.on_started.append(lambda: started.append(1))
        creating: list[tuple[str, bool]] = []
        at.conversations.on_creating.append(lambda key, under_way: creating.append((key, under_way)))
        at.conversations.start()
        first = at.current
        await at.settle()
        assert creating == [(first, True), (first, False)]
        at.conversations.start()
        assert at.current == first and len(started) == 2
        save(at, "a")
        at.conversations.open("a")
        at.conversations.start()
        await at.settle()
        assert len(started) == 3 and len(at.at.asked) <= 2
        await at.conversations.talk_to("acme")
        assert at.current in ("a", first) and len(started) == 4
        await at.settle()


async def test_one_blank_conversation_is_enough_and_the_user_is_told(apart) -> None:
    async with apart(created("c1"), created("c2")) as at:
        save(at, "a")
        at.conversations.open("a")
        at.conversations.start_another()
        await at.settle()
        blank = at.current
        assert blank != "a" and at.flashed == []
        at.conversations.start_another()
        assert at.current == blank and at.flashed == ["This conversation is still blank"]
        for _ in range(3):
            at.conversations.open("a")
            at.conversations.start_another()
            await at.settle()
            assert at.current == blank and at.flashed == ["Back in the blank conversation"]
        assert at.at.asked == ["conversation"]


async def test_a_blank_conversation_that_was_saved_is_used_again(apart) -> None:
    async with apart() as at:
        save(at, "b")
        key = ConversationKey("a")
        at.service.store.add(Conversation(key=key, bot="acme", created=AT, id="id-a"))
        at.conversations.open("b")
        at.conversations.start_another()
        assert at.current == key
        at.service.store.transcript(key).append(Message(role=Role.USER, text="Hello", at=AT))
        at.views.forget(key)
        assert at.conversations.was_spoken_in(key), "though it has no title"


async def test_the_conversation_before_is_known(apart) -> None:
    async with apart() as at:
        save(at, "a", "b")
        at.conversations.open("a")
        assert at.state.previous == ""
        at.conversations.open("b")
        at.conversations.open("b")
        assert at.state.previous == "a"


async def test_a_creation_that_failed_is_told_and_tried_again(apart) -> None:
    async with apart(whole(500, {}), created("c1", "Welcome!")) as at:
        at.conversations.start("acme")
        await at.settle()
        key = at.current
        assert at.toast.told.headline == "500 · An error occurred on the server"
        assert at.state.failed == {key} and key in at.state.creation_failures
        assert at.directory.mark_of(key) is Mark.FAILED
        await at.recovery.act()
        await at.settle()
        assert at.shown == ["Welcome!"]
        assert (at.state.failed, at.state.creation_failures, at.toast.display) == (set(), {}, False)


async def test_stepping_goes_round_and_before_an_audience_stays_with_its_chatbot(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b", "c")
        at.service.store.update("b", lambda saved: saved.evolve(bot="demo"))
        await at.conversations.step(1, [])
        assert at.current == ""
        seen = []
        for direction in (1, 1, 1, 1, -1, -1):
            await at.conversations.step(direction, ["a", "b", "c"])
            seen.append(at.current)
        assert seen == ["a", "b", "c", "a", "c", "b"]
        at.conversations.open("a")
        at.presenter.toggle("acme")
        await at.conversations.step(1, ["a", "b", "c"])
        assert at.current == "c"
        at.state.current = ""
        at.presenter.toggle("acme")
        await at.conversations.step(-1, ["a", "b", "c"])
        assert at.current == "c"
        await at.settle()


async def test_an_unknown_id_becomes_a_conversation_that_says_what_it_is(apart) -> None:
    async with apart(streamed("Hello")) as at:
        save(at, "a")
        at.conversations.open("a")
        started: list[str] = []
        at.conversations.on_started.append(lambda: started.append(at.current))
        await at.conversations.attach("0123\x1b456789")
        assert at.shown == [ATTACHED] and started == [at.current]
        known = at.directory.current
        assert known and (known.id, known.title, known.bot) == ("0123�456789", "Opened 0123�456", "acme")
        assert at.conversations.was_spoken_in(at.current)
        assert at.service.store.get(known.key) == known
        await at.conversations.attach("0123�456789")
        assert at.current == known.key
        await at.settle()


async def test_the_program_starts_with_a_saved_conversation_by_the_beginning_of_its_id(apart) -> None:
    async with apart(streamed("Hello")) as at:
        save(at, "a1", "a1b2", "b1")
        for wanted, opened in (("id-b", "b1"), ("a1", "a1"), ("a1b", "a1b2")):
            await at.conversations.open_first(wanted)
            assert at.current == opened
        await at.conversations.open_first("id-a")  # two of them
        assert at.directory.current and at.directory.current.id == "id-a"
        await at.settle()


async def test_an_unknown_id_that_cannot_be_kept_is_told(apart) -> None:
    async with apart(created()) as at:
        save(at, "a")
        at.conversations.open("a")
        (at.service.store.folder.path / "conversations.toml").unlink()
        (at.service.store.folder.path / "conversations.toml").mkdir()
        await at.conversations.attach("0123456789")
        assert at.current == "a" and at.status.flashed[-1][1] is True
        (at.service.store.folder.path / "conversations.toml").rmdir()
        await at.settle()


# long ones


@pytest.fixture
def looked_for_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the event loop itself looks for the lines of a conversation, all of which count as long."""
    found: list[str] = []
    loops = threading.get_ident()

    def scan(descriptor: int, begin: int) -> Scan:
        if not begin and threading.get_ident() == loops:
            found.extend(each.name for each in traceback.extract_stack()[-8:])
        return scan_lines(descriptor, begin)

    monkeypatch.setattr(transcript, "scan_lines", scan)
    monkeypatch.setattr(transcript, "LONG", 0)
    return found


async def test_however_a_conversation_is_opened_its_lines_are_looked_for_in_a_thread(
    apart, looked_for_here: list[str]
) -> None:
    """Of a long one it takes longer than a key may wait."""
    async with apart(created()) as at:
        save(at, *"abcdefgh", store=elsewhere(at))
        looked_for_here.clear()
        at.service.store.reload()
        at.directory.refresh_times()
        await at.conversations.read("a")
        assert 1 in at.service.store.transcript("a").kept, "the last message, which may be of megabytes"
        await at.conversations.open_first("id-a")
        await at.conversations.attach("id-b")
        await at.trash.delete("b")
        assert (at.current, looked_for_here) == ("a", [])
        await at.conversations.talk_to("acme")
        assert (at.current, looked_for_here) == ("h", [])
        await at.trash.delete("h")
        assert (at.current, looked_for_here) == ("g", [])
        elsewhere(at).delete("g")
        at.service.store.reload()
        await at.trash.settle()
        assert (at.current, looked_for_here) == ("f", [])
        at.service.delete("e")
        await at.settle()
        await at.trash.look_into()
        at.dialogs.then(next(n for n, line in enumerate(at.dialogs.asked[-1][1]) if "About e" in line))
        await at.settle()
        assert (at.current, looked_for_here) == ("e", [])
        at.recovery.failed("d", Failure(FailureKind.SERVER_ERROR, "down"))
        await at.recovery.act()
        assert (at.current, looked_for_here) == ("d", [])


# the directory


async def test_the_sidebar_lists_the_newest_first_with_their_marks(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b", "c")
        assert at.directory.order() == ["c", "b", "a"]
        at.service.store.update("b", lambda saved: saved.evolve(title="Trip"))
        at.state.filter = "trip"
        assert [row.key for row in at.directory.rows() if row.key] == ["b"]
        assert at.directory.order() == ["c", "b", "a"], "whatever is filtered"
        assert at.directory.rows() is at.directory.rows()
        at.state.failed.add("a")
        at.state.unread.update("ab")
        at.service.store.drafts.set("c", "half")
        at.drafts.apply_names(at.service.store.drafts.keys(), 0.0)
        assert [at.directory.mark_of(key) for key in "abc"] == [Mark.FAILED, Mark.UNREAD, Mark.DRAFT]
        at.conversations.open("c")
        assert at.directory.mark_of("c") is Mark.NONE
        assert at.directory.title("a") == "About a" and at.directory.title("none") == ""
        assert at.directory.chatbot_name("acme") == "Acme" and at.directory.chatbot_name("gone") == "gone"
        await at.settle()


async def test_conversations_are_put_under_their_chatbots_in_slices(
    apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two of them others may change, which is begun anew for."""
    monkeypatch.setattr(directory, "STEP", 1)
    monkeypatch.setattr(directory, "PAUSE", 0.0)
    async with apart(created()) as at:
        save(at, *"abcd")
        at.service.store.update("b", lambda saved: saved.evolve(bot="demo"))
        at.state.by_chatbot = True
        grouping = asyncio.create_task(at.directory.group())
        await asyncio.sleep(0)
        at.service.store.update("c", lambda saved: saved.evolve(bot="demo"))
        await grouping
        looked_at: list[str] = []
        monkeypatch.setattr(EntryList, "bot", lambda entries, key: looked_at.append(key) or "")
        assert at.directory.rows().keys == ["d", "a", "c", "b"] and not looked_at
        await at.settle()
