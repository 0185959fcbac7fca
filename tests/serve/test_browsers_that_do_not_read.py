"""Browsers that say too little, go without a word, or do not read: no others notice, and no place is kept."""

import asyncio
import json
import os
import socket
from pathlib import Path

import pytest
from host_apart import Browser, Host, NewHost
from mute import HANGS, Mute, connected_mute, frame, is_served

from userdesk.serve.connections import Connection
from userdesk.serve.visit import AWAY

STUCK = json.dumps(["stdin", "x" * 8000])


def sockets() -> int:
    """How many this process holds, the host's and the browsers'."""
    paths = [Path("/proc/self/fd", each) for each in os.listdir("/proc/self/fd")]
    return sum(path.is_symlink() and os.readlink(path).startswith("socket") for path in paths)


async def test_browser_that_goes_is_missed_though_its_program_reads_nothing(
    host: Host, browser: Browser
) -> None:
    await browser.run(f"say('hangs'); {HANGS}")
    await browser.sees(b"<hangs>")
    tab = await connected_mute(host, browser)
    assert await browser.is_closed() == (4001, "elsewhere")
    await tab.send(frame(STUCK) * 40)  # more than a terminal holds
    tab.close()
    await host.wait(lambda: not host.only.is_attached)


async def test_browser_that_is_silent_is_missed_though_its_program_reads_nothing(
    host: Host, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.run(f"say('hangs'); {HANGS}")
    await browser.sees(b"<hangs>")
    monkeypatch.setattr("userdesk.serve.browser_socket.HEARTBEAT", 0.2)
    tab = await connected_mute(host, browser)  # which answers no ping
    assert await browser.is_closed() == (4001, "elsewhere")
    await tab.send(frame(STUCK) * 40)  # more than a terminal holds
    await host.wait(lambda: not host.only.is_attached)
    tab.close()


async def test_browser_that_does_not_read_holds_up_nobody_and_is_replaced(
    host: Host, browser: Browser, other: Browser
) -> None:
    pid = await browser.process()
    await browser.run("say('floods'); os.read(0, 1); os.write(1, b'x' * 20_000_000); say('through')")
    await browser.sees(b"<floods>")
    mute = await connected_mute(host, browser)
    assert await browser.is_closed() == (4001, "elsewhere")
    visit = host.visits_by_number()[1]
    await visit.type(b"x")
    await is_served(other)

    await browser.connect()  # another tab, which reads
    await browser.sees(b"<through>")
    assert await browser.process() == pid
    mute.close()


async def test_visit_of_a_browser_that_does_not_read_ends_as_others_do(host: Host, browser: Browser) -> None:
    await browser.run("say('floods'); os.read(0, 1); os.write(1, b'x' * 20_000_000)")
    await browser.sees(b"<floods>")
    mute = await connected_mute(host, browser)
    await browser.is_closed()
    visit = host.only
    await visit.type(b"x")
    await visit.end("idle")
    assert not visit.process.folder.exists()
    mute.close()


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system takes little of what nobody reads: the rest waits in the host."""
    made = Connection.connection_made

    def narrowed(connection: Connection, transport: asyncio.BaseTransport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        made(connection, transport)

    monkeypatch.setattr(Connection, "connection_made", narrowed)


@pytest.mark.usefixtures("narrow")
async def test_one_that_says_too_much_while_it_leaves_is_cut_off_though_it_reads_nothing(
    host: Host, browser: Browser
) -> None:
    await browser.run("os.read(0, 1); os.write(1, b'x' * 50_000)")
    mute = await connected_mute(host, browser)
    await browser.is_closed()
    visit = host.only
    await visit.type(b"x")
    await browser.connect()  # which takes over
    held = sockets()
    await mute.send(b"\x81\xff" + (1_000_000).to_bytes(8) + bytes(4))
    await host.wait(lambda: sockets() < held)
    mute.close()


async def test_few_files_are_fetched_at_once(host: Host, browser: Browser) -> None:
    await browser.run("open(f'{folder}/a', 'w').write('x' * 50_000_000)")
    await browser.run("tell(type='file', path=f'{folder}/a', name='a')")
    key = await browser.hears("deliver_file_start")
    cookies = "; ".join(f"{each.key}={each.value}" for each in browser.http.cookie_jar)
    mutes = [Mute(host), Mute(host)]
    for mute in mutes:
        await mute.ask(f"GET /file/{key} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n")
    seat = host.visits.seat_of(next(each.value for each in browser.http.cookie_jar))
    assert seat
    await host.wait(lambda: len(seat.downloads) == 2)
    assert (await browser.load(f"/file/{key}"))[0] == 429
    await browser.process()
    for mute in mutes:
        mute.close()
    await host.wait(lambda: not seat.downloads)
    assert (await browser.load(f"/file/{key}"))[0] == 200


async def test_file_that_nobody_reads_is_not_sent_beyond_the_visit(host: Host, browser: Browser) -> None:
    await browser.run("open(f'{folder}/a', 'w').write('x' * 50_000_000)")
    await browser.run("tell(type='file', path=f'{folder}/a', name='a')")
    key = await browser.hears("deliver_file_start")
    (cookie,) = browser.http.cookie_jar
    mute = Mute(host)
    await mute.ask(
        f"GET /file/{key} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie.key}={cookie.value}\r\n\r\n"
    )
    seat = host.visits.seat_of(cookie.value)
    assert seat
    await host.wait(lambda: seat.downloads)
    await browser.run("sys.exit()")
    await browser.is_closed()
    await host.wait(lambda: not seat.downloads)  # though nothing of it was read
    mute.close()


@pytest.mark.usefixtures("narrow")
async def test_end_of_a_file_that_nobody_reads_waits_for_nobody(
    host: Host, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host has handed all of it over, and the rest waits: the connection ends in time."""
    await browser.run("open(f'{folder}/a', 'w').write('x' * 50_000)")
    await browser.run("tell(type='file', path=f'{folder}/a', name='a')")
    key = await browser.hears("deliver_file_start")
    (cookie,) = browser.http.cookie_jar
    monkeypatch.setattr("userdesk.serve.connections.LONGEST", 1.0)
    mute = Mute(host)
    await mute.ask(
        f"GET /file/{key} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie.key}={cookie.value}\r\n\r\n"
    )
    held = sockets()
    await host.wait(lambda: sockets() < held)
    mute.close()


async def test_visitor_who_hangs_takes_no_place_for_ever(new_host: NewHost) -> None:
    async with new_host(places=1) as host, Browser(host) as browser, Browser(host) as waiting:
        await browser.come()
        await browser.sees(b"<")
        await browser.run("signal.signal(signal.SIGHUP, signal.SIG_IGN); say('deaf'); signal.pause()")
        await browser.sees(b"<deaf>")
        await browser.go()
        await host.wait(lambda: not host.only.is_attached)
        await host.pass_time(AWAY)
        await waiting.come()
        await waiting.process()
