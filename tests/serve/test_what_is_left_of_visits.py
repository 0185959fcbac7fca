"""Nothing: whatever way a visit ends, its processes and its files go with it."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from host_apart import Browser, Host

from descendants import descendants_of, is_running
from settling import until
from userdesk.serve.pseudo_terminal import PseudoTerminal
from userdesk.serve.visit import AWAY
from userdesk.serve.visit_folders import VisitFolders

CHILD = f"subprocess.Popen([{sys.executable!r}, '-c', 'import signal; signal.pause()'])"
DEAF = f"subprocess.Popen([{sys.executable!r}, '-c', %r])" % (
    "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); print('<deaf>', flush=True); signal.pause()"
)


async def left(browser: Browser) -> None:
    await browser.run("sys.exit()")


async def crashed(browser: Browser) -> None:
    await browser.run("os.kill(os.getpid(), signal.SIGKILL)")


async def stopped(browser: Browser) -> None:
    await browser.run("say('stops'); os.kill(os.getpid(), signal.SIGSTOP)")
    await browser.sees(b"<stops>")
    await browser.host.only.end("idle")


async def deaf(browser: Browser) -> None:
    await browser.run("signal.signal(signal.SIGHUP, signal.SIG_IGN); say('deaf')")
    await browser.sees(b"<deaf>")
    await browser.host.only.end("idle")


async def flooding(browser: Browser) -> None:
    await browser.run("[os.write(1, b'x' * 65536) for _ in iter(int, 1)]")
    await browser.sees(b"xxx")
    await browser.host.only.end("idle")


async def host_ended(browser: Browser) -> None:
    await browser.host.visits.close()


@pytest.mark.parametrize("ends", [left, crashed, stopped, deaf, flooding, host_ended])
async def test_nothing_is_left(host: Host, browser: Browser, ends: Callable[[Browser], object]) -> None:
    visit, pid = host.only, await browser.process()
    await browser.run(f"{CHILD}; {DEAF}; open(f'{{folder}}/data', 'w').write('words')")
    await browser.sees(b"<deaf>")
    await browser.run("say('children')")
    await browser.sees(b"<children>")
    processes = {pid, *descendants_of(pid)}
    assert len(processes) == 3
    assert (visit.process.folder / "data").exists()

    await ends(browser)  # type: ignore[misc]
    async with asyncio.timeout(30):
        await visit.ended.wait()
    await until(lambda: not [*filter(is_running, processes)], lambda: str(processes))
    assert not visit.process.folder.exists()
    assert [*host.folders.root.iterdir()] == []
    assert visit.deliveries.get("x") is None


async def test_place_of_whoever_stays_away_is_free_when_the_process_is_gone(
    host: Host, browser: Browser
) -> None:
    pid, visit = await browser.process(), host.only
    await deaf_and_away(host, browser)
    looking = host.visits.look()
    await host.wait(lambda: visit.reason)
    assert is_running(pid)
    assert host.admission.free == 2
    # Who comes back now is told that it is over, and gets no other visit.
    assert (await browser.load("/"))[0] == 200
    assert not is_running(pid)
    assert host.admission.free == 3
    assert len(host.granted) == 1
    await browser.connect()
    assert await browser.is_closed() == (4000, "away")
    await asyncio.gather(*looking)


async def test_host_that_ends_waits_for_those_that_are_ending(host: Host, browser: Browser) -> None:
    pid, visit = await browser.process(), host.only
    await deaf_and_away(host, browser)
    looking = host.visits.look()
    await host.wait(lambda: visit.reason)
    assert is_running(pid)
    await host.visits.close()
    assert visit.ended.is_set()
    assert not is_running(pid)
    await asyncio.gather(*looking)


async def test_host_that_ends_waits_for_those_that_are_beginning(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, begins, goes_on = PseudoTerminal.start, asyncio.Event(), asyncio.Event()

    async def waits(*arguments: Any) -> asyncio.subprocess.Process:
        begins.set()
        await goes_on.wait()
        return await start(*arguments)

    monkeypatch.setattr(PseudoTerminal, "start", waits)
    entering = asyncio.create_task(host.visits.enter(host.admission.token))
    await begins.wait()
    closing = asyncio.create_task(host.visits.close())
    asyncio.get_running_loop().call_soon(goes_on.set)
    await closing
    assert [*host.folders.root.iterdir()] == []
    await entering


async def deaf_and_away(host: Host, browser: Browser) -> None:
    for name in ("SIGHUP", "SIGCONT"):
        await browser.run(f"signal.signal(signal.{name}, signal.SIG_IGN)")
    await browser.run("say('deaf'); signal.pause()")
    await browser.sees(b"<deaf>")
    await browser.go()
    await host.wait(lambda: not host.only.is_attached)
    host.now += AWAY


async def test_no_descriptor_is_left(host: Host) -> None:
    async with Browser(host) as browser:
        await browser.come()  # what the first one opens for good is open now
        await browser.run("sys.exit()")
        await browser.is_closed()
        before = None
        for _ in range(4):
            await browser.load("/")
            visit = host.only
            await browser.connect()
            await browser.sees(b"<")
            await browser.run("sys.exit()")
            await browser.is_closed()
            await visit.ended.wait()
            await browser.go()
            await asyncio.sleep(0)
            now = {os.readlink(f"/proc/self/fd/{each}") for each in open_files()}
            assert not {each for each in now if "ptmx" in each or str(host.folders.root) in each + "/"} - {
                str(host.folders.root)
            }
            assert before is None or len(open_files()) <= before
            before = len(open_files())


def open_files() -> list[str]:
    return [each for each in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{each}")]


async def test_no_process_of_a_visit_has_anything_of_the_host_or_of_another(
    host: Host, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERDESK_API_KEY", "the-real-key")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/somewhere")
    async with Browser(host) as other:
        await other.come()
        await other.sees(b"<")
        pid = await other.process()
        assert b"real-key" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert b"SSH_AUTH" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert b"key-" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        await other.run("say('in', os.getcwd())")
        cwd = (await other.sees(b"<in (.*?)>"))[1].decode()
        channel = next(
            value.removeprefix("USERDESK_VISIT_CHANNEL=")
            for value in Path(f"/proc/{pid}/environ").read_text().split("\0")
            if value.startswith("USERDESK_VISIT_CHANNEL=")
        )
        assert {*os.listdir(f"/proc/{pid}/fd")} == {"0", "1", "2", channel}
        assert Path(cwd) == host.visits_by_number()[2].process.folder
        assert os.stat(cwd).st_mode & 0o777 == 0o700
        await other.run("import resource; say('core', resource.getrlimit(resource.RLIMIT_CORE))")
        await other.sees(rb"<core \(0, 0\)>")
        await other.run("say('session', os.getsid(0) == os.getpid() == os.getpgid(0) == os.tcgetpgrp(0))")
        await other.sees(b"<session True>")


HOST = """
import asyncio, sys
sys.path[:0] = {paths!r}
from pathlib import Path
from host_apart import Host

