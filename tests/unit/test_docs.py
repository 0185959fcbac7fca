"""What the pages for users and contributors name is there, and what users can set is named in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_helps import helps
from key_tables import false_pairs
from userdesk.tui.commands import COMMANDS as SCREEN_COMMANDS
from userdesk.tui.commands import Command
from userdesk.tui.shortcuts import key_name

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if path.name != "CHANGELOG.md"
)
PLACES = {
    "anywhere": "everywhere",
    "input": "in the input bar",
    "log": "in the message log",
    "sidebar": "in the sidebar",
}


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def paths_in(text: str) -> Iterator[str]:
    """What a page names of the repository: targets of links, and paths between backticks."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            yield target
    for quoted in re.findall(r"`([\w.*/-]+)`", text):
        if quoted.startswith(("app/", "docs/", "styles/", "tests/", "screenshots/", ".ci/")):
            yield quoted


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_named_is_there(path: Path) -> None:
    missing = [
        name
        for name in paths_in(path.read_text("utf-8"))
        if not any((folder / name).exists() or any(folder.glob(name)) for folder in (path.parent, ROOT))
    ]
    assert not missing


def test_promises_name_tests_that_are_there() -> None:
    named = re.findall(r"`((?:tests/)?[\w/]+\.py)`", page("SECURITY.md"))
    folders = {name: ROOT if "/" in name else ROOT / "tests" / "faults" for name in named}
    assert [name for name, folder in folders.items() if not (folder / name).exists()] == []


def test_readme_stays_short() -> None:
    assert len(page("README.md").splitlines()) <= 150


def test_make_targets_named_are_there() -> None:
    makefile = page("Makefile")
    for path in PAGES:
        for target in re.findall(r"^ +make ([\w-]+)|`make ([\w-]+)", path.read_text("utf-8"), re.MULTILINE):
            assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), (path.name, target)


def test_each_key_in_the_readme_does_what_is_said() -> None:
    section = page("README.md").partition("## The keys that matter")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    keys = [row for row in rows if "screenshots/" not in row[0]]
    assert len(keys) > 10
    wrong = []
    for key, words in keys:
        places = ("log",) if key.endswith(", on a message") else ("input", "anywhere")
        wrong += false_pairs(key, words, *places)
    assert wrong == []


def command_row(command: Command) -> str:
    keys = ", ".join(map(key_name, command.keys)) or "–"
    return f"| `{command.id}` | {keys} | {command.words} |"


def command_tables() -> str:
    """The tables of docs/keys.md, for each place one."""
    return "\n\n".join(
        f"### {title[0].upper()}{title[1:]}\n\n| name | key | does |\n|---|---|---|\n"
        + "\n".join(command_row(command) for command in SCREEN_COMMANDS if command.place == place)
        for place, title in PLACES.items()
    )


def test_page_of_keys_is_that_of_the_commands() -> None:
    between = page("docs/keys.md").partition("<!-- actions -->")[2].partition("<!-- /actions -->")[0]
    assert between.strip() == command_tables(), f"docs/keys.md should have:\n\n{command_tables()}"


def test_commands_and_flags_named_are_those_there_are() -> None:
    told = dict(helps())
    pages = page("docs/commands.md") + page("docs/question-sets.md") + page("docs/serve.md")
    assert [name for name in told if f"userdesk {name}".strip() not in pages] == []
    known = set(re.findall(r"--[a-z][\w-]+", "".join(told.values())))
    users = "".join(page(f"docs/{name}.md") for name in ("commands", "question-sets", "serve", "settings"))
    assert known == set(re.findall(r"(?<![\w-])--[a-z][\w-]+", users))
