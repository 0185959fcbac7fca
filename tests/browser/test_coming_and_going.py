"""Who may come in, and what becomes of a visit whose browser goes and comes."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browsing import Tab, told_by_host, waits_until
from playwright.sync_api import Browser, BrowserContext
from serving import Serving

from command_runs import login_environment
from descendants import is_running

OpenTab = Callable[[BrowserContext], Tab]
Launch = Callable[..., Browser]

# Another port is the same site: the browser shows the visit's cookie.
TRIES = """(host) => Promise.all([
  new Promise((done) => {
    const socket = new WebSocket(`ws://${host}/ws?width=80&height=24`);
    socket.onopen = () => done("websocket");
    socket.onerror = () => done("no websocket");
  }),
  fetch(`http://${host}/`, { credentials: "include" }).then(() => "page", () => "no page"),
])"""
FRAMES = """(host) => {
  const frame = document.createElement("iframe");
  frame.onload = () => (window.framed = true);
  frame.src = `http://${host}/`;
  document.body.append(frame);
}"""


@contextmanager
def other_site() -> Iterator[str]:
    """Another web server of this machine; its address."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>another</title><body></body>")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def own_serving(tmp_path: Path) -> Iterator[Serving]:
    """A host with one place, for one test."""
    environment = login_environment(tmp_path, tmp_path / "data") | {"TMPDIR": str(tmp_path)}
    with Serving(environment, "--demo", "--visitors", "1") as serving:
        yield serving


@pytest.fixture
def own_tab(context: BrowserContext, open_tab: OpenTab, own_serving: Serving) -> Tab:
    """The one visitor of that host."""
    tab = open_tab(context)
    tab.open(own_serving.invitation())
    tab.sees("Message")
    return tab


def test_no_more_browsers_come_in_than_there_are_places(
    own_tab: Tab, own_serving: Serving, browser: Browser, open_tab: OpenTab
) -> None:
    stranger = open_tab(browser.new_context())
    with told_by_host(stranger):
        assert stranger.open(own_serving.invitation()) == 503
    assert "All places are taken" in stranger.notice
    with told_by_host(stranger):
        assert stranger.open(own_tab.page.url) == 403
    assert "needs an invitation" in stranger.notice
    stranger.page.context.close()


def test_a_page_of_another_origin_reaches_nothing(tab: Tab, context: BrowserContext) -> None:
    host = tab.page.url.split("/")[2]
    with other_site() as address:
        foreign = context.new_page()
        foreign.goto(address)
        assert foreign.evaluate(TRIES, host) == ["no websocket", "no page"]
        foreign.evaluate(FRAMES, host)
        foreign.wait_for_function("window.framed")
        assert host not in foreign.frames[1].url
    tab.type("nobody else")
    tab.sees("nobody else")


def test_a_lost_line_comes_back_to_the_same_conversation(tab: Tab) -> None:
    tab.send("the word before")
    tab.sees("the word before")
    with told_by_host(tab):
        tab.page.context.set_offline(True)
        assert "The line is lost" in tab.notice
        tab.page.context.set_offline(False)
        tab.page.locator(".notice:visible").wait_for(state="detached")
    tab.sees("the word before")
    tab.send("the word after")
    tab.sees("the word after")


def test_a_page_that_is_loaded_again_shows_the_same_conversation(tab: Tab) -> None:
    tab.send("the word before")
    tab.sees("the word before")
    tab.page.reload()
    tab.sees("the word before")


def test_a_second_tab_takes_over_and_the_first_may_take_it_back(tab: Tab, open_tab: OpenTab) -> None:
    tab.type("half a sentence")
    tab.sees("half a sentence")
    second = open_tab(tab.page.context)
    second.open(tab.page.url)
    second.sees("half a sentence")
    assert "open in another tab" in tab.notice
    tab.page.get_by_role("button", name="Go on here").click()
    tab.sees("half a sentence")
    assert "open in another tab" in second.notice


def test_an_invitation_followed_again_from_another_site_leads_to_the_same_conversation(
    own_tab: Tab, own_serving: Serving, context: BrowserContext, open_tab: OpenTab
) -> None:
    own_tab.type("half a sentence")
    own_tab.sees("half a sentence")
    again = open_tab(context)
    with other_site() as address:
        again.page.goto(address.replace("127.0.0.1", "localhost"))  # the visit's cookie stays behind there
        again.page.evaluate("(there) => { location.href = there; }", own_serving.invitation())
        again.sees("half a sentence")
    assert "open in another tab" in own_tab.notice


def test_so_it_does_by_plain_http_of_which_browsers_do_not_say_where_they_come_from(
    launch: Launch, tmp_path: Path
) -> None:
    port = free_port()
    environment = login_environment(tmp_path, tmp_path / "data") | {"TMPDIR": str(tmp_path)}
    address = f"http://chat.example:{port}"
    arguments = ("--demo", "--visitors", "2", "--port", str(port), "--public-url", address)
    with (
        Serving(environment, *arguments) as serving,
        launch("--host-resolver-rules=MAP chat.example 127.0.0.1") as browser,
        other_site() as elsewhere,
    ):
        context = browser.new_context()
        first, again = Tab(context), Tab(context)  # which complain that it is plain HTTP
        first.open(invitation := serving.invitation())
        first.sees("Message")
        first.type("half a sentence")
        first.sees("half a sentence")
        again.page.goto(elsewhere)
        again.page.evaluate("(there) => { location.href = there; }", invitation)
        again.sees("half a sentence")
        assert "open in another tab" in first.notice


def test_who_leaves_may_begin_again(tab: Tab) -> None:
    tab.send("the word before")
    tab.sees("the word before")
    tab.sees("Esc stop")
    tab.sees("Enter send")  # it has answered
    tab.press("Control+q")
    tab.sees("Leave?")
    tab.press("Enter")
    assert "You have left" in tab.notice
    tab.page.get_by_role("button", name="Begin again").click()
    tab.sees("Message")
    assert "the word before" not in "\n".join(tab.rows)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_host_has_gone(
    own_tab: Tab, own_serving: Serving, tmp_path: Path, how: signal.Signals
) -> None:
    own_tab.send("/slow")
    own_tab.sees("takes its time")
    processes = own_serving.processes()
    folders = [path for path in tmp_path.rglob("visit-*")]
    assert len(processes) >= 2
    assert len(folders) == 1
    own_serving.stop(how)
    with told_by_host(own_tab):
        if how is not signal.SIGKILL:
            assert "host has left" in own_tab.notice
        else:
            assert "line is lost" in own_tab.notice
    waits_until(lambda: not any(map(is_running, processes)))
    waits_until(lambda: not any(map(Path.exists, folders)))
