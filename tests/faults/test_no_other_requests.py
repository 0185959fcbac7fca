"""No telemetry: the program connects to the configured service, and asks for the address of nothing else.

Every connection and every name looked up is noted where Python makes it, in the program's own
processes and in those that they start.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pseudo_terminal import Terminal

from command_runs import LIMIT
from demo_server import DemoServer

# Imported by each interpreter at its start, before anything of ours.
WITNESS = """
import json, os, sys

def witness(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        said = [event, arguments[1]]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        said = [event, list(arguments[:2])]
    else:
        return
    line = json.dumps(said, default=repr).encode() + b"\\n"
    descriptor = os.open(os.environ["WITNESS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, line)
    os.close(descriptor)

sys.addaudithook(witness)
"""


class Witness:
    """What it saw of all processes with this environment."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(WITNESS)
        self._notes = folder / "notes"
        self.environment = environment | {"PYTHONPATH": str(folder), "WITNESS": str(self._notes)}

    def addresses(self) -> set[tuple[str, int]]:
        """Each address that was connected to or looked up."""
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        return {(str(address[0]), int(address[1])) for _, address in map(json.loads, lines)}


def address_of(server: DemoServer) -> tuple[str, int]:
    host, _, port = server.base_url.removeprefix("http://").partition(":")
    return host, int(port)


def test_the_screen_talks_to_the_configured_service_alone(
    server: DemoServer, environment: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    witness = Witness(tmp_path / "witness", environment(server.base_url))
    server.answer_next(
        "A link: https://elsewhere.example/page and ![a picture](https://elsewhere.example/p.png)"
    )
    with Terminal(witness.environment, is_installed=True) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.type("Hello\r")
        terminal.sees("A link:", "chars")
        server.fail_next(500, on="message")
        terminal.type("Fail\r")
        terminal.sees("500 · An error occurred on the server", "Ctrl+R retry")
        terminal.type("\x12")
        terminal.misses("Ctrl+R retry")
        terminal.type("\x1b[20~")
        terminal.sees("Connect a chatbot")
        terminal.type("\x1b")
        terminal.misses("Connect a chatbot")
        terminal.type("\x0e")
        terminal.until(lambda: len(server.requests) >= 5, "the next conversation")
        terminal.type("\x11")
        assert terminal.ends() == 0
    assert witness.addresses() == {address_of(server)}


def test_the_embedded_chatbot_needs_nobody_else(login: dict[str, str], tmp_path: Path) -> None:
    witness = Witness(tmp_path / "witness", login)
    with Terminal(witness.environment, is_installed=True) as terminal:
        terminal.sees("demo chatbot", "/markdown")
        terminal.type("/markdown\r")
        terminal.sees("first text")
        terminal.type("\x11")
        assert terminal.ends() == 0
    hosts = {host for host, _ in witness.addresses()}
    assert hosts == {"127.0.0.1"}


QUESTIONS = """
[[question]]
ask = "How do I quit?"
expect = "Ctrl"
[[question]]
ask = "What are the keys?"
new_conversation = true
"""


# Several commands in one process, which has begun with the witness.
ONE_AFTER_THE_OTHER = """
import json, os, sys
from userdesk.cli import main
environment = dict(os.environ)
for arguments in json.loads(sys.argv[1]):
    os.environ.update(environment)  # a command takes its key out of it
    if status := main(arguments):
        sys.exit(status)
"""


def ran(witness: Witness, *commands: list[str]) -> str:
    """What commands said that all came to a good end."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands)],
        env=witness.environment,
        input=QUESTIONS.encode(),
        capture_output=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_commands_talk_to_the_configured_service_alone(
    server: DemoServer, environment: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    witness = Witness(tmp_path / "witness", environment(server.base_url))
    ran(
        witness,
        ["check", "--jobs", "2", "-"],
        ["send", "Hello"],
        ["send", "--no-stream", "--json", "Hello"],
        ["doctor"],
    )
    assert witness.addresses() == {address_of(server)}


def test_what_works_offline_connects_to_nothing(
    server: DemoServer, environment: Callable[..., dict[str, str]], tmp_path: Path, data_dir: Path
) -> None:
    witness = Witness(tmp_path / "witness", environment(server.base_url))
    save_a_conversation(data_dir)
    said = ran(
        witness,
        ["doctor", "--offline"],
        ["export", "c1", "--format", "html"],
        ["replay", "c1", "--speed", "1000"],
        ["purge", "everything", "--yes"],
    )
    assert "https://elsewhere.example/p.png" in said and "Removed 1 conversation" in said
    assert witness.addresses() == set()


def save_a_conversation(data_dir: Path) -> None:
    """One whose answer names other addresses."""
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "conversations.toml").write_text(
        'version = 1\n\n[[conversation]]\nkey = "c1"\nid = "i1"\nbot = "env"\ntitle = "Links"\n'
        "created = 2026-11-21T20:54:00Z\n"
    )
    lines = [
        {"role": "user", "text": "Links?", "at": "2026-11-21T20:54:00Z"},
        {
            "role": "assistant",
            "text": "https://elsewhere.example/page ![a picture](https://elsewhere.example/p.png)",
            "at": "2026-11-21T20:54:02Z",
        },
    ]
    transcript = data_dir / "transcripts" / "c1.jsonl"
    transcript.write_text("".join(json.dumps(line) + "\n" for line in lines))
