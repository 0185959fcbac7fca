"""Any items that a terminal sends, cut anywhere, with pauses: exactly those items come back.

And any bytes at all: nothing is raised, nothing waits for ever, and what was typed behind them arrives.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from feeding import ESCAPE_DELAY, Fed, cut
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from textual import events

from userdesk.tui.terminal.input_parser import PASTE_PATIENCE, PATIENCE
from userdesk.tui.terminal.sequences import REPLY

LATER = ESCAPE_DELAY + 0.01


@dataclass(frozen=True)
class Item:
    """Something that a terminal sends, and what is to come of it."""

    data: bytes
    expected: tuple[str, ...]
    ends_by_pause: bool = False
    """Whether only a pause tells it from the beginning of something else."""


def item(expected: Callable[[str], tuple[str, ...]], encode: Callable[[str], bytes]) -> Callable[[str], Item]:
    return lambda text: Item(encode(text), expected(text))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).map(
    item(tuple, str.encode)
)
CONTROLS = st.sampled_from(
    [
        (b"\r", "<enter>"),
        (b"\t", "<tab>"),
        (b"\x7f", "<backspace>"),
        (b"\x11", "<ctrl+q>"),
        (b"\x07", "<ctrl+g>"),
    ]
).map(lambda pair: Item(pair[0], (pair[1],)))
KEYS = st.sampled_from(
    [
        (b"\x1b[A", "<up>"),
        (b"\x1bOD", "<left>"),
        (b"\x1b[1;5C", "<ctrl+right>"),
        (b"\x1b[1;3D", "<alt+left>"),
        (b"\x1b\x1b[D", "<alt+left>"),
        (b"\x1b[3~", "<delete>"),
        (b"\x1b[15~", "<f5>"),
        (b"\x1b[[B", "<f2>"),
        (b"\x1bOP", "<f1>"),
        (b"\x1b[27;2;13~", "<shift+enter>"),
        (b"\x1b[1081::113;5u", "<ctrl+q>"),
        (b"\x1b[7$", "<shift+home>"),
        (b"\x1bb", "<alt+b>"),
        (b"\x1b\x7f", "<alt+backspace>"),
        ("\x1bé".encode(), "<alt+é>"),
    ]
).map(lambda pair: Item(pair[0], (pair[1],)))
NUMBER = st.integers(0, 3_000)
MOUSE = st.tuples(st.integers(1, 400), st.integers(1, 200), st.sampled_from("Mm")).map(
    lambda at: Item(
        f"\x1b[<0;{at[0]};{at[1]}{at[2]}".encode(),
        (f"{'down' if at[2] == 'M' else 'up'} 1 at {at[0] - 1},{at[1] - 1}",),
    )
)
OLD_MOUSE = st.tuples(st.integers(1, 223), st.integers(1, 223)).map(
    lambda at: Item(b"\x1b[M " + bytes([32 + at[0], 32 + at[1]]), (f"down 1 at {at[0] - 1},{at[1] - 1}",))
)
REPLIES = st.one_of(
    st.lists(NUMBER, min_size=1, max_size=5).map(lambda n: f"\x1b[?{';'.join(map(str, n))}c".encode()),
    st.tuples(st.integers(17, 500), NUMBER).map(lambda at: f"\x1b[{at[0]};{at[1]}R".encode()),
    st.tuples(NUMBER, NUMBER).map(lambda at: f"\x1b[8;{at[0]};{at[1]}t".encode()),
    NUMBER.map(lambda flags: f"\x1b[?{flags}u".encode()),
    st.tuples(
        NUMBER, st.text("0123456789abcdef:/;?= é漢", max_size=30), st.sampled_from(["\x07", "\x1b\\"])
    ).map(lambda parts: f"\x1b]{parts[0]};{parts[1]}{parts[2]}".encode()),
    st.text("0123456789abcdefgh .()-+=;", max_size=30).map(lambda text: f"\x1bP>|{text}\x1b\\".encode()),
    st.text("0123456789abcdef=;", max_size=30).map(lambda text: f"\x1bP1+r{text}\x1b\\".encode()),
    st.text("i=,OK:;", max_size=20).map(lambda text: f"\x1b_G{text}\x1b\\".encode()),
).map(lambda data: Item(data, ()))
FOCUS = st.sampled_from([Item(b"\x1b[I", ("focus",)), Item(b"\x1b[O", ("blur",))])
ESCAPES = st.just(Item(b"\x1b", ("<escape>",), ends_by_pause=True))
HOSTILE = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=10).map(str.encode),
        st.sampled_from(
            [b"\x1b", b"\x1b[201", b"\x1b[200~", b"\x1b[<0;1;1M", b"\x1b]11;", b"\0", b"\x11\r\x07", b"~"]
        ),
        st.binary(max_size=6),
    ),
    max_size=6,
).map(b"".join)


def paste(inside: bytes) -> Item:
    inside = inside.replace(b"\x1b[201~", b"")
    text = inside.decode(errors="replace").replace("\0", "")
    return Item(b"\x1b[200~" + inside + b"\x1b[201~", (f"paste {text!r}",) if text else ())


PASTES = HOSTILE.filter(lambda inside: b"\x1b[201~" not in inside + b"\x1b[201"[:5]).map(paste)
ITEMS = st.lists(
    st.one_of(TEXT, CONTROLS, KEYS, MOUSE, OLD_MOUSE, REPLIES, FOCUS, ESCAPES, PASTES), max_size=8
)
PAUSES = (0.0, 0.0, 0.05, 0.15, 0.3, 1.5, PATIENCE - 0.1)


def ambiguous(data: bytes) -> bool:
    """Whether a pause behind these bytes changes what they are: behind a lone ESC, or half a character."""
    return data.endswith(b"\x1b") or data[-1] >= 0x80


def play(items: list[Item], seed: int) -> list[str]:
    """Send the items in pieces. Behind a lone ESC the pauses are shorter than the Escape key's."""
    chance = random.Random(seed)
    fed = Fed()
    for each in items:
        at = 0
        while at < len(each.data):
            end = min(len(each.data), at + chance.choice((1, 1, 2, 3, 7, 50)))
            fed.send(each.data[at:end])
            fed.pause(
                chance.choice([p for p in PAUSES if p < ESCAPE_DELAY or not ambiguous(each.data[:end])])
            )
            at = end
        if each.ends_by_pause:
            fed.pause(3.0)  # longer than the rest of a sequence is looked for
    fed.pause(PATIENCE)
    return fed.shown