async def main():
    async with Host(Path(sys.argv[1])) as host:
        print(host.server.port, host.admission.token, host.folders.root, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


class FarHost:
    """A host in a process of its own, as a browser knows it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, token: str, root: Path) -> None:
        self.process, self.root = process, root
        self.address, self.invitation = f"http://127.0.0.1:{port}", f"/?token={token}"


@pytest.fixture
async def far_host(tmp_path: Path) -> AsyncIterator[FarHost]:
    paths = [each for each in sys.path if each]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST.format(paths=paths), str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    port, token, root = (await process.stdout.readline()).decode().split()
    yield FarHost(process, int(port), token, Path(root))
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_killed_host_takes_its_visits_along_and_the_next_one_cleans_up(far_host: FarHost) -> None:
    async with Browser(far_host) as browser:  # type: ignore[arg-type]
        await browser.come()
        await browser.sees(b"<")
        pid = await browser.process()
        await browser.run(f"{CHILD}; say('child')")
        await browser.sees(b"<child>")
        processes = {pid, *descendants_of(pid)}
        assert len(processes) == 2
        VisitFolders(far_host.root.parent).remove_leftovers()
        assert [*far_host.root.iterdir()]  # as long as it runs they are its own

        far_host.process.send_signal(signal.SIGKILL)
        await until(lambda: not [*filter(is_running, processes)], lambda: str(processes))
        assert (await browser.is_closed())[0] == 1006

        next_one = VisitFolders(far_host.root.parent)
        next_one.remove_leftovers()
        assert not far_host.root.exists()
        next_one.close()


def test_folders_are_in_the_systems_folder_for_such() -> None:
    folders = VisitFolders()
    assert folders.root.parent == Path(tempfile.gettempdir())
    folders.close()
    assert not folders.root.exists()
