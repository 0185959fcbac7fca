"""What comes of the bytes that terminals send: text, keys, reports, pastes.

Leans on private parts of Textual: _ansi_sequences.ANSI_SEQUENCES_KEYS, _keyboard_protocol.FUNCTIONAL_KEYS and
MODIFIER_FUNCTIONAL_KEYS, keys._character_to_key, Message.time as _time.get_time gives it.
"""

import re
from time import monotonic

import pytest
from feeding import ESCAPE_DELAY, Fed, of, typed
from textual import _time
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import _character_to_key

from userdesk.tui.terminal.input_parser import CHARACTER_PATIENCE, PASTE_PATIENCE, PATIENCE
from userdesk.tui.terminal.sequences import LONGEST

LATER = ESCAPE_DELAY + 0.01  # s
SLOW = 0.3  # s that a slow line may cut anything by

REPLIES = {
    "primary attributes": b"\x1b[?62;22c",
    "secondary attributes": b"\x1b[>41;390;0c",
    "tertiary attributes": b"\x1bP!|00000000\x1b\\",
    "name and version": b"\x1bP>|XTerm(370)\x1b\\",
    "foreground color": b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    "background color": b"\x1b]11;rgb:0000/0000/0000\x07",
    "palette color": b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
    "clipboard": b"\x1b]52;c;aGVsbG8gd29ybGQ=\x07",
    "title": b"\x1b]lA window\x1b\\",
    "cursor position": b"\x1b[12;34R",
    "first cursor position": b"\x1b[1;1R",
    "extended cursor position": b"\x1b[?12;34R",
    "keyboard flags": b"\x1b[?25u",
    "capability": b"\x1bP1+r524742=38\x1b\\",
    "no capability": b"\x1bP0+r524742\x1b\\",
    "setting": b"\x1bP1$r0m\x1b\\",
    "private mode": b"\x1b[?2048;2$y",
    "mode": b"\x1b[20;2$y",
    "status": b"\x1b[0n",
    "color scheme": b"\x1b[?997;1n",
    "size in cells": b"\x1b[8;36;120t",
    "size in pixels": b"\x1b[4;720;1200t",
    "resize in band": b"\x1b[48;36;120;720;1200t",
    "resize in band without pixels": b"\x1b[48;36;120;0;0t",
    "graphics": b"\x1b_Gi=31;OK\x1b\\",
    "key modifier options": b"\x1b[>4;2m",
    "kitty color": b"\x1b]21;foreground=rgb:ff/ff/ff\x1b\\",
    "terminal parameters": b"\x1b[2;1;1;128;128;1;0x",
    "unknown": b"\x1b[99~",
    "unknown with many parameters": b"\x1b[1;2;3;4;5;6;7;8;9w",
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
def test_a_terminals_words_are_nothing_wherever_they_are_cut(reply: bytes) -> None:
    assert of(reply + b"x") == ["x"]
    for at in range(2, len(reply)):
        for pause in (0.0, SLOW, 2.0, 2 * PATIENCE if at < len(reply) - 1 else SLOW):
            assert of(b"a", reply[:at], pause, reply[at:] + b"x") == ["a", "x"], (at, pause)
    assert of(*(step for byte in reply for step in (bytes([byte]), 0.09)), b"x") == ["x"]


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
def test_a_report_cut_behind_its_first_byte_is_no_text(reply: bytes) -> None:
    """The ESC alone is the Escape key: nothing can tell it from one."""
    for pause in (0.15, SLOW, 1.0):
        got = of(reply[:1], pause, reply[1:] + b"x")
        assert got == ["<escape>", "x"], (pause, got)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((b"abc\xff",), typed("abc\ufffd")),
        ((b"caf\xe9 ",), typed("caf\ufffd ")),
        ((b"\xe1", CHARACTER_PATIENCE), typed("\ufffd")),
        ((b"\xe1", b"x"), typed("\ufffdx")),
        ((b"\xe1", b"\x1b[A"), ["\ufffd", "<up>"]),
        ((b"\xc3", SLOW, b"\xa9"), ["é"]),
        (("漢字".encode()[:4], SLOW, "漢字".encode()[4:]), typed("漢字")),
        ((b"\xed\xa0\x80",), typed("\ufffd\ufffd\ufffd")),
        ((b"\xf8\x88\xc0\xaf",), typed("\ufffd" * 4)),
        (("a\u3000b\u200dc\u00a0".encode(),), typed("a\u3000b\u200dc\u00a0")),
        (("a\x80\x9b\x9fb".encode(),), typed("ab")),
        (
            (b"\x11\x07\r\t\x7f\n\x08",),
            ["<ctrl+q>", "<ctrl+g>", "<enter>", "<tab>", "<backspace>", "<ctrl+j>", "<backspace>"],
        ),
    ],
)
def test_text_and_what_is_none(steps: tuple[bytes | float, ...], expected: list[str]) -> None:
    assert of(*steps) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((b"\x1b", LATER), ["<escape>"]),
        ((b"\x1b", 0.05, b"[A"), ["<up>"]),
        ((b"\x1b", LATER, b"i"), ["<escape>", "i"]),
        ((b"\x1b\x1b", LATER), ["<escape>", "<escape>"]),
        ((b"\x1b\x1b\x1b", LATER), ["<escape>"] * 3),
        ((b"\x1b", LATER, b"[", SLOW), ["<escape>", "["]),
        ((b"\x1b", LATER, b"[", b"x"), ["<escape>", "[", "x"]),
        ((b"\x1b", LATER, b"[", b"A"), ["<escape>", "[", "A"]),
        ((b"\x1b", LATER, b"[", b"1", b"]"), ["<escape>", "[", "1", "]"]),
        ((b"\x1b", SLOW, b"[A"), ["<escape>", "<up>"]),
        ((b"\x1b", SLOW, b"OP"), ["<escape>", "<f1>"]),
        ((b"\x1b", SLOW, b"[<0;5", SLOW, b";6M"), ["<escape>", "down 1 at 4,5"]),
        ((b"\x1b", SLOW, b"[", 0.2, b"I"), ["<escape>", "focus"]),
        ((b"\x1b", SLOW, b"[200~a\r\x1b[201~"), ["<escape>", "paste 'a\\r'"]),
        ((b"\x1b", 3.0, b"[I"), ["<escape>", "[", "I"]),
        # Where a terminal says every key as a sequence, the Escape key too, a lone ESC is none.
        ((b"\x1b[27u", b"\x1b", SLOW, b"[I"), ["<escape>", "focus"]),
        ((b"\x1b[97;;97u", b"\x1b", SLOW, b"[?25u", b"\x1b", PATIENCE), ["a", "<escape>"]),
        ((b"\x1b[27u", b"x", b"\x1b", LATER), ["<escape>", "x", "<escape>"]),
        # Read late, what comes is told by what it is: the clock may have stood still, not the line.
        ((b"\x1b[A",), ["<up>"]),
    ],
)
def test_escape_alone_and_at_the_head_of_something(
    steps: tuple[bytes | float, ...], expected: list[str]
) -> None:
    assert of(*steps) == expected


