"""The key: in no file, no byte on the terminal, no argument, even where the server sends it back."""

import asyncio
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

from command_runs import run
from scripted_server import ScriptedServer, chunked, cut, head, raw, whole
from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import UserdeskError
from userdesk.domain.safe_text import clean
from userdesk.domain.secret_mask import KNOWN, MaskedStream
from userdesk.settings import Options, resolve
from userdesk.settings.api_keys import KeyRing

Environment = Callable[..., dict[str, str]]


def everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def echoing(secret: str) -> list[Callable[..., object]]:
    """A service that sends the key back in every way there is."""
    twice = f"{secret[:9]}\u200b{secret[9:]}"
    body = {"message": f"Bad key {secret}", "detail": f"Bearer {twice}"}
    pieces = [f"You sent Bearer {secret[:7]}".encode(), f"{secret[7:]} and that was it".encode()]
    return [
        whole(200, {"success": True, "conversationId": f"id-{secret}", "response": f"Welcome {secret}"}),
        chunked(pieces),
        whole(401, body, f"X-Key: {secret}"),
        whole(500, body),
        whole(400, f"no field {secret}".encode()),
        whole(302, b"", f"Location: https://evil.example/?k={secret}"),
        whole(200, {"success": False, "error": secret}),
        raw(f"HTTP/1.1 {secret}\r\n\r\n".encode()),
        cut(head(200, f"Content-Encoding: {secret}", "Content-Length: 100")),
        cut(head(200, "Transfer-Encoding: chunked") + f"{secret}\r\n".encode()),
        chunked([b"The end."], f"X-Conversation-Id: {secret}"),
    ]


async def test_a_session_with_a_server_that_sends_it_back(
    environment: Environment, data_dir: Path, tmp_path: Path, secret: str
) -> None:
    scripts = echoing(secret)
    arguments: list[bytes] = []

    def work(base_url: str) -> bytes:
        with Terminal(environment(base_url), ["--log-level", "debug"]) as terminal:
            terminal.sees("Message Acme support…", "Welcome …WXYZ")
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    arguments.append(path.read_bytes())
                except OSError:
                    continue
            for number, _ in enumerate(scripts[1:]):
                terminal.type(f"Question {number}\r")
                terminal.sees(f"❯ Question {number}")
                terminal.until(lambda n=number: len(server.received) > n + 1, "the request")
                terminal.misses("waiting for the answer")
            terminal.sees("The end.")
            terminal.type("\x11")
            assert terminal.ends() == 0
            return bytes(terminal.written)

    async with ScriptedServer(*scripts) as server:
        written = await asyncio.to_thread(work, server.base_url)
        assert all(request.header("authorization") == f"Bearer {secret}" for request in server.received)
    assert secret.encode() not in written
    assert "…WXYZ".encode() in written
    files = everything_in(tmp_path)
    assert any(b"Question 0" in data for data in files.values())
    assert any(path.name == "userdesk.log" for path in files)
    assert [path for path, data in files.items() if secret.encode() in data] == []
    assert not [line for line in arguments if secret.encode() in line]


@pytest.mark.parametrize("command", [["send", "Hi"], ["send", "--json", "Hi"], ["doctor"]])
async def test_commands(environment: Environment, tmp_path: Path, secret: str, command: list[str]) -> None:
    for script in echoing(secret)[:4:3] if command == ["doctor"] else echoing(secret)[1::3]:
        async with ScriptedServer(script) as server:
            done = await asyncio.to_thread(run, environment(server.base_url), *command)
        assert secret not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert [path for path, data in everything_in(tmp_path).items() if secret.encode() in data] == []


async def test_exports_hold_no_key(environment: Environment, data_dir: Path, secret: str) -> None:
    async with ScriptedServer(*echoing(secret)[:2]) as server:
        variables = environment(server.base_url)
        assert (await asyncio.to_thread(run, variables, "send", "Hi")).returncode == 0
    key = next((data_dir / "transcripts").glob("*.jsonl")).stem
    for form in ("md", "json", "html"):
        done = run(variables, "export", key, "--format", form)
        assert "Hi" in done.stdout and secret not in done.stdout


async def test_nothing_that_comes_from_the_client_holds_it(client_to, secret: str) -> None:
    """Whatever is asked of a service that sends it back: answers, ids, failures."""

    async def asked(what: str, client: UserdeskClient) -> object:
        if what == "create":
            return await client.create_conversation()
        if what == "send":
            return await client.send("Hi")
        async with client.stream("Hi", "e1") as answer:
            text = "".join([chunk.text async for chunk in answer])
        return text, answer.conversation_id

    whole_answer = whole(200, {"success": True, "conversationId": f"id-{secret}", "response": secret})
    for script in (whole_answer, *echoing(secret)):
        for what in ("create", "send", "stream"):
            async with ScriptedServer(script) as server:
                try:
                    told = repr(await asked(what, client_to(server.base_url)))
                except UserdeskError as error:
                    told = f"{error!r} {error.failure!r}"
                except CreateUnavailable:
                    continue
            assert secret not in clean(told), f"{what}: {told}"


