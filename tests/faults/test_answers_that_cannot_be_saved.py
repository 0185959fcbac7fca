"""`send` and `check --save` on a disk that refuses: said in one line, kept as far as can be, exit 7."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command_runs import run
from demo_server import DemoServer
from userdesk.store import Store, folder


def immutable(path: Path, *, on: bool) -> None:
    change = ["chattr", "+i" if on else "-i", str(path)]
    try:
        subprocess.run(change, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to make files immutable")


@pytest.fixture
def environ(environment: Callable[..., dict[str, str]], server: DemoServer) -> dict[str, str]:
    return environment(server.base_url)


def list_immutable(data_dir: Path) -> Iterator[None]:
    immutable(data_dir / "conversations.toml", on=True)
    yield
    immutable(data_dir / "conversations.toml", on=False)


def transcripts_immutable(data_dir: Path) -> Iterator[None]:
    immutable(data_dir / "transcripts", on=True)
    yield
    immutable(data_dir / "transcripts", on=False)


def transcripts_a_file(data_dir: Path) -> Iterator[None]:
    (data_dir / "transcripts").rename(data_dir / "elsewhere")
    (data_dir / "transcripts").touch()
    yield


def folder_a_file(data_dir: Path) -> Iterator[None]:
    data_dir.rename(data_dir.with_name("elsewhere"))
    data_dir.touch()
    yield


def lock_held(data_dir: Path) -> Iterator[None]:
    hold = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(data_dir / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin and holder.stdout
    holder.stdout.readline()
    yield
    holder.communicate(b"\n")


Fault = Callable[[Path], Iterator[None]]
# What keeps a new conversation from being saved: the reason told, and whether its words are kept.
FAULTS: dict[Fault, tuple[str, bool]] = {
    list_immutable: ("no permission", True),
    transcripts_immutable: ("no permission", False),
    transcripts_a_file: ("there is a file where a folder should be", False),
    folder_a_file: ("there is a file where a folder should be", False),
    lock_held: ("it is locked by", True),
}


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def fault(
    request: pytest.FixtureRequest,
    environ: dict[str, str],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Fault]:
    monkeypatch.setattr(folder, "LOCK_TIMEOUT", 0.05)
    assert run(environ, "send", "Said before").returncode == 0
    broken: Fault = request.param
    faulty = broken(data_dir)
    next(faulty)
    yield broken
    next(faulty, None)


def is_kept(data_dir: Path, words: str) -> bool:
    files = (data_dir / "transcripts").glob("*.jsonl") if (data_dir / "transcripts").is_dir() else ()
    return sum(path.read_text("utf-8").count(f'"text": "{words}"') for path in files) == 1


def test_what_cannot_be_saved_is_told_and_ends_with_7(
    environ: dict[str, str], server: DemoServer, data_dir: Path, fault: Fault
) -> None:
    words, kept = FAULTS[fault]
    server.answer_next("The answer to it")
    done = run(environ, "send", "Precious words")
    assert (done.returncode, done.stdout) == (7, "The answer to it\n")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("userdesk: not saved: ") and words in done.stderr
    assert is_kept(data_dir, "Precious words") is is_kept(data_dir, "The answer to it") is kept
    done = run(environ, "send", "--json", "More of them")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["saved"]) == (7, False)
    (warning,) = answer["warnings"]
    assert words in warning


def test_a_check_that_cannot_save_its_conversations_ends_with_7(
    environ: dict[str, str], data_dir: Path, tmp_path: Path, fault: Fault
) -> None:
    questions = tmp_path / "set.toml"
    questions.write_text("title = 'x'\n[[question]]\nask = 'Precious question'\n", "utf-8")
    done = run(environ, "check", "--save", str(questions))
    assert done.returncode == 7
    assert sum("not saved: " in line for line in done.stderr.splitlines()) == 1
    assert run(environ, "check", str(questions)).returncode == 0  # nothing was to be kept


def test_what_was_kept_without_its_entry_gets_one_with_its_id(
    environ: dict[str, str], data_dir: Path
) -> None:
    assert run(environ, "send", "Said before").returncode == 0
    faulty = list_immutable(data_dir)
    next(faulty)
    done = run(environ, "send", "--json", "Precious words")
    next(faulty, None)
    assert done.returncode == 7
    store = Store(data_dir)
    assert "had no entry" in " ".join(problem.message for problem in store.open())
    (found,) = [each for each in store.conversations() if each.title == "Precious words"]
    assert found.id == json.loads(done.stdout)["conversationId"]
    assert found.bot == "env" and found.chatbot_id == "demo"


def test_a_lock_that_is_not_given_names_its_owner(
    environ: dict[str, str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/locks").exists():
        pytest.skip("only Linux tells who holds a lock")
    monkeypatch.setattr(folder, "LOCK_TIMEOUT", 0.05)
    assert run(environ, "send", "Said before").returncode == 0
    faulty = lock_held(data_dir)
    next(faulty)
    errors = run(environ, "send", "Precious words").stderr
    next(faulty, None)
    assert "process " in errors and "(python" in errors


def test_saved_is_said_in_json_where_all_is_well(environ: dict[str, str]) -> None:
    done = run(environ, "send", "--json", "hello")
    assert (done.returncode, json.loads(done.stdout)["saved"], done.stderr) == (0, True, "")


def test_an_id_that_cannot_be_listed_is_asked_all_the_same(
    environ: dict[str, str], server: DemoServer, data_dir: Path
) -> None:
    known = json.loads(run(environ, "send", "--json", "hello").stdout)["conversationId"]
    (data_dir / "conversations.toml").unlink()
    (data_dir / "conversations.toml").mkdir()
    server.answer_next("It is known there")
    done = run(environ, "send", "--conversation", known, "again")
    assert (done.returncode, done.stdout) == (7, "It is known there\n")
    assert server.requests[-1].json["conversationId"] == known
