"""Copying where several programs stand between this one and the clipboard."""

import base64
from pathlib import Path

import pytest

from userdesk.tui.clipboard import Clipboard, osc52


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is searched for commands; no remote session, no display."""
    for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return tmp_path


def put_command(folder: Path, name: str, *, status: int = 0) -> Path:
    """A command that keeps its arguments and its input; the file with them."""
    kept = folder / f"{name}.kept"
    (folder / name).write_text(f'#!/bin/sh\n(echo "$@"; cat) > {kept}\nexit {status}\n', "utf-8")
    (folder / name).chmod(0o700)
    return kept


def test_inside_tmux_its_own_command_takes_the_text(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = put_command(commands, "tmux")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    written: list[str] = []
    assert Clipboard(written.append).copy("räksmörgås") == "tmux and the terminal's clipboard"
    assert kept.read_text("utf-8") == "load-buffer -w -\nräksmörgås"


def test_inside_tmux_the_sequence_goes_out_bare_and_wrapped(
    commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_command(commands, "tmux", status=1)
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    written: list[str] = []
    assert Clipboard(written.append).copy("text") == "the terminal's clipboard"
    bare = f"\x1b]52;c;{base64.b64encode(b'text').decode()}\x07"
    assert written == [bare + f"\x1bPtmux;\x1b{bare}\x1b\\"]


def test_outside_tmux_the_sequence_goes_out_alone(commands: Path) -> None:
    written: list[str] = []
    assert Clipboard(written.append).copy("text") == "the terminal's clipboard"
    assert written == [osc52("text", inside_tmux=False)]
