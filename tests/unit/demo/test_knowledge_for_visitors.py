"""What the embedded chatbot tells visitors of `userdesk serve`: what they have, and nothing else."""

import re
import tomllib
from importlib.resources import files

import pytest

from key_tables import false_pairs
from userdesk.demo.bot.knowledge_base import knowledge, knowledge_for_visitors
from userdesk.demo.bot.responder import answer, welcome
from userdesk.demo.bot.texts import ready_made
from userdesk.serve.visitor_environment import visitor_config
from userdesk.tui.commands import COMMANDS
from userdesk.tui.shortcuts import Shortcuts, key_name

ANSWERS = files("userdesk.demo.bot") / "knowledge_for_visitors.md"
OTHERWISE, *NAMED = re.findall(r"^## (.+)$", ANSWERS.read_text("utf-8"), re.M)
REMAPPED = tomllib.loads(visitor_config(""))["keys"]
THEIRS = [
    command._replace(keys=(REMAPPED[command.id],)) if command.id in REMAPPED else command
    for command in COMMANDS
    if command.for_visitors
]
KEYS = {key_name(key) for command in THEIRS for key in command.keys}
OTHERS = {"Ctrl++", "Ctrl+-", "Shift+Tab"}  # the browser's, the framework's
NOT_THEIRS = (
    "sidebar",
    "config.toml",
    "conversations.toml",
    "trash",
    "curl",
    "`userdesk ",
    "editor",
)


def everything() -> str:
    base = knowledge_for_visitors()
    texts = (ready_made(name) for name in ("markdown", "unicode", "slow", "dropped", "long"))
    answers = (base.text(title) for title in base.titles)
    unknown = answer("What is the capital of France?", [], for_visitors=True).text
    return "\n".join([welcome(for_visitors=True), unknown, *answers, *texts])


def test_the_keys_are_those_that_visitors_have() -> None:
    shortcuts = Shortcuts({name: (key,) for name, key in REMAPPED.items()}, THEIRS)
    assert {key_name(key) for command in THEIRS for key in shortcuts.of(command.id)} == KEYS
    named = set(re.findall(r"\b(?:Ctrl|Shift|Alt)\+(?:Shift\+)?[\w+-]+|\bF\d+\b", everything()))
    assert named - KEYS - OTHERS == set()
    letters = set(re.findall(r"\*\*`(.)`\*\*", everything()))
    assert letters - KEYS == {"g"}  # the log's own, as `G` is


def test_nothing_is_named_that_visitors_do_not_reach() -> None:
    assert [word for word in NOT_THEIRS if word in everything()] == []


@pytest.mark.parametrize(
    ("title", "where"),
    [("All keys", ("input", "anywhere", "log")), ("Letters in the message log", ("log",))],
)
def test_the_tables_leave_no_key_out(title: str, where: tuple[str, ...]) -> None:
    text = knowledge_for_visitors().text(title)
    keys = {key_name(key) for command in THEIRS if command.place in where for key in command.keys}
    assert {key for key in keys if (f"`{key}`" if len(key) == 1 else key) not in text} == set()


def test_each_key_does_what_the_tables_say() -> None:
    base = knowledge_for_visitors()
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", base.text("All keys"), re.M)[1:]
    wrong = []
    for words, keys in rows:
        if words != "in the log":
            wrong += false_pairs(keys, words, "input", "anywhere", "log", among=THEIRS)
            continue
        for one in keys.split(" · "):
            letters, what = re.fullmatch(r"((?:`\S` )+)(.+)", one).groups()  # type: ignore[union-attr]
            wrong += false_pairs(letters, what, "log", among=THEIRS)
    for keys, words in re.findall(r"^\| (`.+?) \| (.+?) \|$", base.text("Letters in the message log"), re.M):
        wrong += false_pairs(keys, words, "log", among=THEIRS)
    assert wrong == []


def test_every_title_is_that_of_an_entry_and_stands_once() -> None:
    assert set(NAMED) <= set(knowledge().titles) == set(knowledge_for_visitors().titles)
    assert len(set(NAMED)) == len(NAMED) and OTHERWISE not in NAMED


def test_an_answer_of_their_own_goes_before_everybodys() -> None:
    title = "Starting a new conversation"
    for question in ("How do I start a new conversation?", "new chat"):
        assert answer(question, [], for_visitors=True).text == knowledge_for_visitors().text(title)
        assert answer(question, []).text == knowledge().text(title)
    assert "F2" in knowledge_for_visitors().text(title)
    assert knowledge_for_visitors().text("Stopping an answer") == knowledge().text("Stopping an answer")


@pytest.mark.parametrize(
    "question", ["how do I connect my own chatbot?", "where are my files?", "remap keys"]
)
def test_what_is_the_hosts_is_said_to_be(question: str) -> None:
    told = answer(question, [], for_visitors=True).text
    assert "whoever invited you" in told and told != answer(question, []).text


def test_more_leads_to_what_is_theirs() -> None:
    for title in NAMED:
        told = answer("tell me more", [title], for_visitors=True).text
        assert set(re.findall(r"See also \*\*(.+?)\*\* and \*\*(.+?)\*\*", told)[0]) <= set(NAMED)
