"""Each way a connection can go wrong, as the full-screen program meets it.

Clear words, the partial answer kept, the program alive, a retry that works. Each kind of trouble is tried in
tests/unit/tui/chat/test_failures_on_screen.py, what the client makes of it, of certificates and of proxies in
tests/contract.
"""

import asyncio
import json
import socket
import time
from typing import Any

import pytest

from scripted_server import Connection, ScriptedServer, chunk, chunked, cut, hang, head, whole
from settling import LIMIT

CREATED = whole(200, {"success": True, "conversationId": "e1", "response": "Welcome"})
FINE = chunked([b"A fine answer."])
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>" * 50
STREAM = head(200, "Transfer-Encoding: chunked")


async def test_told_kept_and_mended_by_a_retry(open_window) -> None:
    broken = cut(STREAM + chunk(b"Half an"))
    page = whole(502, PAGE, "Content-Type: text/html")
    async with (
        ScriptedServer(CREATED, broken, FINE, page, FINE) as server,
        open_window(server.base_url) as window,
    ):
        await window.sees("Welcome")
        for text, words, kept in (
            ("Is this kept?", "connection was lost", "Half an"),
            ("And this?", "502 · Bad Gateway", ""),
        ):
            await window.say(text)
            await window.sees(kept)
            await window.toasts(words, "Ctrl+R")
            await window.idle()
            assert "nginx" not in window.text
            outcome = window.transcript()[-1]
            assert outcome["status"] == ("interrupted" if kept else "failed")
            assert outcome["text"] == kept and kept in window.log
            asked = len(server.received)
            await window.press("ctrl+r")
            await window.sees("may have been received")
            await window.press("escape")
            assert len(server.received) == asked
            await window.press("ctrl+r", "enter")
            await window.until(lambda: window.transcript()[-1]["text"] == "A fine answer.", "the answer")
            await window.idle()
        said = [line["text"] for line in window.transcript() if line["role"] == "user"]
        assert said == ["Is this kept?", "And this?"]
        assert window.crash is None


async def test_message_whose_conversation_could_not_be_created_was_not_sent(open_window) -> None:
    async with (
        ScriptedServer(cut(b""), cut(b""), CREATED, FINE) as server,
        open_window(server.base_url) as window,
    ):
        await window.toasts("closed the connection without answering")
        await window.say("Never left")
        await window.toasts("the message was not sent", "Ctrl+R retry")
        assert "may have been received" not in window.text
        await window.press("ctrl+r")  # nothing is asked
        await window.sees("A fine answer.")
        await window.idle()
        assert [request.target.rpartition("/")[2] for request in server.received] == [
            "conversation",
            "conversation",
            "conversation",
            "message",
        ]


async def test_nobody_listens(open_window, data_dir) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with open_window(f"http://127.0.0.1:{taken.getsockname()[1]}") as window:
            await window.toasts("connection refused", "Ctrl+R")
            await window.say("Kept nevertheless")
            await window.idle()
            await window.until(lambda: window.transcript(), "the message on disk")
            assert window.transcript()[0]["text"] == "Kept nevertheless"
            assert window.transcript()[-1]["status"] == "failed"


async def test_no_such_name(open_window) -> None:
    async with open_window("https://no-such-name.invalid") as window:
        await window.toasts("Could not resolve the host name no-such-name.invalid", "Ctrl+R retry")
        await window.say("Kept nevertheless")
        await window.idle()
        assert window.crash is None


async def test_a_byte_now_and_then_is_waited_for(open_window) -> None:
    go_on = asyncio.Event()

    async def dripping(connection: Connection) -> None:
        await connection.write(STREAM)
        for letter in b"slow":
            await connection.write(chunk(bytes([letter])))
            if letter == ord("o"):
                await go_on.wait()
        await connection.write(b"0\r\n\r\n")

    config = "read_timeout = 0.3"
    async with (
        ScriptedServer(CREATED, dripping) as server,
        open_window(server.base_url, config=config) as window,
    ):
        await window.sees("Welcome")
        await window.say("Take your time")
        await window.toasts("No answer for", "Still waiting", "Esc stops")
        assert window.service.turns(window.current)
        go_on.set()
        await window.idle()
        assert (window.transcript()[-1]["text"], window.transcript()[-1]["status"]) == ("slow", "complete")


