"""The installed program from start to end in a real pseudo-terminal."""

import codecs
import json
import os
import re
import signal
import subprocess
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pseudo_terminal import LIMIT, PROGRAM, Terminal, left_on, waits_until

from command_runs import command
from demo_server import DemoServer
from descendants import have_worked, is_running
from settling import whole_lines

CTRL_N, CTRL_Q, ESC, F7, ENTER = "\x0e", "\x11", "\x1b", "\x1b[18~", "\r"

Connected = Callable[[DemoServer], dict[str, str]]


def saved_conversations(data_dir: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((data_dir / "conversations.toml").read_text("utf-8"))["conversation"])


def transcript(data_dir: Path, key: str) -> list[dict[str, Any]]:
    text = (data_dir / "transcripts" / f"{key}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in whole_lines(text)]


def message_requests(server: DemoServer) -> list[Any]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


def test_purge_is_warned_of_the_open_program(server: DemoServer, connected: Connected) -> None:
    environment = connected(server)
    purge = command("purge", "everything", "--yes")
    with Terminal(environment) as terminal:
        terminal.sees("demo chatbot")
        during = subprocess.run(purge, env=environment, capture_output=True, text=True)
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
    after = subprocess.run(purge, env=environment, capture_output=True, text=True)
    assert during.returncode == after.returncode == 0
    assert after.stderr == ""
    assert "open in another window" in during.stderr


def test_a_terminal_that_is_called_xterm_has_256_colours(server: DemoServer, connected: Connected) -> None:
    environment = {**connected(server), "TERM": "xterm", "COLORTERM": ""}
    with Terminal(environment, is_installed=True) as terminal:
        terminal.sees("demo chatbot")
        assert b"48;5;" in terminal.written


def test_a_question_set_that_is_a_silent_pipe_holds_nothing_up(
    server: DemoServer, connected: Connected, tmp_path: Path
) -> None:
    pipe = tmp_path / "questions.toml"
    os.mkfifo(pipe)
    with Terminal(connected(server), ["--play", str(pipe)]) as terminal:
        terminal.sees("it is a pipe, not a file", "New conversation")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0


def test_it_ends_at_once_while_a_pattern_without_end_is_tried(
    server: DemoServer, connected: Connected, tmp_path: Path
) -> None:
    """And so does the process that tries it."""
    questions = tmp_path / "slow.toml"
    questions.write_text("[[question]]\nask = 'one'\nexpect = ['^(a+)+$', '^(a+)+x', '^(a+)+y']\n", "utf-8")
    server.answer_next("a" * 40 + "!")
    with Terminal(connected(server), ["--play", str(questions)]) as terminal:
        terminal.sees("Question 1 of 1")
        terminal.type("\x0c")
        terminal.sees("Enter sends")
        terminal.type(ENTER)
        terminal.sees("aaaa!", "chars")
        children: list[int] = []
        terminal.until(lambda: children.extend(have_worked(terminal.process.pid)) or children, "a search")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        waits_until(lambda: not any(map(is_running, children)), "the end of every child")


def test_from_the_welcome_to_the_restart(server: DemoServer, connected: Connected, data_dir: Path) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot", "Conversations")
        server.answer_next("The first answer, **streamed**.")
        terminal.type("Is this the first question?" + ENTER)
        terminal.sees("Is this the first question?", "The first answer, streamed.", "chars")
        terminal.type(CTRL_N)
        terminal.misses("The first answer, streamed.")
        terminal.sees("demo chatbot")
        server.answer_next("The second answer.")
        terminal.type("And this the second?" + ENTER)
        terminal.sees("The second answer.")
        terminal.type(F7)
        terminal.sees("The first answer, streamed.")
        assert "The second answer." not in terminal.text
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []
    ids = [request["conversationId"] for request in message_requests(server)]
    assert len(set(ids)) == 2
    assert sorted(saved["id"] for saved in saved_conversations(data_dir)) == sorted(ids)
    with Terminal(connected(server)) as terminal:
        # the most recent one is open, the other is one key away
        terminal.sees("And this the second?", "The second answer.", "Is this the first")
        terminal.type(F7)
        terminal.sees("The first answer, streamed.")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
    assert len(server.requests) == 4  # the restart asked for nothing


def test_first_start_with_nothing_configured_is_the_demo(environment: dict[str, str], data_dir: Path) -> None:
    with Terminal(environment, is_installed=True) as terminal:
        terminal.sees("Message the demo chatbot…", "embedded demo chatbot", "F9 connects a real one")
        terminal.sees("^P commands", "F1 help", "New: Ctrl+N")
        terminal.type("What are the keys?" + ENTER)
        terminal.sees("first text")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []
    (saved,) = saved_conversations(data_dir)
    assert saved["bot"] == "demo"
    with Terminal(environment) as terminal:
        terminal.sees("What are the keys?", "Message the demo chatbot…")
        terminal.type("What did I ask first?" + ENTER)
        terminal.until(lambda: len(transcript(data_dir, saved["key"])) == 5, "the second answer")
        assert "What are the keys" in transcript(data_dir, saved["key"])[-1]["text"]
        assert "connects a real one" not in terminal.text
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0


def test_escape_keeps_what_arrived(server: DemoServer, connected: Connected, data_dir: Path) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        server.answer_next([b"What came ", b"before the stop ", b"and what did not."])
        server.hold(2)
        terminal.type("Tell me" + ENTER)
        terminal.sees("before the stop")
        terminal.type(ESC)
        terminal.sees("stopped")
        assert "before the stop" in terminal.text
        server.release()
        server.answer_next("A second answer.")
        terminal.type("Go on" + ENTER)
        terminal.sees("A second answer.", "before the stop")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
    (saved,) = saved_conversations(data_dir)
    stopped = transcript(data_dir, saved["key"])[2]
    assert (stopped["text"], stopped["status"]) == ("What came before the stop ", "stopped")


def test_kill_in_mid_answer_loses_nothing_older_than_a_second(
    server: DemoServer, connected: Connected, data_dir: Path
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        server.answer_next([b"What had been ", b"on the screen ", b"and what had not."])
        server.hold(2)
        terminal.type("Tell me" + ENTER)
        terminal.sees("on the screen")
        answers = data_dir / "transcripts"
        terminal.until(
            lambda: any(b"on the screen" in file.read_bytes() for file in answers.glob("*.answer")),
            "the checkpoint of the answer",
        )
        terminal.kill()
    server.release()
    with Terminal(connected(server)) as terminal:
        terminal.sees("Tell me", "What had been on the screen", "interrupted")
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
    (saved,) = saved_conversations(data_dir)
    last = transcript(data_dir, saved["key"])[-1]
    assert (last["role"], last["status"]) == ("assistant", "interrupted")
    assert last["text"].strip() == "What had been on the screen"


def test_kill_before_the_answer_leaves_the_message_in_doubt(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        server.hold(None)
        terminal.type("Did you get this?" + ENTER)
        server.wait_until_held()
        terminal.kill()
    server.release()
    with Terminal(connected(server)) as terminal:
        terminal.sees("Did you get this?", "may have been received")
        assert len(message_requests(server)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_restores_the_terminal_and_keeps_the_draft(
    server: DemoServer, connected: Connected, number: signal.Signals
) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        server.hold(2)
        terminal.type("Tell me" + ENTER)
        server.wait_until_held()
        terminal.type("half a thought")
        terminal.sees("half a thought")
        terminal.process.send_signal(number)
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []
        assert b"Traceback" not in terminal.written
    server.release()
    with Terminal(connected(server)) as terminal:
        terminal.sees("Tell me", "half a thought")


HOSTILE = (
    "\x1b]52;c;aGFja2Vk\x07 \x1b]0;title\x1b\\ \x1b[2J \x1b[?1049l \x9b31m \x9d52;c;eA==\x9c \x07 \x08\x7f"
    " \u202egnol \u2066isolate\u2069 &#x202e;entity &#27;[2J `code\x1b[5m` [link](https://e.example/\x1bx)"
    "\n\n```\n\x1b]52;c;Zg==\x07\u202e\n```\n\n| a\x1b | b\u202e |\n|---|---|\n| c\x9b | d\x07 |\n\nThe end."
)


# Colours, moves and modes, one of them perhaps half read, and the mouse pointer's shape.
OWN_SEQUENCES = re.compile(r"\x1b\[[0-9;:?<=>$]*[A-Za-z]|\x1b(\[[0-9;:?<=>$]*)?$|\x1b\]22;[a-z]+\x07")


def test_nothing_of_a_hostile_answer_reaches_the_terminal(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        before = len(terminal.written)
        # cut so that sequences come in pieces
        server.answer_next([HOSTILE.encode()[at : at + 7] for at in range(0, len(HOSTILE.encode()), 7)])
        terminal.type("Attack" + ENTER)
        terminal.sees("The end.", "chars")
        shown = bytes(terminal.written[before:])
        assert b"\x1b]52" not in shown
        assert b"\x1b]0;" not in shown
        assert b"\x1b[2J" not in shown
        assert b"\x1b[?1049l" not in shown
        assert b"\x1b[5m" not in shown
        # What is left once the program's own sequences are taken away is plain text.
        text = codecs.getincrementaldecoder("utf-8")().decode(terminal.written)
        text = OWN_SEQUENCES.sub("", text)
        found = re.findall(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069].{,20}", text)
        assert found == []
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0


def test_window_becomes_small_and_large_again(server: DemoServer, connected: Connected) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("Conversations", "demo chatbot")
        terminal.resize(60, 20)
        terminal.misses("Conversations")
        terminal.sees("Message Acme support…")
        terminal.resize(30, 8)
        terminal.sees("userdesk needs 40×12")
        terminal.resize(120, 36)
        terminal.sees("Conversations", "demo chatbot", "Message Acme support…")
        terminal.type("Still here" + ENTER)
        terminal.sees("first text")


def test_service_without_a_create_endpoint(connected: Connected, data_dir: Path) -> None:
    with DemoServer(create_endpoint=False) as server, Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…", "Ask anything")
        server.answer_next("Unstreamed, whole.")
        terminal.type("First" + ENTER)
        terminal.sees("Unstreamed, whole.")
        server.answer_next([b"Streamed, ", b"in pieces."])
        terminal.type("Second" + ENTER)
        terminal.sees("Streamed, in pieces.")
        terminal.type(CTRL_N)
        terminal.misses("Streamed, in pieces.")
        server.answer_next("Whole again.")
        terminal.type("Third" + ENTER)
        terminal.sees("Whole again.")
        for word in ("404", "Not Found", "failed"):
            assert word not in terminal.text
        terminal.type(CTRL_Q)
        assert terminal.ends() == 0
        first, second, third = message_requests(server)
        assert "conversationId" not in first
        assert not first.get("stream")
        assert second["stream"] is True
        assert "conversationId" not in third
        assert not third.get("stream")
        ids = [saved["id"] for saved in saved_conversations(data_dir)]
        assert len(ids) == len(set(ids)) == 2
        assert second["conversationId"] in ids
        created = [request for request in server.requests if request.path.endswith("/conversation")]
        assert len(created) == 1  # what is missing is not asked for again


def test_without_a_terminal_it_names_the_command_for_scripts(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [PROGRAM], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "userdesk send" in done.stderr


def test_closed_window_ends_the_program(server: DemoServer, connected: Connected, data_dir: Path) -> None:
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        terminal.type("a draft that stays")
        terminal.sees("a draft that stays")
        terminal.hang_up()
        assert terminal.process.wait(LIMIT) is not None
    drafts = b"".join(file.read_bytes() for file in data_dir.rglob("*") if file.is_file())
    assert b"a draft that stays" in drafts
    assert os.path.exists(data_dir / "conversations.toml")


def test_closed_window_ends_the_program_that_a_shell_told_to_continue(environment: dict[str, str]) -> None:
    """A shell sends SIGCONT along with SIGHUP, while the terminal is about to go."""
    with Terminal(environment) as terminal:
        terminal.sees("I'm the demo chatbot")
        terminal.process.send_signal(signal.SIGCONT)
        terminal.until(lambda: terminal.written.count(b"\x1b[?1049h") == 2, "the screen once more")
        terminal.hang_up()
        assert terminal.process.wait(10) is not None


def test_message_sent_before_anything_is_open_is_sent(server: DemoServer, connected: Connected) -> None:
    server.answer_next("As early as that.")
    with Terminal(connected(server)) as terminal:
        terminal.sees("Message Acme support…")
        terminal.type("Am I too early?" + ENTER)
        terminal.sees("As early as that.")
    assert [request["message"] for request in message_requests(server)] == ["Am I too early?"]


def test_long_paste_without_brackets_sends_nothing(server: DemoServer, connected: Connected) -> None:
    pasted = "\r".join(f"line {number} of the paste" for number in range(2_000))
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        # It is written while the screen is read: neither side of a terminal holds that much.
        writer = threading.Thread(target=terminal.type, args=(pasted,))
        writer.start()
        terminal.sees("[pasted text #1: 2,000 lines]")
        writer.join()
        assert message_requests(server) == []
