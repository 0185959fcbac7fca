"""Browsers that say what no page of ours says, too much or too little, or do not read: no others notice."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import WSMsgType
from host_apart import Browser, Host, NewHost

from userdesk.serve.connections import FOR_EACH_PLACE, MOST
from userdesk.serve.limits import INPUT_LEAST
from userdesk.serve.visit import AWAY
from userdesk.serve.web import STRANGERS_AT_ONCE


@pytest.fixture
async def other(host: Host) -> AsyncIterator[Browser]:
    """Somebody else, who is here, too."""
    async with Browser(host) as other:
        await other.come()
        await other.sees(b"<")
        yield other


async def is_served(browser: Browser, times: int = 20) -> None:
    """Whether a visitor who does nothing special is answered."""
    for _ in range(times):
        await browser.process()
    assert (await browser.load("/static/x/textual.js"))[0] == 200


# what no page of ours says


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "null",
        "[]",
        '{"stdin": "x"}',
        '["stdin", 5]',
        '["stdin", {"a": "b"}]',
        '["resize", {"width": "wide", "height": 1}]',
        '["resize", 80, 24]',
        '["ping", [1]]',
        '["close"]',
        "[" * 60_000,
        "9" * 60_000,
        "\0",
    ],
    ids=range(13),
)
async def test_it_ends_the_websocket_and_not_the_visit(host: Host, browser: Browser, text: str) -> None:
    pid = await browser.process()
    assert browser.socket
    await browser.socket.send_str(text)
    assert await browser.is_closed() == (1008, "")
    assert not browser.frames
    await host.wait(lambda: not host.only.is_attached)
    await browser.connect()
    assert await browser.process() == pid


async def test_bytes_are_nothing_that_our_page_says(host: Host, browser: Browser) -> None:
    assert browser.socket
    await browser.socket.send_bytes(b'["stdin", "x"]')
    assert await browser.is_closed() == (1008, "")


async def test_message_that_is_too_large_ends_the_websocket(host: Host, browser: Browser) -> None:
    assert browser.socket
    await browser.socket.send_str(json.dumps(["stdin", "x" * 70_000]))
    assert (await browser.is_closed())[0] == 1009
    await browser.connect()
    await browser.process()


async def test_nothing_that_was_packed_can_blow_up(host: Host, browser: Browser) -> None:
    await browser.connect(compress=15)  # which is asked for, and not agreed on
    assert browser.socket
    assert not browser.socket.compress
    await browser.process()


class Mute:
    """A connection that does not read what it is sent."""

    def __init__(self, host: Host) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setblocking(False)
        self._port = host.server.port

    async def send(self, data: bytes) -> None:
        """Returns when the other side has taken all of it."""
        await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def ask(self, request: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.socket, ("127.0.0.1", self._port))
        await loop.sock_sendall(self.socket, request.encode())

    def close(self) -> None:
        self.socket.close()


async def mute_stranger(host: Host) -> Mute:
    """A websocket without a cookie that never reads."""
    mute = Mute(host)
    await mute.ask(opening(host))
    return mute


def opening(host: Host, cookies: str = "") -> str:
    """What opens a websocket."""
    return (
        f"GET /ws?width=80&height=24 HTTP/1.1\r\nHost: 127.0.0.1:{host.server.port}\r\n"
        f"Origin: {host.address}\r\nCookie: {cookies}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
    )


async def connected_mute(host: Host, browser: Browser) -> Mute:
    """A websocket of a browser's visit that never reads."""
    mute = Mute(host)
    cookies = "; ".join(f"{each.key}={each.value}" for each in browser.http.cookie_jar)
    await mute.ask(opening(host, cookies))
    return mute


def frame(text: str) -> bytes:
    """A message as a browser sends it, masked with zeros."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data


# too much

HANGS = "[signal.pause() for _ in iter(int, 1)]"  # also after the signal by which it is to draw anew
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


# too little, and not reading

STUCK = json.dumps(["stdin", "x" * 8000])


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
