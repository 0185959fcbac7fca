"""A question set is walked through: its questions in the input bar, its answers in the report."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chat_place import created, streamed
from userdesk.tui.widgets import play_bar

SET = """
title = "Two"
[[question]]
ask = "One?"
expect = ["1"]
[[question]]
ask = "Two?"
"""


class Bar:
    """The bar over the input bar: what it says."""

    def __init__(self, *, id: str) -> None:
        self.shown: list[tuple[int, bool, str]] = []
        self.is_there = True

    def show(self, run: Any, *, held: bool, last: str, key_of: Callable[[str], str]) -> None:
        self.shown.append((run.at, held, key_of("next_question")))

    def remove(self) -> None:
        self.is_there = False


@pytest.fixture
async def questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    monkeypatch.setattr(play_bar, "PlayBar", Bar)
    path = tmp_path / "two.toml"
    path.write_text(SET, "utf-8")
    yield path


async def test_a_set_is_played_to_its_report(apart, questions: Path) -> None:
    async with apart(created(), streamed("1"), streamed("2")) as at:
        player = at.does.player
        player.next_question()
        player.show_report()
        assert at.flashed == ["No question set is being played", "No question set has been played yet"]
        player.ask()
        at.dialogs.then(str(questions))
        await asyncio.sleep(0)
        player.next_question()  # while it is read
        await at.settle()
        assert player.is_playing and not player.is_awaited and player.answers_to_come == 0
        assert at.input.whole_text == "One?" and at.input.focused
        (bar,) = at.bars
        assert bar.shown[-1] == (0, True, "<next_question>")
        at.turns.send(at.current, at.input.whole_text)
        at.input.put("")
        player.next_question()
        assert at.input.whole_text == "Two?"
        await at.settle()
        at.turns.send(at.current, "Two?")
        at.input.put("")
        player.next_question()
        assert at.flashed[-1] == "The last answer is still arriving"
        await at.settle()
        assert at.shown == ["One?", "1", "Two?", "2"] and player.answers_to_come == 0
        player.next_question()
        assert not player.is_playing and not bar.is_there
        assert type(at.dialogs.asked[-1][0]).__name__ == "ReportScreen"
        asked = len(at.dialogs.asked)
        player.show_report()
        assert len(at.dialogs.asked) == asked + 1
        player.end()
        player.previous_question()
        assert len(at.dialogs.asked) == asked + 1


async def test_an_unsent_question_is_skipped_and_a_draft_is_put_away(apart, questions: Path) -> None:
    async with apart(created()) as at:
        player = at.does.player
        player.play(str(questions), bot="acme")
        await at.settle()
        at.input.put("a draft")
        player.next_question()
        assert at.input.whole_text == "One?" and at.input.recall.prompts[-1] == "a draft"
        player.next_question()
        assert at.input.whole_text == "Two?" and "One?" not in at.input.recall.prompts
        player.previous_question()
        assert at.input.whole_text == "One?" and at.bars[0].shown[-1][0] == 0
        player.end()
        assert at.input.whole_text == "" and not player.is_playing
        await at.settle()


async def test_a_set_that_cannot_be_read_says_why(apart, tmp_path: Path) -> None:
    async with apart() as at:
        player = at.does.player
        player.play(str(tmp_path / "gone.toml"))
        await at.settle()
        assert at.toast.headline == "The question set can't be played"
        assert at.toast.told.detail.startswith("gone.toml") and str(tmp_path) not in at.toast.told.detail
        assert at.toast.told.step == "<commands> to try another file"
        assert not player.is_awaited and at.bars == []
