"""A conversation's life as its user sees it: begun, written in, left, found again, renamed, deleted."""

import asyncio
from typing import Any

import pytest

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.tui.dialogs.asking import ConfirmScreen
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList

pytestmark = pytest.mark.asyncio


def requests_to(server: DemoServer, endpoint: str) -> list[Any]:
    return [request.json for request in server.requests if request.path.endswith(f"/{endpoint}")]


def titles(ui) -> list[str]:
    """The sidebar's rows without their marks."""
    return [row.lstrip("✗●✎▪⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ") for row in ui.sidebar]


async def answered(ui, server: DemoServer, question: str, answer: str) -> str:
    """Ask in the conversation on the screen and wait for the answer; the conversation's key."""
    server.answer_next(answer)
    await ui.say(question)
    await ui.logs(answer)
    await ui.idle()
    return str(ui.current)


async def go_to_sidebar(ui) -> None:
    await ui.press("tab")
    assert isinstance(ui.focused, ConversationList)


# beginning


async def test_first_start_creates_a_conversation_and_greets(server: DemoServer, open_ui) -> None:
    """And its first message is on the disk before the request leaves."""
    async with open_ui(server.base_url) as ui:
        assert "Message Acme support…" in ui.text
        assert ui.focused is ui.input_bar
        assert len(requests_to(server, "conversation")) == 1
        assert [line["role"] for line in ui.transcript()] == ["assistant"]
        server.hold(None)
        await ui.say("Durable first")
        await asyncio.to_thread(server.wait_until_held)
        assert ui.said() == ["Durable first"]
        assert ui.index[0]["title"] == "Durable first"
        await deleting_waits_for_the_answer(ui)
        server.release()
        await ui.idle()


async def deleting_waits_for_the_answer(ui: ProgramDriver) -> None:
    await go_to_sidebar(ui)
    await ui.press("d")
    assert "stop it first" in ui.news
    assert len(ui.index) == 1


