"""What somebody lives with for a year: pastes, earlier prompts, attached ids, exports, themes, marks."""

import asyncio
import base64
import os
import stat
import time
import tomllib
from pathlib import Path

import pytest
from textual import events

from demo_server import DemoServer
from userdesk.tui.dialogs.asking import ChoiceScreen
from userdesk.tui.dialogs.searched_list import PickScreen
from userdesk.tui.dialogs.themes import ThemesScreen
from userdesk.tui.input.input_bar import FOLD_LINES, Folds
from userdesk.tui.sidebar.rows import Mark


def burst(bar, *keys: str) -> None:
    """Keys that arrive in one read, as a paste without bracketed paste does."""
    at = time.monotonic()
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else "\r" if key == "enter" else None)
        event.time = at
        bar.post_message(event)


# pastes


async def test_what_is_pasted_is_one_text(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.type("one\ntwo\nthree")
        assert ui.draft == "one\ntwo\nthree"
        assert ui.said() == []
        ui.put("")
        ui.input_bar.post_message(events.Paste("a\x1b[31mb"))
        await ui.until(lambda: ui.draft.endswith("b"), "the paste")
        assert "\x1b" not in ui.draft
        ui.put("")
        text = "\n".join(f"line {number}" for number in range(FOLD_LINES + 5))
        ui.input_bar.post_message(events.Paste(text))
        await ui.until(lambda: "pasted text #1: 45 lines" in ui.draft, "a fold")
        await ui.press("enter")
        await ui.until(lambda: ui.said() == [text], "the whole text in the transcript")
        await ui.idle()


async def test_many_keys_at_once_are_a_paste_or_a_line_of_a_program(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        burst(ui.input_bar, "a", "enter", "b", "enter", "c", "enter")
        await ui.until(lambda: ui.draft == "a\nb\nc\n", "three lines")
        assert ui.said() == []
        await ui.press("enter")
        await ui.until(lambda: ui.said() == ["a\nb\nc\n"], "one message of three lines")
        await ui.idle()
        burst(ui.input_bar, "a", "b", "enter")
        await ui.until(lambda: ui.said() == ["a\nb\nc\n", "ab"], "the message of a program")
        await ui.idle()


def test_typed_sign_of_a_fold_stays_what_it_is() -> None:
    assert Folds().unfold("[pasted text #1: 45 lines]") == "[pasted text #1: 45 lines]"


# prompts


async def test_earlier_prompts_come_back_with_the_arrow_and_by_search(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        for prompt in ("first question", "second question"):
            await ui.say(prompt)
            await ui.idle()
        await ui.until(lambda: ui.prompts == ["first question", "second question"])
        await ui.press("up")
        assert ui.draft == "second question"
        await ui.press("up")
        assert ui.draft == "first question"
        await ui.press("down", "down")
        assert ui.draft == ""
        await ui.type("half a thought")
        await ui.press("up")
        assert ui.draft == "second question"
        await ui.press("down")
        assert ui.draft == "half a thought"
        await ui.press("f6")
        await ui.opens(PickScreen)
        await ui.press(*"fir", "enter")
        await ui.until(lambda: ui.draft == "first question")


# in and out


async def test_known_id_is_attached_and_gone_on_with(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        known = ui.index[0]["id"]
        await ui.say("the first thing")
        await ui.idle()
        await ui.attach(known)
        assert ui.conversation.id == known
        assert len(ui.index) == 1
        await ui.attach("from-a-colleague")
        await ui.logs("was opened by its id")
        assert [entry.get("id") for entry in ui.index] == [known, "from-a-colleague"]
        await ui.say("hello")
        await ui.toasts("400 · The conversationId is not valid")


def text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


async def test_conversation_is_exported_never_over_a_file_and_copied_whole(
    server: DemoServer, open_ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_ui(server.base_url) as ui:
        await ui.say("Which keys are there?")
        await ui.idle()
        for name in ("which-keys-are-there.md", "which-keys-are-there-2.md"):
            await ui.press("ctrl+s")
            await ui.opens(ChoiceScreen)
            await ui.press("1")
            await ui.until(lambda name=name: "Which keys" in text_of(folder / name), f"the file {name}")
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert "Which keys are there?" in path.read_text("utf-8")
        written = ui.record_copies()
        await ui.command("to_log")
        await ui.press("Y")
        await ui.until(lambda: written, "the clipboard sequence")
        payload = written[0].removeprefix("\x1b]52;c;").removesuffix("\x07")
        assert "Which keys are there?" in base64.b64decode(payload).decode()
        await ui.until(lambda: "Copied the conversation" in ui.news, "the word of it")


# one's own


async def test_theme_is_seen_while_choosing_and_remembered(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    async with open_ui(server.base_url, config="# mine\n") as ui:
        before = ui.theme
        await ui.press("f12")
        await ui.opens(ThemesScreen)
        await ui.press("down")
        await ui.until(lambda: ui.theme == "userdesk-light", "the light theme")
        await ui.press("escape")
        await ui.until(lambda: ui.theme == before, "the theme from before")
        await ui.press("f12")
        await ui.opens(ThemesScreen)
        await ui.press("down", "enter")
        file = tmp_path / "config.toml"
        await ui.until(lambda: "userdesk-light" in file.read_text("utf-8"), "the theme in config.toml")
        assert tomllib.loads(file.read_text("utf-8"))["theme"] == "userdesk-light"
        assert file.read_text("utf-8").startswith("# mine")


async def test_unread_and_failed_marks_outlive_the_program(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first = ui.current
        await ui.say("failing")  # answered
        await ui.idle()
        server.fail_next(500, on="message")
        await ui.say("this one fails")
        await ui.toasts("500")
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != first)
        await ui.logs("demo chatbot")
        second = ui.current
        server.hold()
        await ui.say("answered while I am elsewhere")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("f8")
        await ui.until(lambda: ui.current == first)
        server.release()
        await ui.idle()
        await ui.until(lambda: ui.mark(second) is Mark.UNREAD)
        await ui.until(lambda: ui.store.read_marks.all().get(second) == 0, "the mark on disk")
    async with open_ui(server.base_url, greeted=False) as ui:
        assert ui.mark(first) is Mark.FAILED
        ui.open(first)
        assert ui.current == first


async def test_accessible_mode_says_roles_as_words_and_stands_still(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.command("accessible")
        await ui.logs("Chatbot:\nHello")
        server.hold()
        await ui.say("Which keys are there?")
        await ui.logs("You:\nWhich keys are there?", "answering…")
        assert not any(character in ui.text for character in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        server.release()
        await ui.idle()
        file = tmp_path / "config.toml"
        await ui.until(lambda: "accessible = true" in file.read_text("utf-8"), "the setting on disk")
        await ui.command("accessible")
        await ui.until(lambda: "Chatbot:" not in ui.log, "signs in place of words")


async def test_grouping_by_chatbot_is_remembered(server: DemoServer, open_ui, tmp_path: Path) -> None:
    async with open_ui(server.base_url, config="# mine\n") as ui:
        assert ui.sidebar[0] == "Today"
        await ui.press("tab", "b")
        await ui.until(lambda: ui.sidebar[0] == "Acme support", "the chatbot as a heading")
        file = tmp_path / "config.toml"
        await ui.until(lambda: 'group_by = "chatbot"' in file.read_text("utf-8"), "the setting on disk")
    async with open_ui(server.base_url, config='group_by = "chatbot"\n') as ui:
        await ui.until(lambda: ui.sidebar[0] == "Acme support")


async def test_what_another_window_said_moves_its_conversation_up(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("older")
        await ui.idle()
        older = ui.current
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != older)
        await ui.say("newer")
        await ui.idle()
        await ui.until(lambda: ui.sidebar[1:3] == ["newer", "older"], "the newer one on top")
        path = ui.data_dir / "transcripts" / f"{older}.jsonl"
        later = path.stat().st_mtime + 60
        os.utime(path, (later, later))
        ui.post(events.AppBlur())
        ui.post(events.AppFocus())
        await ui.until(lambda: ui.sidebar[1:3] == ["older", "newer"], "the order of the disk")


async def test_a_look_that_finds_nothing_new_draws_nothing(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("one")
        await ui.idle()
        await ui.until(lambda: not ui.works_on("turns"), "its last news")
        ui.refresh_conversations()
        await ui.pilot.pause()
        drawn: list[object] = []
        ui.conversation_list.refresh = lambda *regions, **_: drawn.append(regions)
        ui.refresh_conversations()
        await ui.look_at_folder()
        assert drawn == []
        ui.note_unread(ui.current)
        ui.refresh_conversations()
        assert drawn == [()]