def test_what_follows_an_escape_that_nobody_was_told_of_in_time() -> None:
    """The thread that reads may be held up: a tick comes late then, or not at all."""
    fed = Fed().send(b"\x1b")
    fed.now += 0.5
    assert fed.send(b"[I").shown == ["focus"]
    fed = Fed().send(b"\x1b")
    fed.now += 0.5
    assert fed.send(b"i").shown == ["<escape>", "i"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1bb\x1bf\x1bd", ["<alt+b>", "<alt+f>", "<alt+d>"]),
        (b"\x1b[1;3D\x1b[1;3C", ["<alt+left>", "<alt+right>"]),
        (b"\x1b[98;3u\x1b[100;3u", ["<alt+b>", "<alt+d>"]),
        (b"\x1b\x1b[D\x1b\x1bOC", ["<alt+left>", "<alt+right>"]),
        (b"\x1b\x7f\x1b\x08\x1b[3;3~", ["<alt+backspace>", "<alt+backspace>", "<alt+delete>"]),
        (b"\x1bD\x1b1\x1b/\x1b\xc3\xa9", ["<alt+shift+d>", "<alt+1>", "<alt+slash>", "<alt+é>"]),
        (b"\x1b \x1b\r", [" ", "<enter>"]),
        (b"\x1b\x11", ["<escape>", "<ctrl+q>"]),
        (b"\x1b\xff", ["<escape>", "\ufffd"]),
        (b"\x1b\x1bx", ["<escape>", "<alt+x>"]),
        (b"\x1b\x1b[I", ["<escape>", "focus"]),
        (b"\x1b\x09\x1b[Z", ["<shift+tab>", "<shift+tab>"]),
    ],
)
def test_alt_as_meta(data: bytes, expected: list[str]) -> None:
    assert of(data) == expected


