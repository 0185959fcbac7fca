"""The program in a terminal on a disk that refuses: a quota, the largest size of a file, no permission."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

if sys.platform != "linux":
    pytest.skip("needs Linux", allow_module_level=True)

from failing_disk import build_layer, close_folder, limit_size, over_quota, without_root_rights
from pseudo_terminal import LIMIT, Terminal

from program_reader import saved_conversations, transcript_lines


class Disk(NamedTuple):
    terminal: Terminal
    switch: Callable[[bool], None]
    """Called with True the disk refuses, with False it takes all again."""
    words: str


@pytest.fixture
def environ(environment: Callable[..., dict[str, str]], server) -> dict[str, str]:
    return environment(server.base_url)


@pytest.fixture(params=["quota", "size", "permission"])
def disk(
    request: pytest.FixtureRequest, environ: dict[str, str], data_dir: Path, tmp_path: Path
) -> Iterator[Disk]:
    if request.param == "quota":
        library = build_layer(tmp_path)
        if library is None:
            pytest.skip("needs a C compiler")
        order = tmp_path / "order"
        environ |= {
            "LD_PRELOAD": str(library),
            "REFUSED_FOLDER": str(data_dir),
            "REFUSED_ORDER": str(order),
        }
        with Terminal(environ, is_installed=True) as terminal:
            yield Disk(terminal, over_quota(order), "the disk quota is used up")
    elif request.param == "size":
        with Terminal(environ) as terminal:
            pid = terminal.process.pid
            yield Disk(
                terminal, lambda refuse: limit_size(pid, refuse=refuse), "the file would become too large"
            )
    else:
        under = without_root_rights()
        if under is None:
            pytest.skip("root may write everywhere, and can't give that up here")
        with Terminal(environ, under=under) as terminal:
            yield Disk(
                terminal,
                lambda refuse: close_folder(data_dir, refuse=refuse),
                "no permission",
            )


def test_a_disk_that_refuses_while_the_program_runs(disk: Disk, data_dir: Path) -> None:
    terminal = disk.terminal
    terminal.sees("Message Acme support")
    terminal.type("Said before\r")
    terminal.until(lambda: terminal.text.count("first text") == 1, "the answer")
    key = saved_conversations(data_dir)[0]["key"]
    terminal.until(lambda: len(transcript_lines(data_dir, key)) == 3, "the answer on the disk")
    disk.switch(True)
    terminal.type("Said to nobody")
    terminal.sees("Not saved", disk.words, "userdesk keeps everything in memory until the disk is back")
    terminal.type("\r")
    terminal.until(lambda: terminal.text.count("first text") == 2, "the answer in memory")
    terminal.type("a draft")
    terminal.sees("a draft", "Not saved yet: can't write to the disk")
    terminal.type("\x11")
    terminal.sees("not saved yet: can't write to the disk. Quit anyway?")
    terminal.type("\x1b")
    terminal.misses("Quit anyway?")
    disk.switch(False)
    terminal.sees("Everything is saved")
    texts = [line["text"] for line in transcript_lines(data_dir, key)]
    assert texts.count("Said before") == texts.count("Said to nobody") == 1 and len(texts) == 5
    terminal.type("\x11")
    assert terminal.process.wait(LIMIT) == 0
    assert (data_dir / "drafts" / f"{key}.txt").read_text() == "a draft"


def test_a_folder_that_is_closed_from_the_start(environ: dict[str, str], data_dir: Path) -> None:
    under = without_root_rights()
    if under is None:
        pytest.skip("root may write everywhere, and can't give that up here")
    data_dir.mkdir(mode=0o500)
    with Terminal(environ, under=under) as terminal:
        terminal.sees("no permission")
        terminal.type("Still usable\r")
        terminal.sees("Still usable", "first text")
        terminal.type("\x11")
        terminal.sees("not saved yet")
        terminal.type("\x1b")
        terminal.misses("not saved yet:")
        data_dir.chmod(0o700)
        terminal.sees("Everything is saved")
    (saved,) = saved_conversations(data_dir)
    assert "Still usable" in [line["text"] for line in transcript_lines(data_dir, saved["key"])]
