"""Links that the terminal follows itself: of whole, safe addresses, where it is known to have them."""

import re

import pytest
from rich.console import Console
from rich.style import Style

from userdesk.domain.message import Message, Role, now
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ViewEntry
from userdesk.tui.message_log.painter import Painter
from userdesk.tui.terminal.hyperlinks import has_hyperlinks, uri_of

LINK = re.compile(r"\x1b\]8;([^;\x1b]*);([^\x1b]*)\x1b\\")


def lines(text: str, *, hyperlinks: bool = True) -> list[str]:
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text=text, at=now())), 0)
    rows = bubble.lay_out(40, is_last=True, frame=0)
    painter = Painter(lambda name: Style(bold=name == "strong"), Style(), 42, hyperlinks)
    console = Console(color_system="truecolor")
    return [painter.line(bubble, number).strip.render(console) for number in range(rows)]


@pytest.mark.parametrize(
    ("environ", "has"),
    [
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4800"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux"}, True),
        ({"TERM": "screen.xterm-256color", "STY": "1.x", "VTE_VERSION": "7600"}, False),
        ({"TERM": "linux", "KONSOLE_VERSION": "1"}, False),
        ({"TERM": "xterm-256color"}, False),
        ({}, False),
    ],
)
def test_terminals_that_are_not_known_to_have_them_get_none(environ: dict[str, str], has: bool) -> None:
    assert has_hyperlinks(environ) is has


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "//e.x"])
def test_only_addresses_that_may_be_opened_are_given_to_the_terminal(address: str) -> None:
    assert uri_of(address) == ""
    assert not any(LINK.search(line) for line in lines(f"[text](<{address}>)"))


def test_no_address_is_longer_than_terminals_take() -> None:
    assert uri_of("https://e.x/" + "a" * 1988)
    assert uri_of("https://e.x/" + "a" * 1989) == ""


def test_an_address_is_given_in_ascii() -> None:
    assert uri_of("https://münchen.example/a;b?q=ü") == "https://xn--mnchen-3ya.example/a;b?q=%C3%BC"


def test_every_row_of_a_link_begins_and_ends_it() -> None:
    drawn = [
        LINK.findall(line) for line in lines("one [some words that take two rows of it](https://e.x) two")
    ]
    drawn = [found for found in drawn if found]
    assert len(drawn) == 2
    for found in drawn:
        begins, ends = (
            [at for at, (_, uri) in enumerate(found) if uri],
            [at for at, (_, uri) in enumerate(found) if not uri],
        )
        assert len(begins) == len(ends) == 1
        assert found[begins[0]][1] == "https://e.x"
    assert len({identity for found in drawn for identity, uri in found if uri}) == 1


def test_without_them_no_sequence_is_sent() -> None:
    assert not any("\x1b]" in line for line in lines("[text](https://e.x)", hyperlinks=False))
