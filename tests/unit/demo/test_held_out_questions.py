"""How well the chatbot does on questions as people ask them."""

import tomllib
from pathlib import Path

import pytest

from userdesk.demo.bot.knowledge_base import knowledge
from userdesk.demo.bot.responder import answer
from userdesk.demo.bot.texts import ready_made

LEAST_RIGHT = 0.85
"""Answered by what is expected; where nothing can be known, refused."""
MOST_WRONG = 0.05
"""Answered by another entry; asking back or knowing nothing is neither right nor wrong."""
FILES = ("development_questions", "held_out_questions")
REFUSED, ASKED_BACK, REMEMBERED = "refused", "asked back", "remembered"


def expectations(name: str) -> dict[str, list[str]]:
    """The questions of a file, and the titles of which one answers each."""
    expected: dict[str, list[str]] = tomllib.loads(
        (Path(__file__).parent / f"{name}.toml").read_text("utf-8")
    )
    return expected


def answered(messages: str) -> set[str]:
    """What the last of these messages is answered by: titles, or one of the words above."""
    *said, question = messages.split("\n")
    text = answer(question, said).text
    base = knowledge()
    if titles := {title for title in base.titles if base.text(title) in text}:
        return titles
    if text == ready_made("no_answer"):
        return {REFUSED}
    return {ASKED_BACK if "Did you mean" in text else REMEMBERED}


@pytest.mark.parametrize("name", FILES)
def test_most_are_answered_and_few_by_something_else(name: str) -> None:
    results = [(answered(messages), expected) for messages, expected in expectations(name).items()]
    right = [titles <= set(expected) for titles, expected in results].count(True)
    unknown = [
        titles <= {REFUSED, ASKED_BACK} and not titles <= set(expected) for titles, expected in results
    ]
    wrong = len(results) - right - unknown.count(True)
    told = f"{name}: {right} of {len(results)} right, {wrong} wrong"
    print(told)
    assert right >= LEAST_RIGHT * len(results), told
    assert wrong <= MOST_WRONG * len(results), told


@pytest.mark.parametrize("name", FILES)
def test_every_expected_entry_is_there(name: str) -> None:
    titles = {title for expected in expectations(name).values() for title in expected}
    assert titles - {REFUSED, REMEMBERED} <= set(knowledge().titles)
