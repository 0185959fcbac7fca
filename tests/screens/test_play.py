"""A question set in front of an audience: one key puts the next question there, Enter sends it."""

import asyncio
import threading
from pathlib import Path

import pytest
from textual.command import CommandList
from textual.widgets import Input

from userdesk.demo.server.host import DemoServer
from userdesk.tui.chat import playing
from userdesk.tui.dialogs.report import ReportScreen
from userdesk.tui.widgets.play_bar import PlayBar

SET = """\
title = "What [b]every[/b] customer asks"

[[question]]
ask = "How do I quit?"
expect = ["Ctrl\\\\+Q"]

[[question]]
ask = "How do I stop an answer?"
forbid = ["Esc"]

[[question]]
ask = "How do I pin a conversation?"
new_conversation = true
"""
QUIT, STOP, PIN = "How do I quit?", "How do I stop an answer?", "How do I pin a conversation?"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "customers.toml"
    path.write_text(SET, "utf-8")
    return path


async def next_question(desk, ask: str) -> None:
    await desk.press("ctrl+l")
    await desk.until(lambda: desk.draft == ask, f"{ask!r} in the input bar")


async def answered(desk, ask: str) -> None:
    """Put the next question and send it."""
    await next_question(desk, ask)
    await answered_here(desk, ask)


async def answered_here(desk, ask: str) -> None:
    """Send the question that stands in the input bar."""
    await desk.press("enter")
    await desk.until(lambda: ask in desk.said(), "the question in the transcript")
    await desk.idle()


async def test_walk_from_the_first_question_to_the_report(server: DemoServer, open_desk, questions) -> None:
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3 · What [b]every[/b] customer asks", "^L begins")
        assert desk.draft == "" and desk.said() == []
        await answered(desk, QUIT)
        first = desk.chat.board.current
        await desk.sees("Question 1 of 3", "^L next")
        await answered(desk, STOP)
        assert desk.chat.board.current == first
        assert desk.said() == [QUIT, STOP]
        await answered(desk, PIN)
        assert desk.chat.board.current != first
        assert desk.said() == [PIN]
        await desk.sees("Question 3 of 3", "^L report")
        await desk.press("ctrl+l")
        await desk.until(lambda: isinstance(desk.app.screen, ReportScreen), "the report")
        await desk.sees(
            "What [b]every[/b] customer asks · Acme support",
            "3 questions · 2 held · 1 not held",
            f"1. ✓ {QUIT}",
            "✓ expect Ctrl\\+Q · found",
            f"2. ✗ {STOP}",
            "✗ forbid Esc · found “Esc”",
            "│ Press **Esc**.",
        )
        await desk.press("end")
        await desk.sees(f"3. ✓ {PIN}")
        await desk.press("escape")
        await desk.sees("Message Acme support…")
        assert not desk.chat.query(PlayBar)


