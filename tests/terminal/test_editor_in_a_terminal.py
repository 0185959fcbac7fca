"""The user's own editor has the terminal for a while; the program goes on behind it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pseudo_terminal import Terminal, left_on

from demo_server import DemoServer

CTRL_G, CTRL_Q, ENTER = "\x07", "\x11", "\r"
PASTED = "\n".join(f"line {number}" for number in range(60))

Connected = Callable[[DemoServer], dict[str, str]]


@pytest.fixture
def go_on(tmp_path: Path) -> Path:
    """The editor waits until something is written here."""
    path = tmp_path / "go-on"
    os.mkfifo(path)
    return path


def editor(tmp_path: Path, *steps: str) -> str:
    path = tmp_path / "editor.sh"
    path.write_text("\n".join(("#!/bin/sh", *steps)) + "\n", "utf-8")
    path.chmod(0o700)
    return str(path)


def test_answer_arrives_while_a_folded_paste_is_edited(
    server: DemoServer, connected: Connected, data_dir: Path, tmp_path: Path, go_on: Path
) -> None:
    program = editor(
        tmp_path, 'wc -l < "$1"; echo EDITING', f'read x < {go_on}; printf "\\nadded\\n" >> "$1"'
    )
    with Terminal(connected(server) | {"EDITOR": program}) as terminal:
        terminal.sees("demo chatbot")
        server.answer_next("While you were editing.")
        server.hold(None)
        terminal.type("First" + ENTER)
        terminal.sees("❯ First")
        terminal.type(f"\x1b[200~{PASTED}\x1b[201~")
        terminal.sees("[pasted text #1: 60 lines]")
        terminal.type(CTRL_G)
        terminal.sees("EDITING")
        server.release()
        (path,) = (data_dir / "transcripts").glob("*.jsonl")
        terminal.until(lambda: "While you were" in path.read_text("utf-8"), "the answer on disk")
        assert "While you were" not in terminal.text
        go_on.write_text("x\n", "utf-8")
        terminal.sees("While you were editing.", "61 lines]")
        terminal.type(ENTER)
        terminal.until(lambda: len(path.read_text("utf-8").splitlines()) >= 4, "the edited message on disk")
        said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert said[3]["text"] == f"{PASTED}\nadded"
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []


def test_editor_that_fails_changes_nothing(server: DemoServer, connected: Connected, tmp_path: Path) -> None:
    program = editor(tmp_path, 'echo "something else" > "$1"; exit 1')
    with Terminal(connected(server) | {"EDITOR": program}) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("half a thought")
        terminal.sees("half a thought")
        terminal.type(CTRL_G)
        terminal.sees("The draft is unchanged: editor.sh exited with status 1", "half a thought")
        assert "something else" not in terminal.text
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0


def test_ctrl_c_ends_the_editor_and_nothing_else(
    server: DemoServer, connected: Connected, tmp_path: Path, go_on: Path
) -> None:
    program = editor(tmp_path, f"echo EDITING; read x < {go_on}")
    with Terminal(connected(server) | {"EDITOR": program}) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("half a thought")
        terminal.sees("half a thought")
        terminal.type(CTRL_G)
        terminal.sees("EDITING")
        terminal.type("\x03")
        terminal.sees("The draft is unchanged: editor.sh was stopped by SIGINT", "half a thought")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0


def test_text_that_the_editor_emptied_is_one_key_away(
    server: DemoServer, connected: Connected, tmp_path: Path
) -> None:
    program = editor(tmp_path, ': > "$1"')
    with Terminal(connected(server) | {"EDITOR": program}) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("half a thought")
        terminal.sees("half a thought")
        terminal.type(CTRL_G)
        terminal.sees("Message Acme support…")
        terminal.until(lambda: "half a thought" not in terminal.text, "the empty input bar")
        terminal.type("\x1b[A")
        terminal.sees("half a thought")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
