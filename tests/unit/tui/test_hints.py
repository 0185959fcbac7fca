"""The footer's hints for where the focus is, from the commands and the keys that hold."""

import pytest
from textual.widget import Widget
from textual.widgets import Input

from userdesk.tui.chat.display import hints_for
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.sidebar.conversation_list import ConversationList

DEFAULT = Shortcuts({})
COMMON = [("^N", "new"), ("^T", "switch"), ("^P", "commands"), ("F1", "help")]


def test_writing() -> None:
    hints = hints_for(None, DEFAULT, turns=0)
    assert hints == [("Enter", "send"), *COMMON], "there is nothing to stop"
    assert hints_for(None, DEFAULT, turns=0, locked=True) == COMMON


def test_an_answer_comes() -> None:
    assert hints_for(None, DEFAULT, turns=1) == [("Esc", "stop"), *COMMON]


def test_a_message_waits() -> None:
    hints = hints_for(None, DEFAULT, turns=2)
    assert hints == [("Esc", "edit waiting"), *COMMON]


def test_log_and_sidebar_show_their_letters() -> None:
    log = hints_for(MessageLog(), DEFAULT, turns=1)
    assert log[0] == ("↑↓", "choose")
    assert log[1:-1] == [
        ("y", "copy"),
        ("c", "code"),
        ("o", "link"),
        ("r", "retry"),
        ("e", "edit"),
        ("+", "good"),
        ("-", "bad"),
        ("m", "note"),
    ]
    listed = hints_for(ConversationList(lambda key: None), DEFAULT, turns=0)
    assert "".join(key for key, _ in listed[1:-1]) == "rdup/b"
    assert log[-1] == listed[-1] == ("Esc", "back")


def test_letters_that_would_do_nothing_are_left_out() -> None:
    log = hints_for(MessageLog(), DEFAULT, turns=0, applies=lambda command: command != "copy_code")
    assert ("c", "code") not in log and ("o", "link") in log
    listed = hints_for(ConversationList(lambda key: None), DEFAULT, turns=0, applies=lambda command: False)
    assert listed == [("Enter", "open"), ("Esc", "back")]


@pytest.mark.parametrize(("field", "last"), [("rename-field", "cancel"), ("find-field", "close")])
def test_fields_say_how_to_leave(field: str, last: str) -> None:
    assert hints_for(Input(id=field), DEFAULT, turns=0)[-1] == ("Esc", last)


@pytest.mark.parametrize("focused", [None, Widget()])
def test_remapped_keys_are_shown_and_missing_ones_are_not(focused: Widget | None) -> None:
    shortcuts = Shortcuts({"send": ("ctrl+y",), "help": ("f11",), "new_conversation": (), "stop": ()})
    hints = hints_for(focused, shortcuts, turns=0)
    assert hints == [("^Y", "send"), ("^T", "switch"), ("^P", "commands"), ("F11", "help")]
    assert hints_for(focused, shortcuts, turns=1) == hints[1:]