def test_the_mask_finds_the_key_wherever_it_is_cut(secret: str) -> None:
    text = f"{secret}sk-faults {secret[:-1]} sk-{secret}{secret} s"
    expected = text.replace(secret, str(ApiKey(secret)))
    for size in range(1, len(text) + 1):
        mask = MaskedStream(KNOWN)
        pieces = [mask.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join(pieces) + mask.flush() == expected
    KNOWN.forget_all()
    assert MaskedStream(KNOWN).feed(text) == text
    ApiKey("abc")
    assert KNOWN.whole(text) == text


async def test_what_a_prefix_of_the_key_held_back_is_not_lost(client_to, secret: str) -> None:
    partial = f"some {secret[:5]}".encode()
    for script in (
        chunked([partial]),
        cut(head(200, "Transfer-Encoding: chunked") + b"a\r\n" + partial + b"\r\n"),
    ):
        async with ScriptedServer(script) as server, client_to(server.base_url).stream("Hi", "e1") as answer:
            got = ""
            try:
                async for chunk in answer:
                    got += chunk.text
            except UserdeskError:
                pass
        assert got == partial.decode()


async def test_connecting_stores_the_key_in_the_keyring_alone(
    open_window, server, tmp_path: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    stored: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, "set_password", lambda *given: stored.__setitem__(given[:2], given[2]))
    monkeypatch.setattr(keyring, "get_password", lambda *asked: stored.get(asked))
    file = tmp_path / "config.toml"
    async with open_window(server.base_url, config="# mine\n") as window:
        await window.sees("demo chatbot")
        await window.command("chatbots")
        await window.sees("Connect a chatbot")
        screen = window.screen
        field = screen.query_one("#api-key")
        field.value = secret
        await window.until(lambda: "•" * len(secret) in window.text, "dots for the key")
        assert secret not in window.text
        server.fail_next(401, on="conversation")
        screen.connect("demo", secret, "", server.base_url)
        await window.sees("401 · Wrong API Key")
        assert not stored and secret not in window.text
        words = await window.chatbots.keep(Chatbot("shop", "Shop", "77", server.base_url), ApiKey(secret))
        assert words == "Shop is connected"
    assert list(stored.values()) == [secret]
    assert file.read_text("utf-8").startswith("# mine\n")
    settings = resolve(Options(config=file, data_dir=tmp_path), {"HOME": str(tmp_path)})
    found = KeyRing(settings).api_key("shop")
    assert found and found.reveal() == secret
    assert [path for path, data in everything_in(tmp_path).items() if secret.encode() in data] == []


async def test_connecting_goes_to_the_service_of_the_environment(
    open_window, server, tmp_path: Path, secret: str
) -> None:
    async with open_window(server.base_url) as window:
        await window.command("chatbots")
        await window.sees("Connect a chatbot")
        window.screen.query_one("#chatbot-id").value = "demo"
        window.screen.query_one("#api-key").value = secret
        window.screen.query_one("#name").value = "Shop"
        window.screen.submitted()
        await window.sees("Shop is connected")
        assert window.service.registry.get("shop").base_url == server.base_url
    assert f'base_url = "{server.base_url}"' in (tmp_path / "config.toml").read_text("utf-8")


async def test_connecting_sends_no_key_where_the_environment_holds_no_address(
    open_window, server, secret: str
) -> None:
    async with open_window("nonsense") as window:
        await window.command("chatbots")
        await window.sees("Connect a chatbot")
        window.screen.query_one("#chatbot-id").value = "demo"
        window.screen.query_one("#api-key").value = secret
        window.screen.submitted()
        await window.sees("USERDESK_BASE_URL is not a valid address")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(client_to, status: int) -> None:
    async with ScriptedServer(chunked([b"stolen"])) as elsewhere:
        location = f"Location: {elsewhere.base_url}/v1/chatbot/1/message"
        async with ScriptedServer(whole(status, b"", location)) as server:
            with pytest.raises(UserdeskError) as caught:
                await client_to(server.base_url).send("Hi")
        assert caught.value.failure.status == status
        assert elsewhere.connections == 0


def test_a_key_in_a_file_that_others_can_read_is_left_out(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[bots.acme]\nchatbot_id = "1"\napi_key = "{secret}"\n')
    for mode, found in ((0o600, True), (0o640, False), (0o604, False)):
        file.chmod(mode)
        settings = resolve(Options(config=file), {"HOME": str(tmp_path)})
        assert (KeyRing(settings).api_key("acme") is not None) is found
        assert bool(settings.problems) is not found
        assert secret not in f"{settings!r} {[str(problem) for problem in settings.problems]}"


async def test_an_export_and_the_configuration_are_private(
    open_window, server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "new-conversation.md").symlink_to(tmp_path / "elsewhere")
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        config = tmp_path / "new" / "config.toml"
        keyring = window.chatbots.keyring
        keyring.settings = replace(keyring.settings, config_file=config)
        before = os.umask(0)
        try:
            await window.export("md")
            await window.sees("Exported to")
            await window.chatbots.keep(Chatbot("shop", "Shop", "77", server.base_url), ApiKey(secret))
        finally:
            os.umask(before)
    (export,) = (path for path in folder.iterdir() if not path.is_symlink())
    assert [stat.S_IMODE(path.stat().st_mode) for path in (export, config)] == [0o600, 0o600]
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    assert not (tmp_path / "elsewhere").exists()


def test_files_are_private_whatever_the_mask(environment: Environment, data_dir: Path) -> None:
    before = os.umask(0)
    try:
        done = run(environment("http://127.0.0.1:9"), "send", "--log-level", "debug", "--demo", "Hi")
    finally:
        os.umask(before)
    assert done.returncode == 0
    paths = [data_dir, *data_dir.rglob("*")]
    assert {path.name for path in paths} >= {"userdesk.log", "conversations.toml", "transcripts", "demo"}
    for path in paths:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path
