"""Programs that userdesk starts inherit no key: editor, browser, clipboard commands, tmux."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest

from command_runs import chatbot_of, login_environment
from demo_server import DemoServer

CTRL_G, CTRL_Q, ENTER, SHIFT_TAB = "\x07", "\x11", "\r", "\x1b[Z"
OTHER = "acme-key-9876543210"


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Each program that was started leaves its environment here."""
    folder = tmp_path / "started"
    folder.mkdir()
    return folder


@pytest.fixture
def programs(tmp_path: Path, started: Path) -> str:
    """A folder with programs of the usual names."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ed", "xclip", "tmux", "open-browser"):
        program = folder / name
        tell = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
        # Written under another name first: what is there is whole.
        path = started / name
        steps = f"{shlex.quote(sys.executable)} -c {shlex.quote(tell)} {path}.new && mv {path}.new {path}"
        program.write_text(f"#!/bin/sh\n{steps}\n")
        program.chmod(0o700)
    return str(folder)


def test_no_child_gets_a_key(
    server: DemoServer, secret: str, tmp_path: Path, data_dir: Path, programs: str, started: Path
) -> None:
    from pseudo_terminal import Terminal

    config = tmp_path / "config.toml"
    config.write_text(
        f'[bots.acme]\nchatbot_id = "1"\napi_key_env = "ACME_KEY"\nbase_url = "{server.base_url}"\n'
        '[bots.broken]\napi_key_env = "BROKEN_KEY"\n'
    )
    environment = login_environment(tmp_path, data_dir) | chatbot_of(server)
    environment |= {
        "ACME_KEY": OTHER,
        "BROKEN_KEY": OTHER,
        "USERDESK_CONFIG": str(config),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "EDITOR": "ed",
        "BROWSER": f"{programs}/open-browser %s",
        "DISPLAY": ":99",
        "TMUX": "/nonexistent,1,0",
    }
    server.answer_next("See https://example.com/page for more.")
    with Terminal(environment) as terminal:
        terminal.sees("Message Acme")
        terminal.type("Hello" + ENTER)
        terminal.sees("for more.")
        terminal.type(SHIFT_TAB)
        terminal.type("y")
        terminal.until((started / "tmux").exists, "the clipboard's command")
        terminal.type("o")
        terminal.sees("open in the browser")
        terminal.type(ENTER)
        terminal.until((started / "open-browser").exists, "the browser")
        terminal.type(CTRL_G)
        terminal.until((started / "ed").exists, "the editor")
        terminal.until(lambda: terminal.written.count(b"\x1b[?1049h") == 2, "the program on the screen again")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
    for name in ("ed", "tmux", "open-browser"):
        inherited = json.loads((started / name).read_text("utf-8"))
        assert inherited["TERM"] == "xterm-256color"
        assert not {"USERDESK_API_KEY", "ACME_KEY", "BROKEN_KEY"} & inherited.keys()
        assert secret not in inherited.values() and OTHER not in inherited.values()
