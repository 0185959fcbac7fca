"""`send` where the system refuses a call: the message is saved, or that it is not is said and ends with 7."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from command_runs import command
from demo_server import DemoServer
from userdesk.store import Store

WORDS = "Precious words"
# A call, its error, which of them fail (of each thread), and whether all is saved in the end.
REFUSED = [
    ("fsync", "EIO", "1+", False),
    ("fsync", "EINVAL", "1+", True),
    ("flock", "ENOSYS", "1+", True),
    ("rename", "ENOSPC", "1+", False),
    # Other ways through the same code as above.
    pytest.param("fsync", "EIO", "2", True, marks=pytest.mark.torture),
    pytest.param("flock", "ENOLCK", "1+", True, marks=pytest.mark.torture),
    pytest.param("mkdir", "EROFS", "1+", False, marks=pytest.mark.torture),
]
EACH = [(call, "EIO", str(number)) for call in ("fsync", "flock", "rename") for number in range(1, 9)]


@pytest.fixture
def refused(
    environment: Callable[..., dict[str, str]], server: DemoServer, tmp_path: Path, data_dir: Path
) -> Callable[[str, str, str], "subprocess.CompletedProcess[str]"]:
    strace = shutil.which("strace")
    if (
        strace is None
        or subprocess.run([strace, "-f", "--seccomp-bpf", "-qq", "true"], capture_output=True).returncode
    ):
        pytest.skip("needs strace")

    def send(call: str, error: str, which: str) -> "subprocess.CompletedProcess[str]":
        log = tmp_path / "trace"
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={which}"]
        return subprocess.run(
            [strace, "-f", "--seccomp-bpf", "-qq", "-o", str(log), *inject, *command("send", WORDS)],
            env=environment(server.base_url) | {"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return send


def is_saved(data_dir: Path) -> bool:
    """Whether the message stands in a listed conversation; never twice in any."""
    said = [
        path.read_text("utf-8").count(f'"text": "{WORDS}"') for path in data_dir.glob("transcripts/*.jsonl")
    ]
    assert all(count <= 1 for count in said)
    file = data_dir / "conversations.toml"
    return sum(said) == 1 and file.is_file() and WORDS in file.read_text("utf-8")


@pytest.mark.parametrize(("call", "error", "which", "saved"), REFUSED)
def test_what_the_system_refuses_is_never_silent(
    refused: Callable[..., "subprocess.CompletedProcess[str]"],
    data_dir: Path,
    call: str,
    error: str,
    which: str,
    saved: bool,
) -> None:
    done = refused(call, error, which)
    assert done.stdout.strip(), done.stderr
    assert is_saved(data_dir) is saved
    assert done.returncode == (0 if saved else 7)
    assert saved or (done.stderr.startswith("userdesk: not saved: ") and done.stderr.count("\n") == 1)


@pytest.mark.torture
@pytest.mark.parametrize(("call", "error", "which"), EACH)
def test_one_refused_call_at_a_time(
    refused: Callable[..., "subprocess.CompletedProcess[str]"],
    data_dir: Path,
    call: str,
    error: str,
    which: str,
) -> None:
    done = refused(call, error, which)
    # Each thread's call of this number is refused: where several threads write, so is what tries again.
    assert done.returncode in (0, 7)
    assert done.returncode == 7 or is_saved(data_dir), done.stderr
    problems = Store(data_dir).open()
    assert done.returncode == 7 or problems == []
    assert is_saved(data_dir)  # what is not listed is found
