"""The chosen turn becomes a question of a set; the rest of the file stays as it is."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chat_place import created
from controllers_apart import Apart
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.files.toml_text import parse_toml
from userdesk.tui.chat.question_sets import QuestionSetCommands
from userdesk.tui.message_log.bubble import Bubble

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
TALK = [
    (Role.ASSISTANT, "Welcome", Status.COMPLETE),
    (Role.USER, "Price?", Status.COMPLETE),
    (Role.ASSISTANT, "", Status.FAILED),
    (Role.ASSISTANT, "9 €", Status.COMPLETE),
    (Role.USER, "And then?", Status.COMPLETE),
]


class Adding:
    """The command over a conversation, and its log with a message that is chosen."""

    def __init__(self, at: Apart, folder: Path) -> None:
        at.service.store.add(Conversation(key="k1", bot="acme", created=AT, id="e1"))
        for role, text, status in TALK:
            at.service.store.transcript("k1").append(Message(role=role, text=text, at=AT, status=status))
        at.conversations.open("k1")
        self.at, self.folder = at, folder
        self.log: Any = SimpleNamespace(chosen=lambda: Bubble(at.views.current.entry(self.place), self.place))
        self.place = 0
        self.does = QuestionSetCommands(at.chat, self.log)

    async def add(self, place: int, name: str) -> str:
        """The words that follow."""
        self.place = place
        self.does.add()
        self.at.dialogs.then(name if not name or name.startswith("~") else str(self.folder / name))
        await self.at.settle()
        return " ".join(self.at.flashed)

    def read(self, name: str) -> list[dict[str, object]]:
        return list(parse_toml((self.folder / name).read_text("utf-8"))["question"])


async def test_a_turn_is_added_with_its_answer(apart: Any, tmp_path: Path) -> None:
    async with apart(created()) as at:
        adding = Adding(at, tmp_path)
        words = await adding.add(3, "prices")
        assert words == f"Added to {tmp_path}/prices.toml, now 1 question"
        assert at.dialogs.asked[-1][:2] == ("Add this question to a question set", "Price?")
        text = (tmp_path / "prices.toml").read_text("utf-8")
        assert text.startswith('title = "prices"\n') and "# 9 €\n" in text
        assert (tmp_path / "prices.toml").stat().st_mode & 0o777 == 0o600
        assert (await adding.add(4, "prices.toml")).endswith("now 2 questions")
        assert (await adding.add(1, "prices.toml")).endswith("now 3 questions")
        first = {"ask": "Price?", "new_conversation": True}
        assert adding.read("prices.toml") == [first, {"ask": "And then?"}, first]


async def test_a_file_of_the_users_own_is_kept_with_its_mode(apart: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# mine\n[[question]]\nask = 'a'  # first\n", "utf-8")
    path.chmod(0o640)
    (tmp_path / "link.toml").symlink_to(path)
    async with apart(created()) as at:
        await Adding(at, tmp_path).add(1, "link.toml")
    assert path.read_text("utf-8").startswith("# mine\n[[question]]\nask = 'a'  # first\n\n[[question]]\n")
    assert path.stat().st_mode & 0o777 == 0o640 and (tmp_path / "link.toml").is_symlink()


@pytest.mark.parametrize(
    ("text", "words"),
    [("ask = '", ":1: expected TOML"), ("question = 3", "expected a question set with [[question]]")],
)
async def test_what_is_no_set_stays_as_it_is(apart: Any, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    async with apart(created()) as at:
        told = await Adding(at, tmp_path).add(1, "a.toml")
    assert told.startswith("Not added: ") and words in told
    assert (tmp_path / "a.toml").read_text("utf-8") == text


async def test_what_cannot_be_written_is_told(apart: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    async with apart(created()) as at:
        adding = Adding(at, tmp_path)
        assert "there is no folder" in await adding.add(1, "folder/a")
        assert "there is no folder" in await adding.add(1, "missing/a")
        assert await adding.add(1, "") == ""
        assert "there is no folder" in await adding.add(1, "~no-such-user/a")
        adding.place = 0
        adding.does.add()
        assert at.flashed == ["There is no question to add to a question set"]
    assert list(tmp_path.glob("**/*.toml")) == [at.service.store.folder.index]
