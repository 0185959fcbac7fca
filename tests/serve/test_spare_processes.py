"""A process that is kept ready: whose it becomes, when there is another, and that nothing is left of it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from host_apart import Browser, Host, NewHost

from descendants import descendants_of, is_running
from userdesk.serve.pseudo_terminal import PseudoTerminal
from userdesk.serve.visitor_process import VisitorProcess
from userdesk.serve.visits import DRAWN_WITHIN, STARTED_WITHIN


def processes() -> set[int]:
    """Those that run beneath the tests."""
    return {each for each in descendants_of(os.getpid()) if is_running(each)}


def pid_of(process: VisitorProcess) -> int:
    (pid,) = (each for each in processes() if os.readlink(f"/proc/{each}/cwd") == str(process.folder))
    return pid


async def prepared(host: Host) -> VisitorProcess:
    """The spare process, once there is one."""
    before = {*host.visits.processes}
    await host.visits.processes.prepare()
    (spare,) = {*host.visits.processes} - before
    return spare


async def test_spare_process_becomes_the_next_visitors_and_nobody_elses(host: Host) -> None:
    spare = await prepared(host)
    async with Browser(host) as first, Browser(host) as second:
        await first.come()
        assert host.only.process is spare
        assert not host.visits.processes.has_spare
        await second.come()
        assert host.visits_by_number()[2].process is not spare
        assert len(host.visits.processes) == 2
        assert await first.process() != await second.process()


async def test_browser_shows_what_a_spare_process_draws_from_then_on(host: Host) -> None:
    await prepared(host)
    async with Browser(host) as browser:
        await browser.load(host.invitation)
        await browser.connect(90, 33)
        await browser.sees(b"^\x18\x1bc")
        await browser.run("size()")
        await browser.sees(b"<size 90 33>")
        await browser.run("tell(type='copy', text='told')")
        assert await browser.hears("copy") == "told"


async def test_spare_process_that_writes_much_is_read_all_the_time(new_host: NewHost) -> None:
    writes = "import os; [os.write(1, b'x' * 65536) for _ in range(8)]; open('written', 'w')"
    async with new_host(command=("/usr/bin/env", "python3", "-c", f"{writes}; input()")) as host:
        spare = await prepared(host)
        await host.wait((spare.folder / "written").exists)


async def test_there_is_one_spare_process_and_no_more_processes_than_places(host: Host) -> None:
    keeps = host.visits.processes
    await asyncio.gather(keeps.prepare(), keeps.prepare())
    await keeps.prepare()
    assert len(keeps) == 1
    async with Browser(host) as first, Browser(host) as second, Browser(host) as third:
        for number, browser in enumerate((first, second, third), 1):
            await browser.come()
            await keeps.prepare()
            assert len(keeps) == min(number + 1, 3)
        assert not keeps.has_spare


async def test_spare_process_opens_nothing_and_is_no_visit(host: Host) -> None:
    spare = await prepared(host)
    assert host.granted == []
    assert [*host.visits] == []
    assert host.admission.free == host.admission.uses == 3
    async with Browser(host) as browser:
        await browser.come()
        assert [access.token for access in host.granted] == [spare.token]


async def test_visitor_who_comes_while_one_is_being_started_gets_that(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, begins, goes_on = PseudoTerminal.start, asyncio.Event(), asyncio.Event()

    async def waits(*arguments: Any) -> asyncio.subprocess.Process:
        begins.set()
        await goes_on.wait()
        return await start(*arguments)

    monkeypatch.setattr(PseudoTerminal, "start", waits)
    preparing = asyncio.create_task(host.visits.processes.prepare())
    await begins.wait()
    entering = asyncio.create_task(host.visits.enter(host.admission.token))
    asyncio.get_running_loop().call_soon(goes_on.set)
    await asyncio.gather(preparing, entering)
    assert {*host.visits.processes} == {host.only.process}


@pytest.fixture
async def running(host: Host, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    """The host looks again and again, as it does when it serves."""
    monkeypatch.setattr("userdesk.serve.visits.LOOKS", 0.01)
    looking = asyncio.create_task(host.visits.run())
    yield host
    looking.cancel()


async def test_next_one_is_started_once_nobody_waits_for_a_first_screen(running: Host) -> None:
    host = running
    await host.wait(lambda: host.visits.processes.has_spare)
    async with Browser(host) as browser:
        await browser.load(host.invitation)
        assert not host.visits.nobody_waits  # the page loads
        await browser.connect()
        await browser.process()
        assert not host.visits.nobody_waits
        assert not host.visits.processes.has_spare
        host.now += DRAWN_WITHIN
        await host.wait(lambda: host.visits.processes.has_spare)
        assert len(host.visits.processes) == 2


async def test_who_looks_at_the_link_and_never_comes_holds_the_next_one_back_for_seconds_alone(
    running: Host,
) -> None:
    host = running
    await host.wait(lambda: host.visits.processes.has_spare)
    async with Browser(host) as preview:
        assert (await preview.load(host.invitation))[0] == 200
        assert not host.visits.nobody_waits
        assert not host.visits.processes.has_spare
        host.now += STARTED_WITHIN  # much less than the 20 s for which it keeps its place
        await host.wait(lambda: host.visits.processes.has_spare)
        assert not host.only.was_seen
        await preview.connect()  # it comes all the same
        await preview.process()


async def test_who_begins_again_gets_the_spare_one(host: Host, browser: Browser) -> None:
    first = host.only
    spare = await prepared(host)
    await browser.run("sys.exit()")
    await browser.is_closed()
    await browser.load("/")
    assert host.only.process is spare
    assert first.ended.is_set()
    await browser.connect()
    await browser.process()


async def test_end_of_the_host_is_the_end_of_the_spare_one(host: Host) -> None:
    before = processes()
    spare = await prepared(host)
    assert spare.folder.exists()
    assert processes() > before
    await host.visits.close()
    assert spare.ended.is_set()
    assert [*host.folders.root.iterdir()] == []
    assert processes() == before
    await host.visits.processes.prepare()
    assert len(host.visits.processes) == 0


async def test_end_of_the_host_waits_for_one_that_is_being_started(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, begins, goes_on = PseudoTerminal.start, asyncio.Event(), asyncio.Event()

    async def waits(*arguments: Any) -> asyncio.subprocess.Process:
        begins.set()
        await goes_on.wait()
        return await start(*arguments)

    monkeypatch.setattr(PseudoTerminal, "start", waits)
    preparing = asyncio.create_task(host.visits.processes.prepare())
    await begins.wait()
    asyncio.get_running_loop().call_soon(goes_on.set)
    await host.visits.close()
    assert [*host.folders.root.iterdir()] == []
    await preparing


async def test_one_that_ended_by_itself_is_handed_to_nobody_and_not_made_again_at_once(
    running: Host, logged: pytest.LogCaptureFixture
) -> None:
    host = running
    await host.wait(lambda: host.visits.processes.has_spare)
    (spare,) = host.visits.processes
    os.kill(pid_of(spare), signal.SIGKILL)
    async with asyncio.timeout(30):
        await spare.ended.wait()
    assert not spare.folder.exists()
    assert "has ended by itself" in logged.text
    await host.visits.processes.prepare()
    assert len(host.visits.processes) == 0
    async with Browser(host) as browser:
        await browser.come()
        await browser.process()
        host.now += DRAWN_WITHIN
        await host.wait(lambda: host.visits.processes.has_spare)


async def test_one_that_ended_this_moment_is_handed_to_nobody_and_nothing_is_left_of_it(host: Host) -> None:
    spare = await prepared(host)
    os.kill(pid_of(spare), signal.SIGKILL)
    while spare.is_running:
        await asyncio.sleep(0)
    assert host.visits.processes.has_spare  # nobody has looked yet
    async with Browser(host) as browser:
        await browser.come()
        assert host.only.process is not spare
        await browser.process()
        async with asyncio.timeout(30):
            await spare.ended.wait()
        assert len(host.visits.processes) == 1


async def test_one_that_cannot_be_started_harms_nobody_and_is_not_tried_again_at_once(
    host: Host, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    tries = 0

    async def fails(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise OSError("no more of them")

    with monkeypatch.context() as patch:
        patch.setattr(PseudoTerminal, "start", fails)
        for _ in range(3):
            await host.visits.processes.prepare()
    assert tries == 1
    assert "no more of them" in logged.text
    assert [*host.folders.root.iterdir()] == []
    async with Browser(host) as browser:
        await browser.come()
        await browser.process()


async def test_no_descriptor_is_left_of_spare_processes(host: Host) -> None:
    async def once() -> int:
        await prepared(host)
        async with Browser(host) as browser:
            await browser.come()
            visit = host.only
            await browser.run("sys.exit()")
            await browser.is_closed()
            await visit.ended.wait()
        await host.pass_time(60)
        return sum("pipe" in link or "ptmx" in link for link in links())

    assert await once() == await once()


def links() -> list[str]:
    paths = [Path("/proc/self/fd", each) for each in os.listdir("/proc/self/fd")]
    return [os.readlink(path) for path in paths if path.is_symlink()]
