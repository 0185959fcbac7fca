"""Keys that arrive faster than the focus moves go where they were meant, not to what is being left."""

from pathlib import Path

import pytest
from textual.widgets import Input

from demo_server import DemoServer
from program_driver import ProgramDriver
from saved_conversations import save_titles
from userdesk.tui.chat import directory
from userdesk.tui.input import bursts
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.terminal import ordered_keys


def values(ui: ProgramDriver, fields: str) -> list[str]:
    return [field.value for field in ui.screen.query(fields).results(Input)]


async def letters_after_a_slash_are_no_commands(ui: ProgramDriver) -> None:
    await ui.command("to_sidebar")
    ui.burst("slash", "d", "r", "p")
    await ui.until(lambda: ui.filter == "drp", "all letters in the filter")
    assert len(ui.index) == 1
    await ui.press("escape")


async def rename_takes_the_letters_that_follow_it(ui: ProgramDriver) -> None:
    await ui.command("to_sidebar")
    ui.burst("r", "d", "u", "p", "enter", "i", "h", "i")
    await ui.until(lambda: ui.draft == "hi", "what follows the rename in the input bar")
    await ui.until(lambda: [entry["title"] for entry in ui.index] == ["dup"], "the title on disk")


async def letters_after_find_are_looked_for(ui: ProgramDriver) -> None:
    await ui.command("to_log")
    ui.burst("slash", "e", "y", "r")
    await ui.until(lambda: values(ui, "FindBar Input") == ["eyr"], "what to find")
    assert ui.on_chat
    await ui.press("escape")


async def letters_after_the_switcher_s_key_are_looked_for(ui: ProgramDriver) -> None:
    ui.burst("ctrl+t", "k", "e", "y")
    await ui.opens(SwitcherScreen)
    await ui.until(lambda: values(ui, "Input") == ["key"], "what to look for")
    await ui.press("escape")


async def keys_behind_a_key_that_opens_or_closes(ui: ProgramDriver) -> None:
    ui.put("")
    ui.burst("ctrl+f", *"where", "escape", *"one", "ctrl+t", "x", "escape", *"two")
    await ui.until(lambda: ui.draft == "onetwo", "what was typed after a field and a dialog")
    assert ui.on_chat


async def text_is_not_overtaken_by_the_key_behind_it(ui: ProgramDriver) -> None:
    first = ui.current
    ui.put("")
    await ui.say("one")
    await ui.idle()
    ui.burst(*"written here", "ctrl+n")
    await ui.until(lambda: ui.current != first, "a new conversation")
    await ui.until(lambda: ui.draft_of(first) == "written here", "the draft")
    assert ui.draft == ""


async def what_is_typed_behind_a_new_conversation_is_sent_in_it(ui: ProgramDriver) -> None:
    second = ui.current
    await ui.say("two")
    await ui.until(lambda: ui.said(second) == ["two"], "the message in the new conversation")
    await ui.idle()
    ui.burst("ctrl+n", *"three")
    await ui.until(lambda: ui.draft == "three", "what was typed")
    await ui.press("enter")
    await ui.until(lambda: ui.said() == ["three"], "the message")
    assert ui.said(second) == ["two"]


async def test_keys_go_where_the_ones_before_them_led(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await letters_after_a_slash_are_no_commands(ui)
        await rename_takes_the_letters_that_follow_it(ui)
        await letters_after_find_are_looked_for(ui)
        await letters_after_the_switcher_s_key_are_looked_for(ui)
        await keys_behind_a_key_that_opens_or_closes(ui)
        await text_is_not_overtaken_by_the_key_behind_it(ui)
        await what_is_typed_behind_a_new_conversation_is_sent_in_it(ui)


async def test_a_key_behind_a_filter_steps_through_what_it_leaves(
    tmp_path: Path, server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of titles a few are looked at between two chances of keys to act."""
    monkeypatch.setattr(directory, "AT_ONCE", 0.0)
    monkeypatch.setattr(directory, "SLICE", 0.0)
    save_titles(tmp_path / "data", (f"{'refund' if not n % 700 else 'chair'} {n}" for n in range(2_100)))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.command("to_sidebar")
        ui.burst("slash", *"refund", "f8")
        await ui.until(lambda: ui.current != "k0", "another conversation")
        assert (ui.current, ui.filter) == ("k700", "refund")


async def test_a_busy_machine_keeps_the_order_of_keys(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_keys, "LOST_AFTER", 0.0)  # each key takes longer than that
    monkeypatch.setattr(bursts, "LAST_OF_BURST", 0.0)  # and than that
    async with open_ui(server.base_url) as ui:
        await letters_after_a_slash_are_no_commands(ui)
        ui.input_bar.focus()
        ui.burst("a", "enter", "b", "enter", "c", "enter")
        await ui.until(lambda: ui.draft == "a\nb\nc\n", "the lines")
        assert ui.said() == []  # a paste is sent by whoever pasted it
        await ui.press("enter")
        await ui.until(ui.said, "a message")
        assert ui.said() == ["a\nb\nc\n"]
