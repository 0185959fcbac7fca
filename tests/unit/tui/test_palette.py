"""What the palette finds, by words, keys and synonyms."""

import pytest
from textual.command import DiscoveryHit, Hit
from textual.screen import Screen

from userdesk.tui.command_registry import CommandRegistry
from userdesk.tui.commands import BY_ID, COMMANDS, Command
from userdesk.tui.palette import CommandProvider
from userdesk.tui.shortcuts import Shortcuts


class Palette:
    """The palette's search without its screen."""

    def __init__(self, shortcuts: Shortcuts | None = None) -> None:
        self.ran: list[str] = []
        self.hidden: set[str] = set()
        commands = CommandRegistry(lambda command: command.id not in self.hidden)
        for command in COMMANDS:
            if not command.same_as:
                commands.bind(command.id, lambda command=command: self.ran.append(command.id))
        self._provider = CommandProvider(commands, shortcuts or Shortcuts({}), Screen())

    async def finds(self, query: str) -> list[Hit]:
        """The hits, best first."""
        hits = [hit async for hit in self._provider.search(query) if isinstance(hit, Hit)]
        return sorted(hits, key=lambda hit: hit.score, reverse=True)

    async def lines(self) -> list[str]:
        """What stands there before anything is typed."""
        return [str(hit.text) async for hit in self._provider.discover() if isinstance(hit, DiscoveryHit)]


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
        ("pdf", "export"),
        ("statistics", "figures"),
        ("vim", "editor"),
        ("regenerate", "retry"),
        ("favourite", "pin"),
        ("undelete", "undo"),
        ("new chat", "new_conversation"),
        ("shortcuts", "help"),
        ("curl", "copy_curl"),
        ("f10", "presenter"),
        ("rename", "rename"),
    ],
)
async def test_words_that_people_type_find_the_command_first(typed: str, command_id: str) -> None:
    best = (await Palette().finds(typed))[0]
    assert str(best.text).startswith(BY_ID[command_id].words)


async def test_every_synonym_finds_its_command() -> None:
    palette = Palette()
    for command in COMMANDS:
        for words in command.synonyms:
            assert any(str(hit.text).startswith(command.words) for hit in await palette.finds(words)), words


async def test_nothing_fits_nonsense() -> None:
    assert await Palette().finds("qqxzj") == []


async def test_running_a_hit_runs_the_command() -> None:
    palette = Palette()
    hit = (await palette.finds("dark mode"))[0]
    await hit.command()
    assert palette.ran == ["themes"]


async def test_each_command_stands_there_once_with_the_keys_that_hold() -> None:
    lines = await Palette(Shortcuts({"help": ("f11",), "quit": ()})).lines()
    assert len(lines) == len(set(lines))
    listed = [command for command in COMMANDS if command.in_palette and not command.same_as]
    assert [line.partition("  (")[0] for line in lines] == [command.words for command in listed]
    assert {"Help  (F11)", "Quit", "Copy the message  (y · in the log)"} <= set(lines)


async def test_what_can_not_be_done_now_is_not_there() -> None:
    palette = Palette()
    palette.hidden = {"themes"}
    assert not any(line.startswith("Choose a theme") for line in await palette.lines())
    assert not any(str(hit.text).startswith("Choose a theme") for hit in await palette.finds("dark"))


def test_commands_of_the_palette_have_words_of_their_own() -> None:
    def own(command: Command) -> bool:
        return command.in_palette and not command.same_as

    words = [command.words for command in COMMANDS if own(command)]
    assert len(words) == len(set(words))
