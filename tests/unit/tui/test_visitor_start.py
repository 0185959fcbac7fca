"""The start and the end of a visitor's process, whatever the host has told it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from userdesk.tui import app, visitor

CHATBOT = {
    "USERDESK_CHATBOT_ID": "123456",
    "USERDESK_API_KEY": "the-visits-own",
    "USERDESK_BASE_URL": "http://127.0.0.1:1",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the host makes and says, but for the chatbot."""
    made = tmp_path / "visit-1"
    made.mkdir(0o700)
    (made / "config.toml").touch()
    channel = os.open(os.devnull, os.O_WRONLY)
    monkeypatch.chdir(made)
    monkeypatch.setattr(visitor, "prepare", lambda: None)  # it is for a process of its own
    for name, value in {
        "HOME": str(made),
        "USERDESK_CONFIG": str(made / "config.toml"),
        "USERDESK_DATA_DIR": str(made / "data"),
        "USERDESK_VISIT_FOLDER": str(made),
        "USERDESK_VISIT_CHANNEL": str(channel),
    }.items():
        monkeypatch.setenv(name, value)
    yield made
    os.close(channel)


def told_to_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CHATBOT.items():
        monkeypatch.setenv(name, value)


def test_it_shows_the_visits_own_and_its_folder_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_to_talk(monkeypatch)
    shown: list[Any] = []
    monkeypatch.setattr(app, "run", lambda *what: shown.append(what) or 7)
    assert visitor.main() == 7
    ((settings, options, visit),) = shown
    assert (settings.start_bot, settings.data_dir) == ("env", folder / "data")
    assert (visit.folder, visit.play, options.play) == (folder, None, None)
    assert not folder.exists()
    assert capsys.readouterr() == ("", "")


def test_a_defect_is_told_without_a_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_to_talk(monkeypatch)

    def fails(*_: object) -> int:
        raise IndexError(f"in {folder}")

    monkeypatch.setattr(app, "run", fails)
    assert visitor.main() == 70
    assert capsys.readouterr().out == "userdesk: the program ended because of a bug\n"
    assert not folder.exists()


def test_a_defect_before_the_program_is_told_so_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_to_talk(monkeypatch)

    def fails(*_: object) -> None:
        raise OSError(f"in {folder}")

    monkeypatch.setattr(visitor, "resolve", fails)
    assert visitor.main() == 70
    assert capsys.readouterr() == ("userdesk: the program ended because of a bug\n", "")
    assert not folder.exists()


def test_the_standard_error_is_the_terminal_while_the_program_draws_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    told_to_talk(monkeypatch)
    monkeypatch.setattr(app, "run", lambda *_: os.write(2, b"drawn"))
    assert visitor.main() == 5
    os.write(2, b"a report")
    assert capfd.readouterr() == ("drawn", "a report")


def test_without_a_chatbot_nothing_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not even the embedded one, which would run beside each visitor."""
    assert visitor.main() == 2
    assert capsys.readouterr().out == "userdesk: the visit has no chatbot\n"
    assert not folder.exists()


def test_somebody_elses_conversations_are_not_shown(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_to_talk(monkeypatch)
    monkeypatch.setenv("USERDESK_DATA_DIR", str(tmp_path / "data"))
    assert visitor.main() == 2
    assert capsys.readouterr().out == "userdesk: the visit has no data folder of its own\n"


def test_by_hand_it_says_who_runs_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("USERDESK_VISIT_FOLDER")
    assert visitor.main() == 2
    assert "this is run by userdesk serve" in capsys.readouterr().out
    assert folder.exists()
