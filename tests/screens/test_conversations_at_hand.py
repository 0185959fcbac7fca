"""Where keys go while several conversations and chatbots are about: the one that is meant, and no other."""

import json
import os
from pathlib import Path

import httpx

from demo_server import DemoServer
from program_reader import WHEN
from saved_conversations import save, save_titles
from userdesk.domain.conversation import attached_title


async def said(ui, *texts: str) -> None:
    """A conversation for each text, the last one open."""
    for number, text in enumerate(texts):
        if number:
            before = ui.current
            await ui.press("ctrl+n")
            await ui.until(lambda before=before: ui.current != before)
            await ui.until(lambda: ui.conversation.id)
        await ui.say(text)
        await ui.idle()


async def in_sidebar(ui) -> None:
    await ui.press("tab")
    await ui.until(lambda: ui.focused is ui.conversation_list)


async def test_renamed_conversation_stays_under_the_cursor(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await said(ui, "first", "second")
        await in_sidebar(ui)
        await ui.press("down", "r", *"x", "enter")
        await ui.until(lambda: "x" in [saved["title"] for saved in ui.index])
        await ui.press("p")
        await ui.until(lambda: [saved["title"] for saved in ui.index if saved.get("pinned")] == ["x"])


async def test_next_conversation_keeps_to_the_filter(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await said(ui, "lamp one", "chair", "lamp two")
        await in_sidebar(ui)
        await ui.press("slash", *"lamp", "enter")
        for expected in ("lamp one", "lamp two"):
            await ui.press("f8")
            assert ui.conversation.title == expected


async def test_keys_after_a_filter_over_thousands_act_on_what_it_leaves(
    server: DemoServer, open_ui, data_dir: Path
) -> None:
    save_titles(data_dir, [f"Chair {number}" for number in range(6_000)] + ["Lamp", "Green lamp"])
    async with open_ui(server.base_url, greeted=False) as ui:
        await in_sidebar(ui)
        ui.burst("slash", *"lamp", "enter", "down", "enter")
        await ui.until(lambda: ui.filter == "lamp" and ui.conversation.title == "Green lamp")


async def test_new_conversation_is_seen_in_spite_of_the_filter(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await said(ui, "lamp one", "chair")
        await in_sidebar(ui)
        await ui.press("slash", *"lamp", "enter", "ctrl+n")
        await ui.until(lambda: "New conversation" in ui.sidebar and "chair" in ui.sidebar)


async def test_input_bar_asks_for_a_message_only_while_it_takes_keys(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.sees("Message Acme support…")
        await in_sidebar(ui)
        await ui.until(lambda: "Message Acme support…" not in ui.text)
        await ui.press("escape")
        await ui.sees("Message Acme support…")


async def test_find_goes_on_in_the_next_conversation(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await said(ui, "zebra zebra", "horse")
        await ui.press("ctrl+f", *"zebra")
        await ui.sees("no matches")
        await ui.press("f8")
        await ui.until(lambda: "of 2" in ui.text, "the matches of that conversation")


async def test_failed_mark_outlives_delete_and_undo(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(500, on="message")
        await ui.say("this fails")
        await ui.toasts("500")
        await ui.until(lambda: any(row.startswith("✗") for row in ui.sidebar))
        await in_sidebar(ui)
        await ui.press("d")
        await ui.until(lambda: not any("this fails" in row for row in ui.sidebar))
        await ui.press("ctrl+r")
        await ui.until(lambda: any(row.startswith("✗ this fails") for row in ui.sidebar))


async def test_attached_conversation_is_named_by_its_first_message(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui, httpx.AsyncClient() as colleague:
        answer = await colleague.post(
            f"{server.base_url}/v1/chatbot/{server.chatbot_id}/conversation",
            headers={"Authorization": f"Bearer {server.key}"},
            json={},
        )
        known = answer.json()["conversationId"]
        await ui.attach(known)
        assert ui.conversation.title == attached_title(known)
        assert known not in json.dumps(ui.transcript())
        first = ui.current
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != first, "a new conversation")
        ui.open(first)
        await ui.say("what it is about")
        await ui.idle()
        assert ui.conversation.title == "what it is about"


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


def edited(ui) -> str:
    """The row of the list that the title's field is drawn over; empty where it is not over the list."""
    field, listed = ui.screen.query_one("#rename-field"), ui.conversation_list
    if not listed.region.contains_region(field.region):
        return ""
    return WHEN.sub("", listed.render_line(field.region.y - listed.region.y).text.strip())


async def test_what_is_missing_to_write_is_said_whole_on_a_narrow_screen(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    save(tmp_path / "data", [("user", "hello")], key="old")
    index = tmp_path / "data" / "conversations.toml"
    index.write_text(index.read_text("utf-8").replace('"env"', '"acme"'), "utf-8")
    async with open_ui(server.base_url, size=(40, 12)) as ui:
        ui.open("old")
        await ui.logs("hello")
        await ui.until(lambda: ui.input_bar.size.height == 2, "both rows")
        said = " ".join(line.strip(" │") for line in ui.lines[-4:-2])
        assert said == "The chatbot “acme” is not configured: connect it with F9"
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.input_bar.size.height == 1, "one row again")


async def test_a_name_longer_than_the_input_bar_is_cut_as_such(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, size=(40, 12)) as ui:
        ui.input_bar.address("a name that is longer than the bar")
        await ui.sees("Message a name that is longer tha…")
        await ui.pilot.resize_terminal(60, 12)
        await ui.sees("Message a name that is longer than the bar…")


async def test_title_is_edited_in_place_far_down_the_list(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    write_many(tmp_path / "data", 200)
    async with open_ui(server.base_url, greeted=False) as ui:
        await in_sidebar(ui)
        ui.conversation_list.cursor = "k120"
        await ui.press("r")
        await ui.until(lambda: ui.screen.query("#rename-field") and ui.focused.id == "rename-field")
        await ui.until(lambda: edited(ui) == "number 120")
        await ui.pilot.resize_terminal(100, 20)
        await ui.until(lambda: edited(ui) == "number 120")


async def test_title_is_edited_in_place_where_the_list_was_filtered(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    write_many(tmp_path / "data", 200)
    async with open_ui(server.base_url, greeted=False) as ui:
        await in_sidebar(ui)
        await ui.press("slash", *"55", "enter")
        await ui.until(lambda: ui.sidebar[-2:] == ["number 055", "number 155"])
        await ui.press("down", "r")
        await ui.until(lambda: ui.screen.query("#rename-field"))
        await ui.until(lambda: edited(ui) == "number 155")


async def test_focus_is_back_where_a_command_was_called(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("one")
        await ui.idle()
        for last in ("enter", "escape"):
            await ui.press("ctrl+p", *"rename", "enter")
            await ui.until(lambda: ui.screen.query("#rename-field"), "the field")
            await ui.press("x", last)
            await ui.until(lambda: not ui.is_editing, "the end of the field")
            await ui.press(*"do")
            await ui.until(lambda: ui.draft.endswith("do"), "letters, not commands")
        assert ui.draft == "dodo" and len(ui.index) == 1


async def test_ctrl_c_in_a_field_leaves_the_field(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.type("half a thought")
        await in_sidebar(ui)
        await ui.press("slash", "x", "ctrl+c")
        await ui.until(lambda: not ui.is_editing)
        await ui.press("ctrl+f", "x", "ctrl+c")
        await ui.until(lambda: not ui.screen.query("FindBar"))
        assert ui.on_chat
        assert ui.draft == "half a thought"


async def test_what_is_no_id_is_opened_only_on_a_second_enter(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("ctrl+o", *"not-an-id", "enter")
        await ui.sees("This does not look like a conversationId.")
        assert len(ui.index) == 1
        await ui.press("enter")
        await ui.until(lambda: ui.conversation.id == "not-an-id", "the conversation")
        before = len(ui.index)
        await ui.press("ctrl+o", *"7f", "enter")
        await ui.until(lambda: len(ui.index) == before + 1, "the conversation that was not doubted")
