"""Editors that do not behave: what they leave is told, and never waited for."""

import shlex
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from userdesk.tui.external.editor import LARGEST, EditorError, edit, editor_command


def editor(tmp_path: Path, script: str) -> list[str]:
    path = tmp_path / "ed"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return [str(path)]


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('rm "$1"; mkfifo "$1"', "the edited file could not be read: it is a pipe, not a file"),
        ('rm "$1"; mkdir "$1"', "the edited file could not be read: it is a folder, not a file"),
        (
            'rm "$1"; mkdir -p "$1/a/b"; touch "$1/a/b/c"',
            "the edited file could not be read: it is a folder",
        ),
        (
            'rm "$1"; ln -s /dev/zero "$1"',
            "the edited file could not be read: it is a device, not a file",
        ),
        ('rm "$1"; ln -s nowhere "$1"', "the edited file is a link to a file that does not exist"),
        ('truncate -s 3G "$1"', "the edited file is larger than 4 MB"),
        ('rm "$1"', "the editor removed the file"),
        ('rm -r "${1%/*}"', "the editor removed the file"),
        ("exit 1", "ed exited with status 1"),
        ("exit 127", "ed or a program it needs was not found"),
        ("kill -TERM $$", "ed was stopped by SIGTERM"),
    ],
)
def test_an_editor_that_leaves_no_text_is_told(
    tmp_path: Path, temporary_folder: Path, script: str, words: str
) -> None:
    with pytest.raises(EditorError) as caught:
        edit(editor(tmp_path, script), "half a thought")
    assert str(caught.value).startswith(words)
    assert list(temporary_folder.iterdir()) == []


def test_what_an_editor_leaves_beside_the_file_goes_with_it(tmp_path: Path, temporary_folder: Path) -> None:
    script = 'cp "$1" "$1~"; cp "$1" "${1%/*}/.swp"; printf "\\nmore" >> "$1"'
    assert edit(editor(tmp_path, script), "text").text == "text\nmore"
    assert list(temporary_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("saved", "text", "is_told"),
    [
        ("a\\r\\nb\\rc\\n\\n", "a\nb\nc", False),
        ("\\357\\273\\277text", "text", False),
        ("caf\\351", "caf�", True),
        ("", "", False),
    ],
)
def test_what_was_saved_is_read_as_text(tmp_path: Path, saved: str, text: str, is_told: bool) -> None:
    edited = edit(editor(tmp_path, f"printf '{saved}' > \"$1\""), "before")
    assert (edited.text, "did not save UTF-8" in edited.note) == (text, is_told)


def test_as_much_as_is_taken_comes_back_whole(tmp_path: Path) -> None:
    assert edit(editor(tmp_path, "sleep 0"), "x" * LARGEST).text == "x" * LARGEST


def test_an_editor_that_does_not_wait_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = SimpleNamespace(monotonic=lambda: 1_000.0)  # a busy machine takes its time to start an editor
    monkeypatch.setattr("userdesk.tui.external.editor.time", stopped)
    edited = edit(editor(tmp_path, "(sleep 5) > /dev/null 2>&1 & exit 0"), "text")
    assert edited.text == "text"
    assert edited.note.startswith("ed closed at once; an editor with its own window needs an option")
    assert edit(editor(tmp_path, 'echo more >> "$1"'), "text\n").note == ""


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nonexistent/vimm"], "vimm was not found: set VISUAL or EDITOR to an editor"),
        (["/etc/passwd"], "passwd could not be started: Permission denied"),
        (["/tmp"], "tmp could not be started: Permission denied"),
        (["a\0b"], "a�b could not be started: its name cannot be used"),
    ],
)
def test_an_editor_that_cannot_be_started_is_told(command: list[str], words: str) -> None:
    with pytest.raises(EditorError) as caught:
        edit(command, "text")
    assert str(caught.value) == words


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    program = tmp_path / "ed"
    program.write_bytes(b"\x7fELF\0")
    program.chmod(0o700)
    with pytest.raises(EditorError, match="ed could not be started: Exec format error"):
        edit([str(program)], "text")


def test_no_temporary_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(EditorError, match=r"no temporary file could be written .*set TMPDIR"):
        edit(["true"], "text")


@pytest.mark.parametrize("variable", ["VISUAL", "EDITOR"])
@pytest.mark.parametrize("named", ['vim "', "vim '", "vim \\"])
def test_quotes_without_an_end_are_told(monkeypatch: pytest.MonkeyPatch, variable: str, named: str) -> None:
    monkeypatch.setenv(variable, named)
    with pytest.raises(EditorError, match=f"{variable} has unclosed quotes or a trailing backslash: vim"):
        editor_command()


@pytest.mark.parametrize("named", ["", " ", "\t"])
def test_an_empty_variable_names_nothing(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("VISUAL", named)
    monkeypatch.setenv("EDITOR", "code --wait")
    assert editor_command() == ["code", "--wait"]


def test_an_editor_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, clean_environment: Path) -> None:
    monkeypatch.setenv("EDITOR", f"~/bin/ed {shlex.quote('a b')}")
    assert editor_command() == [str(clean_environment / "bin" / "ed"), "a b"]
