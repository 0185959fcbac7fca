"""`userdesk serve` on the host's terminal: who is here, drawn in place; what it does costs nobody."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from pseudo_terminal import CURSOR_SHOWN, Terminal

CTRL_C, CTRL_S = "\x03", "\x13"


def address_in(terminal: Terminal) -> str:
    found = re.search(r"http://\S+\?token=\S+", terminal.text)
    assert found
    return found[0]


@asynccontextmanager
async def browser(address: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A visitor's websocket."""
    host = address.partition("/?")[0]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.get(address, headers={"Sec-Fetch-Site": "none"}) as page:
            assert page.status == 200
        async with http.ws_connect(f"{host}/ws?width=80&height=24", origin=host) as socket:
            yield socket


async def shows(socket: aiohttp.ClientWebSocketResponse, text: bytes) -> None:
    shown = b""
    async with asyncio.timeout(60):
        while text not in shown:
            shown += await socket.receive_bytes()


async def test_host_sees_who_is_here_and_ends_it(environment: dict[str, str]) -> None:
    with Terminal(environment, ("serve", "--demo", "--visitors", "2")) as terminal:
        await asyncio.to_thread(
            terminal.sees, "Send this address; it is good for 2 browsers.", "Nobody is here"
        )
        async with browser(address_in(terminal)) as socket:
            await shows(socket, b"essage the demo")
            await asyncio.to_thread(terminal.sees, "it is good for 1 browser.", "1 of 2 places taken")
            assert sum("Ctrl+C ends it" in line for line in terminal.lines) == 1
            assert "Nobody is here" not in terminal.text
            terminal.type(CTRL_C)
            assert await asyncio.to_thread(terminal.ends) == 130
        assert terminal.written.rfind(CURSOR_SHOWN) > terminal.written.rfind(b"\x1b[?25l")


async def test_a_terminal_that_is_stopped_holds_up_no_visitor(environment: dict[str, str]) -> None:
    with Terminal(environment, ("serve", "--demo")) as terminal:
        await asyncio.to_thread(terminal.sees, "Nobody is here")
        terminal.type(CTRL_S)
        async with browser(address_in(terminal)) as socket:
            await shows(socket, b"essage the demo")
            assert "Nobody is here" in terminal.text
            terminal.type(CTRL_C)
            assert await asyncio.to_thread(terminal.ends) == 130


async def test_a_terminal_that_hangs_up_ends_it(environment: dict[str, str]) -> None:
    with Terminal(environment, ("serve", "--demo")) as terminal:
        await asyncio.to_thread(terminal.sees, "Nobody is here")
        terminal.hang_up()
        assert await asyncio.to_thread(terminal.process.wait, 30) == 129
