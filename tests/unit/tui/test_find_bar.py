"""The find bar over a conversation that grows, and its keys while it is still looking."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from textual.app import App, ComposeResult

from settling import until
from userdesk.domain.message import Message, Role, now
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.widgets.find_bar import FindBar


class WatchedLog(MessageLog):
    """Gives each match in a slice of its own, as many as it may, and tells which one is shown."""

    shown: Match | None = None
    may_give = 1000

    def matches(self, *asked: Any) -> Iterator[list[Match]]:
        for match in [match for part in super().matches(*asked) for match in part]:
            while not self.may_give:
                yield []
            self.may_give -= 1
            yield [match]

    def show_match(self, match: Match) -> None:
        self.shown = match
        super().show_match(match)


class Finding(App[None]):
    """A log with a find bar, and nothing else."""

    CSS = "MessageLog { height: 1fr } FindBar { height: 1 }"

    def compose(self) -> ComposeResult:
        self.log_view = WatchedLog()
        self.bar = FindBar(self.log_view)
        yield self.bar
        yield self.log_view
        yield self.log_view.markers

    async def counts(self, words: str) -> None:
        """Wait until the bar says so."""
        count = self.bar.query_one("#find-count")
        await until(lambda: str(count.content) == words, lambda: f"{words}, not {count.content}")  # type: ignore[attr-defined]

    async def go(self, direction: int) -> None:
        """To the match after (1) or before (-1), as keys do."""
        await self.run_action(f"go({direction})", self.bar)


def said(text: str) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=now())


@contextlib.asynccontextmanager
async def finding(
    monkeypatch: pytest.MonkeyPatch, *texts: str, may_give: int = 1000
) -> AsyncIterator[tuple[Finding, ConversationView]]:
    """A program that looks for "lamp" in a conversation, and again as often as it can."""
    monkeypatch.setattr(FindBar, "AGAIN_EVERY", 0.01)
    app, view = Finding(), ConversationView([])  # type: ignore[arg-type]
    for text in texts:
        view.add(said(text))
    async with app.run_test(size=(60, 12)):
        app.log_view.may_give = may_give
        app.log_view.show(view)
        app.bar.field.value = "lamp"
        yield app, view


async def test_what_an_answer_brings_is_counted_and_the_match_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    async with finding(monkeypatch, "a lamp", "the lamp and a lamp") as (app, view):
        await app.counts("3 of 3")
        await app.go(-1)
        shown = app.log_view.shown
        assert shown == Match(1, 0, 4)
        view.begin_answer()
        view.grow("no light but a lamp")
        await app.counts("2 of 4")
        view.queue(said("and my lamp?"), "later")
        await app.counts("2 of 5")
        view.grow(" or two: a lamp")
        await app.counts("2 of 6")
        view.end_answer(said("no light but a lamp or two: a lamp. Lamp"))
        await app.counts("2 of 7")
        view.withdraw("later")
        await app.counts("2 of 6")
        view.add(said("the last lamp"))
        await app.counts("2 of 7")
        assert app.log_view.shown is shown
        await app.go(1)
        await app.go(1)
        await app.counts("4 of 7")
        assert app.log_view.shown == Match(2, 0, 15)


async def test_what_comes_into_an_empty_conversation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with finding(monkeypatch) as (app, view):
        await app.counts("no matches")
        assert app.log_view.shown is None
        view.begin_answer()
        view.grow("here is a lamp")
        await app.counts("1 of 1")
        assert app.log_view.shown == Match(0, 0, 10)


async def test_words_apart_are_looked_for_in_what_comes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with finding(monkeypatch, "lamp, red") as (app, view):
        app.bar.field.value = "red lamp"
        await app.counts("2 of 2")
        view.add(said("a red lamp"))
        await app.counts("2 of 3")


async def test_keys_go_round_no_end_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    async with finding(monkeypatch, "lamp", "lamp", "lamp", may_give=2) as (app, _):
        await app.counts("2 of 2…")
        await app.go(1)
        await app.counts("2 of 2…")
        await app.go(-1)
        await app.counts("1 of 2…")
        await app.go(-1)
        await app.counts("1 of 2…")
        assert app.log_view.shown == Match(1, 0, 0)
        app.log_view.may_give = 1000
        await app.counts("2 of 3")
        await app.go(-1)
        await app.counts("1 of 3")
        await app.go(-1)
        await app.counts("3 of 3")
        await app.go(1)
        await app.counts("1 of 3")
        assert app.log_view.shown == Match(0, 0, 0)
