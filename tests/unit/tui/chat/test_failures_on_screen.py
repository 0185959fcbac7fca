"""Each failure of a turn: what its toast says and offers, what is kept, and what Ctrl+R does."""

import asyncio
import gzip
import zlib

import pytest

from chat_place import created, streamed
from controllers_apart import Apart
from scripted_server import Connection, Script, chunk, chunked, cut, head, raw, whole
from userdesk.tui.chat.recovery import MAY_HAVE_ARRIVED

FORM = "check the chatbot's address and id"
STATUSES = [
    # status, headline after it, what is offered, what the offer does
    (400, "The conversationId is not valid", "continue in a new conversation", "goes on"),
    (403, "Access to this Chatbot is denied", "check the chatbot", "shows the form"),
    (408, "Request Timeout", "retry", "asks"),
    (413, "", "edit and resend", "edits"),
    (414, "", "edit and resend", "edits"),
    (422, "", "edit and resend", "edits"),
    (431, "", "edit and resend", "edits"),
    (302, "", FORM, "shows the form"),
    (404, "", FORM, "shows the form"),
    (405, "", FORM, "shows the form"),
    (410, "", FORM, "shows the form"),
    (421, "", FORM, "shows the form"),
    (429, "Too many requests", "retry", "sends again"),
    (500, "An error occurred on the server", "retry", "sends again"),
    (502, "Bad Gateway", "retry", "asks"),
    (503, "Service Unavailable", "retry", "sends again"),
    (504, "Gateway Timeout", "retry", "asks"),
    (520, "The gateway could not read the service's answer", "retry", "asks"),
    (521, "The service behind the gateway is down", "retry", "sends again"),
    (522, "The gateway timed out connecting", "retry", "asks"),
    (524, "The gateway timed out waiting", "retry", "asks"),
    (599, "Unexpected answer", "retry", "sends again"),
]


async def failed(at: Apart, text: str = "Is this kept?") -> str:
    """A new conversation whose first turn has come to its end; its key."""
    key = at.at.begin()
    at.conversations.open(key)
    at.turns.send(key, text)
    await at.settle()
    return key


@pytest.mark.parametrize(("status", "words", "offered", "does"), STATUSES)
async def test_the_toast_offers_what_helps_and_the_key_does_it(
    apart, status: int, words: str, offered: str, does: str
) -> None:
    again = (created("c2"), streamed("now")) if does == "goes on" else (streamed("now"),)
    async with apart(created(), whole(status, {}), *again) as at:
        key = await failed(at)
        assert at.toast.told.headline.startswith(f"{status} · {words}")
        assert at.toast.told.step == f"<remedy> {offered}"
        assert at.state.failed == {key}
        sent = len(at.at.messages)
        await at.recovery.act()
        await at.settle()
        assert at.connected == (["acme"] if does == "shows the form" else [])
        assert at.input.whole_text == ("Is this kept?" if does == "edits" else "")
        assert at.dialogs.asked == ([(MAY_HAVE_ARRIVED, "send again")] if does == "asks" else [])
        if does == "edits":
            assert at.flashed == ["Edit it, then send it with <send>"] and at.input.focused == 1
            assert not at.toast.display
        if does == "asks":
            assert len(at.at.messages) == sent
            at.dialogs.then()
            await at.settle()
        is_mended = does in ("asks", "sends again", "goes on")
        assert (at.shown[-1] == "now") == is_mended
        assert (at.state.failed == set()) == is_mended
        assert at.at.kept(key).count(("user", "Is this kept?")) == 1


@pytest.mark.parametrize(
    ("body", "words", "offered"),
    [
        ({"message": "message: too long"}, "The request was malformed", "edit and resend"),
        ({"error": "Unknown conversationId"}, "The conversationId is not valid", "continue in a new"),
    ],
)
async def test_the_two_bad_requests_are_told_apart(apart, body: object, words: str, offered: str) -> None:
    async with apart(created(), whole(400, body)) as at:
        await failed(at)
        assert at.toast.told.headline.startswith(f"400 · {words}")
        assert at.toast.told.detail == next(iter(body.values()))
        assert at.toast.told.step.startswith(f"<remedy> {offered}")


