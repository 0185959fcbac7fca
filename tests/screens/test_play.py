"""A question set in front of an audience: one key puts the next question there, Enter sends it."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.tui.chat import player
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


async def next_question(ui, ask: str) -> None:
    await ui.press("ctrl+l")
    await ui.until(lambda: ui.draft == ask, f"{ask!r} in the input bar")


async def answered(ui, ask: str) -> None:
    """Put the next question and send it."""
    await next_question(ui, ask)
    await answered_here(ui, ask)


async def answered_here(ui, ask: str) -> None:
    """Send the question that stands in the input bar."""
    await ui.press("enter")
    await ui.until(lambda: ask in ui.said(), "the question in the transcript")
    await ui.idle()


async def test_its_key_pressed_while_the_set_is_being_read_is_not_lost(
    server: DemoServer, open_ui, questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question is put into the input bar as soon as it is there."""
    may_be_read, read = threading.Event(), player.read_set
    monkeypatch.setattr(player, "read_set", lambda *given: may_be_read.wait(30) and read(*given))
    async with open_ui(server.base_url, play=questions) as ui:
        try:
            await ui.press("ctrl+l")
            assert "No question set is being played" not in ui.text
        finally:
            may_be_read.set()
        await ui.until(lambda: ui.draft == QUIT, "the first question in the input bar")
        await ui.sees("Question 1 of 3", "Enter sends")


async def test_a_fresh_conversation_that_was_left_without_a_word_is_used_again(
    server: DemoServer, open_ui, questions
) -> None:
    """Going back and on again leaves no empty conversations behind."""
    async with open_ui(server.base_url, play=questions) as ui:
        await ui.sees("Question 1 of 3")
        await answered(ui, QUIT)
        first = ui.current
        await next_question(ui, STOP)
        await next_question(ui, PIN)
        fresh = ui.current
        await ui.press("ctrl+k")
        await ui.until(lambda: ui.draft == STOP, "the question before")
        assert ui.current == first
        await answered_here(ui, STOP)
        await answered(ui, PIN)
        assert ui.current == fresh
        assert {entry["key"] for entry in ui.index} == {first, fresh}


async def test_skipping_and_going_back(server: DemoServer, open_ui, questions) -> None:
    async with open_ui(server.base_url, play=questions) as ui:
        await ui.sees("Question 1 of 3")
        await next_question(ui, QUIT)
        await next_question(ui, STOP)
        first = ui.current
        await next_question(ui, PIN)
        await ui.sees("Question 3 of 3", "^K back")
        await ui.press("ctrl+k")
        await ui.until(lambda: ui.draft == STOP, "the question before")
        assert ui.current == first or not ui.said()
        await ui.press("enter")
        await ui.until(lambda: ui.said() == [STOP], "the question in the transcript")
        await ui.idle()
        await next_question(ui, PIN)
        await ui.press("ctrl+l")
        await ui.sees("3 questions · 0 held · 1 not held · 2 not asked")
        await ui.press("escape")
        await ui.until(lambda: ui.draft == "", "an input bar without the unsent question")


async def test_a_report_of_very_many_questions_is_shown_in_part(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(f"[[question]]\nask = 'question {n}'\n" for n in range(3000)), "utf-8")
    async with open_ui(server.base_url, play=path) as ui:
        await ui.sees("Question 1 of 3000")
        await ui.command("end_play")
        await ui.sees("3000 questions · 0 held · 3000 not asked", "1. – question 0")
        await ui.press("end")
        await ui.sees("Press s to save the full report.", "question 999")
        assert "question 1000" not in ui.text


