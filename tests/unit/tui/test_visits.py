"""What a visitor may do, and the folder that goes with the visit."""

import asyncio
import os
from pathlib import Path

import pytest

from userdesk.tui.commands import BY_ID, COMMANDS
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.visit import Visit

WORDS = """
send newline paste new_conversation next_conversation previous_conversation switch find remedy stop page_up
page_down follow earlier_prompts export themes accessible next_question previous_question commands help
interrupt quit to_log copy_message copy_code copy_conversation copy_link open_link retry edit find_here
next_match previous_match help_here to_input
"""
ALLOWED = set(WORDS.split())
WALKS = {"next_question", "previous_question"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "visit-1"
    made.mkdir(0o700)
    (made / "data").mkdir()
    (made / "data" / "conversations.toml").write_text("version = 1")
    return made


def test_these_commands_are_for_visitors_and_no_others(folder: Path) -> None:
    """A new command is not for them, unless somebody has thought about it."""
    assert {command.id for command in COMMANDS if command.for_visitors} == ALLOWED
    there = {command.id for command in Visit(folder, 1).commands()}
    assert there == ALLOWED - WALKS
    assert {command.id for command in Visit(folder, 1, folder / "set.toml").commands()} == ALLOWED


def test_other_commands_have_no_key_and_are_named_nowhere(folder: Path) -> None:
    shortcuts = Shortcuts({"new_conversation": ("f2",), "switch": ("f3",)}, Visit(folder, 1).commands())
    assert shortcuts.problems == []
    assert (shortcuts.spoken("new_conversation"), shortcuts.spoken("switch")) == ("F2", "F3")
    for command_id in BY_ID.keys() - ALLOWED | WALKS:
        assert not shortcuts.has(command_id)
        assert (shortcuts.of(command_id), shortcuts.spoken(command_id)) == ((), "")
        if BY_ID[command_id].keys:
            assert shortcuts.keymap()[command_id] == f"no_key_{command_id}"


def test_a_key_given_to_what_is_not_there_is_nobodys_trouble(folder: Path) -> None:
    shortcuts = Shortcuts({"sidebar": ("f2",), "new_conversation": ("f2",)}, Visit(folder, 1).commands())
    assert (shortcuts.problems, shortcuts.spoken("new_conversation")) == ([], "F2")


def test_a_visit_is_what_the_host_says(folder: Path) -> None:
    reads, writes = os.pipe()
    said = {"USERDESK_VISIT_FOLDER": str(folder), "USERDESK_VISIT_CHANNEL": str(writes)}
    assert Visit.of(said) == Visit(folder, writes)
    played = Visit.of(said | {"USERDESK_VISIT_PLAY": str(folder / "set.toml")})
    assert played.play == folder / "set.toml"
    os.close(reads)
    os.close(writes)


async def test_program_that_is_started_before_its_visitor_comes_waits_for_them(folder: Path) -> None:
    gate, host = os.pipe()
    said = {"USERDESK_VISIT_FOLDER": str(folder), "USERDESK_VISIT_CHANNEL": "1"}
    assert Visit.of(said).has_begun()
    await Visit.of(said).begins()
    visit = Visit.of(said | {"USERDESK_VISIT_GATE": str(gate)})
    assert not visit.has_begun()
    waiting = asyncio.create_task(visit.begins())
    await asyncio.sleep(0)
    assert not waiting.done()
    os.close(host)
    await waiting
    assert visit.has_begun()
    os.close(gate)


@pytest.mark.parametrize(
    "wrong",
    [
        {"USERDESK_VISIT_FOLDER": ""},
        {"USERDESK_VISIT_FOLDER": "visit-1"},
        {"USERDESK_VISIT_FOLDER": "/home/ada"},
        {"USERDESK_VISIT_CHANNEL": ""},
        {"USERDESK_VISIT_CHANNEL": "x"},
        {"USERDESK_VISIT_CHANNEL": "9999"},
        {"USERDESK_VISIT_GATE": "9999"},
    ],
    ids=str,
)
def test_without_its_folder_and_channel_there_is_no_visit(folder: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Visit.of({"USERDESK_VISIT_FOLDER": str(folder), "USERDESK_VISIT_CHANNEL": "1"} | wrong)


def test_the_folder_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Visit(folder, 1).remove_folder()
    assert not folder.exists()
    Visit(folder, 1).remove_folder()


def test_a_folder_that_others_may_look_into_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None that a host has made."""
    monkeypatch.chdir("/")
    folder.chmod(0o755)
    Visit(folder, 1).remove_folder()
    assert folder.exists()
    link = folder.with_name("visit-link")
    link.symlink_to(folder)
    folder.chmod(0o700)
    Visit(link, 1).remove_folder()
    assert folder.exists() and link.is_symlink()