async def test_a_server_that_never_answers_is_left_by_escape(open_window) -> None:
    left = asyncio.Event()
    config = "read_timeout = 0.2"
    async with (
        ScriptedServer(CREATED, hang(b"", left), FINE) as server,
        open_window(server.base_url, config=config) as window,
    ):
        await window.sees("Welcome")
        await window.say("Anybody there?")
        await window.until(lambda: len(server.received) == 2, "the request")
        await window.toasts("No answer for")
        await window.press("escape")
        await window.idle()
        await asyncio.wait_for(left.wait(), LIMIT)
        assert window.transcript()[-1]["status"] == "stopped"
        await window.say("And now?")
        await window.sees("A fine answer.")


async def test_a_stream_without_end_has_an_end(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cut at a bound, what came is kept, the program lives."""
    from userdesk.api import answer_stream

    assert answer_stream.LONGEST_ANSWER == 4_000_000
    monkeypatch.setattr(answer_stream, "LONGEST_ANSWER", 300_000)

    async def endless(connection: Connection) -> None:
        await connection.write(STREAM)
        while True:
            await connection.write(chunk(b"for ever and ever\n\n" * 200))

    async with ScriptedServer(CREATED, endless, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        await window.say("Talk")
        await window.idle()
        await window.toasts("longer than")
        outcome = window.transcript()[-1]
        assert outcome["status"] == "interrupted"
        assert len(outcome["text"]) == 300_000
        await window.say("Enough")
        await window.sees("A fine answer.")


async def test_escape_ends_a_stream_without_end(open_window) -> None:
    left = asyncio.Event()

    async def endless(connection: Connection) -> None:
        await connection.write(STREAM)
        try:
            while True:
                await connection.write(chunk(b"for ever "))
                await asyncio.sleep(0.005)
        finally:
            left.set()

    async with ScriptedServer(CREATED, endless, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        await window.say("Talk")
        await window.sees("for ever")
        await window.press("escape")
        await window.idle()
        await asyncio.wait_for(left.wait(), LIMIT)
        assert window.transcript()[-1]["status"] == "stopped"


async def test_a_clock_that_jumps_in_mid_answer(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a night's sleep of the machine: the wall clock is hours on, the stream goes on."""
    go_on = asyncio.Event()

    async def sleeping(connection: Connection) -> None:
        await connection.write(STREAM + chunk(b"before "))
        await go_on.wait()
        await connection.write(chunk(b"after") + b"0\r\n\r\n")

    async with ScriptedServer(CREATED, sleeping, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        await window.say("Good night")
        await window.sees("before")
        real_wall, real_mono = time.time, time.monotonic
        monkeypatch.setattr(time, "time", lambda: real_wall() + 8 * 3600)
        monkeypatch.setattr(time, "monotonic", lambda: real_mono() + 8 * 3600)
        go_on.set()
        await window.until(lambda: not window.service.busy_keys(), "the end")
        assert (window.transcript()[-1]["text"], window.transcript()[-1]["status"]) == (
            "before after",
            "complete",
        )
        await window.say("Good morning")
        await window.sees("A fine answer.")


def ids(requests: list[Any]) -> list[str | None]:
    return [json.loads(request.body).get("conversationId") for request in requests]


async def test_ids_that_lead_elsewhere_stay_words(open_window, data_dir, tmp_path) -> None:
    hostile = whole(200, {"success": True, "conversationId": "../../../x/../y", "response": "Welcome"})
    async with ScriptedServer(hostile, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        before = {path for path in tmp_path.rglob("*") if data_dir not in path.parents}
        await window.say("Hello")
        await window.sees("A fine answer.")
        await window.idle()
        assert ids(server.received)[-1] == "../../../x/../y"
        assert {path for path in tmp_path.rglob("*") if data_dir not in path.parents} == before
        assert window.index[0]["id"] == "../../../x/../y"
        names = [path.name for path in (data_dir / "transcripts").iterdir()]
        assert all(name.startswith(window.current) for name in names)
