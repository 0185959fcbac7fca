"""What becomes of the keys that a user gives to commands, and how keys are written."""

import pytest

from userdesk.tui.commands import BY_ID, COMMANDS
from userdesk.tui.shortcuts import Shortcuts, key_name


def held(given: dict[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    shortcuts = Shortcuts(given)
    return {command.id: shortcuts.of(command.id) for command in COMMANDS}, shortcuts.problems


def test_nothing_given_changes_nothing() -> None:
    keys, problems = held({})
    assert problems == []
    assert keys == {command.id: command.keys for command in COMMANDS}


def test_key_is_taken_from_the_command_that_had_it() -> None:
    keys, problems = held({"help": ("f2",)})
    assert (keys["help"], keys["sidebar"]) == (("f2",), ())
    assert problems == [
        "[keys] f2 is given to both help and sidebar: help gets it, sidebar keeps only the palette"
    ]


def test_of_two_given_the_same_key_the_first_has_it() -> None:
    keys, problems = held({"rename": ("x",), "delete": ("x",)})
    assert (keys["rename"], keys["delete"]) == (("x",), ())
    assert len(problems) == 1


def test_commands_of_different_parts_may_share_a_key() -> None:
    keys, problems = held({"copy_message": ("d",)})
    assert (keys["copy_message"], keys["delete"], problems) == (("d",), ("d",), [])


def test_two_commands_may_change_places() -> None:
    keys, problems = held({"new_conversation": ("ctrl+t",), "switch": ("ctrl+n",)})
    assert (keys["new_conversation"], keys["switch"], problems) == (("ctrl+t",), ("ctrl+n",), [])


@pytest.mark.parametrize("key", ["f1 f13", "hyper", "ctrl+", "cmd+x", "nosuchkey", ""])
def test_what_is_no_key_is_told_and_left_out(key: str) -> None:
    keys, problems = held({"help": (key, "f13")})
    assert keys["help"] == ("f13",)
    assert [f"{key!r} is not a key" in words for words in problems] == [True]


@pytest.mark.parametrize("key", ["a", "slash", "?", "space"])
def test_text_can_not_be_the_key_of_something_that_works_while_writing(key: str) -> None:
    keys, problems = held({"presenter": (key,)})
    assert keys["presenter"] == BY_ID["presenter"].keys
    assert "could no longer be typed" in problems[0]


def test_only_an_command_given_no_key_at_all_has_none() -> None:
    keys, problems = held({"help": (), "presenter": ("a", "f13"), "switch": ("nosuchkey",)})
    assert (keys["help"], keys["presenter"]) == ((), ("f13",))
    assert keys["switch"] == BY_ID["switch"].keys
    assert len(problems) == 2


def test_characters_may_be_written_as_they_are() -> None:
    keys, problems = held({"filter": ("!",), "rename": ("-",)})
    assert (keys["filter"], keys["rename"], problems) == (("exclamation_mark",), ("minus",), [])


def test_key_that_arrives_as_another_is_told() -> None:
    keys, problems = held({"help": ("ctrl+m",)})
    assert keys["help"] == ("ctrl+m",)
    assert "arrives as Enter" in problems[0]


def test_unknown_command_is_told() -> None:
    assert Shortcuts({"nonsense": ("f5",)}).problems == ["[keys] nonsense: there is no such action"]


@pytest.mark.parametrize(
    ("key", "long", "short"),
    [
        ("ctrl+r", "Ctrl+R", "^R"),
        ("f10", "F10", "F10"),
        ("escape", "Esc", "Esc"),
        ("ctrl+pagedown", "Ctrl+PageDown", "^PageDown"),
        ("shift+enter", "Shift+Enter", "Shift+Enter"),
        ("question_mark", "?", "?"),
        ("Y", "Y", "Y"),
        ("y", "y", "y"),
    ],
)
def test_keys_are_written_as_people_write_them(key: str, long: str, short: str) -> None:
    assert (key_name(key), key_name(key, short=True)) == (long, short)


def test_first_key_speaks_for_a_command() -> None:
    shortcuts = Shortcuts({"help": ("ctrl+y", "f11"), "find": ()})
    assert (shortcuts.spoken("help"), shortcuts.short("help")) == ("Ctrl+Y", "^Y")
    assert (shortcuts.spoken("find"), shortcuts.short("find")) == ("", "")


def test_keymap_names_only_what_is_remapped() -> None:
    assert Shortcuts({"help": ("f11", "f13"), "find": (), "quit": ("ctrl+q",)}).keymap() == {
        "help": "f11,f13",
        "find": "no_key_find",
    }


def test_way_to_a_command_is_its_key_or_the_palette() -> None:
    shortcuts = Shortcuts({"chatbots": (), "help": ("f11",)})
    assert [shortcuts.way_to(each) for each in ("chatbots", "help", "send")] == [
        "the palette",
        "F11",
        "Enter",
    ]
