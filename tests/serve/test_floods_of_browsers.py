"""Browsers that say too much, with a visit, after one or without one: it waits on their side."""

import asyncio
import json
from collections.abc import Callable

import pytest
from aiohttp import WSMsgType
from host_apart import Browser, Host
from mute import HANGS, connected_mute, frame, is_served, mute_stranger

from userdesk.serve.connections import Connection
from userdesk.serve.limits import INPUT_LEAST
from userdesk.serve.web import STRANGERS_AT_ONCE

READS = "[0 for _ in iter(lambda: os.read(0, 65536), b'')]"
LARGE = [json.dumps(["stdin", "x" * 60_000])]
SMALL = ['["ping", 1]', '["resize", {"width": 80, "height": 24}]', '["stdin", "x"]', '["focus"]']


@pytest.mark.parametrize("messages", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("does", [HANGS, READS], ids=["hangs", "reads"])
async def test_flood_is_slowed_down_and_costs_nobody_else_anything(
    host: Host, browser: Browser, other: Browser, does: str, messages: list[str]
) -> None:
    await browser.run(f"say('does'); {does}")
    await browser.sees(b"<does>")
    tab = await connected_mute(host, browser)
    assert await browser.is_closed() == (4001, "elsewhere")
    frames = b"".join(map(frame, messages)) * (2_000_000 // len("".join(messages)))
    flood = asyncio.create_task(tab.send(frames * 15))
    await is_served(other)
    assert not flood.done()  # what is too much waits on the flooder's side
    flood.cancel()
    tab.close()


PINGS = b"\x89\x80\0\0\0\0" * 100_000
FREE = 1000
"""Turns of the loop: others get more of them while somebody says too much than in a stall."""


async def turns_until(done: Callable[[], object]) -> int:
    """How many turns the host's loop makes until something is so."""
    turns = 0
    while not done():
        await asyncio.sleep(0)
        turns += 1
    return turns


async def test_pings_without_a_cookie_stall_nobody(host: Host, other: Browser) -> None:
    """Told that they have no visit, they are read a message at a turn, and not for long."""
    strangers = [await mute_stranger(host) for _ in range(20)]
    floods = [asyncio.create_task(stranger.send(PINGS * 10)) for stranger in strangers]
    assert await turns_until(lambda: all(flood.done() for flood in floods)) > FREE
    for flood in floods:
        assert isinstance(flood.exception(), OSError)  # cut off, and not taken to the end
    for stranger in strangers:
        stranger.close()
    await is_served(other)


async def test_pings_after_another_tab_took_over_stall_nobody(
    host: Host, browser: Browser, other: Browser
) -> None:
    tabs = [await connected_mute(host, browser) for _ in range(10)]  # each takes over from the one before
    floods = [asyncio.create_task(tab.send(PINGS * 10)) for tab in tabs]
    left = floods[:-1]
    assert await turns_until(lambda: all(flood.done() for flood in left)) > FREE
    for flood in left:
        assert isinstance(flood.exception(), OSError)
    assert not floods[-1].done()  # what is too much waits on the flooder's side
    floods[-1].cancel()
    for tab in tabs:
        tab.close()
    await is_served(other)


BEGINNING, PARTS = b"\x01\x80\0\0\0\0", b"\0\x80\0\0\0\0" * 100_000
"""A text of which part after part comes, each of no letter: no message is made of it."""


async def test_parts_of_no_message_without_a_cookie_stall_nobody(host: Host, other: Browser) -> None:
    strangers = [await mute_stranger(host) for _ in range(STRANGERS_AT_ONCE)]
    floods = [asyncio.create_task(stranger.send(BEGINNING + PARTS * 20)) for stranger in strangers]
    assert await turns_until(lambda: all(flood.done() for flood in floods)) > FREE
    for flood in floods:
        assert isinstance(flood.exception(), OSError)
    for stranger in strangers:
        stranger.close()
    await is_served(other)


async def test_parts_of_no_message_wait_on_the_flooders_side(
    host: Host, browser: Browser, other: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[Connection] = []
    made = Connection.connection_made

    def noted(connection: Connection, transport: asyncio.BaseTransport) -> None:
        connections.append(connection)
        made(connection, transport)

    monkeypatch.setattr(Connection, "connection_made", noted)
    tab = await connected_mute(host, browser)
    assert await browser.is_closed() == (4001, "elsewhere")
    (flooded,) = connections
    assert flooded.transport and flooded.transport.is_reading()
    flood = asyncio.create_task(tab.send(BEGINNING + PARTS * 50))
    await host.wait(lambda: not (flooded.transport and flooded.transport.is_reading()))
    await is_served(other)
    assert flooded.transport  # it waits, and is not gone
    assert not flood.done()
    flood.cancel()
    tab.close()


async def test_few_without_a_visit_are_told_so_at_once(host: Host, other: Browser) -> None:
    strangers = [await mute_stranger(host) for _ in range(STRANGERS_AT_ONCE + 1)]
    loop = asyncio.get_running_loop()
    answers = [(await loop.sock_recv(each.socket, 12)).decode() for each in strangers]
    assert answers == ["HTTP/1.1 101"] * STRANGERS_AT_ONCE + ["HTTP/1.1 429"]
    for stranger in strangers:
        stranger.close()
    async with Browser(host) as late:
        await host.wait(lambda: not host.server.strangers)
        await late.connect()
        assert await late.is_closed() == (4000, "unknown")


async def test_those_of_one_address_keep_none_of_another_from_being_told(host: Host) -> None:
    strangers = [await mute_stranger(host, "127.0.0.2") for _ in range(STRANGERS_AT_ONCE)]
    await host.wait(lambda: len(host.server.strangers) == STRANGERS_AT_ONCE)
    async with Browser(host) as browser:
        await browser.connect()
        assert await browser.is_closed() == (4000, "unknown")
    for stranger in strangers:
        stranger.close()


@pytest.mark.parametrize("control", ["ping", "pong"])
async def test_websockets_own_pings_and_pongs_are_counted_as_messages_are(
    host: Host, browser: Browser, other: Browser, monkeypatch: pytest.MonkeyPatch, control: str
) -> None:
    monkeypatch.setattr("userdesk.serve.browser_socket.INPUT_A_SECOND", 0.1)
    monkeypatch.setattr("userdesk.serve.browser_socket.INPUT_BURST", 1000 * INPUT_LEAST)
    await browser.connect()
    assert browser.socket
    flood = getattr(browser.socket, control)
    for _ in range(500):
        await flood()
    await browser.send("ping", 1)
    assert await browser.hears("pong") == 1
    for _ in range(1000):
        await flood()
    await browser.send("ping", 2)
    await is_served(other)
    assert ["pong", 2] not in browser.frames  # it waits, and is not gone
    assert host.visits_by_number()[1].is_attached
    await browser.http.close()  # at once: a close is not read either


async def test_ping_of_a_websocket_is_answered(host: Host, browser: Browser) -> None:
    url = f"{host.address}/ws?width=80&height=24"
    async with browser.http.ws_connect(url, origin=host.address, autoping=False) as tab:
        await tab.ping(b"there?")
        while (message := await tab.receive()).type is not WSMsgType.PONG:
            assert message.type is WSMsgType.BINARY
        assert message.data == b"there?"


async def test_program_that_floods_its_own_browser_has_others_served(
    host: Host, browser: Browser, other: Browser
) -> None:
    await browser.run("[os.write(1, b'x' * 65536) for _ in iter(int, 1)]")
    await browser.sees(b"x{1000}")
    await is_served(other)
    await browser.go()
