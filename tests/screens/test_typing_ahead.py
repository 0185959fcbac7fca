"""Keys that arrive faster than the focus moves go where they were meant, not to what is being left."""

import pytest
from textual.widgets import Input

from userdesk.demo.server.host import DemoServer
from userdesk.tui.input import bursts
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.terminal import ordered_keys
from userdesk.tui.widgets.find_bar import FindBar


async def test_letters_after_a_slash_are_no_commands(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.sidebar.list)
        desk.burst("slash", "d", "r", "p")
        await desk.until(lambda: desk.chat.board.wanted == "drp", "all letters in the filter")
        assert len(desk.index) == 1


async def test_letters_after_find_are_looked_for(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("shift+tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.log_view)
        desk.burst("slash", "e", "y", "r")
        await desk.until(
            lambda: [field.value for field in desk.chat.query("FindBar Input").results(Input)] == ["eyr"]
        )
        assert desk.app.screen is desk.chat


async def test_rename_takes_the_letters_that_follow_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.sidebar.list)
        desk.burst("r", "d", "u", "p", "enter", "i", "h", "i")
        await desk.until(lambda: desk.draft == "hi", "what follows the rename in the input bar")
        await desk.until(lambda: [entry["title"] for entry in desk.index] == ["dup"], "the title on disk")


async def test_letters_after_the_switcher_s_key_are_looked_for(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        desk.burst("ctrl+t", "k", "e", "y")
        await desk.until(lambda: isinstance(desk.app.screen, SwitcherScreen))
        await desk.until(lambda: [field.value for field in desk.app.screen.query(Input)] == ["key"])
        assert desk.draft == ""


async def test_what_is_typed_behind_a_new_conversation_is_sent_in_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("one")
        await desk.idle()
        first = desk.chat.board.current
        desk.burst("ctrl+n", "t", "w", "o")
        await desk.until(lambda: desk.draft == "two")
        await desk.press("enter")
        await desk.idle()
        assert desk.said(first) == ["one"]
        assert desk.said() == ["two"]


async def test_a_key_whose_widget_is_gone_does_not_block_the_next(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("ctrl+f")
        await desk.until(lambda: desk.chat.query(FindBar))
        desk.burst("a", "escape", "b")
        await desk.until(lambda: desk.draft == "b", "the key behind the one that closed the bar")


async def test_text_is_not_overtaken_by_the_key_behind_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("one")
        await desk.idle()
        first = desk.chat.board.current
        desk.burst(*"written here", "ctrl+n")
        await desk.until(lambda: desk.chat.board.current != first)
        await desk.until(lambda: desk.chat.board.draft(first) == "written here")
        assert desk.draft == ""


async def test_a_busy_machine_keeps_the_order_of_keys(
    server: DemoServer, open_desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_keys, "LOST_AFTER", 0.0)  # each key takes longer than that
    async with open_desk(server.base_url) as desk:
        await desk.press("tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.sidebar.list)
        desk.burst("slash", "d", "r", "p")
        await desk.until(lambda: desk.chat.board.wanted == "drp", "all letters in the filter")
        assert len(desk.index) == 1


async def test_lines_pasted_into_a_busy_machine_are_one_message(
    server: DemoServer, open_desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bursts, "LAST_OF_BURST", 0.0)  # each key takes longer than that
    async with open_desk(server.base_url) as desk:
        desk.burst("a", "enter", "b", "enter", "c", "enter")
        await desk.until(lambda: desk.draft == "a\nb\nc\n", "the lines")
        assert desk.said() == []  # a paste is sent by whoever pasted it
        await desk.press("enter")
        await desk.until(desk.said, "a message")
        assert desk.said() == ["a\nb\nc\n"]
