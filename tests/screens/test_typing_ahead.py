"""Keys that arrive faster than the focus moves go where they were meant, not to what is being left."""

import pytest
from textual.widgets import Input

from demo_server import DemoServer
from userdesk.tui.input import bursts
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.terminal import ordered_keys
from userdesk.tui.widgets.find_bar import FindBar


async def test_letters_after_a_slash_are_no_commands(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("tab")
        await ui.until(lambda: ui.focused is ui.conversation_list)
        ui.burst("slash", "d", "r", "p")
        await ui.until(lambda: ui.filter == "drp", "all letters in the filter")
        assert len(ui.index) == 1


async def test_letters_after_find_are_looked_for(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("shift+tab")
        await ui.until(lambda: ui.focused is ui.log_view)
        ui.burst("slash", "e", "y", "r")
        await ui.until(
            lambda: [field.value for field in ui.screen.query("FindBar Input").results(Input)] == ["eyr"]
        )
        assert ui.on_chat


async def test_rename_takes_the_letters_that_follow_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("tab")
        await ui.until(lambda: ui.focused is ui.conversation_list)
        ui.burst("r", "d", "u", "p", "enter", "i", "h", "i")
        await ui.until(lambda: ui.draft == "hi", "what follows the rename in the input bar")
        await ui.until(lambda: [entry["title"] for entry in ui.index] == ["dup"], "the title on disk")


async def test_letters_after_the_switcher_s_key_are_looked_for(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        ui.burst("ctrl+t", "k", "e", "y")
        await ui.opens(SwitcherScreen)
        await ui.until(lambda: [field.value for field in ui.screen.query(Input)] == ["key"])
        assert ui.draft == ""


async def test_what_is_typed_behind_a_new_conversation_is_sent_in_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("one")
        await ui.idle()
        first = ui.current
        ui.burst("ctrl+n", "t", "w", "o")
        await ui.until(lambda: ui.draft == "two")
        await ui.press("enter")
        await ui.until(lambda: ui.said() == ["two"])
        assert ui.said(first) == ["one"]


async def test_a_key_whose_widget_is_gone_does_not_block_the_next(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("ctrl+f")
        await ui.until(lambda: ui.screen.query(FindBar))
        ui.burst("a", "escape", "b")
        await ui.until(lambda: ui.draft == "b", "the key behind the one that closed the bar")


async def test_text_is_not_overtaken_by_the_key_behind_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("one")
        await ui.idle()
        first = ui.current
        ui.burst(*"written here", "ctrl+n")
        await ui.until(lambda: ui.current != first)
        await ui.until(lambda: ui.draft_of(first) == "written here")
        assert ui.draft == ""


async def test_a_busy_machine_keeps_the_order_of_keys(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_keys, "LOST_AFTER", 0.0)  # each key takes longer than that
    async with open_ui(server.base_url) as ui:
        await ui.press("tab")
        await ui.until(lambda: ui.focused is ui.conversation_list)
        ui.burst("slash", "d", "r", "p")
        await ui.until(lambda: ui.filter == "drp", "all letters in the filter")
        assert len(ui.index) == 1


async def test_lines_pasted_into_a_busy_machine_are_one_message(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bursts, "LAST_OF_BURST", 0.0)  # each key takes longer than that
    async with open_ui(server.base_url) as ui:
        ui.burst("a", "enter", "b", "enter", "c", "enter")
        await ui.until(lambda: ui.draft == "a\nb\nc\n", "the lines")
        assert ui.said() == []  # a paste is sent by whoever pasted it
        await ui.press("enter")
        await ui.until(ui.said, "a message")
        assert ui.said() == ["a\nb\nc\n"]
