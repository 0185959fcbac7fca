"""What the help lists."""

from userdesk.tui.commands import COMMANDS
from userdesk.tui.dialogs.help import HelpScreen, sections
from userdesk.tui.shortcuts import Shortcuts


def test_every_command_is_there_with_the_keys_that_hold() -> None:
    shortcuts = Shortcuts({"help": ("f11", "f13"), "themes": ()})
    rows = [row for _, rows in sections(shortcuts) for row in rows]
    assert {command.words for command in COMMANDS} <= {words for _, words in rows}
    assert ("F11, F13", "Help") in rows
    assert ("via Ctrl+P", "Choose a theme") in rows


def test_keys_that_leave_no_room_beside_them_stand_over_their_words() -> None:
    written = HelpScreen(Shortcuts({})).written(32).plain.splitlines()
    at = written.index("Ctrl+J, Shift+Enter")
    assert written[at + 1] == " " * 16 + "New line"
    assert max(map(len, written)) == 32


def test_commands_stand_under_the_part_of_the_screen_they_belong_to() -> None:
    found = dict(sections(Shortcuts({})))
    assert list(found) == [
        *("Writing", "Anywhere", "In the message log", "In the sidebar", "Find and marks", "Good to know")
    ]
    assert ("Enter", "Send the message") in found["Writing"]
    assert ("y", "Copy the message") in found["In the message log"]
    assert ("↑ ↓ Enter", "Choose a conversation and open it") in found["In the sidebar"]
