"""The program that visitors really get, on the host's terminal: what comes and goes around it."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pyte
import pytest
from host_apart import Browser, Host, NewHost

from demo_server import DemoServer
from descendants import descendants_of
from userdesk.serve.visit import AWAY
from userdesk.serve.visitor_environment import PROGRAM

# What the emulator would print as text: strings, private sequences, questions about modes.
_FOREIGN = re.compile(
    rb"\x1b[P_^X\]][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*\$p"
)

ENV = "/usr/bin/env"


@pytest.fixture
def service() -> Iterator[DemoServer]:
    with DemoServer() as service:
        yield service


@pytest.fixture
async def host(new_host: NewHost, service: DemoServer) -> AsyncIterator[Host]:
    async with new_host(
        command=(ENV, f"USERDESK_API_KEY={service.key}", *PROGRAM),  # there is no proxy that knows its token
        base_url=service.base_url,
        chatbot_id=service.chatbot_id,
    ) as host:
        yield host


@pytest.fixture
async def browser(host: Host) -> AsyncIterator[Browser]:
    async with Browser(host) as browser:
        await browser.come()
        yield browser


def screen_of(browser: Browser, columns: int = 80, rows: int = 24) -> list[str]:
    """What the browser's terminal shows, but for the time of day and what moves."""
    screen = pyte.Screen(columns, rows)
    pyte.ByteStream(screen).feed(_FOREIGN.sub(b"", browser.shown))
    return [re.sub(r"\d\d?:\d\d|[\u2800-\u28ff]", "", line).rstrip() for line in screen.display]


async def shows(browser: Browser, *words: str, columns: int = 80, rows: int = 24) -> None:
    looked_at = -1

    def look() -> bool:
        """Anew only where something came: the emulator would take the time that host and browser need."""
        nonlocal looked_at
        if len(browser.shown) == looked_at:
            return False
        looked_at = len(browser.shown)
        lines = screen_of(browser, columns, rows)
        return all(any(word in line for line in lines) for word in words)

    try:
        await browser.host.wait(look)
    except pytest.fail.Exception:
        pytest.fail("\n".join([f"{words} in", *screen_of(browser, columns, rows)]))


async def test_what_the_interpreter_says_of_a_failed_start_reaches_no_browser(new_host: NewHost) -> None:
    fails = (sys.executable, "-I", "-c", "input(); import a_module_that_is_not_there")
    async with new_host(command=fails) as host, Browser(host) as browser:
        await browser.come()
        await browser.type("\n")
        assert await browser.is_closed() == (4000, "failed")
        assert re.sub(rb"\x18|\x1bc", b"", browser.shown) == b""


