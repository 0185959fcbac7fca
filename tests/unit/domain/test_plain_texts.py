"""Plain text where it must stay plain: in an encoding with few characters, and in Markdown."""

import pytest

from userdesk.domain.plain_characters import PLAINLY
from userdesk.domain.plain_in_markdown import escaped

FEW = dict(zip("·–—…→×✓✗›❯◆■●│─┌┐└┘├┤╭╮╰╯•⚠’‘“”", "---.>x+x>>**o|-++++++++++*!''\"\"", strict=True))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        *FEW.items(),
        ("a → b", "a > b"),
        ("東京", "????"),
        ("ｆ", "??"),
        ("e\u0301", "e"),
        ("ж é", "? ?"),
        ("👩", "??"),
    ],
)
def test_a_character_that_an_encoding_lacks_keeps_its_cells(text: str, plain: str) -> None:
    assert text.encode("ascii", PLAINLY).decode() == plain


def test_a_character_that_an_encoding_has_stays() -> None:
    assert "é → ж".encode("latin-1", PLAINLY) == b"\xe9 > ?"


def test_the_handler_is_for_writing_alone() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", PLAINLY)


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        ("plain", "plain"),
        (r"\`*_[]<>#|~&", r"\\\`\*\_\[\]\<\>\#\|\~\&"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("-", r"\-"),
        ("-x", "-x"),
        ("1. one", r"1\. one"),
        ("12) two", r"12\) two"),
        ("1.5", "1.5"),
        ("===", r"\==="),
        ("a = b - c", "a = b - c"),
        ("  two", "\u00a0\u00a0two"),
        ("\ttab", "\u00a0" * 4 + "tab"),
        (" \ttab", "\u00a0" * 4 + "tab"),
        ("    - x", "\u00a0" * 4 + r"\- x"),
        ("", ""),
    ],
)
def test_plain_text_is_shown_by_markdown_as_it_is(line: str, markdown: str) -> None:
    assert escaped(line) == markdown
