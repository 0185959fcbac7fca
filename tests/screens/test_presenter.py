"""Presenter mode: the conversation alone, and nothing of another one whatever happens meanwhile."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w

from demo_server import DemoServer
from program_conditions import record_terminal
from program_driver import ProgramDriver
from userdesk.store import Store
from userdesk.tui.dialogs.help import HelpScreen
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.switcher.screen import SwitcherScreen

SECRET = "Invoice of the other client"
AT = datetime(2025, 5, 1, tzinfo=UTC)
OTHER_BOT = """\
[bots.other]
name = "Other client's chatbot"
chatbot_id = "demo"
base_url = "{base_url}"
api_key_env = "USERDESK_API_KEY"
"""


def save(data_dir: Path, base_url: str, *bots: str) -> None:
    """Saved conversations, one with each chatbot; their keys are the chatbots' names."""
    folder = data_dir / "transcripts"
    folder.mkdir(parents=True)
    entries = []
    for bot in bots:
        words = SECRET if bot == "other" else "What the audience may see"
        lines = ({"role": role, "text": words, "at": AT.isoformat()} for role in ("user", "assistant"))
        (folder / f"{bot}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
        entry = {"key": bot, "bot": bot, "chatbot_id": "demo", "base_url": base_url, "title": words}
        entries.append({**entry, "created": AT})
    document = tomli_w.dumps({"version": 1, "conversation": entries})
    (data_dir / "conversations.toml").write_text(document, "utf-8")


@pytest.fixture
async def staged(server: DemoServer, open_ui, tmp_path: Path):
    """The program on stage, in a fresh conversation; another chatbot's conversation is saved."""
    save(tmp_path / "data", server.base_url, "other")
    config = OTHER_BOT.format(base_url=server.base_url)
    async with open_ui(server.base_url, config=config) as ui:
        await ui.until(lambda: any(SECRET[:10] in row for row in ui.sidebar), "the other conversation")
        await ui.press("f10")
        await ui.until(lambda: SECRET[:10] not in ui.text, "a stage without it")
        yield ui


async def test_only_the_conversation_is_left(staged) -> None:
    await staged.say("How do I quit?")
    await staged.logs("Ctrl+Q")
    await staged.idle()
    await staged.until(lambda: "chars" not in staged.text and "first text" not in staged.text, "no figures")
    assert staged.title == "Acme support"
    for words in ("Conversations", "Today", "New conversation", "^N", "F1 help"):
        assert words not in staged.text
    rows = [line for line in staged.lines if "How do I quit?" in line]
    assert rows and all(row.startswith(" " * 8) and row.endswith(" " * 8) for row in rows)
    await staged.press("f10")
    await staged.logs("first text", "chars")
    await staged.sees("Conversations", "F1 help", "Acme support  How do I quit?")


async def test_failure_shows_no_key_below_it_and_no_words_of_the_server(server: DemoServer, staged) -> None:
    server.fail_next(500, on="message", body='{"message": "conversation ea74ba3d is gone"}')
    await staged.say("Hello there")
    await staged.toasts("500 · An error occurred on the server", "Ctrl+R retry")
    await staged.logs("failed · 500 · An error occurred on the server")
    assert "ea74ba3d" not in staged.text
    await staged.press("escape")
    assert "Ctrl+R" not in staged.text
    await staged.press("f10")
    await staged.logs("ea74ba3d", "Ctrl+R retry")


def seen(ui: ProgramDriver) -> tuple[list[str], object]:
    """What the screen shows but for the status bar, which tells of the mode, and the scroll bar's guess."""
    return [row[:-1] for row in ui.lines[:-1]], ui.focused


async def test_the_switch_is_undone_exactly(server: DemoServer, open_ui, tmp_path: Path) -> None:
    """In the middle of a long conversation, with a message chosen and a draft."""
    save(tmp_path / "data", server.base_url, "env")
    lines = (
        {"role": role, "text": f"{role} {n}. " * 60} for n in range(30) for role in ("user", "assistant")
    )
    transcript = tmp_path / "data" / "transcripts" / "env.jsonl"
    transcript.write_text(
        "".join(f"{json.dumps({**line, 'at': AT.isoformat()})}\n" for line in lines), "utf-8"
    )
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.logs("assistant 29")
        await ui.act(*"half", "pageup", "pageup", "shift+tab", "up", "up")
        before = seen(ui)
        assert any("▌" in row for row in before[0]), "a message is chosen"
        await ui.act("f10")
        await ui.until(lambda: "Conversations" not in ui.text, "a stage")
        assert "half" in ui.text and all(row[:14].isspace() for row in ui.lines if "assistant" in row)
        await ui.act("f10")
        assert seen(ui) == before


@pytest.mark.parametrize("size", [(120, 36), (60, 20)])
async def test_no_key_brings_the_sidebar_or_a_name(
    server: DemoServer, open_ui, tmp_path: Path, size: tuple[int, int]
) -> None:
    save(tmp_path / "data", server.base_url, "other")
    config = OTHER_BOT.format(base_url=server.base_url)
    async with open_ui(server.base_url, config=config, size=size) as ui:
        if size[0] < 80:
            await ui.press("f2")
            await ui.sees(SECRET[:10])
        await ui.press("f10")
        await ui.until(lambda: SECRET[:10] not in ui.text, "a stage without it")
        current = ui.current
        for key in ("f2", "f8", "f7", "up"):
            await ui.press(key)
            assert SECRET[:10] not in ui.text, key
        assert ui.current == current
        await ui.press("ctrl+t")
        await ui.opens(SwitcherScreen)
        await ui.pilot.pause()
        assert SECRET[:10] not in ui.text and "Other client" not in ui.text
        await ui.press("escape", "f1")
        await ui.opens(HelpScreen)


async def test_prompts_of_other_conversations_stay_away(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("my secret prompt")
        await ui.idle()
        await ui.press("ctrl+n")
        await ui.say("How do I quit?")
        await ui.idle()
        await ui.until(lambda: len(ui.prompts) == 2, "both prompts")
        await ui.press("f10")
        await ui.until(lambda: ui.prompts == ["How do I quit?"], "one prompt")
        await ui.press("up", "up", "up")
        assert ui.draft == "How do I quit?"
        await ui.press("f10")
        await ui.until(lambda: len(ui.prompts) == 2, "both prompts")


@pytest.mark.parametrize("staged_first", [True, False])
async def test_what_happens_elsewhere_is_neither_seen_nor_heard(
    server: DemoServer, open_ui, staged_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer and a failure in other conversations, while the terminal has lost the focus."""
    written = record_terminal(monkeypatch)
    async with open_ui(server.base_url, config='notify = "osc777"') as ui:
        server.hold(1)
        await ui.say("/drop that one")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+n")
        await ui.logs("demo chatbot")
        await ui.say("What are the keys?")
        await asyncio.to_thread(server.wait_until_held, 2)
        await ui.press("ctrl+n")
        await ui.logs("demo chatbot")
        if staged_first:
            await ui.press("f10")
        ui.look_away()
        server.release()
        await ui.idle()
        await ui.until(lambda: len(ui.failed) == 1, "the failure's mark")
        if staged_first:
            await ui.pilot.pause()
            assert ui.toast == "" and written == []
            assert "/drop that" not in ui.text and "What are" not in ui.text
            await ui.press("f10")
            await ui.until(lambda: any("✗" in row and "/drop" in row for row in ui.sidebar), "its mark")
        else:
            await ui.toasts("The connection was lost", "in “/drop that one”")
            await ui.until(lambda: any("What are the keys?" in each for each in written), "a notification")


async def test_toast_that_stands_there_goes(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(1)
        await ui.say("/drop that one")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+n")
        server.release()
        await ui.toasts("in “/drop that one”")
        ui.notify(f"{SECRET} is damaged")
        await ui.until(lambda: ui.notices, "a notification")
        await ui.press("f10")
        await ui.until(lambda: "/drop that" not in ui.text, "a clean stage")
        assert ui.notices == ""
        await ui.press("ctrl+r")
        await ui.pilot.pause()
        assert "/drop that" not in ui.text


async def test_news_of_other_windows_wait_for_the_end(server: DemoServer, open_ui, tmp_path: Path) -> None:
    """Another process deletes the conversation on the screen, then damages the list."""
    save(tmp_path / "data", server.base_url, "other", "env")
    config = OTHER_BOT.format(base_url=server.base_url)
    async with open_ui(server.base_url, config=config, greeted=False) as ui:
        await ui.logs("What the audience may see")
        await ui.press("f10")
        other = Store(ui.data_dir)
        other.open()
        other.delete("env")
        await ui.look_at_folder()
        await ui.logs("demo chatbot")
        conversation = ui.conversation
        assert conversation and conversation.bot == "env" and SECRET not in ui.text
        (ui.data_dir / "conversations.toml").write_text("version = ", "utf-8")
        await ui.look_at_folder()
        assert ui.notices == ""
        await ui.press("f10")
        await ui.look_at_folder()
        await ui.until(lambda: ui.notices, "what waited")


async def test_fresh_conversation_brings_back_no_prompt_from_elsewhere(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("my secret prompt")
        await ui.idle()
        await ui.press("f10", "ctrl+n")
        await ui.until(lambda: ui.prompts == [], "no prompts")
        await ui.press("up")
        assert ui.draft == ""


@pytest.mark.parametrize("failing", ["/fail 401", "/fail 403"])
async def test_no_key_on_stage_opens_what_shows_ids_and_chatbots(staged, failing: str) -> None:
    await staged.say(failing)
    await staged.toasts("F10 ends presenter mode, then Ctrl+R")
    await staged.press("ctrl+r", "f9", "ctrl+o")
    await staged.pilot.pause()
    assert staged.on_chat
    await staged.toasts("F10 ends presenter mode, then Ctrl+R")
    await staged.press("f10", "ctrl+r")
    await staged.sees("Change Acme support")


async def test_the_focus_returns_to_the_sidebar(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("Hello")
        await ui.idle()
        await ui.press("tab")
        await ui.until(lambda: isinstance(ui.focused, ConversationList))
        await ui.press("f10", "f10")
        await ui.until(lambda: isinstance(ui.focused, ConversationList), "the sidebar again")
