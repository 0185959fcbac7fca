"""Where keys go while several conversations and chatbots are about: the one that is meant, and no other."""

import json
import os
from pathlib import Path

import httpx

from userdesk.demo.server.host import DemoServer
from userdesk.domain.conversation import attached_title


async def said(desk, *texts: str) -> None:
    """A conversation for each text, the last one open."""
    for number, text in enumerate(texts):
        if number:
            before = desk.chat.board.current
            await desk.press("ctrl+n")
            await desk.until(lambda before=before: desk.chat.board.current != before)
            await desk.until(lambda: desk.chat.board.conversation.id)
        await desk.say(text)
        await desk.idle()


async def in_sidebar(desk) -> None:
    await desk.press("tab")
    await desk.until(lambda: desk.chat.focused is desk.chat.sidebar.list)


async def test_renamed_conversation_stays_under_the_cursor(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await said(desk, "first", "second")
        await in_sidebar(desk)
        await desk.press("down", "r", *"x", "enter")
        await desk.until(lambda: "x" in [saved["title"] for saved in desk.index])
        await desk.press("p")
        await desk.until(lambda: [saved["title"] for saved in desk.index if saved.get("pinned")] == ["x"])


async def test_next_conversation_keeps_to_the_filter(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await said(desk, "lamp one", "chair", "lamp two")
        await in_sidebar(desk)
        await desk.press("slash", *"lamp", "enter")
        for expected in ("lamp one", "lamp two"):
            await desk.press("f8")
            assert desk.chat.board.conversation.title == expected


async def test_new_conversation_is_seen_in_spite_of_the_filter(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await said(desk, "lamp one", "chair")
        await in_sidebar(desk)
        await desk.press("slash", *"lamp", "enter", "ctrl+n")
        await desk.until(lambda: "New conversation" in desk.sidebar and "chair" in desk.sidebar)


async def test_input_bar_asks_for_a_message_only_while_it_takes_keys(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.sees("Message Acme support…")
        await in_sidebar(desk)
        await desk.until(lambda: "Message Acme support…" not in desk.text)
        await desk.press("escape")
        await desk.sees("Message Acme support…")


async def test_find_goes_on_in_the_next_conversation(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await said(desk, "zebra zebra", "horse")
        await desk.press("ctrl+f", *"zebra")
        await desk.sees("no match")
        await desk.press("f8")
        await desk.until(lambda: "of 2" in desk.text, "the matches of that conversation")


async def test_failed_mark_outlives_delete_and_undo(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(500, on="message")
        await desk.say("this fails")
        await desk.toasts("500")
        await desk.until(lambda: any(row.startswith("✗") for row in desk.sidebar))
        await in_sidebar(desk)
        await desk.press("d")
        await desk.until(lambda: not any("this fails" in row for row in desk.sidebar))
        await desk.press("ctrl+r")
        await desk.until(lambda: any(row.startswith("✗ this fails") for row in desk.sidebar))


async def test_message_typed_for_one_chatbot_is_not_sent_to_another(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("with the first chatbot")
        await desk.idle()
    async with open_desk(server.base_url, greeted=False) as desk:
        desk.chat.greeted_bot = "other"
        desk.chat._typed_ahead = ["early words"]
        desk.chat.send_typed_ahead()
        assert desk.draft == "early words"
        assert "Not sent yet" in desk.news
        await desk.idle()
        assert desk.said() == ["with the first chatbot"]


async def test_attached_conversation_is_named_by_its_first_message(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk, httpx.AsyncClient() as colleague:
        answer = await colleague.post(
            f"{server.base_url}/v1/chatbot/{server.chatbot_id}/conversation",
            headers={"Authorization": f"Bearer {server.key}"},
            json={},
        )
        known = answer.json()["conversationId"]
        desk.chat.attach(known)
        assert desk.chat.board.conversation.title == attached_title(known)
        assert known not in json.dumps(desk.transcript())
        first = desk.chat.board.current
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != first, "a new conversation")
        desk.chat.open_conversation(first)
        await desk.say("what it is about")
        await desk.idle()
        assert desk.chat.board.conversation.title == "what it is about"


def write_many(data_dir, count: int) -> None:
    """Conversations as the documented format has them, the first one the newest."""
    (data_dir / "transcripts").mkdir(parents=True, exist_ok=True)
    index = ["version = 1\n"]
    for number in range(count):
        index.append(
            f'\n[[conversation]]\nkey = "k{number}"\nid = "c{number}"\nbot = "env"\n'
            f'title = "number {number:03}"\ncreated = 2025-01-01T00:00:00Z\n'
        )
        path = data_dir / "transcripts" / f"k{number}.jsonl"
        path.write_text(json.dumps({"role": "user", "text": f"hello {number}"}) + "\n", "utf-8")
        os.utime(path, (1_750_000_000 - number,) * 2)
    (data_dir / "conversations.toml").write_text("".join(index), "utf-8")


def edited(desk) -> str:
    """The row of the list that the title's field is drawn over; empty where it is not over the list."""
    field, listed = desk.chat.query_one("#rename-field"), desk.chat.sidebar.list
    if not listed.region.contains_region(field.region):
        return ""
    return listed._rows[field.region.y - listed.region.y + listed.scroll_offset.y].text


async def test_title_is_edited_in_place_far_down_the_list(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    write_many(tmp_path / "data", 200)
    async with open_desk(server.base_url, greeted=False) as desk:
        await in_sidebar(desk)
        desk.chat.sidebar.list.cursor = "k120"
        await desk.press("r")
        await desk.until(lambda: desk.chat.query("#rename-field") and desk.chat.focused.id == "rename-field")
        await desk.until(lambda: edited(desk) == "number 120")
        await desk.pilot.resize_terminal(100, 20)
        await desk.until(lambda: edited(desk) == "number 120")


async def test_title_is_edited_in_place_where_the_list_was_filtered(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    write_many(tmp_path / "data", 200)
    async with open_desk(server.base_url, greeted=False) as desk:
        await in_sidebar(desk)
        await desk.press("slash", *"55", "enter")
        await desk.until(lambda: desk.sidebar[-2:] == ["number 055", "number 155"])
        await desk.press("down", "r")
        await desk.until(lambda: desk.chat.query("#rename-field"))
        await desk.until(lambda: edited(desk) == "number 155")


async def test_ctrl_c_in_a_field_leaves_the_field(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.type("half a thought")
        await in_sidebar(desk)
        await desk.press("slash", "x", "ctrl+c")
        await desk.until(lambda: not desk.chat.sidebar.editing)
        await desk.press("ctrl+f", "x", "ctrl+c")
        await desk.until(lambda: not desk.chat.query("FindBar"))
        assert desk.app.screen is desk.chat
        assert desk.draft == "half a thought"
