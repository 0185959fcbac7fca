"""How well the chatbot does on questions that its phrases were not made with."""

import tomllib
from pathlib import Path

import pytest

from userdesk.demo.bot.knowledge_base import knowledge

LEAST_RIGHT = 0.7
"""Answered, or known to be about something else."""
MOST_WRONG = 0.15
"""Answered by another entry; asking back or knowing nothing is neither right nor wrong."""


@pytest.mark.parametrize("half", ["development", "unseen"])
def test_most_are_answered_and_few_by_something_else(half: str) -> None:
    text = (Path(__file__).parent / "held_out_questions.toml").read_text("utf-8")
    questions: dict[str, list[str]] = tomllib.loads(text)[half]
    right, wrong = 0, 0
    for question, entries in questions.items():
        found = knowledge().look_up(question)
        is_right = found.title in entries if found.title else not entries and not found.instead
        right += is_right
        wrong += found.title is not None and not is_right
    told = f"{half}: {right} of {len(questions)} right, {wrong} wrong"
    print(told)
    assert right >= LEAST_RIGHT * len(questions), told
    assert wrong <= MOST_WRONG * len(questions), told


def test_every_expected_entry_is_there() -> None:
    text = (Path(__file__).parent / "held_out_questions.toml").read_text("utf-8")
    expected = {
        title for half in tomllib.loads(text).values() for titles in half.values() for title in titles
    }
    assert expected <= set(knowledge().titles)
