"""What the palette finds by words, keys and synonyms, and how it lists it."""

import pytest

from userdesk.tui.commands import BY_ID, COMMANDS, Command, CommandRegistry
from userdesk.tui.dialogs.palette import RECENT, Palette, search_commands
from userdesk.tui.shortcuts import Shortcuts

WIDTH = 60


def offered(command: Command) -> bool:
    return command.in_palette and not command.same_as


def finds(query: str) -> list[str]:
    """The ids of the commands that fit, best first."""
    keys = {"presenter": "F10"}
    commands = [(command, keys.get(command.id, "")) for command in COMMANDS if offered(command)]
    return [found.command.id for found in search_commands(commands, query)]


@pytest.fixture
def hidden() -> set[str]:
    return set()


@pytest.fixture
def commands(hidden: set[str]) -> CommandRegistry:
    registry = CommandRegistry(lambda command: command.id not in hidden)
    for command in COMMANDS:
        if not command.same_as:
            registry.bind(command.id, lambda: None)
    return registry


def lines(palette: Palette, query: str = "") -> list[tuple[str, str | None]]:
    return [(line.plain, result) for line, result in palette.lines(query, WIDTH)]


@pytest.mark.parametrize(
    ("typed", "command_id"),
    [
        ("dark mode", "themes"),
        ("Dark", "themes"),
        ("colo", "themes"),
        ("theme", "themes"),
        ("screen reader", "accessible"),
        ("exit", "quit"),
        ("api key", "chatbots"),
        ("login", "chatbots"),
        ("settings", "chatbots"),
        ("pdf", "export"),
        ("statistics", "figures"),
        ("vim", "editor"),
        ("regenerate", "retry"),
        ("favourite", "pin"),
        ("undelete", "undo"),
        ("new chat", "new_conversation"),
        ("history", "earlier_prompts"),
        ("shortcuts", "help"),
        ("curl", "copy_curl"),
        ("f10", "presenter"),
        ("rename", "rename"),
    ],
)
def test_words_that_people_type_find_the_command_first(typed: str, command_id: str) -> None:
    assert finds(typed)[0] == command_id


def test_every_synonym_finds_its_command() -> None:
    missed = [
        words
        for command in COMMANDS
        for words in command.synonyms
        if offered(command) and command.id not in finds(words)
    ]
    assert missed == []


def test_nothing_fits_nonsense(commands: CommandRegistry) -> None:
    assert finds("qqxzj") == []
    assert lines(Palette(commands, Shortcuts({}), []), "qqxzj") == []


def test_each_command_stands_there_once_below_its_place(commands: CommandRegistry) -> None:
    listed = lines(Palette(commands, Shortcuts({}), []))
    assert [result for _, result in listed[:3]] == [None, "send", "newline"]
    shown = [result for _, result in listed if result]
    assert sorted(shown) == sorted(command.id for command in COMMANDS if offered(command))


def test_live_keys_stand_at_the_right_edge(commands: CommandRegistry) -> None:
    palette = Palette(commands, Shortcuts({"help": ("f11",), "quit": ()}), [])
    by_id = {result: line for line, result in lines(palette)}
    assert by_id["help"] == " Help".ljust(WIDTH - 5) + "F11"
    assert by_id["quit"].strip() == "Quit"
    assert {len(line) for result, line in by_id.items() if result} == {WIDTH - 2}


def test_where_there_is_no_room_the_first_key_is_enough(commands: CommandRegistry) -> None:
    palette = Palette(commands, Shortcuts({}), [])
    by_id = {result: line.plain for line, result in palette.lines("", 30) if result}
    assert by_id["newline"] == " New line".ljust(21) + " Ctrl+J"
    assert by_id["next_conversation"] == " Next conversation".ljust(25) + " F8"
    assert {len(line) for line in by_id.values()} == {28}
    wider = {result: line.plain for line, result in palette.lines("", 31) if result}
    assert wider["newline"] == " New line Ctrl+J  Shift+Enter"


def test_letters_that_fit_are_underlined(commands: CommandRegistry) -> None:
    line, _ = next(iter(Palette(commands, Shortcuts({}), []).lines("quit", WIDTH)))
    assert line.plain.strip().startswith("Quit")
    assert [span.start for span in line.spans if span.style == "underline"] == [1, 2, 3, 4]


def test_what_can_not_be_done_now_is_not_there(commands: CommandRegistry, hidden: set[str]) -> None:
    hidden.add("themes")
    palette = Palette(commands, Shortcuts({}), ["themes"])
    assert "themes" not in [result for query in ("", "dark") for _, result in lines(palette, query)]


def test_what_was_taken_last_stands_on_top(commands: CommandRegistry) -> None:
    recent = ["quit", "help", "pin", "export"]
    listed = lines(Palette(commands, Shortcuts({}), recent))
    assert listed[0] == ("Recent", None)
    assert [result for _, result in listed[1 : RECENT + 1]] == recent[:RECENT]
    assert listed[RECENT + 1][1] is None


def test_commands_of_the_palette_have_words_of_their_own() -> None:
    words = [command.words for command in COMMANDS if offered(command)]
    assert len(words) == len(set(words))
    assert set(BY_ID) == {command.id for command in COMMANDS}
