"""conversations.toml of another version: an older one is upgraded, a newer one is only read, everywhere."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ENTRY = '[[conversation]]\nkey = "k1"\nbot = "env"\nchatbot_id = "demo"\ntitle = "Of another version"\n'
LINE = '{"role": "user", "text": "Said before", "status": "complete"}\n'


def lay(data_dir: Path, head: str, base_url: str) -> bytes:
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "transcripts" / "k1.jsonl").write_text(LINE)
    index = data_dir / "conversations.toml"
    index.write_text(f'{head}{ENTRY}base_url = "{base_url}"\n')
    return index.read_bytes()


async def test_an_older_version_is_upgraded_and_that_is_said(open_window, server, data_dir: Path) -> None:
    before = lay(data_dir, "# from before there were versions\n", server.base_url)
    async with open_window(server.base_url) as window:
        await window.until(
            lambda: "was upgraded from an older version: the original is kept" in window.notices, "it"
        )
        window.open("k1")
        await window.sees("Said before")
    (kept,) = data_dir.glob("conversations.toml.before-version-1-*")
    assert kept.read_bytes() == before
    assert (data_dir / "conversations.toml").read_text().startswith("version = 1\n")


async def test_a_newer_version_is_read_and_what_is_typed_is_asked_about(
    open_window, server, data_dir: Path
) -> None:
    before = lay(data_dir, "version = 2\n", server.base_url)
    async with open_window(server.base_url) as window:
        await window.until(lambda: "from a newer version of userdesk (2)" in window.notices, "the notice")
        await window.sees("Read-only: written by a newer userdesk")
        await window.sees("Said before")
        await window.write("A draft that can't be saved")
        await window.toasts("Not saved", "newer version of userdesk", "in memory until you quit")
        await window.quit()
        await window.sees("A draft that can't be saved", "not saved yet: a newer userdesk wrote this folder")
        await window.press("escape")
        await window.sees("Read-only: written by a newer userdesk")
        # Another window's update, or a hand, makes it a version that is known: all is written.
        (data_dir / "conversations.toml").write_bytes(before.replace(b"= 2", b"= 1"))
        await window.saved()
        assert window.store.drafts.get("k1") == "A draft that can't be saved"


@pytest.mark.parametrize(
    ("arguments", "status", "printed"),
    [
        (["send", "--continue", "What are the keys?"], 7, "Ctrl+N"),
        (["export", "k1"], 0, "Said before"),
        (["purge", "everything", "--yes"], 2, ""),
        (["doctor"], 0, "1 saved"),
    ],
)
def test_commands_read_a_newer_version_and_say_that_nothing_is_saved(
    environment: Callable[..., dict[str, str]],
    server,
    data_dir: Path,
    arguments: list[str],
    status: int,
    printed: str,
) -> None:
    before = lay(data_dir, "version = 2\n", server.base_url)
    ended = subprocess.run(
        [sys.executable, "-m", "userdesk", *arguments],
        env=environment(server.base_url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert ended.returncode == status
    assert printed in ended.stdout
    assert "newer version of userdesk (2). Conversations can be read, but nothing is saved" in (
        ended.stdout + ended.stderr
    )
    if arguments[0] in ("send", "purge"):
        assert "is from a newer version of userdesk: nothing is saved" in ended.stderr
    assert (data_dir / "conversations.toml").read_bytes() == before
    assert (data_dir / "transcripts" / "k1.jsonl").read_text() == LINE
