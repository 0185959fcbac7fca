"""A conversation's life as its user sees it: begun, written in, left, found again, renamed, deleted."""

import asyncio
from typing import Any

import pytest

from userdesk.demo.server.host import DemoServer
from userdesk.tui.dialogs.confirm import ConfirmScreen
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList

pytestmark = pytest.mark.asyncio


def requests_to(server: DemoServer, endpoint: str) -> list[Any]:
    return [request.json for request in server.requests if request.path.endswith(f"/{endpoint}")]


def titles(desk) -> list[str]:
    """The sidebar's rows without their marks."""
    return [row.lstrip("✗●✎▪⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ") for row in desk.sidebar]


async def answered(desk, server: DemoServer, question: str, answer: str) -> str:
    """Ask in the conversation on the screen and wait for the answer; the conversation's key."""
    server.answer_next(answer)
    await desk.say(question)
    await desk.logs(answer)
    await desk.idle()
    return str(desk.chat.board.current)


async def go_to_sidebar(desk) -> None:
    await desk.press("tab")
    assert isinstance(desk.chat.focused, ConversationList)


# beginning


async def test_first_start_creates_a_conversation_and_greets(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        assert "Message Acme support…" in desk.text
        assert desk.app.focused is desk.chat.input_bar
        assert len(requests_to(server, "conversation")) == 1
        assert [line["role"] for line in desk.transcript()] == ["assistant"]


async def test_new_conversation_twice_makes_one(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("ctrl+n")
        assert len(requests_to(server, "conversation")) == 1
        await answered(desk, server, "First question", "First answer.")
        await desk.press("ctrl+n", "ctrl+n")
        await desk.logs("demo chatbot")
        await desk.press("ctrl+n")
        assert titles(desk) == ["Today", "New conversation", "First question"]
        assert len(requests_to(server, "conversation")) == 2
        assert len(desk.index) == 2


async def test_new_conversation_twice_makes_one_while_the_id_is_on_its_way(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "First question", "First answer.")
        server.hold(on="conversation")
        await desk.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        await desk.press("ctrl+n", "f7", "ctrl+n")
        assert titles(desk) == ["Today", "New conversation", "First question"]
        server.release()
        await desk.logs("demo chatbot")
        assert len(requests_to(server, "conversation")) == 2
        assert len({saved["id"] for saved in desk.index}) == len(desk.index) == 2


async def test_message_sent_before_the_id_came_waits_for_it(server: DemoServer, open_desk) -> None:
    server.hold(on="conversation")
    async with open_desk(server.base_url, greeted=False) as desk:
        await asyncio.to_thread(server.wait_until_held)
        server.answer_next("At your service.")
        await desk.say("Anybody there?")
        await desk.logs("Anybody there?", "waiting its turn")
        assert requests_to(server, "message") == []
        server.release()
        await desk.logs("demo chatbot", "At your service.")
        await desk.idle()
        (saved,) = desk.index
        assert requests_to(server, "message")[0]["conversationId"] == saved["id"]
        assert len(requests_to(server, "conversation")) == 1
        assert [line["role"] for line in desk.transcript()] == ["assistant", "user", "assistant"]
        assert desk.log.index("demo chatbot") < desk.log.index("Anybody there?")


async def test_message_whose_conversation_is_never_created_is_a_failed_turn(
    server: DemoServer, open_desk
) -> None:
    server.hold(on="conversation")
    async with open_desk(server.base_url, greeted=False) as desk:
        await asyncio.to_thread(server.wait_until_held)
        await desk.say("Anybody there?")
        await asyncio.to_thread(server.stop)
        await desk.toasts("Ctrl+R retry")
        await desk.press("escape")
        await desk.logs("Anybody there?", "failed · Could not connect to 127.0.0.1", "Ctrl+R retry")
        assert desk.said() == ["Anybody there?"]
        assert len(desk.index) == 1


async def test_message_is_on_disk_before_the_request_leaves(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(None)
        await desk.say("Durable first")
        await asyncio.to_thread(server.wait_until_held)
        assert desk.said() == ["Durable first"]
        assert desk.index[0]["title"] == "Durable first"
        server.release()
        await desk.idle()


async def test_title_is_the_first_line_until_it_is_renamed(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "  Reset my password\nPlease.", "Done.")
        assert titles(desk) == ["Today", "Reset my password"]
        await answered(desk, server, "Another thing", "Yes?")
        assert titles(desk) == ["Today", "Reset my password"]
        await go_to_sidebar(desk)
        await desk.press("r", "ctrl+u", *"Doors", "enter")
        await desk.until(lambda: titles(desk) == ["Today", "Doors"], "the new title")
        assert desk.index[0]["title"] == "Doors"
        await desk.press("i")
        await answered(desk, server, "And one more", "Fine.")
        assert desk.index[0]["title"] == "Doors"


# streaming while elsewhere


async def test_answer_goes_on_while_another_conversation_is_written_in(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = desk.chat.board.current
        server.hold(2)
        server.answer_next([b"One. ", b"Two. ", b"Three. ", b"Four."])
        await desk.say("Count for me")
        await desk.logs("One. Two.")
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        await desk.type("meanwhile")
        assert "Two." not in desk.log
        server.release()
        await desk.until(lambda: any("● Count for me" in row for row in desk.sidebar), "the unread mark")
        assert desk.draft == "meanwhile"
        assert desk.transcript(first)[-1]["text"] == "One. Two. Three. Four."
        await desk.press("f8")
        await desk.logs("One. Two. Three. Four.")
        assert desk.log.count("Count for me") == 1
        assert not any("●" in row for row in desk.sidebar)


async def test_coming_back_in_mid_answer_shows_it_growing(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(2)
        server.answer_next([b"One. ", b"Two. ", b"Three."])
        await desk.say("Count for me")
        await desk.logs("One. Two.")
        await desk.press("ctrl+n", "f8")
        await desk.logs("Count for me", "One. Two.")
        assert "Three." not in desk.log
        server.release()
        await desk.logs("One. Two. Three.")


async def test_two_conversations_stream_at_once(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        server.answer_next([b"Left ", b"side."])
        await desk.say("Left")
        await asyncio.to_thread(server.wait_until_held, 1)
        left = desk.chat.board.current
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        server.answer_next([b"Right ", b"side."])
        await desk.say("Right")
        await asyncio.to_thread(server.wait_until_held, 2)
        right = desk.chat.board.current
        server.release()
        await desk.idle()
        assert desk.transcript(left)[-1]["text"] == "Left side."
        assert desk.transcript(right)[-1]["text"] == "Right side."
        assert "Left side." not in desk.log


# a queue, and what stops


async def test_second_message_waits_its_turn(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        server.answer_next([b"To the ", b"first."])
        server.answer_next([b"To the ", b"second."])
        await desk.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await desk.say("Second")
        await desk.logs("Second", "waiting its turn")
        assert len(requests_to(server, "message")) == 1
        server.release()
        await desk.logs("To the first.", "To the second.")
        await desk.idle()
        texts = [line["text"] for line in desk.transcript()[1:]]
        assert texts == ["First", "To the first.", "Second", "To the second."]
        assert "waiting its turn" not in desk.log


async def test_escape_takes_back_the_waiting_message_then_stops_the_answer(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        server.answer_next([b"What came ", b"and what did not."])
        await desk.say("First")
        await desk.logs("What came")
        await desk.say("Second")
        await desk.logs("waiting its turn")
        await desk.press("escape")
        await desk.until(lambda: desk.draft == "Second", "the message back in the input bar")
        await desk.until(lambda: "waiting its turn" not in desk.log, "a log without it")
        await desk.press("escape")
        await desk.logs("What came", "stopped")
        await desk.idle()
        assert desk.draft == "Second"
        assert desk.said() == ["First"]
        assert desk.transcript()[-1]["status"] == "stopped"
        server.release()


async def test_escape_goes_back_step_by_step(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        await desk.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await desk.press("ctrl+f")
        await desk.press("escape")  # the field
        await desk.until(lambda: desk.chat.focused is desk.chat.input_bar, "the input bar")
        assert desk.app.desk.busy_keys()
        await desk.press("shift+tab")
        assert isinstance(desk.chat.focused, MessageLog)
        await desk.press("escape")  # to the input bar
        assert desk.chat.focused is desk.chat.input_bar
        assert desk.app.desk.busy_keys()
        await desk.press("escape")  # the answer
        await desk.idle()
        await desk.logs("stopped")
        server.release()


async def test_ctrl_c_does_the_mildest_thing(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        await desk.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await desk.type("a draft")
        await desk.press("ctrl+c")
        await desk.idle()
        await desk.logs("stopped")
        assert desk.draft == "a draft"
        await desk.press("ctrl+c")
        assert desk.draft == ""
        await desk.until(lambda: "a draft" in desk.app.store.history.entries(), "the draft in the history")
        await desk.press("up")
        assert desk.draft == "a draft"
        await desk.press("ctrl+c", "ctrl+c")
        assert isinstance(desk.app.screen, ConfirmScreen)
        await desk.sees("Quit userdesk?")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.chat, "the end of the question")
        assert desk.app.is_running
        server.release()


# moving between conversations


async def test_f7_and_f8_walk_the_sidebar_round_the_ends(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        keys = [await answered(desk, server, "First", "One.")]
        for question, answer in (("Second", "Two."), ("Third", "Three.")):
            await desk.press("ctrl+n")
            await desk.logs("demo chatbot")
            keys.append(await answered(desk, server, question, answer))
        order = desk.chat.board.order()
        assert sorted(order) == sorted(keys)
        shown = {"First": keys[0], "Second": keys[1], "Third": keys[2]}
        assert [shown[title] for title in titles(desk)[1:]] == order
        start = order.index(keys[2])
        for step in range(1, 4):
            await desk.press("f8")
            assert desk.chat.board.current == order[(start + step) % 3]
        for step in range(1, 4):
            await desk.press("ctrl+pageup" if step == 2 else "f7")
            assert desk.chat.board.current == order[(start - step) % 3]


async def test_each_conversation_has_its_own_draft(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = await answered(desk, server, "First", "One.")
        await desk.type("for the first")
        await desk.press("ctrl+n")
        assert desk.draft == ""
        await desk.logs("demo chatbot")
        second = await answered(desk, server, "Second", "Two.")
        await desk.type("for the second")
        await desk.press("f8")
        assert (desk.chat.board.current, desk.draft) == (first, "for the first")
        assert any("✎ Second" in row for row in desk.sidebar)
        await desk.press("f8")
        assert (desk.chat.board.current, desk.draft) == (second, "for the second")
        await desk.until(
            lambda: desk.app.store.drafts.get(second) == "for the second", "the draft on the disk"
        )
    async with open_desk(server.base_url, greeted=False) as desk:
        assert (desk.chat.board.current, desk.draft) == (second, "for the second")
        await desk.press("f8")
        assert (desk.chat.board.current, desk.draft) == (first, "for the first")
        await desk.press("enter")
        await desk.idle()
        await desk.until(lambda: desk.app.store.drafts.get(first) == "", "the end of the sent draft")
        assert desk.said(first) == ["First", "for the first"]


# keeping order


async def test_pinned_conversations_stand_on_top(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "First", "One.")
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        await answered(desk, server, "Second", "Two.")
        await desk.press("f8")
        await go_to_sidebar(desk)
        await desk.press("p")
        await desk.until(lambda: titles(desk) == ["Pinned", "First", "Today", "Second"], "it on top")
        assert [saved["title"] for saved in desk.index if saved.get("pinned")] == ["First"]
        await desk.press("p")
        await desk.until(lambda: titles(desk)[0] == "Today", "it among the others")
        assert not any("pinned" in saved for saved in desk.index)


async def test_deleted_conversation_comes_back_whole(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = await answered(desk, server, "First", "One.")
        lines = desk.transcript(first)
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        await answered(desk, server, "Second", "Two.")
        before = {saved["key"]: saved for saved in desk.index}
        await desk.press("f8")
        await go_to_sidebar(desk)
        await desk.press("d")
        assert titles(desk) == ["Today", "Second"]
        await desk.toasts("Deleted “First”", "30 days", "Userdesk keeps its own copy")
        await desk.until(lambda: [saved["title"] for saved in desk.index] == ["Second"], "the deletion")
        await desk.until(lambda: desk.transcript(first) == [], "the transcript in the trash")
        await desk.press("u")
        await desk.logs("First", "One.")
        assert {saved["key"]: saved for saved in desk.index} == before
        assert desk.transcript(first) == lines


async def test_undo_brings_back_the_last_of_several(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "First", "One.")
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        await answered(desk, server, "Second", "Two.")
        await go_to_sidebar(desk)
        await desk.press("d")
        await desk.press("d")
        await desk.until(lambda: desk.chat.board.conversation.id)  # nothing is left, so a new one begins
        assert "First" not in titles(desk)
        assert "Second" not in titles(desk)
        await go_to_sidebar(desk) if not isinstance(desk.chat.focused, ConversationList) else None
        await desk.press("u", "u")
        await desk.until(lambda: {"First", "Second"} <= set(titles(desk)), "both of them")
        assert len({saved["key"] for saved in desk.index}) == len(desk.index)


async def test_what_the_toast_offers_after_a_delete_is_to_undo_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "First", "One.")
        await go_to_sidebar(desk)
        await desk.press("d")
        await desk.toasts("Ctrl+R brings it back")
        await desk.press("ctrl+r")
        await desk.logs("First", "One.")
        assert not desk.toast
        await desk.press("ctrl+r")
        assert "Nothing failed here" in desk.news


async def test_trash_gives_back_what_an_earlier_run_deleted(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "First", "One.")
        await go_to_sidebar(desk)
        await desk.press("d")
        await desk.until(lambda: [saved["title"] for saved in desk.index] != ["First"])
    async with open_desk(server.base_url) as desk:
        await go_to_sidebar(desk)
        await desk.press("U")
        await desk.sees("Deleted conversations", "First · Today", "for 30 days")
        desk.burst(*"firs", "enter")
        await desk.logs("First", "One.")
        assert "First" in [saved["title"] for saved in desk.index]


async def test_deleting_waits_for_the_answer(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(1)
        await desk.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await go_to_sidebar(desk)
        await desk.press("d")
        assert "stop it first" in desk.news
        assert len(desk.index) == 1
        server.release()
        await desk.idle()


async def test_filter_leaves_what_was_asked_for(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await answered(desk, server, "Shipping to Spain", "Yes.")
        await desk.press("ctrl+n")
        await desk.logs("demo chatbot")
        await answered(desk, server, "Opening hours", "Nine.")
        await go_to_sidebar(desk)
        await desk.press("slash", *"ship")
        await desk.until(lambda: "Opening hours" not in titles(desk), "the filtered list")
        assert "Shipping to Spain" in titles(desk)
        await desk.press("escape")
        await desk.until(lambda: "Opening hours" in titles(desk), "the whole list")
