"""What `userdesk send` sends: its argument, standard input, or both; nothing idle holds it up."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from command_runs import LIMIT, Done, command, run
from demo_server import DemoServer
from userdesk.commands import message_input


def shell(environment: dict[str, str], script: str) -> Done:
    """Run a script in which `$SEND` is `userdesk send`."""
    done = subprocess.run(
        ["sh", "-c", script],
        env=environment | {"SEND": " ".join(command("send"))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def sent(server: DemoServer) -> list[str]:
    return [request.json["message"] for request in server.requests if "message" in request.json]


@contextmanager
def pipe_with(*pieces: bytes) -> Iterator[TextIO]:
    """Standard input in which one piece after the other comes, and then its end."""
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb", buffering=0) as pipe:
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(0.05)  # late is what comes after the command looked
                pipe.write(piece)

    writer = threading.Thread(target=write)
    with open(reading, encoding="utf-8") as pipe:
        writer.start()
        yield pipe
    writer.join()


@pytest.mark.parametrize(
    ("pieces", "arguments", "message"),
    [
        ([b"a\nb\n"], ["summarise", "this"], "summarise this\n\na\nb"),
        ([b"\xef\xbb\xbfa"], ["summarise"], "summarise\n\na"),
        ([b"", b"late\n", b"later\n"], ["summarise"], "summarise\n\nlate\nlater"),
        ([b"a\n"], [""], "a"),
        ([b" \n"], ["summarise"], "summarise"),
        ([], ["summarise"], "summarise"),
        ([b"a\n"], [], "a"),
    ],
)
def test_argument_and_standard_input_are_sent_together(
    server: DemoServer, environment: dict[str, str], pieces: list[bytes], arguments: list[str], message: str
) -> None:
    with pipe_with(*pieces) as given:
        done = run(environment, "send", *arguments, given=given)
    assert (done.returncode, done.stderr) == (0, "")
    assert sent(server) == [message]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("printf 'a\n' > file; $SEND summarise < file", "summarise\n\na"),
        ("$SEND summarise < /dev/null", "summarise"),
        ("$SEND summarise <&-", "summarise"),
    ],
)
def test_a_file_nothing_and_a_closed_standard_input_are_read_too(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, script: str, message: str
) -> None:
    done = shell(environment, f"cd {tmp_path}; {script}")
    assert (done.returncode, done.stderr) == (0, "")
    assert sent(server) == [message]


@pytest.mark.parametrize(
    ("given", "arguments", "words"),
    [
        ("/dev/null", [], "there is no message to send"),
        ("/dev/null", [""], "there is no message to send"),
        ("/dev/zero", ["summarise"], "standard input is larger than 10 MB"),
    ],
)
def test_what_a_device_gives_is_not_sent(
    server: DemoServer, environment: dict[str, str], given: str, arguments: list[str], words: str
) -> None:
    with open(given, encoding="utf-8") as device:
        done = run(environment, "send", *arguments, given=device)
    assert done.returncode == 2
    assert done.stderr.startswith(f"userdesk: {words}") and done.stderr.count("\n") == 1
    assert server.requests == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("$SEND <&-", "there is no message to send"),
        ("printf '\\377' | $SEND summarise", "the message on standard input is not UTF-8 text"),
        ("$SEND \"$(printf '\\377')\" < /dev/null", "the message is not UTF-8 text"),
    ],
)
def test_what_cannot_be_sent_is_2(
    server: DemoServer, environment: dict[str, str], script: str, words: str
) -> None:
    done = shell(environment, script)
    assert done.returncode == 2
    assert done.stderr.startswith(f"userdesk: {words}") and done.stderr.count("\n") == 1
    assert server.requests == []


def test_a_loop_over_a_file_goes_on_to_its_end(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "list").write_text("one\ntwo\nthree\n")
    done = shell(environment, f'while read -r line; do $SEND "$line"; done < {tmp_path}/list')
    assert done.returncode == 0
    assert sent(server) == ["one", "two", "three"]
    assert "is ignored" in done.stderr


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_an_idle_standard_input_holds_nothing_up(
    server: DemoServer, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(message_input, "FIRST_BYTE_WITHIN", 0.1)
    if kind == "pipe":
        ours, theirs = os.pipe()[::-1]
    else:
        ours, theirs = (end.detach() for end in socket.socketpair())
    try:
        with open(theirs) as idle:
            done = run(environment, "send", "--json", "hello", given=idle)
    finally:
        os.close(ours)
    assert done.returncode == 0
    assert sent(server) == ["hello"]
    (warning,) = json.loads(done.stdout)["warnings"]
    assert warning.startswith("nothing on standard input for 0.1 s")


def test_another_encoding_is_read_as_the_locale_says(
    server: DemoServer, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "iso-8859-2")
    assert run(environment, "send", given="żółw".encode("iso-8859-2")).returncode == 0
    assert run(environment, "send", given="żółw".encode()).returncode == 0
    assert sent(server) == ["żółw", "żółw"]


def test_an_argument_that_the_locale_cannot_read_is_sent_as_utf_8(
    server: DemoServer, environment: dict[str, str]
) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert shell(environment | plain, "$SEND Grüße < /dev/null").returncode == 0
    assert sent(server) == ["Grüße"]
