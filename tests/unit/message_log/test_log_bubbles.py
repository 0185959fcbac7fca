"""Bubbles as they are painted: no line too wide, no control character, streamed equal to whole."""

import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.markdown.layout.cells import cells
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import LiveAnswer, ViewEntry
from userdesk.tui.message_log.painter import Painter

ANSWER = """# Shipping 🚚

Orders leave **within a day**; see [the list](https://example.com/list "all of it") or `track`.

1. First
   - nested *item* with a very long line that has to be wrapped somewhere before it ends
   - [x] done
2. Second, 東京の天気は晴れです

| part | note |
| --- | ---: |
| one | two `cells` |
| 👩‍💻 | 3 |

> A quote
> on two lines

```python
def f(x):
    return x + 1  # comment
```

The [end] ~~was~~ is near ⚠️.

[end]: https://example.com/end
"""
PIECES = [
    *("**", "*", "_", "`", "```\n", "# ", "- ", "1. ", "> ", "| a | b |\n|---|---|\n", "| c ", "\n", "\n\n"),
    *("  ", "[x](http://a.b)", "<b>", "&#x202e;", "&amp;", "東京", "👩‍💻", "🇫🇮", "é", "\t", "---\n"),
    *(
        "\x1b[31m",
        "\x1b]52;c;aGk=\x07",
        "\x00",
        "\x9b2J",
        "\u202e",
        "\u2028",
        "\x85",
        "\r\n",
        "word ",
        "x" * 90,
    ),
]
MARKDOWN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=30).map("".join)
WIDTH = st.integers(8, 130)
ROLE = st.sampled_from([Role.USER, Role.ASSISTANT])


def painter(width: int) -> Painter:
    """Every name in a colour of its own, so that a style out of place shows."""
    return Painter(lambda name: Style(color=f"#{zlib.crc32(name.encode()) & 0xFFFFFF:06x}"), Style(), width)


def bubble_of(text: str, width: int, role: Role = Role.ASSISTANT, status: Status = Status.COMPLETE) -> Bubble:
    failure = Failure(FailureKind.INTERRUPTED, "The connection was lost", may_have_arrived=True)
    message = Message(
        role=role,
        text=text,
        at=now(),
        status=status,
        failure=failure if status is Status.INTERRUPTED else None,
        metrics=Metrics(0.4, 2.1, len(text)),
    )
    bubble = Bubble(ViewEntry(message), 0)
    bubble.lay_out(width, is_last=True, frame=0)
    return bubble


def painted(bubble: Bubble, width: int) -> list[list[Segment]]:
    paint = painter(width)
    return [list(paint.line(bubble, number).strip) for number in range(len(bubble))]


@given(MARKDOWN, WIDTH, ROLE, st.sampled_from([Status.COMPLETE, Status.INTERRUPTED, Status.STOPPED]))
@settings(max_examples=150, deadline=None)
def test_lines_fill_the_width_exactly_and_hold_no_control(
    text: str, width: int, role: Role, status: Status
) -> None:
    bubble = bubble_of(text, width, role, status)
    for number in range(len(bubble)):
        line = painter(width + 2).line(bubble, number)
        drawn = line.strip.text
        assert cells(drawn) == line.strip.cell_length == width + 2, drawn
        assert line.used <= width + 2
        assert cells(drawn[line.used :].strip() if drawn.isascii() else "") == 0, (
            "text is within what is sent"
        )
        assert not any(
            c < " " or "\x7f" <= c <= "\x9f" or c in "\u202a\u202b\u202d\u202e\u2066" for c in drawn
        )


@given(MARKDOWN, WIDTH, st.lists(st.integers(0, 400), max_size=12))
@settings(max_examples=150, deadline=None)
def test_a_streamed_answer_ends_as_the_whole_text_opened(text: str, width: int, cuts: list[int]) -> None:
    assert_streamed_equals_whole(text, width, [cut % (len(text) + 1) for cut in cuts])


@pytest.mark.parametrize("width", [20, 47, 80, 99])
@pytest.mark.parametrize("step", [1, 7, 64])
def test_an_answer_of_every_kind_of_markdown_ends_as_when_opened(width: int, step: int) -> None:
    assert_streamed_equals_whole(ANSWER, width, list(range(0, len(ANSWER), step)))


def assert_streamed_equals_whole(text: str, width: int, cuts: list[int]) -> None:
    live = LiveAnswer()
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=live), 0)
    for low, high in pairwise(sorted({0, *cuts, len(text)})):
        live.add(text[low:high])
        bubble.lay_out(width, is_last=True, frame=3)
        painted(bubble, width)  # what was painted on the way must not stay
        for number in range(len(bubble)):
            bubble.painted.setdefault(number, painter(width).line(bubble, number))
    whole = bubble_of(text, width)
    bubble.replace(whole.entry)
    bubble.lay_out(width, is_last=True, frame=3)
    bubble.finish()
    bubble.lay_out(width, is_last=True, frame=3)
    assert bubble.source == whole.source
    assert painted(bubble, width) == painted(whole, width)
    assert not bubble.painted, "nothing painted before the end is shown again"


def test_a_row_painted_while_streaming_is_painted_anew_once_it_changes() -> None:
    live = LiveAnswer()
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=live), 0)
    kept: dict[int, str] = {}
    for character in ANSWER:
        live.add(character)
        bubble.lay_out(60, is_last=True, frame=1)
        for number in range(len(bubble)):
            line = bubble.painted.get(number)
            fresh = painter(60).line(bubble, number)
            if line is None:
                bubble.painted[number] = fresh
            else:
                assert list(line.strip) == list(fresh.strip), f"row {number} is out of date"
                kept[number] = fresh.strip.text
    assert len(kept) > 20, "most rows are painted once"


def test_a_place_on_the_screen_leads_to_its_character_in_the_source() -> None:
    text = "a 👩‍💻 b ⚠️ c 👍🏽 d 東京 e"
    bubble = bubble_of(text, 60, Role.USER)
    places = {
        segment.text: segment.style.meta["offset"][0]
        for segment in painter(60).line(bubble, 0).strip
        if segment.style and "offset" in segment.style.meta
    }
    assert len(places) > 3, "parts begin behind what is not drawn"
    for drawn, offset in places.items():
        assert text[offset : offset + len(drawn)] == drawn


def test_only_the_kept_width_is_laid_out_again() -> None:
    bubble = bubble_of(ANSWER, 60)
    first = bubble.row(0)
    bubble.lay_out(60, is_last=True, frame=9)
    assert bubble.row(0) is first, "nothing changed, so nothing is laid out"
    bubble.lay_out(40, is_last=True, frame=9)
    assert max(bubble.row(number).cells for number in range(len(bubble))) <= 40
