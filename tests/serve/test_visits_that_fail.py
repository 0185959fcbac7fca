"""Visits of which something fails in the host itself: they end, and nothing of them is left."""

import asyncio
import os
from collections.abc import Callable

import pytest
from host_apart import Browser, Host

from descendants import descendants_of, is_running
from userdesk.serve.pseudo_terminal import PseudoTerminal
from userdesk.serve.visit import Visit
from userdesk.serve.visitor_process import VisitorProcess


def fails(*_: object) -> None:
    raise OSError("no more of them")


def breaks(*_: object) -> None:
    raise ValueError("unexpected")


def terminals() -> int:
    """The pseudo-terminals that are open."""
    links = [f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd")]
    return sum("ptmx" in os.readlink(each) for each in links if os.path.lexists(each))


def processes() -> list[int]:
    return [each for each in descendants_of(os.getpid()) if is_running(each)]


async def is_refused(host: Host) -> None:
    before = processes()
    async with Browser(host) as browser:
        assert (await browser.load(host.invitation))[0] == 503
    assert [*host.folders.root.iterdir()] == []
    assert terminals() == 0
    assert {*processes()} <= {*before}
    assert host.admission.free == host.admission.uses == 3
    assert host.withdrawn == host.granted


@pytest.mark.parametrize(("of", "step"), [(VisitorProcess, "listen"), (Visit, "_switch"), (Visit, "_watch")])
async def test_visit_that_fails_at_its_start_leaves_nothing(
    host: Host, monkeypatch: pytest.MonkeyPatch, of: type, step: str
) -> None:
    monkeypatch.setattr(of, step, fails)
    await is_refused(host)


async def test_visit_without_a_terminal_leaves_no_folder(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userdesk.serve.visitor_process.PseudoTerminal", fails)
    await is_refused(host)


async def test_visit_without_a_folder_leaves_no_terminal(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.folders, "new", fails)
    await is_refused(host)


@pytest.mark.parametrize("attached", [True, False], ids=["seen", "away"])
async def test_visit_whose_terminal_cannot_be_read_ends_and_the_log_says_why(
    host: Host,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    logged: pytest.LogCaptureFixture,
    attached: bool,
) -> None:
    visit = host.only
    if not attached:
        await browser.go()
        await host.wait(lambda: not visit.is_attached)
    monkeypatch.setattr(PseudoTerminal, "read", breaks)
    await visit.type(b"say('x')\n")
    async with asyncio.timeout(30):
        await visit.ended.wait()
    assert visit.reason == "failed"
    assert "ValueError: unexpected" in logged.text
    if attached:
        assert await browser.is_closed() == (4000, "failed")


@pytest.mark.parametrize("step", [lambda visit: visit.deliveries, lambda visit: visit.process.terminal])
async def test_visit_whose_end_fails_at_one_step_ends_in_all_others(
    host: Host, browser: Browser, monkeypatch: pytest.MonkeyPatch, step: Callable[[Visit], object]
) -> None:
    visit, pid = host.only, await browser.process()
    with monkeypatch.context() as patch:
        patch.setattr(step(visit), "close", breaks)
        await visit.end("idle")
    assert visit.ended.is_set()
    assert not visit.process.folder.exists()
    assert not is_running(pid)
    visit.process.terminal.close()
