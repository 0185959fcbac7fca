"""Answers of millions of characters: the end at once, the rest while keys have their turn."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from threading import Event
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from userdesk.domain.message import Message, Role, now
from userdesk.domain.secret_mask import KNOWN
from userdesk.markdown.document import Document, Row, whole
from userdesk.markdown.highlight import lexers
from userdesk.markdown.highlight.syntax import syntax_of
from userdesk.store.search.query import SearchQuery
from userdesk.tui.garbage import GarbageCollector
from userdesk.tui.message_log.bubble import FAR_TOO_LONG, LONG, Bubble
from userdesk.tui.message_log.conversation_view import ConversationView, ViewEntry
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.message_log.viewport import Place, Viewport

PARAGRAPH = "Some **bold words** of a paragraph that takes about two rows of the log, and a bit more.\n\n"
TEXT = PARAGRAPH * (2 * LONG // len(PARAGRAPH))
CODE = PARAGRAPH * (LONG // len(PARAGRAPH)) + "```py\n" + "x = 1\n\n" * 3000 + "```\n\nThe end."


@pytest.fixture(autouse=True)
def least_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slice is the least that is laid out at once, whatever the machine."""
    monkeypatch.setattr("userdesk.tui.message_log.bubble.SLICE", 0.0)


def bubble_of(text: str, width: int = 60) -> Bubble:
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text=text, at=now())), 0)
    bubble.lay_out(width, is_last=True, frame=0)
    return bubble


