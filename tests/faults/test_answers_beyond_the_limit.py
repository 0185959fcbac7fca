"""One limit for every answer, on what is kept too; a file that holds more opens as any other."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from command_runs import run
from demo_server import DemoServer
from userdesk.api import answer_stream
from userdesk.domain.message import LONGEST_ANSWER, Status
from userdesk.store import Store

LIMIT = 1000


@pytest.mark.parametrize("way", ["--no-stream", ""])
@pytest.mark.parametrize("letter", ["x", "漢", "🦜"])
def test_what_is_kept_of_an_answer_is_within_the_limit(
    environment: Callable[..., dict[str, str]],
    server: DemoServer,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    letter: str,
) -> None:
    monkeypatch.setattr(answer_stream, "LONGEST_ANSWER", LIMIT)
    server.answer_next(letter * 5000)
    done = run(environment(server.base_url), "send", *filter(None, [way]), "Talk")
    assert done.returncode == 6 and "longer than" in done.stderr
    assert done.stdout == letter * LIMIT + "\n"
    (saved,) = (store := opened(data_dir)).conversations()
    assert saved.id
    answer = store.transcript(saved.key)[-1]
    assert (answer.text, answer.status) == (letter * LIMIT, Status.INTERRUPTED)
    assert sum(count for _, count in answer.chunks) == LIMIT


def opened(data_dir: Path) -> Store:
    store = Store(data_dir)
    assert store.open() == []
    return store


ENTRY = "version = 1\n[[conversation]]\nkey = 'k1'\nbot = 'demo'\ncreated = 2026-11-21T20:54:00Z\n"


def line(text: str, **more: object) -> str:
    return json.dumps({"role": "assistant", "text": text, **more}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    "long",
    [
        line("word " * 1_000_000),
        line("x" * 40_000_000),
        line("漢" * 12_000_000),
        line("hi").replace("}", ', "x": ' + "[" * 200_000 + "]" * 200_000 + "}"),
        '{"role": "assistant", "text": "' + "\\ud83d" * 1_000_000 + '"}\n',
        "x" * 2_000_000 + "\n",
    ],
    ids=["words", "40 MB", "CJK", "nested", "surrogates", "no object"],
)
def test_a_line_beyond_the_limit_is_shown_cut_and_costs_no_other(data_dir: Path, long: str) -> None:
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "conversations.toml").write_text(ENTRY)
    file = data_dir / "transcripts" / "k1.jsonl"
    file.write_text(line("before") + long + line("after"), "utf-8")
    size = file.stat().st_size
    begun = time.process_time()
    store = opened(data_dir)
    texts = [message.text for message in store.transcript("k1")]
    assert time.process_time() - begun < 5
    assert (texts[0], texts[-1]) == ("before", "after")
    assert all(len(text) <= 1_000_000 < LONGEST_ANSWER for text in texts)
    assert file.stat().st_size == size


def test_an_interrupted_answer_beyond_the_limit_is_cut(data_dir: Path) -> None:
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "conversations.toml").write_text(ENTRY)
    pieces = json.dumps({"text": "x" * 1_000_000}) + "\n"
    (data_dir / "transcripts" / "k1.t1.answer").write_text('{"turn": "t1"}\n' + pieces * 5)
    (message,) = opened(data_dir).transcript("k1")
    assert len(message.text) == LONGEST_ANSWER and message.status is Status.INTERRUPTED
