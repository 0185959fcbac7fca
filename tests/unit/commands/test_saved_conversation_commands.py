"""`export`, `replay` and `purge`: what they do with a data folder, without any server."""

import json
import os
import pty
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import command_runs
from command_runs import LIMIT, Done
from forks import start
from userdesk.cli import main
from userdesk.commands.replay import Request, replay
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.settings import Options, SettingsError
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
Run = Callable[..., Done]


def conversation(key: str, bot: str = "acme", **fields: str) -> Conversation:
    return Conversation(key=key, bot=bot, created=AT, title=f"About {key}", id=f"id-{key}").evolve(**fields)


@pytest.fixture
def store(data_dir: Path) -> Store:
    """Two conversations, one of them streamed with a control sequence in it, and a deleted one."""
    store = Store(data_dir)
    store.open()
    for key in ("one", "two", "gone"):
        store.add(conversation(key))
        store.transcript(key).append(Message(role=Role.USER, text=f"Ask {key}", at=AT))
    chunks = ((400, 6), (900, 12))
    text = "Hello \x1b[31mthere"
    store.transcript("one").append(
        Message(role=Role.ASSISTANT, text=text, at=AT, chunks=chunks, status=Status.STOPPED)
    )
    store.drafts.set("one", "unsent")
    store.history.append("Ask one")
    store.delete("gone")
    return store


@pytest.fixture
def run(store: Store, login: dict[str, str]) -> Run:
    """The command on that data folder, `yes` on its standard input."""
    return lambda *arguments: command_runs.run(login, *arguments, given="yes\n")


def test_export_finds_by_id_and_by_key(run: Run) -> None:
    by_id, by_key = run("export", "id-one"), run("export", "one")
    assert by_id.returncode == 0
    assert by_id == by_key
    assert "# About one" in by_id.stdout and "Hello " in by_id.stdout
    assert "\x1b" not in by_id.stdout


def test_export_writes_a_private_file_in_the_format_of_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    assert run("export", "one", "--output", str(path)) == (0, "", "")
    assert json.loads(path.read_text("utf-8"))["conversationId"] == "id-one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    run("export", "one", "--output", str(path), "--format", "html")
    assert path.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["one.txt", "one", "one.PDF"])
def test_an_ending_that_says_nothing_is_markdown_and_any_other_needs_the_format(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    done = run("export", "one", "--output", str(path))
    if name == "one.PDF":
        assert (done.returncode, done.stdout, path.exists()) == (2, "", False)
        assert done.stderr.count("\n") == 1 and ".md, .json, .html" in done.stderr
        assert run("export", "one", "--output", str(path), "--format", "md").returncode == 0
    assert path.read_text("utf-8").startswith("# About one")


def test_export_redacts(run: Run) -> None:
    done = run("export", "one", "--format", "json", "--redact")
    assert done.returncode == 0
    assert "id-one" not in done.stdout
    assert json.loads(done.stdout)["redacted"] is True


@pytest.mark.parametrize("command", ["export", "replay"])
@pytest.mark.parametrize("wanted", ["nobody", "id-gone", "\x1b[31m"])
def test_an_unknown_id_is_one_line_and_2(run: Run, command: str, wanted: str) -> None:
    done = run(command, wanted)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no saved conversation" in done.stderr and "\x1b" not in done.stderr


def test_a_missing_data_folder_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "nowhere"
    assert main(["export", "one", "--data-dir", str(folder)]) == 2
    assert "no saved conversations" in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize("command", ["export", "replay"])
@pytest.mark.parametrize("wanted", ["", " "])
def test_no_id_at_all_is_one_line_and_2(run: Run, command: str, wanted: str) -> None:
    done = run(command, wanted)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "expected a conversationId" in done.stderr


def test_an_id_that_several_have_names_their_keys(run: Run, store: Store) -> None:
    store.add(conversation("three", bot="other").evolve(id="id-one"))
    done = run("export", "id-one")
    assert (done.returncode, done.stdout) == (2, "")
    told = "2 saved conversations begin with id-one: one (About one), three (About three)"
    assert done.stderr == f"userdesk: {told}\n"
    assert run("export", "three").returncode == run("export", "one").returncode == 0


def test_a_beginning_that_one_conversation_has_stands_for_it(run: Run, store: Store) -> None:
    for key, conversation_id in (("a1b2c3d4e5", "8a7f66e0-x"), ("a1b2c3d4e6", "8a7f77e0-\x1b[31m")):
        store.add(conversation(key).evolve(id=conversation_id))
    whole = run("export", "a1b2c3d4e5")
    assert whole.returncode == 0 and "# About a1b2c3d4e5" in whole.stdout
    assert run("export", "8a7f6") == whole
    store.add(conversation("a1b2c3d4"))
    assert "# About a1b2c3d4\n" in run("export", "a1b2c3d4").stdout  # a whole key goes before a beginning
    done = run("replay", "a1b2c3d4e")
    told = "2 saved conversations begin with a1b2c3d4e: "
    told += "a1b2c3d4e5 (About a1b2c3d4e5), a1b2c3d4e6 (About a1b2c3d4e6)"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"userdesk: {told}\n")
    done = run("export", "8a7f")
    assert "8a7f66e0 (About a1b2c3d4e5), 8a7f77e0 (" in done.stderr and "\x1b" not in done.stderr