def test_of_a_text_far_too_long_the_end_alone_is_laid_out_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[float] = []
    monkeypatch.setattr(Document, "go_on", lambda self, width, until: begun.append(until) or True)
    bubble = bubble_of(PARAGRAPH * (FAR_TOO_LONG // len(PARAGRAPH) + 1))
    assert not bubble.is_complete and len(bubble) > 10 and not begun
    bubble_of(TEXT)
    assert begun


def complete(bubble: Bubble) -> int:
    """Lay out all of a bubble; in how many slices."""
    slices = 1
    while not bubble.go_on():
        slices += 1
    return slices


def test_no_collection_looks_at_the_rows_of_a_long_answer() -> None:
    collector = GarbageCollector()
    collector.begin()
    try:
        bubble = bubble_of(TEXT * 5)
        complete(bubble)
        looked_at = sum(isinstance(each, Row) for each in gc.get_objects())
        assert looked_at < len(bubble) / 10, "one beside the keys takes as long as there are objects"
    finally:
        collector.end()


def body(bubble: Bubble) -> list[str]:
    return [bubble.row(number).text for number in range(len(bubble)) if bubble.is_body(number)]


@pytest.mark.parametrize("text", [TEXT, CODE], ids=["prose", "code"])
def test_the_end_comes_first_and_all_of_it_in_slices(text: str) -> None:
    expected = [row.text for row in whole(text, 60).rows]
    bubble = bubble_of(text)
    assert not bubble.is_complete and not bubble.shows_all
    end = body(bubble)[3:]
    assert 40 < len(end) < 3000
    assert end == expected[-len(end) :]
    assert not bubble.go_on()
    assert body(bubble)[3:] == end
    assert complete(bubble) > 200
    assert bubble.is_complete and bubble.shows_all
    assert body(bubble) == expected
    assert not bubble.go_on()


def test_at_another_width_the_rows_stay_until_those_of_that_width_are_there() -> None:
    bubble = bubble_of(TEXT)
    complete(bubble)
    before = body(bubble)
    bubble.lay_out(40, is_last=True, frame=0)
    assert not bubble.is_complete and bubble.shows_all
    assert body(bubble) == before
    complete(bubble)
    assert body(bubble) == [row.text for row in whole(TEXT, 40).rows]
    bubble.forget_rows()
    bubble.lay_out(60, is_last=True, frame=0)
    assert not bubble.shows_all
    assert body(bubble)[-4:] == before[-4:]


def test_the_first_line_of_an_end_is_all_that_is_above_it() -> None:
    bubble = bubble_of(TEXT)
    above = bubble.line_part(0, 0, 10**9)[1]
    assert len(above) > LONG and TEXT.startswith(above)
    assert TEXT[len(above) :].replace("**", "").startswith(bubble.line_part(1, 0, 10**9)[1])


def test_a_key_in_which_the_end_begins_is_masked() -> None:
    text = "some words of a line " * 3_000
    KNOWN.know("sk-0123456789abcdef", "•••")
    bubble = bubble_of(f"{text[:-7_995]}sk-0123456789abcdef {text[-7_985:]}")
    assert "•••" in bubble.line_part(1, 0, 10**9)[1] and "abcdef" not in bubble.line_part(1, 0, 10**9)[1]


def test_an_answer_of_ordinary_length_is_laid_out_at_once() -> None:
    assert bubble_of(PARAGRAPH * 100).is_complete


@pytest.mark.parametrize(("row", "moved"), [(0, 0), (5, 105)])
def test_what_is_read_stays_where_it_is_when_rows_come_above(row: int, moved: int) -> None:
    viewport = Viewport(lambda index: 50)
    viewport.place = Place(1, row)
    viewport.grow_above(1, 100)
    viewport.grow_above(0, 100)
    assert viewport.place == Place(1, moved)


class Saved(list[Message]):
    def bytes_before(self, index: int) -> int:
        return sum(len(each.text) for each in self[:index])


class LogAlone(App[None]):
    CSS = "MessageLog { height: 1fr }"

    def compose(self) -> ComposeResult:
        self.log_view: Any = MessageLog()
        yield self.log_view
        yield self.log_view.markers


@contextlib.asynccontextmanager
async def log_of(text: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Any, Pilot[None]]]:
    """A log that shows one answer."""
    monkeypatch.setattr("userdesk.tui.message_log.bubble.SLICE", 0.001)
    app = LogAlone()
    async with app.run_test(size=(80, 24)) as pilot:
        app.log_view.show(ConversationView(Saved([Message(role=Role.ASSISTANT, text=text, at=now())])))
        yield app.log_view, pilot


def shown(log: Any) -> list[str]:
    return [log.render_line(y).text for y in range(24)]


async def completed(bubble: Bubble) -> None:
    async with asyncio.timeout(20):
        while not bubble.is_complete:
            await asyncio.sleep(0)


async def test_the_log_lays_out_what_is_in_view_and_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async with log_of(TEXT, monkeypatch) as (log, _):
        bubble = log.visible_bubbles()[0]
        assert not bubble.is_complete
        log.scroll_rows(-30)
        before = shown(log)
        await completed(bubble)
        assert shown(log) == before
        assert log.viewport.place.row > 500


async def test_what_is_read_stays_at_the_top_at_another_width(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"Line {number} of many that have a number each\n\n" for number in range(1500))
    async with log_of(text, monkeypatch) as (log, pilot):
        bubble = log.visible_bubbles()[0]
        await completed(bubble)
        log.scroll_rows(-1001)
        top = shown(log)[0].split()[:2]
        assert top[0] == "Line"
        await pilot.resize_terminal(34, 24)
        assert shown(log)[0].split()[:2] == top
        await completed(bubble)
        assert shown(log)[0].split()[:2] == top
        assert len(bubble) > 4000


async def test_a_match_above_the_end_is_shown_when_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with log_of("here\n\n" + TEXT, monkeypatch) as (log, _):
        query = SearchQuery("here")
        steps = log.matches(query, query.phrase_spans)
        assert next(steps) == [], "it is still looking"
        log.highlight(query.phrase_spans)
        log.show_first_match(0)
        assert not any("here" in line for line in shown(log))
        assert [match for part in steps for match in part] == [Match(0, 0, 0)]
        assert "here" in shown(log)[0]


@pytest.mark.parametrize("reads", [False, True], ids=["following", "scrolled up"])
async def test_a_flood_of_text_keeps_no_key_waiting(reads: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with log_of("Hello", monkeypatch) as (log, _):
        view = log.view
        view.begin_answer()
        view.grow("So:\n\n" + PARAGRAPH * 20)
        if reads:
            log.scroll_rows(-10)
        place = log.viewport.place
        bubble = log.visible_bubbles()[-1]
        view.grow(4 * TEXT)  # more than two frames take in, the second of which may be drawn at once
        view.stream_ended()
        assert bubble.lags
        view.end_answer(Message(role=Role.ASSISTANT, text="So:\n\n" + PARAGRAPH * 20 + 4 * TEXT, at=now()))
        log.redraw()
        assert not bubble.is_complete
        assert bubble.shows_all == reads, "who follows sees the end"
        await completed(bubble)
        assert not reads or log.viewport.place == place
        assert body(bubble) == [row.text for row in whole(bubble.source, log.text_width).rows]


def test_nothing_waits_for_a_lexer(monkeypatch: pytest.MonkeyPatch) -> None:
    built, lexer_of = Event(), lexers.lexer_of

    def slow(language: str, php: bool = False) -> Any:
        assert built.wait(20)
        return lexer_of(language, php)

    monkeypatch.setattr(lexers, "lexer_of", slow)
    text = "It is this:\n\n```modula2\nBEGIN x := 'y' END\n```\n\nThe end."
    bubble = bubble_of(text)
    shown = body(bubble)
    assert not bubble.is_complete and bubble.shows_all and bubble.source == text
    assert not bubble.go_on() and not coloured(bubble)
    assert bubble.lay_out(50, is_last=True, frame=0) and not bubble.is_complete
    built.set()
    syntax_of("modula2").result()
    complete(bubble)
    assert bubble.is_complete and body(bubble) == shown and coloured(bubble)
    assert coloured(bubble_of(text)), "at once from then on"


def coloured(bubble: Bubble) -> set[str]:
    """The styles of code that are not those of any code."""
    styles = {run.style for number in range(len(bubble)) for run in bubble.row(number).runs}
    return {style for style in styles if style.startswith(lexers.PLAIN)} - {lexers.PLAIN}
