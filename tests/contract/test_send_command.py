"""`userdesk send` as a script sees it, over real HTTP to the embedded chatbot's server."""

import json
import os
import pty
import select
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from command_runs import LIMIT, Done, command_that_obeys_permissions, run
from demo_server import DemoServer
from forks import start
from userdesk.store import Store, newest


def send(environment: dict[str, str], *arguments: str, given: str | bytes = "") -> Done:
    return run(environment, "send", *arguments, given=given)


def saved(data_dir: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads((data_dir / "conversations.toml").read_text())[
        "conversation"
    ]
    return entries


def transcript(data_dir: Path, entry: dict[str, Any]) -> list[dict[str, Any]]:
    path = data_dir / "transcripts" / f"{entry['key']}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_answer_is_printed_and_the_conversation_saved(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    server.answer_next("Grüße aus **Köln** 🦜")
    done = send(environment, "Where are you?")
    assert done == (0, "Grüße aus **Köln** 🦜\n", "")
    (entry,) = saved(data_dir)
    assert entry["title"] == "Where are you?"
    assert entry["bot"] == "env"
    lines = transcript(data_dir, entry)
    assert [line["text"] for line in lines[-2:]] == ["Where are you?", "Grüße aus **Köln** 🦜"]
    assert lines[-1]["status"] == "complete"
    message = server.requests[-1].json
    assert message["stream"] is True
    assert message["conversationId"] == entry["id"]


def test_text_comes_from_standard_input(server: DemoServer, environment: dict[str, str]) -> None:
    done = send(environment, given="first line\nsecond line\n")
    assert done.returncode == 0
    assert server.requests[-1].json["message"] == "first line\nsecond line"


@pytest.mark.parametrize("given", ["", " \n", b"\xff\xfe broken"])
def test_nothing_that_can_be_sent_is_2(
    server: DemoServer, environment: dict[str, str], given: str | bytes
) -> None:
    done = send(environment, given=given)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert server.requests == []


def test_continue_goes_on_with_the_most_recent(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    assert send(environment, "--continue", "one").returncode == 0  # nothing to continue: a new one
    assert send(environment, "two").returncode == 0
    second = server.requests[-1].json["conversationId"]
    assert send(environment, "--continue", "three").returncode == 0
    assert server.requests[-1].json["conversationId"] == second
    assert len(saved(data_dir)) == 2


def test_continue_among_many_reads_no_more_of_the_list_than_its_end(
    server: DemoServer, environment: dict[str, str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "LONG", 0)
    assert send(environment, "one").returncode == 0
    assert send(environment, "two").returncode == 0
    with monkeypatch.context() as patch:
        patch.setattr(Store, "recencies", lambda store, bot: pytest.fail("all of them were looked at"))
        assert send(environment, "--continue", "three").returncode == 0
    assert [len(transcript(data_dir, each)) for each in saved(data_dir)] == [2, 4]
    first, second = (data_dir / f"transcripts/{each['key']}.jsonl" for each in saved(data_dir))
    os.utime(first, (second.stat().st_mtime + 5,) * 2)
    assert send(environment, "--continue", "four").returncode == 0
    assert [len(transcript(data_dir, each)) for each in saved(data_dir)] == [4, 4], "its end did not tell"


def test_conversation_known_here_goes_on(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    send(environment, "one")
    first = saved(data_dir)[0]["id"]
    send(environment, "two")
    assert send(environment, "--conversation", first, "three").returncode == 0
    assert server.requests[-1].json["conversationId"] == first
    assert len(saved(data_dir)) == 2


def test_conversation_whose_entry_was_lost_goes_on(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    send(environment, "one")
    (entry,) = saved(data_dir)
    (data_dir / "conversations.toml").write_text("version = 1\n", "utf-8")
    done = send(environment, "--conversation", entry["id"], "two")
    assert done.returncode == 0 and "had no entry" in done.stderr
    (again,) = saved(data_dir)
    assert again["key"] == entry["key"]
    assert [line["role"] for line in transcript(data_dir, again)].count("user") == 2


def test_conversation_unknown_here_is_taken_up(
    server: DemoServer, environment: dict[str, str], data_dir: Path, tmp_path: Path
) -> None:
    send(environment, "one")
    elsewhere = saved(data_dir)[0]["id"]
    other = tmp_path / "other"
    done = send(environment, "--data-dir", str(other), "--conversation", elsewhere, "two")
    assert done.returncode == 0
    (entry,) = saved(other)
    assert entry["id"] == elsewhere
    assert [line["role"] for line in transcript(other, entry)] == ["user", "assistant"]


NOBODYS = "00000000-0000-0000-0000-000000000000"


def test_an_id_of_no_conversation_is_4_and_its_message_waits_in_the_trash(
    environment: dict[str, str], data_dir: Path
) -> None:
    done = send(environment, "--conversation", NOBODYS, "hello")
    assert done.returncode == 4
    assert done.stderr.startswith("userdesk: 400 · The conversationId is not valid")
    assert done.stderr.endswith("the message is kept in the trash)\n")
    assert done.stderr.count("\n") == 1
    store = Store(data_dir)
    assert store.open() == [] and store.conversations() == []
    (trashed,) = store.trash.list()
    back = store.restore(trashed.conversation.key)
    assert (back.id, back.title) == (NOBODYS, "hello")
    assert [message.text for message in store.transcript(back.key)] == ["hello", ""]
    again = json.loads(send(environment, "--json", "--conversation", NOBODYS, "again").stdout)
    assert "warnings" not in again  # it is known now, and stays where it is
    assert [entry["id"] for entry in saved(data_dir)] == [NOBODYS]


def test_a_conversation_that_was_known_stays_whatever_becomes_of_its_id(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    send(environment, "one")
    server.forget_conversations()
    done = send(environment, "--continue", "two")
    assert done.returncode == 4 and "trash" not in done.stderr
    (entry,) = saved(data_dir)
    assert transcript(data_dir, entry)[-1]["status"] == "failed"


def test_another_failure_leaves_the_id_where_it_is(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    server.fail_next(500, on="message")
    assert send(environment, "--conversation", NOBODYS, "hello").returncode == 5
    assert [entry["id"] for entry in saved(data_dir)] == [NOBODYS]


def test_no_stream_asks_for_a_whole_answer(server: DemoServer, environment: dict[str, str]) -> None:
    server.answer_next("All at once")
    done = send(environment, "--no-stream", "hello")
    assert (done.returncode, done.stdout) == (0, "All at once\n")
    assert not server.requests[-1].json.get("stream")


def test_json_is_one_object(server: DemoServer, environment: dict[str, str], data_dir: Path) -> None:
    server.answer_next("Yes — ✓")
    done = send(environment, "--json", "hello")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["response"] == "Yes — ✓"
    assert answer["conversationId"] == saved(data_dir)[0]["id"]
    assert answer["figures"]["characters"] == len("Yes — ✓")
    assert 0 < answer["figures"]["first_text"] <= answer["figures"]["total"]


@pytest.mark.parametrize(
    ("status", "body", "exit_status", "words"),
    [
        (400, '{"message": "message is missing"}', 4, "The request was malformed or missing required fields"),
        (401, "", 3, "Wrong API Key"),
        (403, "", 3, "Access to this Chatbot is denied"),
        (404, "", 4, "Not Found"),
        (429, "", 5, "Too many requests"),
        (500, "", 5, "An error occurred on the server"),
        (502, "<html>bad gateway</html>", 5, "Bad Gateway"),
    ],
)
def test_each_failure_has_its_words_and_its_exit_status(
    server: DemoServer, environment: dict[str, str], status: int, body: str, exit_status: int, words: str
) -> None:
    server.fail_next(status, body=body, on="message")
    done = send(environment, "--json", "hello")
    assert done.returncode == exit_status
    error = json.loads(done.stdout)["error"]
    assert (error["status"], error["message"]) == (status, words)
    assert json.loads(done.stderr)["error"] == error


def test_the_time_that_retry_after_gives_is_told(server: DemoServer, environment: dict[str, str]) -> None:
    server.fail_next(429, headers={"Retry-After": "20"}, on="message")
    assert send(environment, "hello").stderr == "userdesk: 429 · Too many requests (try again in 20 s)\n"
    server.fail_next(429, headers={"Retry-After": "20"}, on="message")
    assert json.loads(send(environment, "--json", "hello").stdout)["error"]["retry_after"] == 20


def test_a_failure_is_one_line(server: DemoServer, environment: dict[str, str]) -> None:
    server.fail_next(500, body='{"message": "two\\nlines \\u001b[31m"}', on="message")
    done = send(environment, "hello")
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("userdesk: 500 · An error occurred on the server")
    assert "\x1b" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_key_is_3(environment: dict[str, str]) -> None:
    del environment["USERDESK_API_KEY"]
    done = send(environment, "hello")
    assert done.returncode == 3
    assert "401 · Missing API Key" in done.stderr


def test_a_server_that_is_not_there_is_6(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    server.stop()
    done = send(environment, "hello")
    assert done.returncode == 6
    words = "Could not connect to 127.0.0.1: connection refused"
    assert done.stderr == f"userdesk: {words} (port {server.port} on 127.0.0.1)\n"
    assert transcript(data_dir, saved(data_dir)[0])[0]["text"] == "hello"


def test_a_cut_answer_is_6_and_what_arrived_is_printed(environment: dict[str, str], data_dir: Path) -> None:
    done = send(environment, "/drop")
    assert done.returncode == 6
    assert done.stdout.strip()
    assert done.stderr.count("\n") == 1
    last = transcript(data_dir, saved(data_dir)[0])[-1]
    assert last["status"] == "interrupted"
    assert last["text"] == done.stdout.removesuffix("\n")


def test_a_missing_create_endpoint_is_nothing_to_tell(environment: dict[str, str], data_dir: Path) -> None:
    with DemoServer(create_endpoint=False) as bare:
        bare.answer_next("Hello back")
        done = send(environment | {"USERDESK_BASE_URL": bare.base_url}, "hello")
        assert (done.returncode, done.stdout, done.stderr) == (0, "Hello back\n", "")
        assert saved(data_dir)[0]["id"]


def test_a_config_file_that_cannot_be_read_guesses_no_chatbot(login: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("default_bot = acme\n")
    done = send(login, "--config", str(config), "--json", "hello")
    assert done.returncode == 2
    assert f"{config}:1: expected TOML" in json.loads(done.stdout)["error"]["message"]


def test_the_answer_streams(server: DemoServer, environment: dict[str, str]) -> None:
    server.answer_next([b"first ", b"second ", b"third"])
    server.hold(1)
    with start(environment, "send", "hello", stdout=subprocess.PIPE) as process:
        assert process.stdout
        server.wait_until_held()
        assert os.read(process.stdout.fileno(), 100) == b"first "
        server.release()
        assert process.stdout.read() == b"second third\n"
        assert process.wait(LIMIT) == 0


def test_a_reader_that_goes_away_ends_it_quietly(
    server: DemoServer, environment: dict[str, str], data_dir: Path
) -> None:
    server.answer_next([b"first ", b"second ", b"third"])
    server.hold(1)
    process = start(environment, "send", "hello", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    assert os.read(process.stdout.fileno(), 100) == b"first "
    process.stdout.close()
    server.release()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(LIMIT) == 141
    assert errors == b""
    assert transcript(data_dir, saved(data_dir)[0])[-1]["text"].startswith("first ")


@pytest.mark.parametrize("terminal", [True, False])
def test_controls_reach_a_file_but_no_terminal(
    server: DemoServer, environment: dict[str, str], terminal: bool
) -> None:
    server.answer_next("safe\x1b]52;c;aGk=\x07text")
    if not terminal:
        done = send(environment, "hello")
        assert (done.returncode, done.stdout, done.stderr) == (0, "safe\x1b]52;c;aGk=\x07text\n", "")
        return
    ours, theirs = pty.openpty()
    process = start(environment, "send", "hello", stdout=theirs)
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], LIMIT)[0]:
        try:
            seen += os.read(ours, 1000)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not seen:
            break
    os.close(ours)
    assert process.wait(LIMIT) == 0
    assert b"safe" in seen and b"text" in seen
    assert b"\x1b" not in seen and b"\x07" not in seen


@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_closed_data_folder_costs_no_answer(
    server: DemoServer, environment: dict[str, str], data_dir: Path, mode: int
) -> None:
    data_dir.mkdir()
    data_dir.chmod(mode)
    server.answer_next("Answered")
    done = subprocess.run(
        command_that_obeys_permissions("send", "hello"), env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (7, "Answered\n")
    assert "no permission" in done.stderr and "defect" not in done.stderr


def test_the_embedded_chatbot_is_asked_where_a_flag_says_so(login: dict[str, str], data_dir: Path) -> None:
    done = send(login, "--demo", "My name is Ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ada" in done.stdout
    (entry,) = saved(data_dir)
    assert entry["bot"] == "demo"
    again = send(login, "--continue", "--demo", "What is my name?")
    assert again.returncode == 0
    assert "Ada" in again.stdout
