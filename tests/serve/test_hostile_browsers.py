"""Browsers that say what no page of ours says: the websocket ends, and not the visit."""

import asyncio
import json

import pytest
from host_apart import Browser, Host
from mute import Mute, opening


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


async def test_message_that_is_too_large_ends_the_websocket(
    host: Host, browser: Browser, logged: pytest.LogCaptureFixture
) -> None:
    assert browser.socket
    await browser.socket.send_str(json.dumps(["stdin", "x" * 70_000]))
    assert (await browser.is_closed())[0] == 1009
    await host.wait(lambda: not host.only.is_attached)
    assert not logged.text  # no failure of ours, and nothing that visitors fill the log with
    await browser.connect()
    await browser.process()


@pytest.mark.parametrize("key", ["", "AAAA", "\xff" * 22, "\xe9==", "=" * 22], ids=range(5))
async def test_key_that_is_none_opens_no_websocket(
    host: Host, browser: Browser, logged: pytest.LogCaptureFixture, key: str
) -> None:
    asked = opening(host).partition("Sec-WebSocket-Key:")[0] + f"Sec-WebSocket-Key: {key}\r\n\r\n"
    mute = Mute(host)
    await mute.ask("")
    await mute.send(asked.encode("latin-1"))
    assert (await asyncio.get_running_loop().sock_recv(mute.socket, 100)).startswith(b"HTTP/1.1 400 ")
    assert not logged.text
    mute.close()


async def test_nothing_that_was_packed_can_blow_up(host: Host, browser: Browser) -> None:
    await browser.connect(compress=15)  # which is asked for, and not agreed on
    assert browser.socket
    assert not browser.socket.compress
    await browser.process()