async def test_its_key_pressed_while_the_set_is_being_read_is_not_lost(
    server: DemoServer, open_desk, questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question is put into the input bar as soon as it is there."""
    may_be_read, read = threading.Event(), playing._read
    monkeypatch.setattr(playing, "_read", lambda *given: may_be_read.wait(30) and read(*given))
    async with open_desk(server.base_url, play=questions) as desk:
        try:
            await desk.press("ctrl+l")
            assert "No question set is being played" not in desk.text
        finally:
            may_be_read.set()
        await desk.until(lambda: desk.draft == QUIT, "the first question in the input bar")
        await desk.sees("Question 1 of 3", "Enter sends")


async def test_something_else_in_between_leaves_the_question_waiting(
    server: DemoServer, open_desk, questions
) -> None:
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3")
        await answered(desk, QUIT)
        await next_question(desk, STOP)
        desk.chat.input_bar.put("")
        await desk.say("What are the keys?")
        await desk.idle()
        await desk.sees("Question 2 of 3", "puts it back")
        await answered(desk, STOP)
        assert desk.said() == [QUIT, "What are the keys?", STOP]


async def test_a_fresh_conversation_that_was_left_without_a_word_is_used_again(
    server: DemoServer, open_desk, questions
) -> None:
    """Going back and on again leaves no empty conversations behind."""
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3")
        await answered(desk, QUIT)
        first = desk.chat.board.current
        await next_question(desk, STOP)
        await next_question(desk, PIN)
        fresh = desk.chat.board.current
        await desk.press("ctrl+k")
        await desk.until(lambda: desk.draft == STOP, "the question before")
        assert desk.chat.board.current == first
        await answered_here(desk, STOP)
        await answered(desk, PIN)
        assert desk.chat.board.current == fresh
        assert {entry["key"] for entry in desk.index} == {first, fresh}


async def test_skipping_and_going_back(server: DemoServer, open_desk, questions) -> None:
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3")
        await next_question(desk, QUIT)
        await next_question(desk, STOP)
        first = desk.chat.board.current
        await next_question(desk, PIN)
        await desk.sees("Question 3 of 3", "^K back")
        await desk.press("ctrl+k")
        await desk.until(lambda: desk.draft == STOP, "the question before")
        assert desk.chat.board.current == first or not desk.said()
        await desk.press("enter")
        await desk.until(lambda: desk.said() == [STOP], "the question in the transcript")
        await desk.idle()
        await next_question(desk, PIN)
        await desk.press("ctrl+l")
        await desk.sees("3 questions · 0 held · 1 not held · 2 not asked")
        await desk.press("escape")
        await desk.until(lambda: desk.draft == "", "an input bar without the unsent question")


async def test_walk_keeps_to_its_conversation_and_loses_no_draft(
    server: DemoServer, open_desk, questions
) -> None:
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3")
        await desk.type("half a thought")
        await answered(desk, QUIT)
        assert "half a thought" in desk.chat.input_bar.prompts
        walked = desk.chat.board.current
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != walked, "another conversation")
        await desk.type("a draft of mine")
        await next_question(desk, STOP)
        assert desk.chat.board.current == walked
        await desk.press("f8")
        await desk.until(lambda: desk.draft == "a draft of mine", "the draft in its own conversation")


async def test_answer_under_way_at_the_end_is_waited_for(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    path = tmp_path / "one.toml"
    path.write_text('[[question]]\nask = "How do I quit?"\nexpect = ["Ctrl"]', "utf-8")
    async with open_desk(server.base_url, play=path) as desk:
        await desk.sees("Question 1 of 1 · one")
        await next_question(desk, QUIT)
        server.hold(1)
        await desk.press("enter")
        await asyncio.to_thread(server.wait_until_held)
        await desk.press("ctrl+l")
        await desk.sees("The last answer is still on its way")
        server.release()
        await desk.idle()
        await desk.until(lambda: "Ctrl+Q" in desk.log, "the answer")
        await desk.press("ctrl+l")
        await desk.sees("1 question · 1 held")


async def test_a_report_of_very_many_questions_is_shown_in_part(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(f"[[question]]\nask = 'question {n}'\n" for n in range(3000)), "utf-8")
    async with open_desk(server.base_url, play=path) as desk:
        await desk.sees("Question 1 of 3000")
        desk.chat.action_end_play()
        await desk.sees("3000 questions · 0 held · 3000 not asked", "1. – question 0")
        await desk.press("end")
        await desk.sees("The rest is in the report that s saves.", "question 999")
        assert "question 1000" not in desk.text


async def test_patterns_without_end_are_tried_beside_the_program(
    server: DemoServer, open_desk, tmp_path: Path
) -> None:
    """No key waits for them, and the report says what took too long."""
    path = tmp_path / "slow.toml"
    slow = ", ".join(f"'^(a+)+{end}'" for end in "$xy")
    path.write_text(f'[[question]]\nask = "How do I quit?"\nexpect = [{slow}, "!"]', "utf-8")
    async with open_desk(server.base_url, play=path) as desk:
        await desk.sees("Question 1 of 1")
        server.answer_next("a" * 40 + "!")
        await next_question(desk, QUIT)
        await desk.press("enter")
        await desk.logs("aaaa!")
        await desk.press("ctrl+l")
        await desk.sees("The last answer is being judged")
        await desk.type("typed meanwhile")
        assert desk.chat._walk.answers_to_come == 1
        await desk.until(lambda: desk.chat._walk.answers_to_come == 0, "the verdict")
        await desk.press("ctrl+l")
        await desk.sees(
            "1 question · 0 held · 1 not held",
            "✗ expect ^(a+)+$ · slow.toml:3: took more than 1 s",
            "✗ expect ! · slow.toml:3: not tried",
        )


async def test_failed_question_is_judged_by_its_retry(server: DemoServer, open_desk, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('[[question]]\nask = "How do I quit?"\nexpect = ["Ctrl"]', "utf-8")
    async with open_desk(server.base_url, play=path) as desk:
        await desk.sees("Question 1 of 1")
        server.fail_next(500, on="message")
        await answered(desk, QUIT)
        await desk.toasts("500 · An error occurred on the server")
        await desk.press("ctrl+r")
        await desk.logs("Ctrl+Q")
        await desk.idle()
        await desk.press("ctrl+l")
        await desk.sees("1 question · 1 held")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[question]]\nask = ""', "bad.toml:2: ask: expected the question in quotes"),
        ('[[question]]\nask = "Hi"\nexpect = ["("]', "bad.toml:3: expect:"),
        (None, "bad.toml: there is no such file"),
    ],
)
async def test_mistake_in_the_file_is_a_toast_and_no_end(
    server: DemoServer, open_desk, tmp_path: Path, text: str | None, reason: str
) -> None:
    path = tmp_path / "bad.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    async with open_desk(server.base_url, play=path, greeted=False) as desk:
        await desk.toasts("The question set can't be played", reason)
        assert not desk.chat.query(PlayBar)
        await desk.press("escape")
        await desk.say("How do I quit?")
        await desk.logs("Ctrl+Q")


async def test_palette_asks_for_the_file(server: DemoServer, open_desk, questions) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("ctrl+p")
        await desk.until(lambda: isinstance(desk.app.screen.focused, Input), "the palette's field")
        await desk.press(*"play a question")
        found = desk.app.screen.query_one(CommandList)
        await desk.until(lambda: [each.hit.text for each in found.options][:1] == ["Play a question set"])
        await desk.press("enter")
        await desk.sees("newcomer: the example that comes along")
        await desk.until(lambda: isinstance(desk.app.screen.focused, Input), "the field for the file")
        desk.app.screen.query_one(Input).value = str(questions)
        await desk.press("enter")
        await desk.sees("Question 1 of 3")


async def test_key_without_a_set_says_so(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("ctrl+l")
        await desk.sees("No question set is being played")
        await desk.type("cut this")
        await desk.press("home", "ctrl+k")
        await desk.until(lambda: desk.draft == "", "the text area's own Ctrl+K")


async def test_report_can_be_seen_again_and_saved(
    server: DemoServer, open_desk, questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_desk(server.base_url, play=questions) as desk:
        await desk.sees("Question 1 of 3")
        await answered(desk, QUIT)
        desk.chat.action_end_play()
        await desk.sees("1 held")
        await desk.press("escape")
        desk.chat.action_show_report()
        await desk.sees("1 held", "s save")
        await desk.press("s")
        await desk.sees("Saved as")
        (file,) = folder.iterdir()
        assert QUIT in file.read_text("utf-8")
        assert file.stat().st_mode & 0o777 == 0o600