@settings(max_examples=120)
@given(ITEMS, st.integers(0, 1_000_000))
def test_what_was_sent_is_what_comes_wherever_it_is_cut(items: list[Item], seed: int) -> None:
    assert play(items, seed) == [each for item in items for each in item.expected]


@settings(max_examples=60)
@given(
    st.one_of(KEYS, MOUSE, REPLIES.filter(lambda each: not each.data.startswith(b"\x1b[1;")), FOCUS),
    st.sampled_from((0.15, 0.3, 1.0)),
)
def test_nothing_of_a_sequence_is_text_where_a_slow_line_cut_its_escape_off(sent: Item, pause: float) -> None:
    if sent.data[1:2] in b"[]P_" or sent.data[1:2] == b"O":
        assert Fed().send(sent.data[:1], pause, sent.data[1:], b"x").shown == [
            "<escape>",
            *sent.expected,
            "x",
        ]


PIECES = [
    b"\x1b",
    *(bytes([each]) for each in b"[<?;1MO]P_\\au:$~\r\x07\xc3\xa9\xf0\x9b"),
    b"200~",
    b"201~",
    b"27",
]
BYTES = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(PIECES),
        max_size=30,
    ).map(b"".join),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(BYTES, st.sampled_from((0.0, 0.05, 0.2, 3.0, 20.0))), max_size=6))
@example([(b"\x1b\x1b\xf0\x9f", 0.0), (b"\x1b", 3.0)])
def test_any_bytes_end_somewhere_and_the_keyboard_is_alive_behind_them(
    pieces: list[tuple[bytes, float]],
) -> None:
    fed = Fed()
    for data, pause in pieces:
        fed.send(data, pause)
    fed.pause(PASTE_PATIENCE + PATIENCE)
    assert fed.parser.deadline is None
    fed.send(b"q", 1.0, b"\x11", 1.0)
    assert fed.shown[-2:] == ["q", "<ctrl+q>"]
    for message in fed.messages:
        if isinstance(message, events.Key):
            assert message.key
            assert "\x1b" not in message.key
    assert fed.close().parser.deadline is None


@settings(max_examples=100)
@given(BYTES, st.lists(st.integers(0, 60), max_size=5))
def test_cuts_change_nothing(data: bytes, places: list[int]) -> None:
    # A string that begins like no known reply is told from a key with Alt by how it comes.
    assume(all(REPLY.match(data, string.start()) for string in re.finditer(rb"\x1b[]P_^X]", data)))
    whole = Fed().send(data, 30.0).close().shown
    assert Fed().send(*cut(data, places), 30.0).close().shown == whole
