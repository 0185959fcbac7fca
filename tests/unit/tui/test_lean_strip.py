"""Strips whose text terminals measure differently leave nothing behind and shift nothing."""

import sys

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from userdesk.tui.widgets.lean_strip import LeanStrip

ROOM = 20
CONSOLE = Console(color_system="truecolor")


def drawn(text: str, *, wider: bool) -> str:
    """A line of a terminal once text was drawn over other text in its room, `|` behind it.

    A terminal that counts vowel signs as cells is one that shows another letter in their place.
    """
    strip = LeanStrip.filled([Segment(text, Style(bold=True))], ROOM, Style(bgcolor="red"))
    sequence = strip.render(CONSOLE)
    if wider:
        sequence = sequence.replace("\u093e", "x")
    screen = pyte.Screen(ROOM + 10, 2)
    pyte.Stream(screen).feed("z" * ROOM + "!" + "\r" + sequence + "|")
    return screen.display[0].rstrip()


@pytest.mark.parametrize("wider", [True, False])
def test_what_follows_stands_behind_the_room(wider: bool) -> None:
    line = drawn("काका", wider=wider)
    assert line.endswith("|")
    assert "z" not in line
    assert "!" not in line


def test_plain_text_is_not_drawn_twice() -> None:
    strip = LeanStrip.filled([Segment("two words", Style(bold=True))], ROOM, Style())
    assert strip.render(CONSOLE) == "\x1b[1mtwo words\x1b[22m" + " " * 11


def test_text_too_long_for_its_room_is_cut() -> None:
    assert LeanStrip.filled([Segment("x" * 30)], ROOM, Style()).text == "x" * ROOM


@pytest.mark.parametrize("end", range(ROOM + 2))
def test_a_piece_of_it_is_what_textual_s_own_strip_gives(end: int) -> None:
    parts = [
        Segment("two ", Style(bold=True)),
        Segment("字 words"),
        Segment(" " * 7),
        Segment("e"),
        Segment("\u0301"),
    ]
    lean, plain = LeanStrip(parts, ROOM), Strip(parts, ROOM)
    for start in range(min(end, ROOM)):
        for piece in (lean.crop(start, end), lean.piece(start, end)):
            assert piece.text == plain.crop(start, end).text
            assert piece.cell_length == plain.crop(start, end).cell_length


def test_nothing_that_is_drawn_of_it_keeps_it_alive() -> None:
    strip = LeanStrip.filled([Segment("two words", Style(bold=True))], ROOM, Style())
    references = sys.getrefcount(strip)
    strip.render(CONSOLE)
    assert strip.crop(0, ROOM) is strip and strip.divide([ROOM, ROOM + 1]) == [strip]
    assert strip.piece(0, ROOM) is strip and strip.piece(2, 5) is not strip.piece(2, 5)
    assert [piece.text for piece in strip.divide([3, ROOM])] == ["two", " words" + " " * 11]
    strip.apply_filter(Monochrome(), Color(0, 0, 0))
    assert sys.getrefcount(strip) == references
