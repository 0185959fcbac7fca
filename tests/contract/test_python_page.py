"""The page about userdesk in Python does what it says: its code is run against the embedded server."""

import asyncio
import re
import threading
from pathlib import Path

import pytest

from demo_server import DemoServer
from userdesk import Client, Outcome, Question, QuestionSet, SettingsError, UserdeskError, run

PAGE = Path(__file__).parents[2] / "docs/python.md"


@pytest.fixture
def here(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> DemoServer:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return server


def code() -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


def test_the_page_runs(here: DemoServer, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    here.answer_next("From **Monday** on.")
    here.answer_next([b"Never on ", b"Sundays."])
    exec(compile(code(), str(PAGE), "exec"), {})
    out = capsys.readouterr().out
    assert out.startswith("From **Monday** on.\n")
    assert "Never on Sundays.17 " in out
    assert "400 The conversationId is not valid" in out
    assert "5 questions · 5 held" in out and "3 of 3 held" in out
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")
    assert not (tmp_path / "data").exists()


async def test_it_works_where_a_loop_runs(here: DemoServer) -> None:
    assert asyncio.get_running_loop().is_running()
    here.answer_next("yes")
    with Client() as client:
        assert client.send("?").text == "yes"
        assert client.send("!").text  # after a first call


def test_a_stream_that_is_left_is_stopped(here: DemoServer) -> None:
    here.answer_next([b"one ", b"two ", b"three"])
    here.hold(1)
    with Client() as client:
        stream = client.stream("?")
        for piece in stream:
            assert piece == "one "
            break
        with pytest.raises(RuntimeError, match="not over"):
            _ = stream.answer
        here.release()
        assert client.send("again").text


def test_threads_share_a_client(here: DemoServer) -> None:
    texts: list[str] = []
    with Client() as client:
        threads = [threading.Thread(target=lambda: texts.append(client.send("Hi").text)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(texts) == 4 and all(texts)


def test_silence_is_a_failure(here: DemoServer) -> None:
    here.hold(None)
    with Client(timeout=0.2) as client, pytest.raises(UserdeskError, match="No answer for") as caught:
        client.send("?")
    here.release()
    assert caught.value.failure.may_have_arrived


def test_a_refused_key_is_the_outcome_of_a_run(here: DemoServer, tmp_path: Path) -> None:
    questions = QuestionSet("Set", (Question(ask="a"), Question(ask="b")))
    with Client(here.chatbot_id, "wrong", base_url=here.base_url) as client:
        report = run(questions, client)
    assert [result.outcome for result in report.results] == [Outcome.FAILED, Outcome.NOT_ASKED]
    assert report.results[0].shown.failure and report.results[0].shown.failure.status == 401


def test_the_chatbot_must_be_named(monkeypatch: pytest.MonkeyPatch, login: dict[str, str]) -> None:
    monkeypatch.delenv("USERDESK_CHATBOT_ID", raising=False)
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="no chatbot is configured"):
        Client()
    with Client(demo=True) as client:
        assert client.name == "the demo chatbot"
