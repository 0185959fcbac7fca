"""What is copied reaches the terminal through GNU screen, and through tmux in it or round it."""

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

from demo_server import DemoServer

ENTER, SHIFT_TAB, CTRL_Q = "\r", "\x1b[Z", "\x11"
ANSWER = "A long answer, word by word. " * 100 + "The end."

Connected = Callable[[DemoServer], dict[str, str]]


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command that runs another one in GNU screen."""
    if not shutil.which("screen"):
        pytest.skip("there is no GNU screen")
    (tmp_path / "screens").mkdir(mode=0o700)
    return [str(shutil.which("screen")), "-c", "/dev/null", "-S", f"userdesk{os.getpid()}"]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[list[str]]:
    """The command that runs another one in a tmux of its own that hands on what is wrapped."""
    if not shutil.which("tmux"):
        pytest.skip("there is no tmux")
    (tmp_path / "tmux.conf").write_text("set -g allow-passthrough on\n")
    server = [str(shutil.which("tmux")), "-S", str(tmp_path / "tmux")]
    yield [*server, "-f", str(tmp_path / "tmux.conf"), "new-session"]
    subprocess.run([*server, "kill-server"], capture_output=True)


def copies(environment: dict[str, str], under: list[str], server: DemoServer) -> None:
    server.answer_next(ANSWER)
    with Terminal(environment, under=under) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("Hello" + ENTER)
        terminal.sees("first text")
        terminal.type(SHIFT_TAB)
        terminal.sees("copy")
        terminal.type("y")
        payload = base64.b64encode(ANSWER.encode())
        terminal.until(
            lambda: any(b"\x1b]52;%s;%s\x07" % (kind, payload) in terminal.written for kind in (b"c", b"")),
            "the clipboard sequence",
        )
        terminal.sees("Copied the message")
        terminal.type(CTRL_Q)
        terminal.ends()


def test_through_screen(server: DemoServer, connected: Connected, tmp_path: Path, screen: list[str]) -> None:
    copies(connected(server) | {"SCREENDIR": str(tmp_path / "screens")}, screen, server)


def test_through_tmux_in_screen(
    server: DemoServer, connected: Connected, tmp_path: Path, screen: list[str], tmux: list[str]
) -> None:
    copies(connected(server) | {"SCREENDIR": str(tmp_path / "screens")}, [*screen, *tmux], server)


def test_through_screen_in_tmux(
    server: DemoServer, connected: Connected, tmp_path: Path, screen: list[str], tmux: list[str]
) -> None:
    copies(connected(server) | {"SCREENDIR": str(tmp_path / "screens")}, [*tmux, *screen], server)