def test_candidates_are_told_as_far_as_one_line_has_room(run: Run, store: Store) -> None:
    for number in range(9):
        store.add(conversation(f"same{number}", title="long " * 20))
    done = run("export", "same")
    assert done.stderr.startswith("userdesk: 9 saved conversations begin with same: same0 (long ")
    assert done.stderr.endswith("…) and 4 more\n") and done.stderr.count("\n") == 1


def test_last_stands_for_the_most_recent_conversation(run: Run, store: Store) -> None:
    store.add(conversation("other", bot="gone bot").evolve(created=AT + timedelta(days=1)))
    for key, seconds in (("one", 2), ("two", 1)):
        os.utime(store.folder.transcript(key), (0, AT.timestamp() + seconds))
    assert "# About other" in run("export", "--last").stdout
    for arguments in (("--bot", "acme", "export", "--last"), ("export", "--last", "--bot", "acme")):
        assert "# About one" in run(*arguments).stdout
    assert "# About other" in run("export", "--last", "--bot", "gone bot").stdout
    none = run("export", "--last", "--demo")
    assert (none.returncode, none.stderr) == (2, "userdesk: there are no saved conversations with demo\n")
    both, neither = run("export", "one", "--last"), run("replay")
    assert (both.returncode, neither.returncode) == (2, 2)
    assert "ID" in both.stderr and "ID" in neither.stderr and "--last" in neither.stderr


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (".", "a folder"),
        ("", "a folder"),
        ("folder", "there is a folder where a file should be"),
        ("nowhere/one.md", "no such file or directory"),
        ("x" * 300, "its name is too long"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_line_and_2(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    done = run("export", "one", "--output", output)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("userdesk: --output ") and words in done.stderr


def test_an_output_in_a_closed_folder_is_one_line_and_2(
    store: Store, login: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    output = str(tmp_path / "closed" / "one.md")
    export = command_runs.command_that_obeys_permissions("export", "one", "--output", output)
    done = subprocess.run(export, env=login, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("userdesk: --output ") and "no permission" in done.stderr


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        ("export", ".."),
        ("export", "."),
        ("export", "conversations.toml"),
        ("export", "transcripts"),
        ("replay", "conversations.toml"),
        ("replay", "transcripts/one.jsonl"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_2(
    store: Store, login: dict[str, str], data_dir: Path, closed: str, command: str
) -> None:
    path = data_dir / closed
    mode = path.stat().st_mode
    arguments = command_runs.command_that_obeys_permissions(command, "one")
    path.chmod(0)
    try:
        done = subprocess.run(arguments, env=login, capture_output=True, text=True)
    finally:
        path.chmod(mode)
    assert (done.returncode, done.stdout) == (2, "")
    assert "could not be read: no permission" in done.stderr and "Errno" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["export", "replay"])
def test_a_pipe_in_place_of_the_list_is_told_at_once(
    store: Store, login: dict[str, str], data_dir: Path, command: str
) -> None:
    (data_dir / "conversations.toml").unlink()
    os.mkfifo(data_dir / "conversations.toml")
    done = command_runs.run(login, command, "one")
    assert (done.returncode, done.stdout) == (2, "")
    assert "could not be read: it is a folder or a pipe" in done.stderr
    assert done.stderr.count("\n") == 1


def test_replay_is_marked_and_keeps_the_pace(store: Store, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    waited: list[float] = []
    status = replay(Request("one", 2.0), Options(data_dir=store.folder.path), sleep=waited.append)
    lines = capfdbinary.readouterr().out.decode().split("\n")
    assert status == 0
    assert lines[0].startswith("REPLAY · About one · ") and lines[0].endswith("2× speed")
    assert "❯ Ask one" in lines and "  ■ stopped" in lines
    assert any(line.startswith("◆ Hello") and "there" in line and "\x1b" not in line for line in lines)
    assert waited == [0.2, 0.25]


def test_replay_on_a_terminal_has_the_rows_of_the_screen(store: Store, login: dict[str, str]) -> None:
    store.transcript("two").append(Message(role=Role.ASSISTANT, text="- **bold**\n- last", at=AT))
    ours, theirs = pty.openpty()
    arguments = ("replay", "two", "--speed", "1000", "--data-dir", str(store.folder.path))
    process = start(login, *arguments, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    written = b""
    while b"last" not in written:
        written += os.read(ours, 10_000)
    _, errors = process.communicate(timeout=LIMIT)
    os.close(ours)
    assert (process.returncode, errors) == (0, b"")
    assert "\x1b[1m ◆ \x1b[0m• \x1b[1mbold\x1b[0m\r\n   • last" in written.decode().replace("\r\r", "\r")


def test_replay_of_nothing_known_raises(store: Store) -> None:
    with pytest.raises(SettingsError, match="no saved conversation"):
        replay(Request("nobody"), Options(data_dir=store.folder.path), sleep=lambda seconds: None)


def test_purge_asks_and_without_a_terminal_refuses(run: Run, store: Store) -> None:
    done = run("purge", "everything")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert len(store.conversations()) == 2 and store.trash.keys() == ["gone"]


def test_purge_trash_leaves_the_rest(run: Run, store: Store) -> None:
    done = run("purge", "trash", "--yes")
    assert done.returncode == 0 and "Removed 1 conversation for good" in done.stdout
    assert store.trash.keys() == []
    assert not (store.folder.path / "trash" / "gone.jsonl").exists()
    store.reload()
    assert {each.key for each in store.conversations()} == {"one", "two"}
    assert "Nothing to remove" in run("purge", "trash", "--yes").stdout


def test_purge_of_a_chatbot_that_nobody_knows_is_2(run: Run, tmp_path: Path) -> None:
    done = run("purge", "chatbot", "nobody", "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    words = "there is no saved conversation with it, and no such chatbot (demo)"
    assert done.stderr == f"userdesk: purge chatbot nobody: {words}\n"
    config = tmp_path / "config.toml"
    config.write_text('[bots.nobody]\nchatbot_id = "1"\n')
    known = run("purge", "chatbot", "nobody", "--yes", "--config", str(config))
    assert (known.returncode, known.stderr) == (0, "")
    assert known.stdout == "Nothing to remove: no saved conversations with nobody.\n"
    assert run("purge", "chatbot", "acme", "--yes").stdout.startswith("Removed 3 conversations")


def test_purge_warns_only_where_the_program_is_open(run: Run, store: Store) -> None:
    assert run("purge", "trash", "--yes").stderr == ""
    store.delete("two")
    store.presence.begin()
    done = run("purge", "trash", "--yes")
    assert "open in another window" in done.stderr and done.stderr.count("\n") == 1
    assert done.returncode == 0 and store.trash.keys() == []


def test_purge_everything_leaves_no_word_but_what_is_not_ours(run: Run, store: Store) -> None:
    foreign = store.folder.path / "transcripts" / "notes.txt"
    foreign.write_text("mine")
    (store.folder.path / "conversations.toml.broken-20261121T000000Z").write_text("Ask")
    done = run("purge", "everything", "--yes")
    assert done.returncode == 0 and "Removed 3 conversations for good" in done.stdout
    left = [path for path in store.folder.path.rglob("*") if path.is_file()]
    assert foreign in left
    assert not [path for path in left if b"Ask" in path.read_bytes() or b"unsent" in path.read_bytes()]
    # Whether a lock that nobody holds stays is the library's affair.
    assert {path.name for path in left} - {".lock"} == {"notes.txt", "conversations.toml"}


@pytest.mark.parametrize(("typed", "left"), [(b"no\n", 1), (b"yes\n", 0)])
def test_purge_does_what_is_typed_on_a_terminal(
    store: Store, login: dict[str, str], typed: bytes, left: int
) -> None:
    ours, theirs = pty.openpty()
    arguments = ("purge", "trash", "--data-dir", str(store.folder.path))
    process = start(login, *arguments, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.close(theirs)
    os.write(ours, typed)
    _, errors = process.communicate(timeout=LIMIT)
    os.close(ours)
    assert process.returncode == 0
    assert b"This removes for good: the trash, 1 conversation." in errors
    assert len(store.trash.keys()) == left
