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

from userdesk.demo.server.host import DemoServer
from userdesk.domain.message import Figures, Message, Role, now
from userdesk.tui.chat.keeping import figures_of
from userdesk.tui.dialogs.choice import ChoiceScreen
from userdesk.tui.dialogs.pick import PickScreen
from userdesk.tui.dialogs.themes import ThemesScreen
from userdesk.tui.input.folded_pastes import FOLD_LINES, Folds
from userdesk.tui.sidebar.rows import Mark


def burst(bar, *keys: str) -> None:
    """Keys that arrive in one read, as a paste without bracketed paste does."""
    at = time.monotonic()
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else "\r" if key == "enter" else None)
        event.time = at
        bar.post_message(event)


# pastes


async def test_bracketed_paste_of_many_lines_is_one_text(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.type("one\ntwo\nthree")
        assert desk.draft == "one\ntwo\nthree"
        assert desk.said() == []


async def test_lines_pasted_without_brackets_are_one_message(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        burst(desk.chat.input_bar, "a", "enter", "b", "enter", "c", "enter")
        await desk.until(lambda: desk.draft == "a\nb\nc\n", "three lines")
        assert desk.said() == []
        await desk.press("enter")
        await desk.until(lambda: desk.said() == ["a\nb\nc\n"], "one message of three lines")
        await desk.idle()


async def test_line_typed_by_a_program_is_sent_at_once(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        burst(desk.chat.input_bar, "a", "b", "enter")
        await desk.until(lambda: desk.said() == ["ab"], "the message")
        await desk.idle()


async def test_long_paste_is_folded_and_sent_whole(server: DemoServer, open_desk) -> None:
    text = "\n".join(f"line {number}" for number in range(FOLD_LINES + 5))
    async with open_desk(server.base_url) as desk:
        desk.chat.input_bar.post_message(events.Paste(text))
        await desk.until(lambda: "pasted text #1: 45 lines" in desk.draft, "a fold")
        await desk.press("enter")
        await desk.until(lambda: desk.said() == [text], "the whole text in the transcript")
        await desk.idle()


def test_typed_sign_of_a_fold_stays_what_it_is() -> None:
    assert Folds().unfold("[pasted text #1: 45 lines]") == "[pasted text #1: 45 lines]"


async def test_pasted_controls_are_made_safe(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        desk.chat.input_bar.post_message(events.Paste("a\x1b[31mb"))
        await desk.until(lambda: desk.draft.endswith("b"), "the paste")
        assert "\x1b" not in desk.draft


# prompts


async def test_earlier_prompts_come_back_with_the_arrow_and_by_search(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        for prompt in ("first question", "second question"):
            await desk.say(prompt)
            await desk.idle()
        await desk.until(lambda: list(desk.chat.input_bar.prompts) == ["first question", "second question"])
        await desk.press("up")
        assert desk.draft == "second question"
        await desk.press("up")
        assert desk.draft == "first question"
        await desk.press("down", "down")
        assert desk.draft == ""
        await desk.press("f6")
        await desk.until(lambda: isinstance(desk.app.screen, PickScreen) and desk.app.screen.focused)
        await desk.press(*"fir", "enter")
        await desk.until(lambda: desk.draft == "first question")


async def test_arrow_keeps_what_was_being_written(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("sent")
        await desk.idle()
        await desk.until(lambda: list(desk.chat.input_bar.prompts) == ["sent"])
        await desk.type("half a thought")
        await desk.press("up")
        assert desk.draft == "sent"
        await desk.press("down")
        assert desk.draft == "half a thought"


# in and out


async def test_known_id_is_attached_and_gone_on_with(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        known = desk.index[0]["id"]
        await desk.say("the first thing")
        await desk.idle()
        desk.chat.attach(known)
        assert desk.chat.board.conversation.id == known
        assert len(desk.index) == 1
        desk.chat.attach("from-a-colleague")
        await desk.logs("was opened by its id")
        assert [entry.get("id") for entry in desk.index] == [known, "from-a-colleague"]
        await desk.say("hello")
        await desk.toasts("400 · The conversationId is not valid")


def text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


async def test_export_writes_a_file_and_never_over_one(
    server: DemoServer, open_desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_desk(server.base_url) as desk:
        await desk.say("Which keys are there?")
        await desk.idle()
        for name in ("which-keys-are-there.md", "which-keys-are-there-2.md"):
            await desk.press("ctrl+s")
            await desk.until(lambda: isinstance(desk.app.screen, ChoiceScreen))
            await desk.press("1")
            await desk.until(lambda name=name: "Which keys" in text_of(folder / name), f"the file {name}")
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert "Which keys are there?" in path.read_text("utf-8")


async def test_conversation_is_copied_whole_through_the_terminal(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("Which keys are there?")
        await desk.idle()
        written: list[str] = []
        desk.app.outside._write = written.append
        await desk.press("shift+tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.log_view)
        await desk.press("Y")
        await desk.until(lambda: written, "the clipboard sequence")
        payload = written[0].removeprefix("\x1b]52;c;").removesuffix("\x07")
        assert "Which keys are there?" in base64.b64decode(payload).decode()
        await desk.until(lambda: "Copied the conversation" in desk.news, "the word of it")


# one's own


async def test_theme_is_seen_while_choosing_and_remembered(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    async with open_desk(server.base_url, config="# mine\n") as desk:
        before = desk.app.theme
        await desk.press("f12")
        await desk.until(lambda: isinstance(desk.app.screen, ThemesScreen) and desk.app.screen.focused)
        await desk.press("down")
        await desk.until(lambda: desk.app.theme == "userdesk-light", "the light theme")
        await desk.press("escape")
        await desk.until(lambda: desk.app.theme == before, "the theme from before")
        await desk.press("f12")
        await desk.until(lambda: isinstance(desk.app.screen, ThemesScreen) and desk.app.screen.focused)
        await desk.press("down", "enter")
        file = tmp_path / "config.toml"
        await desk.until(lambda: "userdesk-light" in file.read_text("utf-8"), "the theme in config.toml")
        assert tomllib.loads(file.read_text("utf-8"))["theme"] == "userdesk-light"
        assert file.read_text("utf-8").startswith("# mine")


async def test_unread_and_failed_marks_outlive_the_program(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = desk.chat.board.current
        await desk.say("failing")  # answered
        await desk.idle()
        server.fail_next(500, on="message")
        await desk.say("this one fails")
        await desk.toasts("500")
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != first)
        await desk.logs("demo chatbot")
        second = desk.chat.board.current
        server.hold()
        await desk.say("answered while I am elsewhere")
        await asyncio.to_thread(server.wait_until_held)
        await desk.press("f8")
        await desk.until(lambda: desk.chat.board.current == first)
        server.release()
        await desk.idle()
        await desk.until(lambda: desk.chat.board.mark_of(second) is Mark.UNREAD)
        await desk.until(lambda: desk.chat.board.store.read_marks.all().get(second) == 0, "the mark on disk")
    async with open_desk(server.base_url, greeted=False) as desk:
        assert desk.chat.board.mark_of(first) is Mark.FAILED
        desk.chat.open_conversation(first)
        assert desk.chat.board.current == first


async def test_waiting_message_is_edited_by_taking_it_back(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold()
        await desk.say("first")
        await asyncio.to_thread(server.wait_until_held)
        await desk.say("second, with a tpyo")
        await desk.logs("waiting its turn")
        await desk.press("escape")
        await desk.until(lambda: desk.draft == "second, with a tpyo", "the text back in the input bar")
        assert desk.said() == ["first"]
        server.release()
        await desk.idle()


def test_figures_of_no_answers_say_so() -> None:
    assert figures_of([]) == "No answer with figures yet"
    answer = Message(role=Role.ASSISTANT, text="a", at=now(), figures=Figures(0.2, 0.6, 1))
    assert figures_of([answer]).startswith("1 answer · ")
    assert figures_of([answer, answer]).startswith("2 answers · ")


async def test_accessible_mode_says_roles_as_words_and_stands_still(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    async with open_desk(server.base_url) as desk:
        desk.chat.action_accessible()
        await desk.logs("Chatbot:\nHello")
        server.hold()
        await desk.say("Which keys are there?")
        await desk.logs("You:\nWhich keys are there?", "answering…")
        assert not any(character in desk.text for character in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        server.release()
        await desk.idle()
        file = tmp_path / "config.toml"
        await desk.until(lambda: "accessible = true" in file.read_text("utf-8"), "the setting on disk")
        desk.chat.action_accessible()
        await desk.until(lambda: "Chatbot:" not in desk.log, "signs in place of words")


async def test_grouping_by_chatbot_is_remembered(server: DemoServer, open_desk, tmp_path: Path) -> None:
    async with open_desk(server.base_url, config="# mine\n") as desk:
        assert desk.sidebar[0] == "Today"
        await desk.press("tab", "b")
        await desk.until(lambda: desk.sidebar[0] == "Acme support", "the chatbot as a heading")
        file = tmp_path / "config.toml"
        await desk.until(lambda: 'group_by = "chatbot"' in file.read_text("utf-8"), "the setting on disk")
    async with open_desk(server.base_url, config='group_by = "chatbot"\n') as desk:
        await desk.until(lambda: desk.sidebar[0] == "Acme support")


async def test_what_another_window_said_moves_its_conversation_up(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("older")
        await desk.idle()
        older = desk.chat.board.current
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != older)
        await desk.say("newer")
        await desk.idle()
        await desk.until(lambda: desk.sidebar[1:3] == ["newer", "older"], "the newer one on top")
        path = desk.data_dir / "transcripts" / f"{older}.jsonl"
        later = path.stat().st_mtime + 60
        os.utime(path, (later, later))
        desk.app.post_message(events.AppBlur())
        desk.app.post_message(events.AppFocus())
        await desk.until(lambda: desk.sidebar[1:3] == ["older", "newer"], "the order of the disk")


async def test_a_look_that_finds_nothing_new_draws_nothing(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("one")
        await desk.idle()
        await desk.until(lambda: not any(each.group == "turns" for each in desk.app.workers), "its last news")
        desk.chat.conversations_changed()
        await desk.pilot.pause()
        drawn: list[object] = []
        desk.chat.sidebar.list.refresh = lambda *regions, **_: drawn.append(regions)
        desk.chat.conversations_changed()
        await desk.chat.look_around().wait()
        assert drawn == []
        desk.chat.board.unread.add(desk.chat.board.current)
        desk.chat.conversations_changed()
        assert drawn == [()]
