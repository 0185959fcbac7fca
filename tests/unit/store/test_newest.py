"""The most recent conversation of a long list is known at a glance, or not at all."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from saved_conversations import save
from userdesk.domain.conversation import Conversation
from userdesk.store import Store, newest

AT = datetime(2025, 6, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def listed(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list that counts as long: k0 to k4, of which a turn in k3 ended last."""
    monkeypatch.setattr(newest, "LONG", 0)
    for number in range(5):
        save(data_dir, [("user", "a question")], key=f"k{number}")
        at = AT + (100 if number == 3 else number)
        os.utime(data_dir / f"transcripts/k{number}.jsonl", (at, at))
    os.utime(data_dir / "transcripts", (AT + 100.1, AT + 100.1))
    return data_dir


def test_it_is_the_one_whose_turn_changed_the_folder_last(listed: Path) -> None:
    found = Store(listed).newest()
    assert found and (found.key, found.title) == ("k3", "k3")


@pytest.mark.parametrize("changed", [AT + 98, AT + 102])
def test_it_is_not_known_where_something_else_happened_since(listed: Path, changed: float) -> None:
    os.utime(listed / "transcripts", (changed, changed))
    assert Store(listed).newest() is None


def test_it_is_not_known_where_one_without_messages_is_newer(listed: Path, conversation) -> None:
    store = Store(listed)
    store.open()
    started: Conversation = conversation("k5", created=datetime.fromtimestamp(AT + 500, UTC))
    store.add(started)
    assert Store(listed).newest() is None


@pytest.mark.parametrize("line", ['title = """\n[[conversation]]\n"""', "title = 'k4'", 'mood = "x"'])
def test_it_is_not_known_where_the_list_has_another_form(listed: Path, line: str) -> None:
    index = listed / "conversations.toml"
    index.write_text(index.read_text().replace('title = "k4"', line))
    assert Store(listed).newest() is None


def test_only_the_end_of_the_list_is_looked_at(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "_LOOKED_AT", 250)
    assert Store(listed).newest(), "k3 begins within so many bytes of the end"
    monkeypatch.setattr(newest, "_LOOKED_AT", 150)
    assert Store(listed).newest() is None


def test_a_short_list_and_none_are_read_instead(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "LONG", 1_000_000)
    assert Store(listed).newest() is None
    assert Store(listed / "none").newest() is None
