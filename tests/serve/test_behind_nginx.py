"""The configuration of nginx in docs/serve.md, with a real nginx that speaks TLS to the browsers."""

import asyncio
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult
from host_apart import TYPED, Browser, wait_until
from served import SHOWN, Served

NAME = "chat.example.com"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here")

PAGE = Path(__file__).parents[2] / "docs" / "serve.md"
AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""


class Here(AbstractResolver):
    """Finds every name on this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Nothing is open."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(folder: Path, port: int, behind: int) -> str:
    """That of the page, with ports and files of the test."""
    (server,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for name, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("http://127.0.0.1:8080", f"http://127.0.0.1:{behind}"),
        (f"/etc/ssl/{NAME}.pem", f"{folder}/certificate.pem"),
        (f"/etc/ssl/{NAME}.key", f"{folder}/private.key"),
    ):
        assert name in server
        server = server.replace(name, here)
    return AROUND.format(folder=folder, server=server)


@pytest.fixture
async def public(serve: Callable[..., Any], tmp_path: Path) -> AsyncIterator[tuple[Served, ssl.SSLContext]]:
    """A host behind nginx, and what a browser trusts."""
    folder, authority = tmp_path / "nginx", trustme.CA()
    folder.mkdir()
    certificate = authority.issue_cert(NAME)
    certificate.private_key_pem.write_to_path(str(folder / "private.key"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(folder / "certificate.pem"), append=True)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    port, behind = free_port(), free_port()
    (folder / "nginx.conf").write_text(configuration(folder, port, behind))
    assert NGINX
    nginx = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"])
    try:
        served = await serve("--demo", "--port", str(behind), "--public-url", f"https://{NAME}:{port}")
        await wait_until((folder / "pid").exists, (folder / "errors").read_text())
        yield served, trusted
    finally:
        nginx.terminate()
        await asyncio.to_thread(nginx.wait)


class PublicBrowser(Browser):
    """A browser that trusts an authority of the test's, and finds every name on this machine."""

    def __init__(self, host: Any, trusted: ssl.SSLContext) -> None:
        super().__init__(host)
        self._before = self.http
        connector = aiohttp.TCPConnector(resolver=Here(), ssl=trusted)
        self.http = aiohttp.ClientSession(connector=connector, headers=TYPED)

    async def __aexit__(self, *failure: object) -> None:
        await super().__aexit__(*failure)
        await self._before.close()


async def test_visitor_chats_through_nginx(public: tuple[Served, ssl.SSLContext]) -> None:
    served, trusted = public
    assert served.address.startswith(f"https://{NAME}:")
    async with PublicBrowser(served, trusted) as browser:
        await browser.come()
        await browser.sees(SHOWN)
        (cookie,) = browser.http.cookie_jar
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Strict"
        await browser.type("how do I quit\r")
        await browser.sees(b"Ctrl\\+Q")
        await browser.go()
        await browser.connect()  # the line is back
        await browser.sees(SHOWN)
        assert await served.end() == 130
        assert await browser.hears("bye") == "host"


async def test_browsers_are_told_to_come_by_https_alone_whatever_they_are_answered(
    public: tuple[Served, ssl.SSLContext],
) -> None:
    served, trusted = public
    async with PublicBrowser(served, trusted) as browser:
        for path in (served.invitation, "/static/x/textual.js", "/nothing", "/ws"):
            headers = (await browser.headers(path)).headers
            assert headers.getall("Strict-Transport-Security") == ["max-age=31536000"], path


async def test_names_and_origins_of_elsewhere_are_refused_behind_nginx_too(
    public: tuple[Served, ssl.SSLContext],
) -> None:
    served, trusted = public
    async with PublicBrowser(served, trusted) as browser:
        status, _ = await browser.load(served.invitation, headers={"Host": "evil.example"})
        assert status == 421
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.connect(origin="https://evil.example")
        assert refused.value.status == 403


async def test_nginx_limits_what_one_address_asks_and_not_who_is_there(
    public: tuple[Served, ssl.SSLContext],
) -> None:
    served, trusted = public
    async with PublicBrowser(served, trusted) as browser, PublicBrowser(served, trusted) as flood:
        await browser.come()
        await browser.sees(SHOWN)
        statuses = [0]
        while statuses[-1] != 429:
            assert len(statuses) < 5000
            statuses += [status for status, _ in await asyncio.gather(*(flood.load() for _ in range(50)))]
        assert statuses.index(429) > 200  # all of an office come at once
        await browser.type("how do I quit\r")
        await browser.sees(b"Ctrl\\+Q")
