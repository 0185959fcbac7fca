"""What becomes of the keys that a user gives to actions."""

import pytest

from userdesk.tui.remapping import remap
from userdesk.tui.shortcuts import ACTIONS


def test_nothing_given_changes_nothing() -> None:
    keys, problems = remap({})
    assert problems == []
    assert keys == {action.name: action.keys for action in ACTIONS}


def test_key_is_taken_from_the_action_that_had_it() -> None:
    keys, problems = remap({"help": ("f2",)})
    assert (keys["help"], keys["sidebar"]) == (("f2",), ())
    assert problems == [
        "[keys] f2 is given to both help and sidebar: help has it, sidebar has the palette alone"
    ]


def test_of_two_given_the_same_key_the_first_has_it() -> None:
    keys, problems = remap({"rename": ("x",), "delete": ("x",)})
    assert (keys["rename"], keys["delete"]) == (("x",), ())
    assert len(problems) == 1


def test_actions_of_different_parts_may_share_a_key() -> None:
    keys, problems = remap({"copy_message": ("d",)})
    assert (keys["copy_message"], keys["delete"], problems) == (("d",), ("d",), [])


def test_two_actions_may_change_places() -> None:
    keys, problems = remap({"new_conversation": ("ctrl+t",), "switch": ("ctrl+n",)})
    assert (keys["new_conversation"], keys["switch"], problems) == (("ctrl+t",), ("ctrl+n",), [])


@pytest.mark.parametrize("key", ["f1 f13", "hyper", "ctrl+", "cmd+x", "nosuchkey", ""])
def test_what_is_no_key_is_told_and_left_out(key: str) -> None:
    keys, problems = remap({"help": (key, "f13")})
    assert keys["help"] == ("f13",)
    assert [f"{key!r} is no key" in words for words in problems] == [True]


@pytest.mark.parametrize("key", ["a", "slash", "?", "space"])
def test_text_can_not_be_the_key_of_something_that_works_while_writing(key: str) -> None:
    keys, problems = remap({"presenter": (key,)})
    assert keys["presenter"] == remap({}).keys["presenter"]
    assert "could no longer be typed" in problems[0]


def test_only_an_action_given_no_key_at_all_has_none() -> None:
    keys, problems = remap({"help": (), "presenter": ("a", "f13"), "switch": ("nosuchkey",)})
    assert (keys["help"], keys["presenter"]) == ((), ("f13",))
    assert keys["switch"] == remap({}).keys["switch"]
    assert len(problems) == 2


def test_characters_may_be_written_as_they_are() -> None:
    keys, problems = remap({"filter": ("!",), "rename": ("-",)})
    assert (keys["filter"], keys["rename"], problems) == (("exclamation_mark",), ("minus",), [])


def test_key_that_arrives_as_another_is_told() -> None:
    keys, problems = remap({"help": ("ctrl+m",)})
    assert keys["help"] == ("ctrl+m",)
    assert "arrives as Enter" in problems[0]


def test_unknown_action_is_told() -> None:
    assert remap({"nonsense": ("f5",)}).problems == ["[keys] nonsense: there is no such action"]
