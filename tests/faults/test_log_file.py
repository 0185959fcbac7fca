"""The log file: private, rotated, and without a word of what was said."""

import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from userdesk.diagnostics.logbook import KEPT, Logbook, open_logbook
from userdesk.settings import Options, resolve


@pytest.fixture(autouse=True)
def closed_after() -> Iterator[None]:
    yield
    threading.excepthook = threading.__excepthook__
    for logger in map(logging.getLogger, ("userdesk", "asyncio", "concurrent.futures")):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


def test_level_comes_from_the_flag_then_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('log_level = "info"\n')
    assert resolve(Options(config=file)).log_level == "info"
    flagged = resolve(Options(config=file, log_level="off"))
    assert (flagged.log_level, flagged.origins["log_level"]) == ("off", "flag --log-level")
    file.write_text('log_level = "loud"\n')
    wrong = resolve(Options(config=file))
    assert wrong.log_level == "warning"
    assert 'expected one of "off"' in str(wrong.problems[0])


def test_no_file_without_something_to_tell(data_dir: Path) -> None:
    open_logbook(data_dir, "warning")
    logging.getLogger("userdesk.chat").info("not told")
    assert not data_dir.exists()
    logging.getLogger("userdesk.chat").warning("told")
    assert "told" in (data_dir / "userdesk.log").read_text("utf-8")
    open_logbook(data_dir, "off")
    logging.getLogger("userdesk.chat").critical("never")
    assert "never" not in (data_dir / "userdesk.log").read_text("utf-8")


def test_errors_are_told_by_type_and_place_alone(data_dir: Path, secret: str) -> None:
    open_logbook(data_dir, "debug")
    try:
        raise ValueError(f"Bearer {secret}")
    except ValueError as error:
        logging.getLogger("userdesk.chat").error("it failed\n\x1b[2J", exc_info=error)
        logging.getLogger("asyncio").error("Task was destroyed: %s", secret, exc_info=error)
    text = (data_dir / "userdesk.log").read_text("utf-8")
    assert text.count("builtins.ValueError") == 2
    assert "test_log_file.py" in text
    assert secret not in text and "\x1b" not in text


def test_a_thread_that_fails_is_told_here_and_nowhere_else(data_dir: Path, secret: str, capfd) -> None:
    open_logbook(data_dir, "warning")

    def fail() -> None:
        raise ValueError(secret)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    text = (data_dir / "userdesk.log").read_text("utf-8")
    assert "a thread failed" in text and "builtins.ValueError" in text
    assert secret not in text + "".join(capfd.readouterr())


def test_lines_are_bounded(data_dir: Path) -> None:
    open_logbook(data_dir, "warning")
    logging.getLogger("userdesk.chat").warning("x" * 100_000)
    assert (data_dir / "userdesk.log").stat().st_size < 2_000


def test_rotated_private_and_bounded(data_dir: Path) -> None:
    before = os.umask(0)
    try:
        handler = Logbook(data_dir / "userdesk.log", largest=2000)
        logger = logging.Logger("userdesk.test")
        logger.addHandler(handler)
        for number in range(300):
            logger.warning("line %d", number)
        if not (data_dir / "userdesk.log").exists():  # the last line filled it
            logger.warning("one more")
        handler.close()
    finally:
        os.umask(before)
    files = sorted(path.name for path in data_dir.iterdir())
    assert files == ["userdesk.log", *(f"userdesk.log.{number}" for number in range(1, KEPT + 1))]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in data_dir.iterdir())
    assert sum(path.stat().st_size for path in data_dir.iterdir()) < 12_000
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    newest = (data_dir / "userdesk.log").read_text() + (data_dir / "userdesk.log.1").read_text()
    assert "line 299" in newest


def test_a_link_or_a_removed_folder_stops_nothing(data_dir: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    data_dir.mkdir()
    (data_dir / "userdesk.log").symlink_to(outside)
    open_logbook(data_dir, "warning")
    logging.getLogger("userdesk.chat").warning("told")
    assert outside.read_text() == "untouched"
    (data_dir / "userdesk.log").unlink()
    logging.getLogger("userdesk.chat").warning("first")
    (data_dir / "userdesk.log").unlink()
    logging.getLogger("userdesk.chat").warning("lost with the removed file")
    logging.getLogger("userdesk.chat").warning("again")
    assert "again" in (data_dir / "userdesk.log").read_text("utf-8")


async def test_a_session_is_told_without_its_words(open_window, server, data_dir: Path, secret: str) -> None:
    open_logbook(data_dir, "debug")
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        server.answer_next("An answer about elephants")
        await window.say("A question about giraffes")
        await window.idle()
        server.fail_next(500, body=f"failed for {secret} and zebras")
        await window.say("And about lions")
        await window.idle()
    text = (data_dir / "userdesk.log").read_text("utf-8")
    assert "complete" in text and "server_error 500" in text
    for word in ("elephants", "giraffes", "zebras", "lions", secret):
        assert word not in text