async def test_new_conversation_twice_makes_one(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("ctrl+n")
        assert len(requests_to(server, "conversation")) == 1
        await answered(ui, server, "First question", "First answer.")
        server.hold(on="conversation")
        await ui.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+n", "f7", "ctrl+n")  # while the id is on its way
        assert titles(ui) == ["Today", "New conversation", "First question"]
        server.release()
        await ui.logs("demo chatbot")
        await ui.press("ctrl+n")
        assert titles(ui) == ["Today", "New conversation", "First question"]
        assert len(requests_to(server, "conversation")) == 2
        assert len({saved["id"] for saved in ui.index}) == len(ui.index) == 2


async def test_message_sent_before_the_id_came_waits_for_it(server: DemoServer, open_ui) -> None:
    server.hold(on="conversation")
    async with open_ui(server.base_url, greeted=False) as ui:
        await asyncio.to_thread(server.wait_until_held)
        server.answer_next("At your service.")
        await ui.say("Anybody there?")
        await ui.logs("Anybody there?", "waiting to be sent")
        assert requests_to(server, "message") == []
        server.release()
        await ui.logs("demo chatbot", "At your service.")
        await ui.idle()
        (saved,) = ui.index
        assert requests_to(server, "message")[0]["conversationId"] == saved["id"]
        assert len(requests_to(server, "conversation")) == 1
        assert [line["role"] for line in ui.transcript()] == ["assistant", "user", "assistant"]
        assert ui.log.index("demo chatbot") < ui.log.index("Anybody there?")


async def test_message_whose_conversation_is_never_created_is_a_failed_turn(
    server: DemoServer, open_ui
) -> None:
    server.hold(on="conversation")
    async with open_ui(server.base_url, greeted=False) as ui:
        await asyncio.to_thread(server.wait_until_held)
        await ui.say("Anybody there?")
        await asyncio.to_thread(server.stop)
        await ui.toasts("Ctrl+R retry")
        await ui.press("escape")
        await ui.logs("Anybody there?", "failed · Could not connect to 127.0.0.1", "Ctrl+R retry")
        assert ui.said() == ["Anybody there?"]
        assert len(ui.index) == 1


async def test_title_is_the_first_line_until_it_is_renamed(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await answered(ui, server, "  Reset my password\nPlease.", "Done.")
        assert titles(ui) == ["Today", "Reset my password"]
        await answered(ui, server, "Another thing", "Yes?")
        assert titles(ui) == ["Today", "Reset my password"]
        await go_to_sidebar(ui)
        await ui.press("r", "ctrl+u", *"Doors", "enter")
        await ui.until(lambda: titles(ui) == ["Today", "Doors"], "the new title")
        assert ui.index[0]["title"] == "Doors"
        await ui.press("i")
        await answered(ui, server, "And one more", "Fine.")
        assert ui.index[0]["title"] == "Doors"


# streaming while elsewhere


async def test_answer_goes_on_while_another_conversation_is_written_in(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first = ui.current
        server.hold(2)
        server.answer_next([b"One. ", b"Two. ", b"Three. ", b"Four."])
        await ui.say("Count for me")
        await ui.logs("One. Two.")
        await ui.press("ctrl+n")
        await ui.logs("demo chatbot")
        await ui.type("meanwhile")
        assert "Two." not in ui.log
        await ui.press("f8")  # back in mid-answer
        await ui.logs("Count for me", "One. Two.")
        assert "Three." not in ui.log
        await ui.press("f8")
        server.release()
        await ui.until(lambda: any("● Count for me" in row for row in ui.sidebar), "the unread mark")
        assert ui.draft == "meanwhile"
        assert ui.transcript(first)[-1]["text"] == "One. Two. Three. Four."
        await ui.press("f8")
        await ui.logs("One. Two. Three. Four.")
        assert ui.log.count("Count for me") == 1
        assert not any("●" in row for row in ui.sidebar)


async def test_two_conversations_stream_at_once(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        server.answer_next([b"Left ", b"side."])
        await ui.say("Left")
        await asyncio.to_thread(server.wait_until_held, 1)
        left = ui.current
        await ui.press("ctrl+n")
        await ui.logs("demo chatbot")
        server.answer_next([b"Right ", b"side."])
        await ui.say("Right")
        await asyncio.to_thread(server.wait_until_held, 2)
        right = ui.current
        server.release()
        await ui.idle()
        assert ui.transcript(left)[-1]["text"] == "Left side."
        assert ui.transcript(right)[-1]["text"] == "Right side."
        assert "Left side." not in ui.log


# a queue, and what stops


async def test_second_message_waits_its_turn(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        server.answer_next([b"To the ", b"first."])
        server.answer_next([b"To the ", b"second."])
        await ui.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await ui.say("Second")
        await ui.logs("Second", "waiting to be sent")
        assert len(requests_to(server, "message")) == 1
        server.release()
        await ui.logs("To the first.", "To the second.")
        await ui.idle()
        texts = [line["text"] for line in ui.transcript()[1:]]
        assert texts == ["First", "To the first.", "Second", "To the second."]
        assert "waiting to be sent" not in ui.log


async def test_escape_takes_back_the_waiting_message_then_stops_the_answer(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        server.answer_next([b"What came ", b"and what did not."])
        await ui.say("First")
        await ui.logs("What came")
        await ui.say("Second")
        await ui.logs("waiting to be sent")
        await ui.press("escape")
        await ui.until(lambda: ui.draft == "Second", "the message back in the input bar")
        await ui.until(lambda: "waiting to be sent" not in ui.log, "a log without it")
        await ui.press("escape")
        await ui.logs("What came", "stopped")
        await ui.idle()
        assert ui.draft == "Second"
        assert ui.said() == ["First"]
        assert ui.transcript()[-1]["status"] == "stopped"
        server.release()


async def test_escape_goes_back_step_by_step(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        await ui.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+f")
        await ui.press("escape")  # the field
        await ui.until(lambda: ui.focused is ui.input_bar, "the input bar")
        assert ui.service.busy_keys()
        await ui.press("shift+tab")
        assert isinstance(ui.focused, MessageLog)
        await ui.press("escape")  # to the input bar
        assert ui.focused is ui.input_bar
        assert ui.service.busy_keys()
        await ui.press("escape")  # the answer
        await ui.idle()
        await ui.logs("stopped")
        server.release()


async def test_ctrl_c_does_the_mildest_thing(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        await ui.say("First")
        await asyncio.to_thread(server.wait_until_held)
        await ui.type("a draft")
        await ui.press("ctrl+c")
        await ui.idle()
        await ui.logs("stopped")
        assert ui.draft == "a draft"
        await ui.press("ctrl+c")
        assert ui.draft == ""
        await ui.until(lambda: "a draft" in ui.store.history.entries(), "the draft in the history")
        await ui.press("up")
        assert ui.draft == "a draft"
        await ui.press("ctrl+c", "ctrl+c")
        assert isinstance(ui.screen, ConfirmScreen)
        await ui.sees("Quit userdesk?")
        await ui.press("escape")
        await ui.closes()
        assert ui.is_running
        server.release()
        await ui.press("ctrl+c")
        await ui.sees("Quit userdesk?")
        await ui.press("ctrl+c")
        await ui.until(lambda: not ui.is_running, "the end")


# moving between conversations


async def test_three_conversations_in_the_sidebar(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        keys = {"First": await answered(ui, server, "First", "One.")}
        for question, answer in (("Second", "Two."), ("Third", "Three.")):
            await ui.press("ctrl+n")
            await ui.logs("demo chatbot")
            keys[question] = await answered(ui, server, question, answer)
        await f7_and_f8_walk_round_the_ends(ui, keys)
        await ui.press("f8")
        assert ui.current == keys["Second"]
        await go_to_sidebar(ui)
        await filter_leaves_what_was_asked_for(ui)
        await pinned_conversations_stand_on_top(ui)
        await deleted_conversations_come_back_whole(ui, keys)
        await the_toast_offers_to_undo_a_deletion(ui)


async def f7_and_f8_walk_round_the_ends(ui: ProgramDriver, keys: dict[str, str]) -> None:
    order = ui.order()
    assert sorted(order) == sorted(keys.values())
    assert [keys[title] for title in titles(ui)[1:]] == order
    start = order.index(keys["Third"])
    for step in range(1, 4):
        await ui.press("f8")
        assert ui.current == order[(start + step) % 3]
    for step in range(1, 4):
        await ui.press("ctrl+pageup" if step == 2 else "f7")
        assert ui.current == order[(start - step) % 3]


async def filter_leaves_what_was_asked_for(ui: ProgramDriver) -> None:
    await ui.press("slash", *"seco")
    await ui.until(lambda: titles(ui)[-1:] == ["Second"] and "Third" not in titles(ui), "the filtered list")
    await ui.press("escape")
    await ui.until(lambda: "Third" in titles(ui), "the whole list")


async def pinned_conversations_stand_on_top(ui: ProgramDriver) -> None:
    await ui.press("p")
    await ui.until(lambda: titles(ui) == ["Pinned", "Second", "Today", "Third", "First"], "it on top")
    assert [saved["title"] for saved in ui.index if saved.get("pinned")] == ["Second"]
    await ui.press("p")
    await ui.until(lambda: titles(ui)[0] == "Today", "it among the others")
    assert not any("pinned" in saved for saved in ui.index)


async def deleted_conversations_come_back_whole(ui: ProgramDriver, keys: dict[str, str]) -> None:
    before, lines = {saved["key"]: saved for saved in ui.index}, ui.transcript(keys["Second"])
    await ui.press("d")
    await ui.toasts("Deleted “Second”", "30 days", "Userdesk keeps its own copy")
    assert titles(ui) == ["Today", "Third", "First"]
    await ui.until(lambda: keys["Second"] not in {saved["key"] for saved in ui.index}, "the deletion")
    await ui.until(lambda: ui.transcript(keys["Second"]) == [], "the transcript in the trash")
    await ui.press("d")
    await ui.until(lambda: len(titles(ui)) == 2, "another deletion")
    await ui.press("u", "u")
    await ui.until(lambda: titles(ui) == ["Today", "Third", "Second", "First"], "both of them")
    await ui.logs("Second", "Two.")
    await ui.until(lambda: {saved["key"]: saved for saved in ui.index} == before, "all as before")
    assert ui.transcript(keys["Second"]) == lines


async def the_toast_offers_to_undo_a_deletion(ui: ProgramDriver) -> None:
    await ui.press("d")
    await ui.toasts("Ctrl+R restore it")
    await ui.press("ctrl+r")
    await ui.logs("Second", "Two.")
    assert not ui.toast
    await ui.press("ctrl+r")
    assert "Nothing failed here" in ui.news


async def test_each_conversation_has_its_own_draft(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first = await answered(ui, server, "First", "One.")
        await ui.type("for the first")
        await ui.press("ctrl+n")
        assert ui.draft == ""
        await ui.logs("demo chatbot")
        second = await answered(ui, server, "Second", "Two.")
        await ui.type("for the second")
        await ui.press("f8")
        assert (ui.current, ui.draft) == (first, "for the first")
        assert any("✎ Second" in row for row in ui.sidebar)
        await ui.press("f8")
        assert (ui.current, ui.draft) == (second, "for the second")
        await ui.until(lambda: ui.store.drafts.get(second) == "for the second", "the draft on the disk")
    async with open_ui(server.base_url, greeted=False) as ui:
        assert (ui.current, ui.draft) == (second, "for the second")
        await ui.press("f8")
        assert (ui.current, ui.draft) == (first, "for the first")
        await ui.press("enter")
        await ui.idle()
        await ui.until(lambda: ui.store.drafts.get(first) == "", "the end of the sent draft")
        assert ui.said(first) == ["First", "for the first"]


# keeping order


async def test_trash_gives_back_what_an_earlier_run_deleted(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await answered(ui, server, "First", "One.")
        await go_to_sidebar(ui)
        await ui.press("d")
        await ui.until(lambda: [saved["title"] for saved in ui.index] != ["First"])
    async with open_ui(server.base_url) as ui:
        await go_to_sidebar(ui)
        await ui.press("U")
        await ui.sees("Deleted conversations", "First · Today", "for 30 days")
        ui.burst(*"firs", "enter")
        await ui.logs("First", "One.")
        assert "First" in [saved["title"] for saved in ui.index]
