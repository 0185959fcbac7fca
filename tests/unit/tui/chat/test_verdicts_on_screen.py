"""What the user thinks of answers: said with a key, kept on the disk, the same in every window."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chat_place import created
from controllers_apart import Apart
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.domain.verdict import Verdict
from userdesk.store import Store
from userdesk.store.verdicts import Judged
from userdesk.tui.chat.verdicts import VerdictCommands
from userdesk.tui.message_log.bubble import Bubble

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
TALK = [
    *(
        (Role.USER, "Price?", {}),
        (Role.ASSISTANT, "", {"status": Status.FAILED}),
        (Role.ASSISTANT, "9 €", {}),
    ),
    *((Role.USER, "And then?", {}), (Role.ASSISTANT, "**10 €**", {}), (Role.USER, "Why?", {})),
]


class Judging:
    """The commands over a conversation, and its log with a message that may be chosen."""

    def __init__(self, at: Apart) -> None:
        store = at.service.store
        store.add(Conversation(key="k1", bot="acme", created=AT, id="e1"))
        for role, text, fields in TALK:
            store.transcript("k1").append(Message(role=role, text=text, at=AT, **fields))
        at.conversations.open("k1")
        self.at = at
        self.log: Any = SimpleNamespace(cursor=None, chosen=self._chosen)
        self.does = VerdictCommands(at.chat, self.log)

    def _chosen(self) -> Bubble:
        view = self.at.views.current
        place = len(view) - 1 if self.log.cursor is None else self.log.cursor
        return Bubble(view.entry(place), place)

    def choose(self, place: int) -> "Judging":
        self.log.cursor = place
        return self

    @property
    def shown(self) -> dict[int, tuple[str, str]]:
        judged = self.at.views.current.judged.items()
        return {place: (each.judgement.name, each.judgement.note) for place, each in judged}

    async def read(self) -> dict[int, tuple[str, str]]:
        """What stands on the screen once the disk was looked at."""
        await self.at.settle()
        self.does.refresh()
        await self.at.settle()
        return self.shown


async def test_a_verdict_is_shown_kept_and_taken_back(apart) -> None:
    async with apart(created()) as at:
        judging = Judging(at).choose(4)
        judging.does.judge(Verdict.BAD)
        assert judging.shown == {4: ("✗ bad", "")}
        assert at.flashed == ["Marked bad · <bad> takes it back"]
        assert await judging.read() == {4: ("✗ bad", "")}
        judging.does.judge(Verdict.GOOD)
        judging.does.judge(Verdict.GOOD)
        assert at.flashed == ["Marked good · <good> takes it back", "Verdict taken back"]
        assert await judging.read() == {}
        assert at.service.store.verdicts.of("k1") == []


async def test_a_note_is_asked_for_as_it_is(apart) -> None:
    async with apart(created()) as at:
        judging = Judging(at).choose(4)
        judging.does.note()
        assert at.dialogs.asked[-1] == ("Note on this answer", "10 €", "What is good or bad about it")
        at.dialogs.then("too dear")
        judging.does.judge(Verdict.BAD)
        assert await judging.read() == {4: ("✗ bad", "too dear")}
        judging.does.note()
        at.dialogs.then("too dear")
        await at.settle()
        assert at.service.store.folder.verdicts_of("k1").read_text().count("\n") == 2
        judging.does.note()
        at.dialogs.then("")
        assert await judging.read() == {4: ("✗ bad", "")}
        judging.does.note()
        at.conversations.start()
        at.dialogs.then("of the one before")
        at.conversations.open("k1")
        assert await judging.read() == {4: ("✗ bad", "of the one before")}


@pytest.mark.parametrize(("chosen", "meant"), [(0, 2), (2, 2), (3, 4)])
async def test_a_question_stands_for_its_last_answer(apart, chosen: int, meant: int) -> None:
    async with apart(created()) as at:
        judging = Judging(at).choose(chosen)
        judging.does.judge(Verdict.GOOD)
        assert (list(judging.shown), judging.log.cursor) == ([meant], meant)


@pytest.mark.parametrize("chosen", [1, 5, None])
async def test_where_there_is_no_answer_that_is_said(apart, chosen: int | None) -> None:
    async with apart(created()) as at:
        judging = Judging(at)
        judging.log.cursor = chosen
        judging.does.judge(Verdict.GOOD)
        assert (judging.shown, at.flashed) == ({}, ["This message has no answer to judge"])
        at.views.current.begin_answer()
        judging.log.cursor = None
        judging.does.note()
        assert at.flashed == ["The answer is still arriving"] and not at.dialogs.asked
        judging.log.chosen = lambda: None
        judging.does.judge(Verdict.BAD)
        assert at.flashed == ["There is no answer yet"]


async def test_other_windows_see_it_at_their_next_look(apart) -> None:
    async with apart(created()) as at:
        judging = Judging(at).choose(4)
        other = Store(at.service.store.folder.path, durable=False)
        judged = Judged.of(4, other.transcript("k1")[4])
        other.verdicts.add("k1", judged, {"note": "from there"}, AT)
        assert await judging.read() == {4: ("note", "from there")}
        judging.does.judge(Verdict.BAD)
        other.verdicts.add("k1", judged, {"note": "changed there"}, AT)
        assert await judging.read() == {4: ("✗ bad", "changed there")}


async def test_what_the_disk_refuses_stays_on_the_screen_and_is_written_later(apart) -> None:
    async with apart(created()) as at:
        judging = Judging(at).choose(4)
        folder = at.service.store.folder.verdicts
        folder.write_text("no folder")
        judging.does.judge(Verdict.BAD)
        assert await judging.read() == {4: ("✗ bad", "")} and at.toast.headline == "Not saved"
        folder.unlink()
        assert await at.service.write_queue.flush()
        assert await judging.read() == {4: ("✗ bad", "")}
        assert [each.place for each in at.service.store.verdicts.of("k1")] == [4]
