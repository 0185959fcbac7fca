"""`userdesk serve` as a whole: the address, the visitors, what the host sees of them, and its end."""

import asyncio
import errno
import os
import re
import resource
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from host_apart import Browser, wait_until
from served import SHOWN, arguments_of

from command_runs import chatbot_at, chatbot_of, run
from demo_server import DemoServer
from descendants import is_running
from scripted_server import ScriptedServer, whole
from userdesk.serve.connections import FOR_EACH_PLACE, MOST

SECRET = "host-key-0123456789"
OTHER_SECRET = "other-key-9876543210"


async def test_visitor_chats_with_the_embedded_chatbot(serve) -> None:
    served = await serve("--demo", "--visitors", "3")
    assert "good for 3 browsers" in served.lines[0]
    async with Browser(served) as browser:
        await browser.come()
        await browser.sees(SHOWN)
        await served.says("visitor 1 came; 1 of 3 places taken")
        await browser.type("how do I quit\r")
        await served.says("visitor 1 has asked 1 question")
        await browser.sees(b"Ctrl\\+Q")
    assert not any("quit" in line for line in served.lines)
    assert await served.end() == 130


async def test_host_is_told_what_the_service_refuses_a_visitor(serve) -> None:
    served = await serve("--demo")
    async with Browser(served) as browser:
        await browser.come()
        await browser.sees(SHOWN)
        await browser.type("/fail 401\r")
        await served.says("visitor 1: 401 · Wrong API Key")
        await browser.sees("401 · Wrong API Key".encode())
    await served.end()


async def test_host_has_descriptors_for_all_visitors_where_the_system_gives_few(serve) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, {hard}))"
    served = await serve("--demo", "--visitors", "20", defect=few)
    limits = Path(f"/proc/{served.process.pid}/limits").read_text()
    (soft,) = re.findall(r"Max open files +(\d+)", limits)
    # Connections of nobody's, and of each visit terminal, pipes, websocket, requests, files to be fetched.
    assert int(soft) > MOST + 20 * (FOR_EACH_PLACE + 20)
    await served.end()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
async def test_its_end_leaves_nothing(serve, number: signal.Signals, status: int) -> None:
    served = await serve("--demo")
    async with Browser(served) as one, Browser(served) as other:
        for browser in (one, other):
            await browser.come()
            await browser.sees(SHOWN)
        processes = served.processes
        assert len(served.visitors) >= 2 and len(processes) >= 3  # perhaps one is ready for the next
        assert [*served.temporary.iterdir()]
        assert await served.end(number) == status
        assert await one.is_closed() == (4000, "host")
        assert await other.is_closed() == (4000, "host")
    assert not {process for process in processes if is_running(process)}
    assert not [*served.temporary.iterdir()]


async def test_a_host_that_is_killed_leaves_no_process_and_no_visitors_files(serve) -> None:
    served = await serve("--demo")
    async with Browser(served) as browser:
        await browser.come()
        await browser.sees(SHOWN)
        processes = served.processes
        await served.end(signal.SIGKILL)
        await wait_until(lambda: not any(map(is_running, processes)), "the end of all processes")
        await wait_until(lambda: not [*served.temporary.glob("*/*")], "the end of the visitor's folder")


async def test_a_killed_hosts_folder_is_removed_by_the_next(serve) -> None:
    before = await serve("--demo")
    await before.end(signal.SIGKILL)
    left = [*before.temporary.iterdir()]
    assert left
    served = await serve("--demo")
    assert not {*left} & {*served.temporary.iterdir()}
    assert await served.end() == 130


