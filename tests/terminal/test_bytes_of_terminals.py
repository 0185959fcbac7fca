"""What a terminal sends, as bytes, and what is said in the end: text, keys, pastes, and nothing else."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

from demo_server import DemoServer
from settling import whole_lines

ENTER, CTRL_Q = b"\r", b"\x11"
CUT = 0.2  # s; longer than an ESC by itself waits

Connected = Callable[[DemoServer], dict[str, str]]


def said(data_dir: Path) -> list[str]:
    """The user's messages that are on the disk."""
    return [
        line["text"]
        for file in (data_dir / "transcripts").glob("*.jsonl")
        for line in map(json.loads, whole_lines(file.read_text("utf-8")))
        if line["role"] == "user"
    ]


def says(terminal: Terminal, data_dir: Path, *expected: str) -> None:
    terminal.send(0.05, ENTER)  # by itself: right behind a text it would be a line break of a paste
    terminal.until(lambda: said(data_dir) == [*expected], f"{expected!r} on the disk")


def test_words_of_the_terminal_and_broken_bytes_end_nothing_and_are_no_text(
    server: DemoServer, connected: Connected, data_dir: Path
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.send(b"abc\xff caf\xe9 ", b"\x1b[M \xa0\xff", b"\x1b[97;1:3u\x1b[1114112u\x1b[99~")
        terminal.send(
            b"\x1b[48;36;120;0;0t", b"\x1b[<0;60;34M\x1b[<0;60;34m", b"\x1b[<0;300;5M\x1b[<0;300;5m"
        )
        for whole in (
            b"\x1b[?62;22c",
            b"\x1bP>|XTerm(370)\x1b\\",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1b[?12;34R",
            b"\x1b[<35;60;10M",
            b"\x1b[?2026;2$y",
            b"\x1b[97:65;2u",
        ):
            middle = len(whole) // 2
            terminal.send(whole[:middle], CUT, whole[middle:])
        terminal.send(b"\x1b", CUT, b"[I")
        terminal.send(b" end")
        terminal.sees("abc\ufffd caf\ufffd A end")
        says(terminal, data_dir, "abc\ufffd caf\ufffd A end")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0


def test_a_paste_is_one_text_whatever_it_holds_and_wherever_its_end_is_cut(
    server: DemoServer, connected: Connected, data_dir: Path
) -> None:
    first = "first \ufffd[31mERROR: connection to db-1.example.com failed \ufffd[0m at 10:42"
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.send(b"\x1b[200~" + first.replace("\ufffd", "\x1b").encode() + b"\x1b[201~")
        terminal.sees("at 10:42")
        terminal.send(b"\x1b[200~ and\x1b\x11\x07\xff\x1b", CUT, b"[201~!")
        terminal.sees("\ufffd!")
        says(terminal, data_dir, f"{first} and\ufffd\ufffd\ufffd\ufffd!")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0


def test_everything_typed_from_the_start_on_arrives(
    server: DemoServer, connected: Connected, data_dir: Path
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.send(b"QWERTY", 0.1, b" ah", 0.1, b"ead", 0.1, ENTER)
        terminal.until(lambda: said(data_dir) == ["QWERTY ahead"], "what was typed before anything was seen")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0


def test_a_shortcut_of_another_alphabets_layout_acts(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        assert b"\x1b[>29u" in terminal.written  # alternate keys are asked for
        terminal.send(b"\x1b[1081;;1081u")
        terminal.sees("й")
        terminal.send(b"\x1b[1081::113;5u")
        assert terminal.ends() == 0


@pytest.mark.parametrize(
    ("left", "delete"), [(b"\x1bb", b"\x1bd"), (b"\x1b[1;3D", b"\x1b[3;3~"), (b"\x1b[98;3u", b"\x1b[100;3u")]
)
def test_alt_moves_and_deletes_by_words(
    server: DemoServer, connected: Connected, data_dir: Path, left: bytes, delete: bytes
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.send(b"one two three", left, left, delete, b"2")
        terminal.sees("one 2 three")
        terminal.send(left, left, b"zero ")
        terminal.sees("zero one 2 three")
        says(terminal, data_dir, "zero one 2 three")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0


def test_modes_that_are_wanted_are_set_where_they_are_not_and_only_while_the_program_runs(
    server: DemoServer, connected: Connected
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        assert b"\x1b[?1036$p\x1b[?1039$p" in terminal.written
        assert b"\x1b[?2027$p" in terminal.written
        terminal.send("👩\u200d💻".encode())
        terminal.until(lambda: "👩💻".encode() in terminal.written, "the parts of an emoji sequence")
        terminal.send(b"\x1b[?1036;1$y\x1b[?1039;2$y\x1b[?2027;2$y")
        terminal.until(lambda: b"\x1b[?1039h\x1b[?2027h" in terminal.written, "modes for Alt and emoji")
        assert b"\x1b[?1036h" not in terminal.written
        terminal.send(b"?")
        terminal.until(lambda: "👩\u200d💻?".encode() in terminal.written, "an emoji sequence as one")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0
        assert terminal.written.endswith(b"\x1b[?25h")
        assert b"\x1b[?1039l" in terminal.written and b"\x1b[?1036l" not in terminal.written
        assert b"\x1b[?2027l" in terminal.written


def test_motion_is_asked_for_only_while_a_button_is_held(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        assert b"\x1b[?1002h" in terminal.written
        assert b"\x1b[?1003h" not in terminal.written
        terminal.send(b"".join(f"\x1b[<35;{1 + n % 110};{1 + n % 30}M".encode() for n in range(5_000)))
        terminal.send(b"typed behind them")
        terminal.sees("typed behind them")
        terminal.send(CTRL_Q)
        assert terminal.ends() == 0


@pytest.mark.torture
def test_any_bytes_leave_the_program_alive(environment: dict[str, str]) -> None:
    """TORTURE_ROUNDS says how many pieces, TORTURE_SEED where to begin."""
    chance = random.Random(int(os.environ.get("TORTURE_SEED", "0")))
    parts = [
        b"\x1b",
        b"\x1b[",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b]11;",
        b"\x1bP>|",
        b"\x1b[<0;",
        b"\x1b[M",
        b"\x1bO",
    ]
    with Terminal(environment) as terminal:
        terminal.sees("I'm the demo chatbot")
        for _ in range(int(os.environ.get("TORTURE_ROUNDS", "60"))):
            piece = b"".join(
                chance.choice((chance.choice(parts), chance.randbytes(chance.randrange(1, 12))))
                for _ in range(chance.randrange(1, 20))
            )
            piece = piece.translate(None, b"\x03\x07\x11")  # these quit, or hand the terminal to an editor
            terminal.send(piece, chance.choice((0.0, 0.02, 0.3)))
            assert terminal.process.poll() is None, piece
        terminal.send(b"\x1b[201~", 0.5, b"\x1b", 0.5, b"\x1b", 0.5, CTRL_Q)
        assert terminal.ends() == 0
