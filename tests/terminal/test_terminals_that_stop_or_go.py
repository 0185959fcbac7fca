"""A terminal that stops reading holds nothing up, and a program whose terminal has gone is gone."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from pseudo_terminal import Terminal, left_on, waits_until

from demo_server import DemoServer
from descendants import descendants_of, is_running
from settling import whole_lines

ENTER, CTRL_Q = "\r", "\x11"
WITHIN = 15.0  # s; well below the time after which a program without a terminal is ended by force

Connected = Callable[[DemoServer], dict[str, str]]

# As `make` and many a wrapper: the session's leader lives on when the terminal hangs up, and no signal
# reaches the program.
DEAF_PARENT = ("/bin/sh", "-c", 'trap "" HUP TERM CONT; "$0" "$@"; exit $?')


def answers(data_dir: Path) -> list[str]:
    """The answers that are on the disk."""
    lines = [
        json.loads(line)
        for file in (data_dir / "transcripts").glob("*.jsonl")
        for line in whole_lines(file.read_text("utf-8"))
    ]
    return [line["text"] for line in lines if line.get("role") == "assistant"]


@pytest.mark.parametrize("when", ["at the first text", "in use", "while an answer streams"])
def test_end_of_input_ends_the_program_and_what_it_started(
    environment: dict[str, str], data_dir: Path, when: str
) -> None:
    with Terminal(environment, under=DEAF_PARENT) as terminal:
        terminal.sees("Message " if when == "at the first text" else "I'm the demo chatbot")
        if when == "while an answer streams":
            terminal.type("/slow" + ENTER)
            terminal.sees("Esc stop")
        if when == "in use":
            terminal.type("kept as a draft")
            terminal.sees("kept as a draft")
        family = descendants_of(terminal.process.pid)
        assert family
        terminal.hang_up()
        waits_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "their end", WITHIN)
    if when == "in use":
        assert [file.read_text("utf-8") for file in (data_dir / "drafts").glob("*.txt")] == [
            "kept as a draft"
        ]


@pytest.mark.parametrize("under", [(), DEAF_PARENT], ids=["told by a signal", "told by nobody"])
def test_an_editor_that_outlives_its_terminal_is_ended_with_the_program(
    environment: dict[str, str], data_dir: Path, tmp_path: Path, under: tuple[str, ...]
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text("#!/bin/sh\ntrap '' HUP TERM\necho EDITING\nexec sleep 300\n", "utf-8")
    editor.chmod(0o700)
    with Terminal(environment | {"EDITOR": str(editor)}, under=under) as terminal:
        terminal.sees("I'm the demo chatbot")
        terminal.type("kept as a draft")
        terminal.sees("kept as a draft")
        terminal.type("\x07")
        terminal.sees("EDITING")
        family = {terminal.process.pid, *descendants_of(terminal.process.pid)}
        terminal.hang_up()
        waits_until(lambda: not any(is_running(pid) for pid in family), "their end", WITHIN)
    assert [file.read_text("utf-8") for file in (data_dir / "drafts").glob("*.txt")] == ["kept as a draft"]


def test_an_answer_is_read_and_saved_while_the_terminal_does_not_read(
    server: DemoServer, connected: Connected, data_dir: Path
) -> None:
    text = "\n\n".join(f"Paragraph {number} " + "of words " * 60 for number in range(300)) + "\n\nThe last."
    server.answer_next(text)
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("Much, please" + ENTER)
        waits_until(lambda: text in answers(data_dir), "the answer on the disk")
        assert "The last." not in terminal.text
        terminal.sees("The last.")  # read again: the newest state, not all that there was in between
        terminal.type("still here")
        terminal.sees("still here")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_while_the_terminal_does_not_read(
    server: DemoServer, connected: Connected, data_dir: Path, number: signal.Signals
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("/long 4000" + ENTER)
        waits_until(lambda: server.requests[-1].path.endswith("/message"), "the request")
        waits_until(lambda: list((data_dir / "transcripts").rglob("*")), "an answer that comes")
        terminal.process.send_signal(number)
        waits_until(lambda: terminal.process.poll() is not None, "its end", WITHIN)
        terminal.ends()
        assert left_on(terminal.written) == []


@pytest.mark.parametrize("how", [signal.SIGTSTP, signal.SIGSTOP])
def test_stopped_and_continued_it_draws_the_whole_screen(
    server: DemoServer, connected: Connected, how: signal.Signals
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("half a thought")
        terminal.sees("half a thought")
        before = terminal.lines
        os.kill(terminal.process.pid, how)
        terminal.until(lambda: "T" in Path(f"/proc/{terminal.process.pid}/stat").read_text(), "its stop")
        terminal.reads_all()
        terminal.screen.reset()  # the shell writes over it
        terminal.process.send_signal(signal.SIGCONT)
        terminal.until(lambda: terminal.lines == before, "the screen as it was")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []


def test_a_stop_that_is_taken_back_at_once(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        for number in range(5):
            taken = terminal.written.count(b"\x1b[?1049h")
            os.kill(terminal.process.pid, signal.SIGTSTP)
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.until(
                lambda taken=taken: terminal.written.count(b"\x1b[?1049h") > taken, "the terminal taken again"
            )
            terminal.type(f"word{number} ")
            terminal.sees(f"word{number}")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []


def test_the_window_counts_not_what_the_environment_says_of_it(environment: dict[str, str]) -> None:
    with Terminal(environment | {"COLUMNS": "30", "LINES": "5"}, columns=100, rows=30) as terminal:
        terminal.sees("I'm the demo chatbot", "Conversations")
