"""Copying where several programs stand between this one and the clipboard."""

import asyncio
import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from settling import until
from userdesk.tui.external.clipboard import LARGEST, Surroundings, TerminalClipboard, sequence

BARE = f"\x1b]52;c;{base64.b64encode(b'text').decode()}\x07"
TO_TERMINAL = "Copied the message to the terminal's clipboard"


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is searched for commands; no remote session, no display, no multiplexer."""
    for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY", "TMUX_PANE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return tmp_path


def put_command(folder: Path, name: str, *, status: int = 0) -> Path:
    """A command that keeps its arguments and its input; the file with them."""
    kept = folder / f"{name}.kept"
    (folder / name).write_text(f'#!/bin/sh\n(echo "$@"; cat) > {kept}\nexit {status}\n', "utf-8")
    (folder / name).chmod(0o700)
    return kept


def copied(text: str) -> tuple[str, list[str]]:
    written: list[str] = []
    return asyncio.run(TerminalClipboard(written.append).copy(text, "the message")), written


def test_inside_tmux_its_own_command_takes_the_text(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = put_command(commands, "tmux")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert copied("räksmörgås")[0] == "Copied the message"
    assert kept.read_text("utf-8") == "load-buffer -w -\nräksmörgås"


def test_inside_tmux_the_sequence_goes_out_bare_and_wrapped(
    commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_command(commands, "tmux", status=1)
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert copied("text") == (TO_TERMINAL, [BARE + f"\x1bPtmux;\x1b{BARE}\x1b\\"])


def test_outside_the_sequence_goes_out_alone(commands: Path) -> None:
    assert copied("text") == (TO_TERMINAL, [BARE])


def test_inside_screen_the_sequence_goes_out_in_pieces(
    commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STY", "1.pts-0.host")
    monkeypatch.setenv("TERM", "screen.xterm-256color")
    text = "0123456789" * 300
    words, (written,) = copied(text)
    assert words == TO_TERMINAL
    pieces = written.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert max(map(len, pieces)) < 768
    assert "".join(pieces) == f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


@pytest.mark.parametrize(
    ("environ", "around"),
    [
        ({"TERM": "xterm"}, Surroundings()),
        ({"TMUX": "x", "TERM": "tmux-256color"}, Surroundings(tmux=True)),
        ({"TMUX": "x", "TERM": "screen-256color"}, Surroundings(tmux=True)),
        ({"STY": "x", "TERM": "screen"}, Surroundings(screen=True, screen_inside=True)),
        ({"STY": "x", "TMUX": "x", "TERM": "tmux"}, Surroundings(tmux=True, screen=True)),
        (
            {"STY": "x", "TMUX": "x", "TERM": "screen"},
            Surroundings(tmux=True, screen=True, screen_inside=True),
        ),
    ],
)
def test_the_inner_multiplexer_counts(commands: Path, environ: dict[str, str], around: Surroundings) -> None:
    put_command(commands, "tmux", status=1)
    assert Surroundings.of(environ) == around


def test_through_tmux_in_screen_both_are_passed() -> None:
    inner = f"\x1bP{BARE}\x1b\\".replace("\x1b", "\x1b\x1b")
    assert sequence("text", Surroundings(tmux=True, screen=True)) == f"\x1bPtmux;{inner}\x1b\\"


def test_what_is_too_much_for_the_terminal_is_said(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert copied("x" * LARGEST)[0] == TO_TERMINAL
    for text in ("x" * (LARGEST + 1), "é" * (LARGEST // 2 + 1)):
        assert copied(text) == (
            "Not copied: too large for the terminal's clipboard (limit 74 kB)",
            [],
        )
    kept = put_command(commands, "pbcopy")
    assert copied("x" * 200_000) == ("Copied the message", [])
    assert len(kept.read_text("utf-8")) == 200_001


def test_of_a_long_text_only_pieces_are_made(commands: Path) -> None:
    """As one string, its memory alone would keep keys waiting."""
    made = 0

    def pieces() -> Iterator[bytes]:
        nonlocal made
        for _ in range(1000):
            made += 1
            yield b"x" * 1000

    def copy() -> str:
        return asyncio.run(TerminalClipboard(lambda sequence: None).copy(pieces, "it"))

    assert copy() == "Not copied: too large for the terminal's clipboard (limit 74 kB)"
    assert made == 75  # no more than tells that
    kept = put_command(commands, "pbcopy")
    assert copy() == "Copied it" and len(kept.read_text("utf-8")) == 1_000_001


def test_a_command_that_takes_nothing_is_given_up(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userdesk.tui.external.clipboard.LONGEST", 0.05)
    (commands / "pbcopy").write_text("#!/bin/sh\nexec sleep 1000\n", "utf-8")
    (commands / "pbcopy").chmod(0o700)
    assert copied("x" * 1_000_000)[0].startswith("Not copied")
    assert copied("x")[0] == TO_TERMINAL


async def test_a_command_that_hangs_holds_nothing_up(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(commands / "goes-on")
    (commands / "xclip").write_text(f"#!/bin/sh\ncat {commands}/goes-on\n", "utf-8")
    (commands / "xclip").chmod(0o700)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("userdesk.tui.external.clipboard.LONGEST", 60.0)
    written: list[str] = []
    copying = asyncio.create_task(TerminalClipboard(written.append).copy("text", "the message"))
    await until(
        lambda: written, lambda: "the sequence"
    )  # the terminal has it at once, and the event loop goes on
    # Opened for writing once the command reads: it was running all the while.
    writing = await asyncio.to_thread(os.open, commands / "goes-on", os.O_WRONLY)
    assert not copying.done()
    os.close(writing)
    assert await copying == "Copied the message"
