"""What the embedded chatbot says is true of the program: its keys, settings, commands and numbers."""

import re

import pytest

from command_helps import helps
from key_tables import false_pairs
from userdesk.commands.exit_status import ExitStatus
from userdesk.demo.bot.knowledge_base import knowledge
from userdesk.settings.schema import TOP_LEVEL
from userdesk.store.trash.trash import KEPT_DAYS
from userdesk.tui.commands import COMMANDS
from userdesk.tui.shortcuts import Shortcuts, key_name
from userdesk.tui.sidebar.conversation_list import SIGNS

EVERYTHING = "\n".join(knowledge().text(title) for title in knowledge().titles)
EVERYWHERE = ("input", "anywhere", "log")
"""`?` is the log's and the sidebar's."""


@pytest.mark.parametrize(
    ("title", "where"),
    [
        ("All keys", ("input", "anywhere", "log", "sidebar")),
        ("Letters in the message log", ("log",)),
        ("Letters in the sidebar", ("sidebar",)),
    ],
)
def test_no_key_is_left_out(title: str, where: tuple[str, ...]) -> None:
    """What lists the keys lists all of them."""
    text = knowledge().text(title)
    keys = {key_name(key) for command in COMMANDS if command.place in where for key in command.keys}
    assert {key for key in keys if (f"`{key}`" if len(key) == 1 else key) not in text} == set()


def test_each_key_does_what_the_tables_say() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", knowledge().text("All keys"), re.M)
    parts = {"in the log": "log", "in the sidebar": "sidebar"}
    wrong = [
        pair for words, keys in rows if words not in parts for pair in false_pairs(keys, words, *EVERYWHERE)
    ]
    for title, place in parts.items():
        for one in dict(rows)[title].split(" · "):
            keys, words = re.fullmatch(r"((?:`\S` )+)(.+)", one).groups()  # type: ignore[union-attr]
            wrong += false_pairs(keys, words, place)
    for title, place in (("Letters in the message log", "log"), ("Letters in the sidebar", "sidebar")):
        for keys, words in re.findall(r"^\| (.+?) \| (.+?) \|$", knowledge().text(title), re.M):
            wrong += false_pairs(keys, words, place)
    assert wrong == []


def test_no_key_is_made_up() -> None:
    """A key that is named in any answer is one of the program's, of the terminal's or of a replay."""
    ours = {key_name(key) for command in COMMANDS for key in command.keys}
    known = ours | {"Ctrl+V", "Ctrl+Shift+V", "Ctrl++", "Ctrl+-", "Shift+Tab"}
    named = set(re.findall(r"\b(?:Ctrl|Shift|Alt)\+(?:Shift\+)?[\w+-]+|\bF\d+\b", EVERYTHING))
    assert named - known == set()


def test_every_setting_is_named() -> None:
    """Those of config.toml that have no table, and the tables."""
    text = knowledge().text("The configuration file")
    assert [name for name in TOP_LEVEL if name not in text] == []


def test_the_example_under_keys_can_be() -> None:
    """Nothing would be told about it at the start."""
    example = re.findall(r'^(\w+) = "(.+?)"', knowledge().text("Changing keys"), re.M)
    assert len(example) == 3
    assert Shortcuts({name: (key,) for name, key in example}).problems == []


def test_numbers_and_signs_are_those_of_the_program() -> None:
    """Exit statuses, the days of the trash, the marks in the sidebar."""
    statuses = {int(found) for found in re.findall(r"^\| (\d+) \|", knowledge().text("Exit status"), re.M)}
    assert statuses == set(ExitStatus) - {ExitStatus.READER_GONE}
    assert f"{KEPT_DAYS:.0f} days" in knowledge().text("The trash")
    marks = knowledge().text("Marks in the sidebar")
    assert [sign for sign in SIGNS.values() if sign.strip() and sign not in marks] == []


def test_commands_and_flags_that_are_named_exist() -> None:
    """Each `userdesk something`, and every flag in any answer."""
    told = dict(helps())
    commands = set(re.findall(r"`userdesk ([a-z][\w-]*)", EVERYTHING))
    assert commands - told.keys() == set()
    ours = re.sub(r"(?m)^.*(?:pipx|uv tool).*$", "", EVERYTHING)
    flags = set(re.findall(r"(?<![\w-])--[a-z][\w-]+", ours)) - {"--help", "--version"}
    helped = "".join(told.values())
    assert [flag for flag in flags if flag not in helped] == []
