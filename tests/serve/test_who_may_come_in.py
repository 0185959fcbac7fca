"""Invitations, cookies, names and origins, over real HTTP: what a browser gets, and what nobody else does."""

import asyncio
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from host_apart import Browser, Host, NewHost

from userdesk.serve.visit import LOADS_WITHIN, UNSEEN
from userdesk.serve.visits import KEPT


@pytest.fixture
async def stranger(host: Host) -> AsyncIterator[Browser]:
    """A browser without a cookie."""
    async with Browser(host) as stranger:
        yield stranger


async def raw(host: Host, request: bytes) -> bytes:
    """What a connection is answered until it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", host.server.port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


# invitations


async def test_page_comes_at_once_with_a_cookie_that_scripts_and_other_sites_do_not_get(
    host: Host, stranger: Browser
) -> None:
    response = await stranger.headers(host.invitation, allow_redirects=False)
    assert response.status == 200
    (cookie,) = response.headers.getall("Set-Cookie")
    name, _, attributes = cookie.partition("; ")
    assert re.fullmatch(rf"userdesk_visit_{host.server.port}=[\w-]{{43}}", name)
    assert {*attributes.split("; ")} == {"HttpOnly", "Path=/", "SameSite=Strict"}


async def test_cookie_is_for_https_alone_where_browsers_come_by_it(new_host: NewHost) -> None:
    async with new_host(public_url="https://chat.example.com") as host, Browser(host) as browser:
        response = await browser.headers(host.invitation, headers={"Host": "chat.example.com"})
        (cookie,) = response.headers.getall("Set-Cookie")
        assert cookie.startswith("__Host-userdesk_visit=")
        assert "; Secure" in cookie
        status, _ = await browser.load(host.invitation)
        assert status == 421  # 127.0.0.1 is not the public name


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/", 403, "needs an invitation"),
        ("/?token=", 403, "needs an invitation"),
        ("/?token=wrong", 403, "not valid"),
        ("/?token=%00%ff%F0", 403, "not valid"),
        ("/?token=<script>", 403, "not valid"),
        ("/nothing", 404, "nothing at this address"),
        ("/file/x", 404, "nothing at this address"),
        ("/static/x/y", 404, "nothing at this address"),
        ("/static/x/../../etc/passwd", 404, "nothing at this address"),
        ("/static/x/%2e%2e/%2e%2e/visit.py", 404, "nothing at this address"),
        ("/static/x//etc/passwd", 404, "nothing at this address"),
    ],
)
async def test_others_get_a_sentence(
    host: Host, stranger: Browser, path: str, status: int, words: str
) -> None:
    given, text = await stranger.load(path)
    assert (given, words in text) == (status, True), text
    assert "<script>" not in text
    assert not [*host.visits]


async def test_invitation_is_good_for_as_many_browsers_as_there_are_places(host: Host) -> None:
    first = host.invitation
    async with Browser(host) as one, Browser(host) as two, Browser(host) as three, Browser(host) as four:
        for browser in (one, two, three):
            assert (await browser.load(first))[0] == 200
        assert len([*host.visits]) == 3
        status, text = await four.load(first)
        assert (status, "All places are taken" in text) == (503, True)

        assert (await one.load("/"))[0] == 200  # whoever is in stays in, by the link or without it
        assert (await one.load(first))[0] == 200
        assert len([*host.visits]) == 3

        await two.connect()
        await two.run("sys.exit()")
        await two.is_closed()
        await host.pass_time(KEPT)
        status, text = await four.load(first)
        assert (status, "has been used" in text) == (410, True)
        assert host.invitation != first
        assert (await four.load(host.invitation))[0] == 200


async def test_what_only_looks_at_the_link_costs_nobody_a_place(host: Host) -> None:
    link = host.invitation
    for _ in range(4):
        async with Browser(host) as preview:
            assert (await preview.load(link))[0] == 200
        await host.pass_time(UNSEEN)
        assert not [*host.visits]
    async with Browser(host) as one, Browser(host) as two, Browser(host) as three:
        for browser in (one, two, three):
            assert (await browser.load(link))[0] == 200


async def test_page_that_loads_slowly_is_waited_for_but_not_for_ever(host: Host, stranger: Browser) -> None:
    await stranger.load(host.invitation)
    for _ in range(int(LOADS_WITHIN / UNSEEN) + 1):
        assert [*host.visits]
        await host.pass_time(UNSEEN - 1)
        await stranger.load("/static/x/page.js")
    await host.pass_time(UNSEEN)
    assert not [*host.visits]
    await stranger.connect()
    assert await stranger.is_closed() == (4000, "unseen")


async def test_invitation_followed_from_another_site_finds_the_visit_that_is_there(
    host: Host, stranger: Browser
) -> None:
    """A strict cookie does not come along then: the page leads to itself first."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    status, text = await stranger.load(host.invitation, headers=elsewhere)
    assert (status, [*host.visits]) == (200, [])
    (there,) = re.findall(r'content="0; url=([^"]+)"', text)
    here = there.replace("&amp;", "&")
    assert here == f"{host.invitation}&again=1"
    # Even of a browser that says the same again there is no second round.
    for _ in range(2):
        assert "$static" not in (page := (await stranger.load(here, headers=elsewhere))[1])
        assert "page.js" in page
    assert len([*host.visits]) == 1


