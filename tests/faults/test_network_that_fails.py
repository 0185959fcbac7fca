"""Each way a connection can go wrong, as the full-screen program meets it.

Clear words, the partial answer kept, the program alive, a retry that works. What the client makes of
each on its own is in tests/contract; certificates and proxies as well.
"""

import asyncio
import gzip
import json
import socket
import time
import zlib
from typing import Any

import pytest

from scripted_server import Connection, Script, ScriptedServer, chunk, chunked, cut, hang, head, raw, whole
from settling import LIMIT

CREATED = whole(200, {"success": True, "conversationId": "e1", "response": "Welcome"})
FINE = chunked([b"A fine answer."])
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>" * 50
STREAM = head(200, "Transfer-Encoding: chunked")
ACCENT = "ü".encode()


RESET = "reset in mid-character"
# name: what the server does, words that are told, what is kept of the answer
TROUBLES: dict[str, tuple[Script, str, str]] = {
    "502 page of HTML": (whole(502, PAGE, "Content-Type: text/html"), "502 · Bad Gateway", ""),
    "closed without an answer": (cut(b""), "closed the connection without an answer", ""),
    "cut in mid-answer": (cut(STREAM + chunk(b"Half an")), "connection was lost", "Half an"),
    RESET: (raw(STREAM + chunk(b"Gr" + ACCENT[:1])), "connection was lost", "Gr"),
    "Content-Length too long": (
        cut(head(200, "Content-Length: 99") + b"Short"),
        "connection was lost",
        "Short",
    ),
    "headers of 200 kB": (
        cut(head(200, *(f"X-{n}: {'h' * 2000}" for n in range(100)), "Content-Length: 0")),
        "could not be read",
        "",
    ),
    "damaged gzip": (
        chunked([gzip.compress(b"x" * 5000)[:-12]], "Content-Encoding: gzip"),
        "could not be read",
        "x",
    ),
    "a coding nobody knows": (chunked([b"x"], "Content-Encoding: br"), "could not be read", ""),
    "no HTTP": (cut(b"220 smtp.example ESMTP\r\n\r\n"), "could not be read", ""),
    "an empty stream": (chunked([]), "The chatbot sent an empty answer", ""),
    "white space alone": (chunked([b" ", b"\n", b"\n"]), "The chatbot sent an empty answer", ""),
    "a web page with 200": (
        whole(200, PAGE, "Content-Type: text/html"),
        "The answer is a web page, not text",
        "",
    ),
    "an error with 200": (
        whole(200, b'{"success": false, "error": "Quota exceeded"}', "Content-Type: text/plain"),
        "The service answered with an error Quota exceeded",
        "",
    ),
    "an error at the end": (
        chunked([b"Half an", b'{"error": "overloaded"}']),
        "The service answered with an error overloaded",
        "Half an",
    ),
    "a length in characters": (
        raw(head(200, "Content-Length: 9") + "Grüße aus".encode()),
        "the service stated a length that is too short",
        "Grüße a",
    ),
    "JSON that is cut": (
        whole(200, b'{"success": tr', "Content-Type: application/json"),
        "could not be read",
        "",
    ),
}


def reset_after(script: Script, shown: asyncio.Event) -> Script:
    """A script, and a reset of its connection once what it sent is shown."""

    async def then_reset(connection: Connection) -> None:
        await script(connection)
        await shown.wait()
        connection.reset()

    return then_reset


@pytest.mark.parametrize("name", TROUBLES)
async def test_told_kept_and_mended_by_a_retry(open_window, name: str) -> None:
    trouble, words, kept = TROUBLES[name]
    shown = asyncio.Event()
    if name == RESET:  # what the client has not read yet would be discarded
        trouble = reset_after(trouble, shown)
    async with ScriptedServer(CREATED, trouble, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        await window.say("Is this kept?")
        await window.sees(kept)
        shown.set()
        await window.toasts(words, "Ctrl+R")
        await window.idle()
        assert "nginx" not in window.text
        outcome = window.transcript()[-1]
        assert outcome["status"] == ("interrupted" if kept else "failed")
        assert outcome["text"].startswith(kept) and (kept or not outcome["text"])
        await window.press("ctrl+r")
        if not window.on_chat:
            await window.sees("may have been received")
            await window.press("enter")
        await window.sees("A fine answer.")
        await window.idle()
        said = [line["text"] for line in window.transcript() if line["role"] == "user"]
        assert said == ["Is this kept?"]
        assert window.crash is None


@pytest.mark.parametrize(
    "script",
    [
        chunked([gzip.compress(b"A packed answer.")], "Content-Encoding: gzip"),
        chunked([zlib.compress(b"A packed answer.")], "Content-Encoding: deflate"),
        raw(head(200, "Content-Length: 16") + b"A packed answer. and more than was announced"),
    ],
    ids=["gzip", "deflate", "Content-Length too short"],
)
async def test_answers_that_come_otherwise(open_window, script: Script) -> None:
    async with ScriptedServer(CREATED, script, FINE) as server, open_window(server.base_url) as window:
        await window.sees("Welcome")
        await window.say("Hello?")
        await window.sees("A packed answer.")
        await window.idle()
        assert window.transcript()[-1]["text"] == "A packed answer."
        # what came beyond the announced length spoils the connection, not the next attempt
        await window.say("And again?")
        await window.idle()
        if window.transcript()[-1]["status"] == "failed":
            await window.press("ctrl+r")
            if not window.on_chat:
                await window.press("enter")
        await window.sees("A fine answer.")


async def test_message_whose_conversation_could_not_be_created_was_not_sent(open_window) -> None:
    async with (
        ScriptedServer(cut(b""), cut(b""), CREATED, FINE) as server,
        open_window(server.base_url) as window,
    ):
        await window.toasts("closed the connection without an answer")
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
        await window.toasts("The name no-such-name.invalid could not be found")
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
