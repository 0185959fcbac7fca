"""Answers of millions of characters: the end at once, the rest while keys have their turn."""

import asyncio
from typing import Any

import pytest
from textual.app import App, ComposeResult

from userdesk.domain.message import Message, Role, now
from userdesk.markdown.document import whole
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView, ViewEntry
from userdesk.tui.message_log.long_answer import LONG
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.message_log.viewport import Place, Viewport

PARAGRAPH = "Some **bold words** of a paragraph that takes about two rows of the log, and a bit more.\n\n"
TEXT = PARAGRAPH * (LONG // len(PARAGRAPH) + 50)
CODE = PARAGRAPH * (LONG // len(PARAGRAPH)) + "```py\n" + "x = 1\n\n" * 5000 + "```\n\nThe end."


def bubble_of(text: str, width: int = 60) -> Bubble:
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text=text, at=now())), 0, at_once=False)
    bubble.lay_out(width, is_last=True, frame=0)
    return bubble


def body(bubble: Bubble) -> list[str]:
    return [bubble.row(number).text for number in range(len(bubble)) if bubble.is_body(number)]


@pytest.mark.parametrize("text", [TEXT, CODE], ids=["prose", "code"])
def test_the_end_comes_first_and_all_of_it_in_slices(text: str) -> None:
    expected = [row.text for row in whole(text, 60).rows]
    bubble = bubble_of(text)
    assert not bubble.is_complete
    end = body(bubble)[3:]
    assert 40 < len(end) < 3000
    assert end == expected[-len(end) :]
    slices = 0
    while not bubble.go_on(0.0):
        slices += 1
        assert body(bubble)[3:] == end
    assert slices > 20
    assert bubble.is_complete
    assert body(bubble) == expected
    assert not bubble.go_on(0.0)


def test_another_width_begins_anew() -> None:
    bubble = bubble_of(TEXT)
    bubble.complete()
    bubble.lay_out(40, is_last=True, frame=0)
    assert not bubble.is_complete
    bubble.complete()
    assert body(bubble) == [row.text for row in whole(TEXT, 40).rows]


def test_what_asks_for_the_document_gets_all_of_it() -> None:
    document = bubble_of(CODE).document
    assert document is not None
    assert len(document.code_blocks()) == 1
    assert document.text == CODE


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
    def size(self, index: int) -> int:
        return len(self[index].text)


class LogAlone(App[None]):
    CSS = "MessageLog { height: 1fr }"

    def compose(self) -> ComposeResult:
        self.log_view: Any = MessageLog()
        yield self.log_view
        yield self.log_view.markers


async def test_the_log_lays_out_what_is_in_view_and_keeps_its_place() -> None:
    app = LogAlone()
    async with app.run_test(size=(80, 24)):
        log = app.log_view
        log.show(ConversationView(Saved([Message(role=Role.ASSISTANT, text=TEXT, at=now())])))
        bubble = log.visible_bubbles()[0]
        assert not bubble.is_complete
        log.scroll_rows(-30)
        shown = [log.render_line(y).text for y in range(24)]
        async with asyncio.timeout(20):
            while not bubble.is_complete:
                await asyncio.sleep(0)
        assert [log.render_line(y).text for y in range(24)] == shown
        assert log.viewport.place.row > 500