async def test_nothing_begins_for_those_who_follow_no_page(host: Host) -> None:
    """As programs that make a preview of a link. Browsers come so by plain HTTP, and follow it."""
    async with aiohttp.ClientSession() as http:
        for _ in range(5):
            async with http.get(host.address + host.invitation) as response:
                assert response.status == 200 and "Acme" in await response.text()
                assert "Set-Cookie" not in response.headers
    assert not [*host.visits] and host.admission.uses == host.admission.places


async def test_nothing_begins_for_a_browser_that_fetches_ahead(host: Host, stranger: Browser) -> None:
    for purpose in ("prefetch", "prefetch;prerender"):
        for path in (host.invitation, f"{host.invitation}&again=1"):
            assert (await stranger.load(path, headers={"Sec-Purpose": purpose}))[0] == 503
    assert not [*host.visits]
    await stranger.come()


async def test_wrong_ones_by_the_hundred_keep_nobody_out(host: Host, stranger: Browser) -> None:
    statuses = [(await stranger.load(f"/?token={number}"))[0] for number in range(100)]
    assert {*statuses} == {403, 429}
    assert (await stranger.load(host.invitation))[0] == 200


async def test_one_browser_cannot_load_and_connect_without_end(host: Host, browser: Browser) -> None:
    statuses = [(await browser.load("/"))[0] for _ in range(40)]
    assert {*statuses} == {200, 429}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.connect()
    assert refused.value.status == 429
    async with Browser(host) as other:
        await other.come()


async def test_nothing_runs_for_those_who_only_ask_what_is_there(host: Host) -> None:
    for method in (b"HEAD", b"POST", b"OPTIONS", b"TRACE", b"CONNECT"):
        request = b"%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        answer = await raw(host, request % (method, host.invitation.encode()))
        assert answer.startswith((b"HTTP/1.1 405", b"HTTP/1.0 400")), (method, answer)
    assert host.admission.uses == 3


# names and origins


@pytest.mark.parametrize("path", ["/", "/ws", "/static/x/page.js", "/file/x", "/x"])
@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "evil.example:80"])
async def test_name_that_was_pointed_here_gets_nothing(
    host: Host, browser: Browser, name: str, path: str
) -> None:
    cookie = "; ".join(f"{each.key}={each.value}" for each in browser.http.cookie_jar)
    async with Browser(host) as rebound:
        response = await rebound.headers(path, headers={"Host": name, "Cookie": cookie})
        assert response.status == 421
        assert "Set-Cookie" not in response.headers


