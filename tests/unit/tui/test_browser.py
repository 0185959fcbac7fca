"""What the host is told of a visitor's browser: whole lines, in order, and nobody waits for it."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from settling import until
from userdesk.tui.external import browser as browser_module
from userdesk.tui.external.browser import Browser, BrowserClipboard

FOLDER = Path("/tmp/visit-1")


class Host:
    """The reader of a channel."""

    def __init__(self) -> None:
        self._reads, self.writes = os.pipe()
        self._came = b""

    def told(self, count: int) -> list[dict[str, Any]]:
        """So many messages; waits for them."""
        while self._came.count(b"\n") < count:
            self._came += os.read(self._reads, 65_536)
        return [json.loads(line) for line in self._came.split(b"\n")[:count]]

    def leave(self) -> None:
        os.close(self._reads)
        self._reads = -1

    def close(self) -> None:
        for end in (self._reads, self.writes):
            if end >= 0:
                os.close(end)


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def test_each_thing_is_a_line(host: Host) -> None:
    browser = Browser(host.writes, FOLDER)
    assert browser.open("https://example.com/a?b=c")
    assert browser.copy("two\nlines \u2028 é 👋")
    assert browser.deliver(FOLDER / "a talk.md") == "Sent to your browser"
    assert host.told(3) == [
        {"type": "open_url", "url": "https://example.com/a?b=c"},
        {"type": "copy", "text": "two\nlines \u2028 é 👋"},
        {"type": "file", "path": "/tmp/visit-1/a talk.md", "name": "a talk.md"},
    ]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://x", "x", ""])
def test_only_web_and_mail_addresses_are_opened(host: Host, address: str) -> None:
    browser = Browser(host.writes, FOLDER)
    assert not browser.open(address)
    browser.copy("the first line")
    assert host.told(1)[0]["type"] == "copy"


def test_programs_that_are_started_do_not_inherit_the_channel(host: Host) -> None:
    os.set_inheritable(host.writes, True)
    Browser(host.writes, FOLDER)
    assert not os.get_inheritable(host.writes)


def test_a_host_that_does_not_read_holds_nobody_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_module, "BACKLOG", 3_000_000)
    browser = Browser(host.writes, FOLDER)
    much = "x" * 1_000_000  # more than a pipe holds
    taken = [browser.copy(much) for _ in range(5)]
    assert taken.count(True) == 2, "what waits has a limit"
    assert [message["text"] for message in host.told(2)] == [much, much]
    assert browser.copy("after that")
    assert host.told(3)[2]["text"] == "after that"


async def test_a_host_that_has_gone_is_told_of(host: Host) -> None:
    browser = Browser(host.writes, FOLDER)
    host.leave()
    browser.copy("nobody reads this")
    await until(lambda: browser.has_gone, "the end of the pipe")
    assert not browser.open("https://example.com")
    assert browser.deliver(FOLDER / "a.md") == "Not sent: the line to your browser is lost"
    told = await BrowserClipboard(browser).copy("text", "the message")
    assert told == "Not copied: the line to your browser is lost"


async def test_copies_say_what_came_of_them(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_module, "LARGEST", 1_000)
    clipboard = BrowserClipboard(Browser(host.writes, FOLDER))
    assert await clipboard.copy("text", "the message") == "Copied the message"
    assert await clipboard.copy(lambda: [b"in ", b"pieces"], "the conversation") == "Copied the conversation"
    assert await clipboard.copy("\x01" * 999, "it") == "Not copied: too large for your browser"
    assert await clipboard.copy("x" * 1_001, "it") == "Not copied: too large for your browser"
    told = await asyncio.to_thread(host.told, 2)
    assert [message["text"] for message in told] == ["text", "in pieces"]
    assert clipboard.read() is None


def test_no_thread_runs_before_anything_is_told(host: Host) -> None:
    before = threading.active_count()
    Browser(host.writes, FOLDER)
    assert threading.active_count() == before