def test_alt_and_a_letter_beyond_ascii_cut_in_two() -> None:
    assert of(b"\x1b\xc3", 0.05, b"\xa9") == ["<alt+é>"]
    assert of(b"\x1b\xc3", CHARACTER_PATIENCE) == ["<escape>", "\ufffd"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b[A\x1bOB\x1b[H\x1bOF", ["<up>", "<down>", "<home>", "<end>"]),
        (b"\x1bOP\x1b[11~\x1b[[A\x1b[P", ["<f1>"] * 4),
        (b"\x1b[15~\x1b[[E\x1b[24~", ["<f5>", "<f5>", "<f12>"]),
        (b"\x1b[1;5C\x1b[5C\x1bOc", ["<ctrl+right>"] * 3),
        (b"\x1b[1;2A\x1b[a", ["<shift+up>"] * 2),
        (b"\x1b[3$\x1b[3^\x1b[3@", ["<shift+delete>", "<ctrl+delete>", "<ctrl+shift+delete>"]),
        (b"\x1b[7^\x1b[8^\x1bOb", ["<ctrl+home>", "<ctrl+end>", "<ctrl+down>"]),
        (b"\x1bOj\x1bOp\x1bOy\x1bOM\x1bOX", ["*", "0", "9", "<enter>", "="]),
        (b"\x1bO5P\x1bO1;5Q", ["<ctrl+f1>", "<ctrl+f2>"]),
        (b"\x1b[27;2;13~\x1b[27;5;110~\x1b[27;6;78~", ["<shift+enter>", "<ctrl+n>", "<ctrl+shift+n>"]),
        (b"\x1b[27;2;65~", ["A"]),
        (b"\x1b[1;2R\x1b[13;2~", ["<shift+f3>"] * 2),
        (b"\x1b[5;5~\x1b[6;5~\x1b[5^", ["<ctrl+pageup>", "<ctrl+pagedown>", "<ctrl+pageup>"]),
        (b"\x1b[E\x1b[G\x1b[62~", []),
        (b"\x1bOo\x1bOz", ["/"]),
    ],
)
def test_keys_of_many_terminals(data: bytes, expected: list[str]) -> None:
    assert of(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b[97;;97u\x1b[97;2;65u\x1b[97u\x1b[97;2u\x1b[97:65;2u", ["a", "A", "a", "A", "A"]),
        (b"\x1b[97;65u\x1b[97;66u", ["A", "a"]),  # caps lock, and with shift
        (b"\x1b[97;1:3u\x1b[97;5:3u\x1b[1;1:3A\x1b[3;1:3~", []),
        (b"\x1b[97;1:2u\x1b[97;5:2u\x1b[1;1:2A", ["a", "<ctrl+a>", "<up>"]),
        (b"\x1b[1114112u\x1b[55296u\x1b[9999999u\x1b[99999999999u\x1b[57500u\x1b[3u\x1b[u", []),
        (b"\x1b[97;;1114112u\x1b[97;;55296:97u", ["a", "a"]),
        (b"\x1b[0;;20320:22909u", typed("你好")),
        (b"\x1b[12288;;12288u\x1b[32;2;8204u", typed("\u3000\u200c")),
        (b"\x1b[1081::113;5u\x1b[1081:1049:113;5u\x1b[1081;5u", ["<ctrl+q>"] * 3),
        (b"\x1b[1081;;1081u\x1b[1081:1049;2;1049u\x1b[1081u", typed("йЙй")),
        (b"\x1b[945;5u\x1b[945::97;5u\x1b[1513;5u", ["<ctrl+a>"] * 3),
        (b"\x1b[20320;5u", ["<ctrl+你>"]),
        (b"\x1b[13u\x1b[13;;13u\x1b[13;2u\x1b[32u", ["<enter>", "<enter>", "<shift+enter>", " "]),
        (b"\x1b[9u\x1b[9;2u\x1b[27u", ["<tab>", "<shift+tab>", "<escape>"]),
        (b"\x1b[127u\x1b[8u", ["<backspace>", "<backspace>"]),
        (b"\x1b[57441u\x1b[57441;2u\x1b[57358u\x1b[57360;129u", []),  # modifiers and locks by themselves
        (b"\x1b[57399;129;48u\x1b[57399u\x1b[57409u", ["0", "0", "."]),
        (b"\x1b[57413;129;43u\x1b[57414u", ["+", "<enter>"]),
        (b"\x1b[113;7;64u\x1b[97;3;229u\x1b[97;3u", ["@", "å", "<alt+a>"]),  # AltGr; Option; Alt
        (b"\x1b[47:63;6u\x1b[105;5u\x1b[32;5u", ["<ctrl+shift+slash>", "<ctrl+i>", "<ctrl+space>"]),
        (b"\x1b[97;9u\x1b[127;3u\x1b[57376u", ["<super+a>", "<alt+backspace>", "<f13>"]),
        (b"\x1b[97;999u\x1b[97;1:9u\x1b[1;2;3;4u\x1b[97;5;1u", ["a", "<ctrl+a>"]),
    ],
)  # fmt: skip
def test_the_kitty_protocol(data: bytes, expected: list[str]) -> None:
    assert of(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b[<0;60;10M\x1b[<0;60;10m", ["down 1 at 59,9", "up 1 at 59,9"]),
        (b"\x1b[<2;1;1M\x1b[<35;2;2M\x1b[<32;3;3M", ["down 3 at 0,0", "move 0 at 1,1", "move 1 at 2,2"]),
        (b"\x1b[<64;1;1M\x1b[<65;1;1M", ["scrollup 0 at 0,0", "scrolldown 0 at 0,0"]),
        (b"\x1b[<20;1;1M", ["shift+ctrl+down 1 at 0,0"]),
        (b"\x1b[<0;300;5M", ["down 1 at 299,4"]),
        (b"\x1b[<0;99999999999;5M\x1b[<0;10000;5M\x1b[<0;-3;5M\x1b[<0;0;0M", []),
        (b"\x1b[<M\x1b[<1M\x1b[<128;1;1M\x1b[<999999;1;1M", []),
        (b"\x1b[M !!\x1b[M#!!", ["down 1 at 0,0", "up 1 at 0,0"]),
        (b"\x1b[M \xa0\xffx", ["down 1 at 127,222", "x"]),
        (b"\x1b[M \x00!x\x1b[M#!!", ["x"]),
        (b"\x1b[I\x1b[O", ["focus", "blur"]),
        (b"\x1b[?2026;2$y\x1b[?2026;1$y", ["synchronized output"] * 2),
        (b"\x1b[?2026;0$y\x1b[?2026;4$y", ["an answer"] * 2),
        (b"\x1b[?2026;5$y\x1b[?2025;0$y", []),
    ],
)  # fmt: skip
def test_reports(data: bytes, expected: list[str]) -> None:
    assert of(data) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((b"\x1b[12", SLOW, b"\rab"), ["<enter>", "a", "b"]),
        ((b"\x1b[12\x1b[A",), ["<up>"]),
        ((b"\x1b[12\x11",), ["<ctrl+q>"]),
        ((b"\x1b[12\xc3\xa9",), ["é"]),
        ((b"\x1b[M \x1b[A",), ["<up>"]),
        ((b"\x1b[12", PATIENCE + 1, b"a"), ["a"]),
        ((b"\x1b[12", PATIENCE + 1, b"\x1b[A"), ["<up>"]),
        ((b"\x1b[12", PATIENCE + 1, b";34R" + b"a"), ["a"]),
        ((b"\x1b]11;rgb:", PATIENCE + 1, b"a", b"b"), ["a", "b"]),
        ((b"\x1b]11;rgb:", 1.0, b"\rab"), ["<enter>", "a", "b"]),
        ((b"\x1b]11;rgb:\x1b[A",), ["<up>"]),
        ((b"\x1b]11;rgb:\x1b", SLOW, b"\\a"), ["a"]),
        ((b"\x1b]11;rgb:\x1b", SLOW, b"a"), ["<escape>", "a"]),
        ((b"\x1b]", SLOW, b"a"), ["<alt+right_square_bracket>", "a"]),
        ((b"\x1bX", SLOW, b"a"), ["<alt+shift+x>", "a"]),
        ((b"\x1bP\r",), ["<alt+shift+p>", "<enter>"]),
        ((b"\x1bO", PATIENCE + 1, b"a"), ["a"]),
        ((b"\x1bO!",), ["<alt+shift+o>", "!"]),
        ((b"\x1bXwhatever\x1b\\\x1b^this\x07\x1b_is",  b" for\x1b\\a"), ["a"]),
        ((b"\x1b[" + b"1" * 100_000, b"2" * 100_000, b"za"), ["a"]),
        ((b"\x1b[" + b"1" * 100_000, b"\r"), ["<enter>"]),
        ((b"\x1b]11;" + b"x" * 1_000_000, b"y" * 1_000_000, b"\x07a"), ["a"]),
    ],
)  # fmt: skip
def test_what_is_never_finished(steps: tuple[bytes | float, ...], expected: list[str]) -> None:
    assert of(*steps) == expected


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (b"see \x1b[31mred\x1b[0m here", "see \x1b[31mred\x1b[0m here"),
        (b"\x1b\x11\x07", "\x1b\x11\x07"),
        (b"a\x1bb", "a\x1bb"),
        (b"one\r\ntwo\tthree\n", "one\r\ntwo\tthree\n"),
        (b"caf\xe9 \xff", "caf\ufffd \ufffd"),
        (b"a\0b", "ab"),
        (b"again \x1b[200~ and \x1b[201", "again \x1b[200~ and \x1b[201"),
        (b"\x1b[201;~\x1b[<0;1;1M\x1b]11;x\x07", "\x1b[201;~\x1b[<0;1;1M\x1b]11;x\x07"),
        (b"\x1b" * 33, "\x1b" * 33),
        ("漢字 🙂".encode(), "漢字 🙂"),
    ],
)
def test_a_paste_is_one_text_whatever_it_holds_and_wherever_it_is_cut(inside: bytes, text: str) -> None:
    data = b"\x1b[200~" + inside + b"\x1b[201~"
    assert of(data + b"x") == [f"paste {text!r}", "x"]
    for at in range(2, len(data)):
        for pause in (0.0, 0.15, 3.0):
            assert of(data[:at], pause, data[at:] + b"x") == [f"paste {text!r}", "x"], (at, pause)
    assert of(*(step for byte in data for step in (bytes([byte]), 0.09))) == [f"paste {text!r}"]


def test_an_empty_paste_is_none() -> None:
    assert of(b"\x1b[200~\x1b[201~\x1b[201~x") == ["x"]


def test_a_paste_whose_end_never_came_gives_the_keyboard_back() -> None:
    assert of(b"\x1b[200~lost", PASTE_PATIENCE + 1, b"\x11") == ["paste 'lost'", "<ctrl+q>"]
    assert of(b"\x1b[200~lost", PASTE_PATIENCE + 1, b"\x1b[A") == ["paste 'lost'", "<up>"]
    assert of(b"\x1b[200~stalled", 60.0, b" and on\x1b[201~x") == ["paste 'stalled and on'", "x"]
    assert of(b"\x1b[200~stalled\x1b[201", 60.0, b"~x") == ["paste 'stalled'", "x"]
    assert of(b"\x1b[200~stalled\x1b[201", 60.0, b"~") == ["paste 'stalled'"]
    assert Fed().send(b"\x1b[200~the terminal died").close().shown == ["paste 'the terminal died'"]


def test_the_end_of_input_keeps_what_is_text() -> None:
    assert Fed().send(b"a\x1b").close().shown == ["a", "<escape>"]
    assert Fed().send(b"a\xc3").close().shown == ["a", "\ufffd"]
    assert Fed().send(b"a\x1b[12").close().shown == ["a"]
    assert Fed().send(b"\x1b", LATER, b"[").close().shown == ["<escape>", "["]


def test_messages_carry_the_time_they_were_read() -> None:
    fed = Fed().send(b"a", 0.5, b"b\x1b[200~x\x1b[201~", 0.5, b"\x1b", 0.5)
    assert [round(message.time - fed.messages[0].time, 6) for message in fed.messages] == [0, 0.5, 0.5, 1.1]


def test_large_pastes_and_floods_take_time_in_proportion() -> None:
    """Counted in calls, not seconds: what is read is looked at once."""
    text = b"word " * 400_000
    pieces = [text[at : at + 4096] for at in range(0, len(text), 4096)]
    (message,) = Fed().send(b"\x1b[200~", *pieces, b"\x1b[201~").messages
    assert len(getattr(message, "text", "")) == len(text)


def test_every_sequence_that_the_framework_knows_is_a_key_or_nothing() -> None:
    keypad = re.compile(r"\x1bO[j-y]")
    for sequence in ANSI_SEQUENCES_KEYS:
        got = of(sequence.encode(), LATER)
        text = [key for key in got if not key.startswith("<")]
        assert not text or len(sequence) == 1 or keypad.fullmatch(sequence), (sequence, got)
    assert of(b"\x1b[20~") == ["<f9>"]


def test_the_names_of_keys_are_the_frameworks() -> None:
    assert _character_to_key("/") == "slash"
    assert FUNCTIONAL_KEYS["57376u"] == "f13" and FUNCTIONAL_KEYS["3~"] == "delete"
    for number, name in FUNCTIONAL_KEYS.items():
        got = of(f"\x1b[{number}".encode())
        assert (got == []) == (
            name in {*MODIFIER_FUNCTIONAL_KEYS, "caps_lock", "scroll_lock", "num_lock"}
        ) or (name == "kp_begin"), (number, got)


def test_times_are_those_of_the_frameworks_clock() -> None:
    assert _time.get_time() - monotonic() < 1.0


@pytest.mark.parametrize("begin", [b"\x1b[", b"\x1b]11;", b"\x1bP>|", b"\x1b[200~\x1b"])
def test_little_is_held_of_what_does_not_end(begin: bytes) -> None:
    """What is held is looked at again with every read: it must not grow."""
    fed = Fed().send(begin, *[b"1" * 1_000] * 20)
    assert len(fed.parser._held) <= LONGEST