async def test_walk_from_the_first_question_to_the_report(
    server: DemoServer, open_ui, questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_ui(server.base_url, play=questions) as ui:
        await ui.sees("Question 1 of 3 · What [b]every[/b] customer asks", "^L starts")
        assert ui.draft == "" and ui.said() == []
        await ui.type("half a thought")
        await answered(ui, QUIT)
        assert "half a thought" in ui.prompts
        first = ui.current
        await ui.sees("Question 1 of 3", "^L next")
        await something_else_leaves_the_question_waiting(ui)
        await answered_here(ui, STOP)
        assert ui.current == first
        assert ui.said() == [QUIT, "What are the keys?", STOP]
        await answered(ui, PIN)
        assert ui.current != first
        assert ui.said() == [PIN]
        await ui.sees("Question 3 of 3", "^L report")
        await ui.press("ctrl+l")
        await ui.opens(ReportScreen)
        await ui.sees(
            "What [b]every[/b] customer asks · Acme support",
            "3 questions · 2 held · 1 not held",
            f"1. ✓ {QUIT}",
            "✓ expect Ctrl\\+Q · found",
            f"2. ✗ {STOP}",
            "✗ forbid Esc · found “Esc”",
            "│ Press Esc.",
        )
        await ui.press("end")
        await ui.sees(f"3. ✓ {PIN}")
        await ui.press("escape")
        await ui.sees("Message Acme support…")
        assert not ui.screen.query(PlayBar)
        await the_report_can_be_seen_again_and_saved(ui, folder)


async def something_else_leaves_the_question_waiting(ui: ProgramDriver) -> None:
    """A message of one's own, and a draft in another conversation."""
    walked = ui.current
    await next_question(ui, STOP)
    ui.put("")
    await ui.say("What are the keys?")
    await ui.until(lambda: "What are the keys?" in ui.said(), "a message of one's own")
    await ui.idle()
    await ui.sees("Question 2 of 3", "puts it back")
    await ui.press("ctrl+n")
    await ui.until(lambda: ui.current != walked, "another conversation")
    await ui.type("a draft of mine")
    await next_question(ui, STOP)
    assert ui.current == walked
    await ui.press("f8")
    await ui.until(lambda: ui.draft == "a draft of mine", "the draft in its own conversation")
    ui.put("")
    ui.open(walked)
    await ui.until(lambda: ui.draft == STOP, "the question where it waits")


async def the_report_can_be_seen_again_and_saved(ui: ProgramDriver, folder: Path) -> None:
    await ui.command("report")
    await ui.sees("2 held", "s save")
    await ui.press("s")
    await ui.sees("Saved as")
    (file,) = folder.iterdir()
    assert QUIT in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_last_answer_that_fails_and_comes_at_a_retry_is_waited_for_and_judged(
    server: DemoServer, open_ui, tmp_path: Path
) -> None:
    path = tmp_path / "one.toml"
    path.write_text('[[question]]\nask = "How do I quit?"\nexpect = ["Ctrl"]', "utf-8")
    async with open_ui(server.base_url, play=path) as ui:
        await ui.sees("Question 1 of 1 · one")
        server.fail_next(500, on="message")
        await answered(ui, QUIT)
        await ui.toasts("500 · An error occurred on the server")
        server.hold(1)
        await ui.press("ctrl+r")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+l")
        await ui.sees("The last answer is still arriving")
        server.release()
        await ui.logs("Ctrl+Q")
        await ui.idle()
        await ui.press("ctrl+l")
        await ui.sees("1 question · 1 held")


async def test_patterns_without_end_are_tried_beside_the_program(
    server: DemoServer, open_ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key waits for them, and the report says what took too long."""
    hasty = partial(PatternMatcher, pattern_seconds=0.4)
    monkeypatch.setattr("userdesk.questions.pattern_matcher.PatternMatcher", hasty)
    path = tmp_path / "slow.toml"
    path.write_text('[[question]]\nask = "How do I quit?"\nexpect = [\'^(a+)+$\', "!"]', "utf-8")
    async with open_ui(server.base_url, play=path) as ui:
        await ui.sees("Question 1 of 1")
        server.answer_next("a" * 40 + "!")
        await next_question(ui, QUIT)
        await ui.press("enter")
        await ui.logs("aaaa!")
        await ui.until(lambda: not ui.service.busy_keys(), "the end of the turn")
        await ui.press("ctrl+l")
        await ui.sees("The last answer is being checked")
        await ui.type("typed meanwhile")
        assert ui.verdicts_to_come == 1
        await ui.until(lambda: ui.verdicts_to_come == 0, "the verdict")
        await ui.press("ctrl+l")
        await ui.sees(
            "1 question · 0 held · 1 not held",
            "✗ expect ^(a+)+$ · slow.toml:3: took more than 0.4 s",
            "✓ expect ! · found",
        )


async def test_without_a_set_its_key_says_so_and_the_palette_asks_for_the_file(
    server: DemoServer, open_ui, questions, tmp_path: Path
) -> None:
    async with open_ui(server.base_url, play=tmp_path / "none.toml", greeted=False) as ui:
        await ui.toasts("The question set can't be played", "none.toml: there is no such file")
        assert not ui.screen.query(PlayBar)
        await ui.press("escape")
        await ui.press("ctrl+l")
        await ui.sees("No question set is being played")
        await ui.type("cut this")
        await ui.press("home", "ctrl+k")
        await ui.until(lambda: ui.draft == "", "the text area's own Ctrl+K")
        await ui.press("ctrl+p")
        await ui.until(lambda: isinstance(ui.focused, Input), "the palette's field")
        await ui.press(*"play a question")
        found = ui.screen.query_one(OptionList)
        await ui.until(lambda: str(found.options[0].prompt).strip() == "Play a question set")
        await ui.press("enter")
        await ui.sees("tour for an audience")
        await ui.until(lambda: isinstance(ui.focused, Input), "the field for the file")
        ui.screen.query_one(Input).value = str(questions)
        await ui.press("enter")
        await ui.sees("Question 1 of 3")


async def test_a_name_that_is_typed_replaces_the_one_that_is_offered(
    server: DemoServer, open_ui, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_ui(server.base_url) as ui:
        await ui.say(QUIT)
        await ui.idle()
        ui.log_view.focus()
        for typed, name in (("", "questions.toml"), ("mine", "mine.toml")):
            await ui.press("t")
            await ui.sees("Add this question to a question set")
            await ui.until(lambda: isinstance(ui.focused, Input))
            await ui.press(*typed, "enter")
            await ui.closes()
            await ui.until((tmp_path / name).exists, name)
        assert not (tmp_path / "questions.tomlmine.toml").exists()


async def test_title_of_a_set_is_left_out_where_nothing_of_it_can_be_read(
    server: DemoServer, open_ui, questions: Path
) -> None:
    async with open_ui(server.base_url, play=str(questions), size=(80, 24)) as ui:
        await ui.sees("Question 1 of 3 ", "^L starts · F10 presenter mode")
        assert "Question 1 of 3 ·" not in ui.text
        await ui.pilot.resize_terminal(100, 24)
        await ui.sees("Question 1 of 3 · What [b]")
