"""The embedded chatbot remembers what was said in its conversation."""

import time

import pytest

from userdesk.demo.bot.conversation_memory import recall
from userdesk.demo.bot.responder import answer

SAID = [
    "my name is Ada Lovelace and I like maps",
    "My favourite colour is blue.",
    "remember that we meet at 5",
]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what is my name?", "**Ada Lovelace**"),
        ("do you remember my name", "**Ada Lovelace**"),
        ("who am I?", "**Ada Lovelace**"),
        ("what's my favorite color", "**blue**"),
        ("what's my favorite animal", "have not told me your favorite animal"),
        ("What\u2019s my favorite colour?", "**blue**"),
        ("what did I ask first?", "> my name is Ada"),
        ("what was my last question", "3. remember that we meet at 5"),
        ("what did I say before?", "1. my name is Ada"),
        ("how many messages have I sent?", "message **4**"),
        ("what should you remember?", "- we meet at 5"),
        ("what is my birthday", "have not told me your birthday"),
    ],
)
def test_what_was_told_can_be_asked(question: str, words: str) -> None:
    """Names, facts, notes and earlier messages come back."""
    assert words in (recall(question, SAID) or "")


@pytest.mark.parametrize(
    "told", ["My name is Grace.", "call me Grace", "Hi, I'm Grace!", "I am called Grace"]
)
def test_a_name_told_in_any_way_is_known_later(told: str) -> None:
    """What is confirmed at once is known in the next message, and the latest name wins."""
    assert "**Grace**" in (recall(told, SAID) or "")
    assert "**Grace**" in (recall("what is my name?", [*SAID, told]) or "")


@pytest.mark.parametrize("message", ["my name is not Bob", "I'm not Bob", "my name is not important"])
def test_what_is_no_name_is_taken_for_none(message: str) -> None:
    """A denied name is not greeted, and goes out of the memory."""
    assert "Nice to meet you" not in (recall(message, SAID) or "")
    assert "have not told me your name" in (recall("what is my name?", [*SAID, message]) or "")


def test_what_was_told_can_be_forgotten() -> None:
    """One thing, or everything; what is told afterwards is known again."""
    assert "forgotten your name" in (recall("forget my name", SAID) or "")
    without_name = [*SAID, "please forget my name."]
    assert "have not told me your name" in (recall("what is my name?", without_name) or "")
    assert "**blue**" in (recall("what's my favorite color", without_name) or "")
    nothing = [*SAID, "forget everything"]
    assert "have not told me" in (recall("what's my favorite color", nothing) or "")
    assert "not asked me to remember anything" in (recall("what should you remember?", nothing) or "")
    assert "**Grace**" in (recall("who am I?", [*nothing, "call me Grace"]) or "")


def test_a_name_ends_where_the_sentence_goes_on() -> None:
    """What follows a name is none of it."""
    assert "**Grace**" in (recall("call me Grace from now on please", []) or "")
    assert recall("call me whatever", []) is None


def test_nothing_said_yet() -> None:
    """The first message of a conversation has nothing before it."""
    assert "first message" in (recall("what did I say before?", []) or "")


def test_the_name_of_the_settings_is_known_but_what_was_told_goes_before() -> None:
    """`userName` comes with each message (Userdesk API documentation)."""
    assert "**Grace**" in (recall("what is my name?", [], "Grace") or "")
    assert "**Ada Lovelace**" in (recall("what is my name?", SAID, "Grace") or "")


@pytest.mark.parametrize(
    "message",
    [
        "I am tired",
        "how do I set my name",
        "where can I change my name",
        "where is my api key",
        "my key is wrong",
        "did I send it?",
        "who can see what I write",
        "how can I submit what I wrote",
        "how do I see what I asked before",
        "call me when you are ready",
        "call me tomorrow",
        "my team is not able to see it",
        "forget me",
    ],
)
def test_other_messages_are_left_to_the_knowledge(message: str) -> None:
    """Remembering does not take questions about the program."""
    assert recall(message, SAID) is None


def test_a_quotation_of_a_long_message_is_short() -> None:
    """One earlier message cannot fill the screen."""
    assert len(answer("what did I say first?", ["word " * 10_000]).text) < 300


def test_a_huge_message_costs_no_time() -> None:
    """A megabyte of what looks like a question is read in its first characters only."""
    began = time.monotonic()
    answer("what did " * 120_000, ["my name is x " * 80_000] * 3)
    answer("what is my name? " + "what " * 200_000, ["my name is x " * 80_000] * 3)
    assert time.monotonic() - began < 1