@pytest.mark.parametrize("status", [429, 503, 529])
async def test_the_time_that_a_service_asks_for_is_waited_for(apart, status: int) -> None:
    async with apart(created(), whole(status, {}, "Retry-After: 600")) as at:
        await failed(at)
        assert at.toast.told.retry_after == 600
        await at.recovery.act()
        await at.settle()
        assert at.toast.told.countdown.startswith("sends again in")
        assert len(at.at.messages) == 1 and len(at.later) == 1


PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>" * 50
STREAM = head(200, "Transfer-Encoding: chunked")
UNREADABLE = "The server's answer could not be read"
LOST = "The connection was lost"
RESET = "reset in mid-character"
TROUBLES: dict[str, tuple[Script, str, str]] = {
    # name: what the server does, the toast's words, what is kept of the answer
    "502 page of HTML": (whole(502, PAGE, "Content-Type: text/html"), "502 · Bad Gateway", ""),
    "closed without an answer": (cut(b""), "closed the connection without answering", ""),
    "cut in mid-answer": (cut(STREAM + chunk(b"Half an")), LOST, "Half an"),
    RESET: (raw(STREAM + chunk(b"Gr" + "ü".encode()[:1])), LOST, "Gr"),
    "Content-Length too long": (cut(head(200, "Content-Length: 99") + b"Short"), LOST, "Short"),
    "headers of 200 kB": (
        cut(head(200, *(f"X-{n}: {'h' * 2000}" for n in range(100)), "Content-Length: 0")),
        UNREADABLE,
        "",
    ),
    "damaged gzip": (
        chunked([gzip.compress(b"x" * 5000)[:-12]], "Content-Encoding: gzip"),
        UNREADABLE,
        "x",
    ),
    "a coding nobody knows": (chunked([b"x"], "Content-Encoding: br"), UNREADABLE, ""),
    "no HTTP": (cut(b"220 smtp.example ESMTP\r\n\r\n"), UNREADABLE, ""),
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
        "the service announced too short a length",
        "Grüße a",
    ),
    "JSON that is cut": (
        whole(200, b'{"success": tr', "Content-Type: application/json"),
        UNREADABLE,
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
async def test_trouble_is_told_kept_and_mended_by_a_retry(apart, name: str) -> None:
    trouble, words, kept = TROUBLES[name]
    shown = asyncio.Event()
    if name == RESET:  # what the client has not read yet would be discarded
        trouble = reset_after(trouble, shown)
    async with apart(created(), trouble, streamed("A fine answer.")) as at:
        key = at.at.begin()
        at.conversations.open(key)
        at.turns.send(key, "Is this kept?")
        async with asyncio.timeout(10):
            while name == RESET and not (at.views.current.live and at.views.current.live.characters):
                await asyncio.sleep(0)
        shown.set()
        await at.settle()
        told = at.toast.told
        assert words in f"{told.headline} {told.detail}" and told.step.startswith("<remedy> ")
        assert "nginx" not in told.detail
        outcome = at.service.store.transcript(key)[-1]
        assert outcome.status.value == ("interrupted" if kept else "failed")
        assert outcome.text.startswith(kept) and (kept or not outcome.text)
        await at.recovery.act()
        if at.dialogs.asked:
            assert at.dialogs.asked == [(MAY_HAVE_ARRIVED, "send again")]
            at.dialogs.then()
        await at.settle()
        assert at.shown[-1] == "A fine answer."
        assert at.at.kept(key).count(("user", "Is this kept?")) == 1


@pytest.mark.parametrize(
    "script",
    [
        chunked([gzip.compress(b"A packed answer.")], "Content-Encoding: gzip"),
        chunked([zlib.compress(b"A packed answer.")], "Content-Encoding: deflate"),
        raw(head(200, "Content-Length: 16") + b"A packed answer. and more than was announced"),
    ],
    ids=["gzip", "deflate", "Content-Length too short"],
)
async def test_answers_that_come_otherwise(apart, script: Script) -> None:
    async with apart(created(), script, streamed("A fine answer.")) as at:
        key = await failed(at)
        assert at.shown[-1] == "A packed answer."
        # what came beyond the announced length spoils the connection, not the next attempt
        at.turns.send(key, "And again?")
        await at.settle()
        if at.state.failed:
            await at.recovery.act()
            at.dialogs.then()
            await at.settle()
        assert at.shown[-1] == "A fine answer."