async def test_two_names_or_none_get_nothing(host: Host) -> None:
    for names in (b"", b"Host: localhost\r\nHost: evil.example\r\n", b"Host: \r\n"):
        answer = await raw(host, b"GET / HTTP/1.1\r\n%sConnection: close\r\n\r\n" % names)
        assert answer.startswith((b"HTTP/1.1 421", b"HTTP/1.0 400")), answer


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:1", "https://127.0.0.1", "", "http://127.0.0.1"],
)
async def test_page_of_another_origin_gets_no_websocket_and_nothing_else(
    host: Host, browser: Browser, origin: str
) -> None:
    pid = await browser.process()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.http.ws_connect(f"{host.address}/ws", headers={"Origin": origin})
    assert refused.value.status == 403
    for path in ("/", "/static/x/page.js", "/file/x"):
        assert (await browser.load(path, headers={"Origin": origin}))[0] == 403
    assert await browser.process() == pid  # and the websocket that was there is there


async def test_websocket_without_an_origin_is_no_browsers(host: Host, browser: Browser) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.http.ws_connect(f"{host.address}/ws")
    assert refused.value.status == 403


async def test_websocket_without_a_cookie_shows_nothing(host: Host, browser: Browser) -> None:
    async with Browser(host) as stranger:
        for cookie in ("", f"{host.server.cookie}=wrong", f"{host.server.cookie}=é"):
            await stranger.connect(headers={"Cookie": cookie})
            assert await stranger.is_closed() == (4000, "unknown")
            assert await stranger.hears("bye") == "unknown"
            assert stranger.shown == b""


async def test_request_that_is_no_websocket_is_told_so(host: Host, browser: Browser) -> None:
    response = await browser.headers("/ws", headers={"Origin": host.address})
    assert response.status == 400
    assert_guarded(response)


# headers


def assert_guarded(response: aiohttp.ClientResponse) -> None:
    fields = response.headers
    assert fields["Server"] == "userdesk"
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    assert fields["X-Frame-Options"] == "DENY"
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["/", "/?token=x", "/static/x/page.js", "/static/x/y", "/file/x", "/ws", "/x", "INVITATION"]
)
async def test_every_answer_says_what_a_browser_may_do(host: Host, stranger: Browser, path: str) -> None:
    response = await stranger.headers(path.replace("INVITATION", host.invitation))
    assert_guarded(response)
    cached = "no-cache" if path.endswith("page.js") else "no-store"
    assert response.headers["Cache-Control"] == cached


async def test_files_of_the_page_are_kept_by_browsers_until_they_change(host: Host, browser: Browser) -> None:
    _, page = await browser.load("/")
    (address,) = re.findall("src='([^']+)'", page)
    response = await browser.headers(address)
    assert "immutable" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    tag = response.headers["ETag"]
    response = await browser.headers("/static/old/page.js", headers={"If-None-Match": tag})
    assert (response.status, response.headers["Cache-Control"]) == (304, "no-cache")
    for accepted, coding in (("gzip, br", "gzip"), ("identity", None)):
        response = await browser.headers("/static/x/textual.js", headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == coding


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"x" * 20_000),
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n" % (b"x" * 20_000),
        b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n" % (b"\xff\x00" * 20),
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET //evil.example/ws HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /ws?width=\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=range(10),
)
async def test_what_is_no_request_of_a_browser_learns_nothing(host: Host, request_: bytes) -> None:
    answer = await raw(host, request_)
    assert answer.startswith(b"HTTP/1."), answer
    assert int(answer.split()[1]) in (400, 403, 404, 405, 421)
    assert b"aiohttp" not in answer
    assert b"Python" not in answer
    assert b"Traceback" not in answer
    assert b".py" not in answer
    assert len(answer) < 2_000
