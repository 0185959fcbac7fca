"""Connections that are no visit's: few, none for long, and whoever has most of them loses one."""

import asyncio
import time

import pytest
from host_apart import Browser, Host
from mute import Mute, is_served

from userdesk.serve.connections import FOR_EACH_PLACE, MOST


async def test_half_a_page_that_nobody_reads_takes_no_visitors_place(host: Host, other: Browser) -> None:
    """More connections than there may be, that say nothing, or ask and do not read: the oldest go."""
    most = MOST + FOR_EACH_PLACE * host.admission.places
    mutes = [Mute(host) for _ in range(most + 50)]
    for number, mute in enumerate(mutes):
        asked = "GET /static/x/textual.js HTTP/1.1\r\nHost: localhost\r\n\r\n" if number % 2 else "GET / HT"
        await mute.ask(asked)
    await is_served(other)
    async with Browser(host) as late:
        await late.come()
        await late.process()
    for mute in mutes:
        mute.close()


async def test_many_connections_of_one_address_end_none_of_another(host: Host, other: Browser) -> None:
    await is_served(other)
    quiet = Mute(host)
    quiet.socket.bind(("127.0.0.2", 0))
    await quiet.ask("GET / HT")
    mutes = [Mute(host) for _ in range(MOST + FOR_EACH_PLACE * host.admission.places + 50)]
    for mute in mutes:
        await mute.ask("GET / HT")
    loop = asyncio.get_running_loop()
    with pytest.raises(ConnectionResetError):
        assert await loop.sock_recv(mutes[0].socket, 100) == b""
        raise ConnectionResetError
    await quiet.send(b"TP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await loop.sock_recv(quiet.socket, 100)).startswith(b"HTTP/1.1 ")
    for mute in [quiet, *mutes]:
        mute.close()


ASKED = b"GET /static/x/textual.js HTTP/1.1\r\nHost: localhost\r\n%b\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"


@pytest.mark.parametrize("first", [ASKED % b"", ASKED % UPGRADE], ids=["requests", "upgrade"])
async def test_requests_whose_answers_nobody_reads_wait_on_the_askers_side(
    host: Host, other: Browser, first: bytes
) -> None:
    """Without an invitation, too: what is asked for meanwhile must not pile up in the host."""
    mute = Mute(host)
    await mute.ask("")
    flood = asyncio.create_task(mute.send(first + ASKED % b"" * 400_000))
    await is_served(other)
    assert not flood.done()
    flood.cancel()
    mute.close()


FIELD = "GET / HTTP/1.1\r\nHost: localhost\r\n{}: {}\r\n\r\n"


async def cost(host: Host, request: str) -> float:
    """Processor seconds until so many requests of one connection are answered."""
    mute = Mute(host)
    await mute.ask("")
    began = time.process_time()
    for _ in range(40):
        await mute.send(request.encode())
        while b"\r\n\r\n" not in await asyncio.get_running_loop().sock_recv(mute.socket, 65_536):
            pass
    mute.close()
    return time.process_time() - began


async def test_request_costs_hardly_more_for_the_thousands_of_cookies_in_it(host: Host) -> None:
    """Eight connections with such requests kept others' keys for 0.3 s, and no invitation was needed."""
    usual = min([await cost(host, FIELD.format("X-Other", "a=b;" * 2000)) for _ in range(3)])
    assert min([await cost(host, FIELD.format("Cookie", "a=b;" * 2000)) for _ in range(3)]) < 10 * usual


async def test_address_with_what_messengers_append_to_links_is_taken(host: Host) -> None:
    async with Browser(host) as browser:
        assert (await browser.load(host.invitation + "&fbclid=" + "x" * 1500))[0] == 200
        assert (await browser.load(host.invitation + "&fbclid=" + "x" * 3000))[0] == 414


async def test_connection_that_is_left_open_ends_in_time(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userdesk.serve.connections.LONGEST", 0.05)
    mutes = [Mute(host), Mute(host), Mute(host)]
    for mute, asked in zip(mutes, ("", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\n"), strict=True):
        await mute.ask(asked)
    loop = asyncio.get_running_loop()
    for mute in mutes:
        with pytest.raises(ConnectionResetError):
            assert await loop.sock_recv(mute.socket, 100) == b""
            raise ConnectionResetError
        mute.close()


async def test_connection_of_a_visit_does_not(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userdesk.serve.connections.LONGEST", 0.05)
    async with Browser(host) as browser:
        await browser.come()
        await asyncio.get_running_loop().run_in_executor(None, Mute(host).close)
        probe = Mute(host)
        await probe.ask("")
        with pytest.raises(ConnectionResetError):
            assert await asyncio.get_running_loop().sock_recv(probe.socket, 100) == b""
            raise ConnectionResetError
        probe.close()
        await browser.process()