async def test_who_comes_back_finds_the_screen_as_it_was_in_the_same_program(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    await shows(browser, "Message Acme")
    service.controls.answer_next("There are **seven** colours.")
    await browser.type("How many?\r")
    await shows(browser, "There are seven colours.", "How many?")
    await browser.type("half a wo")
    await shows(browser, "half a wo")
    processes = descendants_of(os.getpid())
    words = "seven colours.", "How many?", "half a wo"
    for columns, rows in ((60, 20), (80, 24)):
        await comes_back(browser, columns, rows)
        await shows(browser, *words, columns=columns, rows=rows)
    for _ in range(3):  # of what the program still drew by and by, as the title, there is less each time
        before = screen_of(browser)
        await comes_back(browser)
        await shows(browser, *words)
        if screen_of(browser) == before:
            break
    else:
        assert screen_of(browser) == before
    assert descendants_of(os.getpid()) == processes
    await browser.type("rd")
    await shows(browser, "half a word")


async def comes_back(browser: Browser, columns: int = 80, rows: int = 24) -> None:
    """Lose the line, and come back at the last moment."""
    host = browser.host
    await browser.go()
    await host.wait(lambda: not host.only.is_attached)
    await host.pass_time(AWAY - 1)
    await browser.connect(columns, rows)


async def test_who_comes_back_with_another_size_gets_no_screen_of_the_old_one(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    service.controls.answer_next("There are seven colours.")
    await browser.type("How many?\r")
    await shows(browser, "There are seven colours.", "How many?")
    await host.wait(lambda: is_saved(host, "There are seven colours."))
    await comes_back(browser, 60, 20)
    await shows(browser, "There are seven colours.", columns=60, rows=20)
    assert {int(row) for row in re.findall(rb"\x1b\[(\d+);\d+H", browser.shown)} <= {*range(1, 21)}


async def test_answer_goes_on_while_nobody_looks_and_is_there_for_who_comes_back(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    await shows(browser, "Message Acme")
    service.controls.hold(after=1)
    service.controls.answer_next([b"The first piece. ", *[b"word " for _ in range(500)], b"The end."])
    await browser.type("Go\r")
    await shows(browser, "The first piece.")
    await browser.go()
    await host.wait(lambda: not host.only.is_attached)
    service.controls.release()
    await host.wait(lambda: is_saved(host, "The end."))
    await browser.connect()
    await shows(browser, "The end.")


def is_saved(host: Host, words: str) -> bool:
    """Whether a file of the visit's data folder has these words."""
    folder: Path = host.only.process.folder / "data"
    files = [path for path in folder.rglob("*") if path.is_file() and path.name.endswith(".jsonl")]
    return any(words.encode() in path.read_bytes() for path in files)


class Stuck:
    """A browser whose line takes nothing at all."""

    def __init__(self) -> None:
        self.left: tuple[int, str] | None = None

    async def send_bytes(self, data: bytes) -> None:
        await asyncio.Event().wait()

    async def send_str(self, data: str) -> None:
        await asyncio.Event().wait()

    def leave(self, code: int, reason: str) -> None:
        self.left = code, reason


async def test_line_that_takes_nothing_holds_up_no_saving_and_no_end(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    await shows(browser, "Message Acme")
    stuck = Stuck()
    visit = host.only
    visit.attach(stuck, 200, 50)
    service.controls.answer_next([*[b"# word\n\n" for _ in range(3000)], b"The end."])
    await visit.type(b"Go\r")
    await host.wait(lambda: is_saved(host, "The end."))
    service.controls.answer_next("Another end.")
    await visit.type(b"Again\r")
    await host.wait(lambda: is_saved(host, "Another end."))
    await browser.is_closed()
    await browser.connect()
    await shows(browser, "Another end.")
    assert stuck.left == (4001, "elsewhere")


async def test_what_is_typed_before_the_program_is_there_is_not_lost(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    service.controls.answer_next("Good evening.")
    await browser.type("Hello\r")
    await shows(browser, "Good evening.", "Hello")


async def test_two_visitors_see_nothing_of_each_other(
    host: Host, service: DemoServer, browser: Browser
) -> None:
    async with Browser(host) as other:
        await other.come()
        for each in (browser, other):
            await shows(each, "Message Acme")
        service.controls.answer_next("For the first one.")
        await browser.type("Mine\r")
        await shows(browser, "For the first one.")
        service.controls.answer_next("For the other one.")
        await other.type("Ours\r")
        await shows(other, "For the other one.")
        assert b"first one" not in other.shown
        assert b"other one" not in browser.shown


async def test_visitor_who_quits_has_left(host: Host, browser: Browser) -> None:
    await shows(browser, "Message Acme")
    visit = host.only
    await browser.type("\x11")
    assert await browser.is_closed() == (4000, "left")
    await visit.ended.wait()
    assert not visit.process.folder.exists()
    assert b"Traceback" not in browser.shown
    assert str(visit.process.folder).encode() not in browser.shown


async def test_spare_program_begins_with_its_visitor(new_host: NewHost, service: DemoServer) -> None:
    """Before, it asks nothing and has no conversation, so that nothing is out of date."""
    async with new_host(
        command=(ENV, f"USERDESK_API_KEY={service.key}", *PROGRAM),
        base_url=service.base_url,
        chatbot_id=service.chatbot_id,
        questions=b'[[question]]\nask = "How many colours?"\n',
    ) as host:
        await host.visits.processes.prepare()
        (spare,) = host.visits.processes
        await host.wait(lambda: any(map(waits_for_its_visitor, descendants_of(os.getpid()))))
        assert service.requests == []
        assert [*(spare.folder / "data").rglob("*.jsonl")] == []
        async with Browser(host) as browser:
            await browser.come()
            await shows(browser, "Question 1 of 1", "Hello!")
            assert host.only.process is spare
            assert len(service.requests) == 1


def waits_for_its_visitor(pid: int) -> bool:
    """Whether the loop of a program looks at what tells it that somebody is there."""
    process = Path(f"/proc/{pid}")
    try:
        told = re.search(rb"USERDESK_VISIT_GATE=(\d+)", (process / "environ").read_bytes())
        looked_at = [re.findall(r"tfd: +(\d+)", info.read_text()) for info in (process / "fdinfo").iterdir()]
    except OSError:  # it is over, or not begun
        return False
    return told is not None and any(told[1].decode() in each for each in looked_at)


async def test_spare_program_takes_what_is_typed_at_once(host: Host, service: DemoServer) -> None:
    await host.visits.processes.prepare()
    service.controls.answer_next("Good evening.")
    async with Browser(host) as browser:
        await browser.come()
        await browser.type("Hello\r")
        await shows(browser, "Good evening.", "Hello")