async def test_the_key_is_in_no_visitors_process(serve) -> None:
    with DemoServer(SECRET) as server:
        environment = chatbot_of(server) | {"OTHER_KEY": OTHER_SECRET, "SSH_AUTH_SOCK": "/run/agent"}
        served = await serve(environment=environment)
        async with Browser(served) as browser:
            await browser.come()
            await browser.sees(SHOWN)
            (visitor,) = served.visitors
            environ = Path(f"/proc/{visitor}/environ").read_bytes()
            for secret in (SECRET, OTHER_SECRET, "/run/agent"):
                assert secret.encode() not in environ + arguments_of(visitor)
            assert {name.partition(b"=")[0] for name in environ.split(b"\0") if b"KEY" in name} == {
                b"USERDESK_API_KEY",
                b"PYTHON_KEYRING_BACKEND",
            }
            files = [path for path in served.temporary.rglob("*") if path.is_file()]
            assert files
            assert not [path for path in files if SECRET.encode() in path.read_bytes()]
            assert SECRET not in browser.shown.decode("utf-8", "replace")
        assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {SECRET}"}
        assert await served.end() == 130


async def test_what_the_service_refuses_is_told_before_anybody_comes(login: dict[str, str]) -> None:
    async with ScriptedServer(whole(401, b"")) as server:
        done = await asyncio.to_thread(run, login | chatbot_at(server.base_url, "k"), "serve")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "userdesk: 401 · Wrong API Key\n")


def test_without_a_chatbot_it_asks_for_one(login: dict[str, str]) -> None:
    done = run(login, "serve")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no chatbot is configured" in done.stderr


async def test_a_port_that_is_taken_is_told_in_one_line(serve, login: dict[str, str]) -> None:
    served = await serve("--demo")
    port = served.address.rpartition(":")[2]
    done = await asyncio.to_thread(run, login, "serve", "--demo", "--port", port)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"userdesk: port {port} on 127.0.0.1 cannot be used: another program uses it\n"
    await served.end()


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.7", "port 0 on 192.0.2.7 cannot be used: this machine has no such address"),
        ("nowhere.invalid", "--host nowhere.invalid: there is no such address"),
    ],
)
def test_an_address_of_elsewhere_is_told(login: dict[str, str], host: str, words: str) -> None:
    done = run(login, "serve", "--demo", "--host", host)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[1:] == [f"userdesk: {words}"]


@pytest.mark.parametrize("what", ["VisitFolders", "ServiceProxy.start"])
def test_a_machine_that_has_no_room_for_visits_is_told_of_in_one_line(
    login: dict[str, str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"userdesk.serve.host.{what}", full)
    done = run(login, "serve", "--demo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "userdesk: Visits cannot be held here (No space left on device)\n"


@pytest.mark.parametrize(
    ("play", "words"), [("none.toml", "there is no such file"), ("-", "expected a file"), ("bad.toml", "ask")]
)
def test_a_question_set_that_is_none_is_told(
    login: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, play: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text("[[question]]\nexpect = 1\n")
    done = run(login, "serve", "--demo", "--play", play)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr


@pytest.mark.torture
async def test_visitors_walk_through_a_question_set(serve) -> None:
    served = await serve("--demo", "--play", "tour")
    async with Browser(served) as browser:
        await browser.come()
        await browser.sees(b"Question 1 of 5|1 of 5")
    await served.end()


@pytest.mark.parametrize("missing", ["textual_serve", "aiohttp"])
def test_without_the_extra_one_line_says_what_to_install(
    login: dict[str, str], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # as where it is not installed
    done = run(login, "serve", "--demo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "userdesk: userdesk serve needs: pip install 'userdesk[serve]'\n"


def test_where_there_are_no_pseudo_terminals_it_says_so(
    login: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userdesk.serve.command.os", SimpleNamespace(name="nt"))
    done = run(login, "serve", "--demo")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "pseudo-terminals" in done.stderr


def test_a_theme_that_visitors_have_not_is_told(login: dict[str, str]) -> None:
    done = run(login, "serve", "--demo", "--theme", "mine", "--host", "192.0.2.7")
    assert (
        done.stderr.splitlines()[0] == "userdesk: visitors have no theme named 'mine' and get the usual one"
    )
