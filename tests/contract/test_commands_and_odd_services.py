"""`send` and `check` over services that answer with a success and no answer: they fail, and say so."""

import asyncio
import json
import time
from pathlib import Path

from command_runs import Done, chatbot_at, run
from scripted_server import ScriptedServer, chunked, whole
from userdesk.domain.message import LONGEST_ANSWER
from userdesk.store import Store

CREATED = whole(200, {"success": True, "conversationId": "c-1"})
PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body></body></html>"


async def ended(environment: dict[str, str], *arguments: str) -> Done:
    """What comes of a command while the servers of this loop serve."""
    return await asyncio.to_thread(run, environment, *arguments)


async def test_check_counts_each_of_them_as_a_failure_of_the_service(
    login: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "set.toml"
    file.write_text('title = "T"\n' + '[[question]]\nask = "Hours?"\n' * 5)
    scripts = (
        CREATED,
        chunked([]),
        chunked([b"A fine answer."]),
        whole(200, PAGE, "Content-Type: text/html"),
        whole(200, b'{"success": false, "error": "Quota exceeded"}', "Content-Type: text/plain"),
        chunked([b"Half an", b'{"error": "overloaded"}']),
    )
    report = tmp_path / "report.json"
    async with ScriptedServer(*scripts) as server:
        environment = login | chatbot_at(server.base_url, "key-0123456789")
        status, out, _ = await ended(environment, "check", str(file), "--report", str(report))
    assert status == 5, out
    for words in (
        "The chatbot sent an empty answer",
        "The answer is a web page, not text",
        "The service answered with an error",
        "Quota exceeded",
        "overloaded",
    ):
        assert words in out
    assert "1 held" in out
    assert "4 failed" in out


async def test_send_ends_with_the_status_of_a_server_error(login: dict[str, str]) -> None:
    async with ScriptedServer(CREATED, whole(200, PAGE, "Content-Type: text/html")) as server:
        environment = login | chatbot_at(server.base_url, "key-0123456789")
        status, out, err = await ended(environment, "send", "Hi")
    assert (status, out) == (5, "")
    assert err == "userdesk: The answer is a web page, not text (Sign in)\n"


async def test_answer_beyond_the_limit_is_kept_up_to_it_and_opens_quickly(
    login: dict[str, str], data_dir: Path
) -> None:
    reply = json.dumps({"success": True, "response": "word " * 900_000})
    async with ScriptedServer(CREATED, whole(200, reply.encode())) as server:
        environment = login | chatbot_at(server.base_url, "key-0123456789")
        status, out, err = await ended(environment, "send", "--no-stream", "Hi")
    assert status == 6
    assert len(out) == LONGEST_ANSWER + 1
    assert "The answer is longer than 4 million characters; the rest was not read" in err
    store = Store(data_dir)
    store.open()
    (conversation,) = store.conversations()
    begun = time.process_time()
    last = store.transcript(conversation.key).tail(1)[-1]
    assert time.process_time() - begun < 2
    assert len(last.text) == LONGEST_ANSWER
    assert last.failure is not None
