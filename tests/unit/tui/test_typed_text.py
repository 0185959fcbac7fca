"""What a key types, and what a field of one line makes of text."""

import pytest
from textual import events

from userdesk.tui.input.typed_text import one_line, text_of

TYPED = (
    "a é 漢 \u3000 \u200c \u200d \u00a0 \u202f \u2009 \ue000 \U0010fffd \U0001fae9 \u0301 \ufe0f \u00ad"
    " \u200e \u2066"
)
NO_TEXT = ["\x00", "\x07", "\x1b", "\r", "\n", "\t", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]


@pytest.mark.parametrize("character", TYPED.split(" "), ids=ascii)
def test_every_character_is_text(character: str) -> None:
    assert text_of(events.Key("some_name", character)) == character


@pytest.mark.parametrize("character", NO_TEXT, ids=ascii)
def test_controls_are_no_text(character: str) -> None:
    assert text_of(events.Key("some_name", character)) == ""


@pytest.mark.parametrize("key", ["alt+b", "ctrl+a", "alt+shift+d", "super+x", "ctrl+alt+delete"])
def test_a_key_with_a_modifier_is_no_text(key: str) -> None:
    assert text_of(events.Key(key, "b")) == ""


@pytest.mark.parametrize("key", ["plus", "shift+a", "+"])
def test_shift_is_no_such_modifier(key: str) -> None:
    assert text_of(events.Key(key, "+")) == "+"


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("plain", "plain"),
        (" a  b ", " a  b "),
        ("one\ntwo", "one two"),
        ("  one  \r\n\r\n\ttwo\r", "one two"),
        ("a\tb", "a b"),
        ("\n\n", ""),
        ("می\u200cخواهم\n漢\u3000字", "می\u200cخواهم 漢\u3000字"),
        ("a\x1bb", "a�b"),
    ],
    ids=ascii,
)
def test_one_line_of_a_paste(pasted: str, line: str) -> None:
    assert one_line(pasted) == line
