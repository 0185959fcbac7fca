"""The table of commands, and the registry that runs them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from userdesk import tui
from userdesk.tui.chat.commands import bind_commands
from userdesk.tui.commands import BY_ID, COMMANDS, CommandRegistry, bindings
from userdesk.tui.shortcuts import Shortcuts


def test_ids_are_told_apart() -> None:
    assert len(BY_ID) == len(COMMANDS)


def test_no_default_key_belongs_to_two() -> None:
    assert Shortcuts({command.id: command.keys for command in COMMANDS}).problems == []


def test_other_keys_for_a_command_say_what_it_says() -> None:
    for command in COMMANDS:
        if command.same_as:
            other = BY_ID[command.same_as]
            assert (command.words, other.same_as) == (other.words, "")
            assert command.place != other.place


KEY = re.compile(r"\b(Ctrl\+\w+|Shift\+\w+|F\d\d?|Esc|Enter(?! the )|PageUp|PageDown)\b|\^[A-Z]")
NOT_REMAPPED = (
    "Press Enter again to open it anyway",  # a dialog's own key
    "often Ctrl+Shift+V",  # the terminal's
    "often Ctrl+V",  # the browser's
    "Enter, ↑",  # of the find bar
    "↑ ↓ Enter",  # of the sidebar
)


def texts(tree: ast.AST) -> Iterator[str]:
    """The string literals of a module that are sentences and no docstrings."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list))
    plain = {id(each.value) for body in bodies for each in body if isinstance(each, ast.Expr)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in plain]
    return (each.value for each in found if isinstance(each.value, str) and " " in each.value.strip())


def test_no_text_names_a_key_that_can_be_changed() -> None:
    """They ask `Shortcuts` instead, which knows the keys as they are now."""
    modules = sorted(Path(tui.__path__[0]).rglob("*.py"))
    wired = [
        f"{module.name}: {text}"
        for module in modules
        for text in texts(ast.parse(module.read_text("utf-8")))
        if KEY.search(text) and not any(fixed in text for fixed in NOT_REMAPPED)
    ]
    assert len(modules) > 50 and wired == []


def test_words_fit_a_row_of_the_palette() -> None:
    assert [command.words for command in COMMANDS if len(command.words) > 45] == []


def test_every_row_is_bound_in_one_place() -> None:
    ids = [binding.id for place in ("anywhere", "input", "log", "sidebar") for binding in bindings(place)]
    assert sorted(map(str, ids)) == sorted(BY_ID)


def test_only_bindings_of_the_whole_screen_come_before_the_text_area() -> None:
    assert all(binding.priority for binding in bindings("anywhere"))
    assert not any(binding.priority for binding in (*bindings("log"), *bindings("sidebar")))


class Anything:
    """Stands for what a handler uses only when it runs."""

    def __getattr__(self, name: str) -> "Anything":
        return Anything()


def test_every_command_has_a_handler() -> None:
    registry, anything = CommandRegistry(), cast(Any, Anything())
    bind_commands(registry, anything, anything, anything, anything, anything)
    assert all(registry.available(command.id) for command in COMMANDS)


async def test_plain_and_async_handlers_run() -> None:
    done: list[str] = []

    async def find() -> None:
        done.append("find")

    registry = CommandRegistry()
    registry.bind("find", find)
    registry.bind("help", lambda: done.append("help"))
    for command_id in ("find", "help", "find_here", "help_there"):
        await registry.run(command_id)
    assert done == ["find", "help", "find", "help"]


async def test_what_is_not_available_does_nothing() -> None:
    done: list[str] = []
    has_one, presents = False, False
    registry = CommandRegistry(lambda command: not (presents and command.hidden_in_presenter))
    registry.bind("undo", lambda: done.append("undo"), available=lambda: has_one)
    await registry.run("undo")
    assert (done, registry.available("undo")) == ([], False)
    has_one = True
    await registry.run("undo")
    assert (done, registry.available("undo")) == (["undo"], True)
    presents = True
    assert not registry.available("undo")


async def test_mistakes_of_who_binds_are_told() -> None:
    registry = CommandRegistry()
    registry.bind("help", bool)
    with pytest.raises(ValueError, match="help is bound already"):
        registry.bind("help", bool)
    with pytest.raises(ValueError, match="help_here"):
        registry.bind("help_here", bool)
    with pytest.raises(KeyError):
        registry.bind("nonsense", bool)
    with pytest.raises(KeyError):
        await registry.run("find")


def test_no_command_shows_an_audience_ids_chatbots_or_other_conversations() -> None:
    hidden = {command.id for command in COMMANDS if command.hidden_in_presenter}
    assert hidden == {
        *("sidebar", "to_sidebar", "rename", "delete", "undo", "restore", "pin", "filter", "group"),
        *("attach", "purge", "figures", "chatbots", "compare", "good", "bad", "note", "take_question"),
    }
