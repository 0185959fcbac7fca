"""One frame of the log: what each line says and in which looks, beside it the gutter."""

from datetime import datetime

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip

from userdesk.domain.message import Message, Metrics, Role, now
from userdesk.tui.message_log.annotations import Annotations
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.bubbles import Bubbles
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.frame import (
    Emphasis,
    centred,
    gutter_lines,
    text_lines,
    with_badge,
)
from userdesk.tui.message_log.highlight_spans import HighlightSpan, selection_y
from userdesk.tui.message_log.lines import GUTTER
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.painter import MARKERS, STYLE_NAMES, Painter
from userdesk.tui.message_log.viewport import Place

BASE = Style(color="white", bgcolor="black")
NAMES = sorted({*STYLE_NAMES, "match-shown", "link-sign"})


def look(name: str) -> Style:
    """A number of its own for each name, which tells whether it took part."""
    return Style(meta={name: True})


def names_of(style: Style | None) -> set[str]:
    return {name for name in (style.meta if style else {}) if name not in ("offset", "href")}


def painter(width: int = 20) -> Painter:
    return Painter(look, BASE, width)


def bubbles_of(*messages: tuple[Role, str], width: int = 18) -> Bubbles:
    view = ConversationView([])  # type: ignore[arg-type]
    for role, text in messages:
        metrics = Metrics(None, 1.0, 0) if role is Role.ASSISTANT else None
        view.add(Message(role=role, text=text, at=now(), metrics=metrics))
    bubbles = Bubbles()
    bubbles.show(view)
    for index in range(len(view)):
        bubbles.lay_out(index, width, 0)
    return bubbles


def parts(strip: Strip) -> list[tuple[str, set[str]]]:
    """The texts of a line with the names of their looks; neighbours that look alike joined."""
    joined: list[tuple[str, set[str]]] = []
    for segment in strip:
        names = names_of(segment.style)
        if joined and joined[-1][1] == names:
            joined[-1] = (joined[-1][0] + segment.text, names)
        else:
            joined.append((segment.text, names))
    return joined


def answer(text: str, width: int = 18) -> Bubble:
    return bubbles_of((Role.ASSISTANT, text), width=width)[0]


def test_an_answers_runs_have_their_looks_and_end_where_their_text_ends() -> None:
    line = painter().line(answer("a **bold** `code`"), 0)
    assert parts(line.strip) == [
        ("a ", {"assistant"}),
        ("bold", {"assistant", "strong"}),
        (" ", {"assistant"}),
        ("code", {"assistant", "code"}),
        (" " * 9, set()),
    ]
    assert (line.used, line.strip.cell_length) == (11, 20)


def test_a_users_message_is_tinted_to_the_end_of_its_lines() -> None:
    bubble = bubbles_of((Role.USER, "one"), (Role.ASSISTANT, "two"))[0]
    line = painter().line(bubble, 0)
    assert parts(line.strip) == [("one" + " " * 17, {"user"})]
    assert line.used == 20
    blank = painter().line(bubble, 1)
    assert (blank.strip.text, blank.used, parts(blank.strip)) == (" " * 20, 0, [(" " * 20, set())])


def test_grounds_and_edges_end_at_the_measure_with_the_time_in_them() -> None:
    bubbles = Bubbles()
    bubbles.annotations, bubbles.edged = Annotations(times=True), True
    view = ConversationView([])  # type: ignore[arg-type]
    for role in Role:
        view.add(Message(role=role, text="one", at=now()))
    bubbles.show(view)
    bubbles.lay_out(0, 10, 0)
    paint, bubble = Painter(look, BASE, 20, measure=18), bubbles[0]
    top, text = paint.line(bubble, 0), paint.line(bubble, 1)
    assert parts(top.strip) == [(" " * 18, {"user"}), ("  ", set())]
    assert top.used == 18
    assert paint.gutter(bubble, 0, chosen=False, marked=True).strip.text.strip() == "", "no marker"
    assert parts(text.strip) == [
        ("one" + " " * 9, {"user"}), (bubble.time, {"user", "time"}), (" ", {"user"}), ("  ", set()),
    ]  # fmt: skip
    narrow = Painter(look, BASE, 9)
    assert narrow.line(bubble, 1).strip.text == "one      ", "no room beside the text"
    assert parts(narrow.line(bubble, 0).strip) == [(" " * 9, {"user"})]


@pytest.mark.parametrize(
    ("width", "beside"), [(27, "May 4, 2020 12:30"), (26, "May 4, 2020"), (21, "May 4, 2020"), (20, "")]
)
def test_message_of_another_day_has_its_date_and_the_time_where_there_is_room(
    width: int, beside: str
) -> None:
    bubbles = Bubbles()
    bubbles.annotations = Annotations(times=True)
    view = ConversationView([])  # type: ignore[arg-type]
    view.add(Message(role=Role.USER, text="Then one", at=datetime(2020, 5, 4, 12, 30).astimezone()))
    bubbles.show(view)
    bubbles.lay_out(0, 10, 0)
    line = Painter(look, BASE, width).line(bubbles[0], 0)
    assert line.strip.text.removeprefix("Then one").strip() == beside


def test_an_empty_line_of_a_message_is_its_ground_and_marks_are_no_ones() -> None:
    paint = painter()
    user = bubbles_of((Role.USER, "a\n\nb"), (Role.ASSISTANT, "x"))[0]
    assert parts(paint.line(user, 1).strip) == [(" " * 20, {"user"})]
    marks = paint.line(answer("a"), 1)
    assert parts(marks.strip) == [("1.0 s · 0 chars", {"assistant", "figures"}), (" " * 5, set())]
    assert not any("offset" in segment.style.meta for segment in marks.strip if segment.style)


def test_code_is_tinted_and_names_that_no_stylesheet_knows_are_plain() -> None:
    line = painter().line(answer("```\nx\n```"), 0)
    assert line.used == 20
    assert all("code-block" in names for _, names in parts(line.strip))
    assert names_of(painter().style(Role.USER, "strong no-such-name")) == {"user", "strong"}
    assert painter().style(Role.USER, "").color == BASE.color


def test_places_and_links_can_be_clicked() -> None:
    bubble = answer("ab [cd](http://a.example) > x", 60)
    metas = [segment.style.meta for segment in painter(60).line(bubble, 0).strip if segment.style]
    places = [meta["offset"] for meta in metas if "offset" in meta]
    assert places[:2] == [(0, selection_y(0, 0)), (3, selection_y(0, 0))]
    assert next(meta["href"] for meta in metas if "href" in meta) == "http://a.example"
    assert "href" not in metas[0] and "offset" not in metas[-1]


def test_places_in_a_wrapped_line_and_in_a_table_lead_to_their_characters() -> None:
    def texts_at(bubble: Bubble, number: int) -> list[tuple[str, int]]:
        strip = painter(40).line(bubble, number).strip
        return [
            (segment.text, segment.style.meta["offset"][0])
            for segment in strip
            if segment.style and "offset" in segment.style.meta
        ]

    wrapped = answer("aaaa bbbb", 5)
    assert texts_at(wrapped, 1) == [("bbbb", 5)]
    listed = answer("- item", 30)
    assert texts_at(listed, 0) == [("item", 0)], "the bullet is decoration"
    table = answer("| one | two |\n|---|---|\n| a | b |", 30)
    row = next(number for number in range(len(table)) if "one" in table.row(number).text)
    line = table.line_part(table.row(row).line, 0, 10**9)[1]
    for text, offset in texts_at(table, row):
        assert line[offset : offset + len(text)].strip() == text.strip()
    assert len(texts_at(table, row)) >= 2


def test_shades_lie_over_the_looks_of_the_text() -> None:
    line = painter().line(answer("a **bold**"), 0, [HighlightSpan(1, 4, look("match"))])
    assert parts(line.strip)[:4] == [
        ("a", {"assistant"}),
        (" ", {"assistant", "match"}),
        ("bo", {"assistant", "strong", "match"}),
        ("ld", {"assistant", "strong"}),
    ]


def test_a_row_wider_than_the_painter_is_cut() -> None:
    line = painter(5).line(answer("abcdefgh", 18), 0)
    assert (line.strip.text, line.used) == ("abcde", 5)


WINDOW = [Place(0, 0), Place(0, 1), Place(1, 0), Place(1, 1)]


def test_lines_below_the_last_message_are_blank_and_painted_lines_are_kept() -> None:
    paint, bubbles = painter(), bubbles_of((Role.USER, "one"), (Role.ASSISTANT, "two"))
    lines = text_lines(paint, bubbles, WINDOW, 6, Emphasis())
    assert [line.strip.text.strip() for line in lines] == ["one", "", "two", "1.0 s · 0 chars", "", ""]
    assert lines[4] is lines[5] is paint.blank
    again = text_lines(paint, bubbles, WINDOW, 6, Emphasis())
    assert all(line is before for line, before in zip(again, lines, strict=True))
    assert bubbles[1].painted == {0: lines[2], 1: lines[3]}


def test_what_is_looked_for_is_marked_and_the_shown_place_apart() -> None:
    paint, bubbles = painter(), bubbles_of((Role.USER, "one one"), (Role.ASSISTANT, "one"))

    def spans_of(line: str) -> list[tuple[int, int]]:
        return [(at, at + 3) for at in range(len(line)) if line.startswith("one", at)]

    plain = text_lines(paint, bubbles, WINDOW, 4, Emphasis())
    lines = text_lines(paint, bubbles, WINDOW, 4, Emphasis(spans_of=spans_of, match=Match(0, 0, 4)))
    assert parts(lines[0].strip)[:3] == [
        ("one", {"user", "match"}),
        (" ", {"user"}),
        ("one", {"user", "match-shown"}),
    ]
    assert parts(lines[2].strip)[0] == ("one", {"assistant", "match"})
    assert lines[3] is plain[3], "marks are not searched"
    elsewhere = text_lines(paint, bubbles, WINDOW, 4, Emphasis(spans_of=spans_of, match=Match(1, 0, 4)))
    assert not any("match-shown" in names for line in elsewhere for _, names in parts(line.strip))
    assert text_lines(paint, bubbles, WINDOW, 4, Emphasis())[0] is plain[0]


def test_what_is_selected_has_its_look() -> None:
    paint, bubbles = painter(), bubbles_of((Role.USER, "one two"), (Role.ASSISTANT, "three"))
    selection = Selection(Offset(4, selection_y(0, 0)), Offset(2, selection_y(1, 0)))
    emphasis = Emphasis(selection=selection, selection_look=look("selected"))
    lines = text_lines(paint, bubbles, WINDOW, 4, emphasis)
    assert parts(lines[0].strip)[:2] == [("one ", {"user"}), ("two", {"user", "selected"})]
    assert parts(lines[2].strip)[:2] == [("th", {"assistant", "selected"}), ("ree", {"assistant"})]
    assert text_lines(paint, bubbles, WINDOW, 4, Emphasis(selection=selection))[0].strip.text[:7] == "one two"


def test_links_get_their_signs_over_their_first_character() -> None:
    paint = painter(40)
    bubbles = bubbles_of((Role.ASSISTANT, "a [bc](http://a.example)\n\n[東京](http://b.example)"), width=38)
    window = [Place(0, row) for row in range(3)]
    signs = {"http://a.example": "1", "http://b.example": "2"}
    lines = text_lines(paint, bubbles, window, 3, Emphasis(signs=signs))
    assert [line.strip.text[:6] for line in (lines[0], lines[2])] == ["a 1c (", "2 京 (h"]
    assert ("1", {"link-sign"}) in parts(lines[0].strip) and parts(lines[2].strip)[0] == ("2 ", {"link-sign"})
    assert all(line.strip.cell_length == 40 for line in lines)
    assert text_lines(paint, bubbles, window, 3, Emphasis())[0].strip.text.startswith("a bc")


def test_the_gutter_marks_who_speaks_and_what_is_chosen() -> None:
    paint, bubbles = painter(), bubbles_of((Role.USER, "one\ntwo"), (Role.ASSISTANT, "three"))
    window = [*(Place(0, row) for row in range(3)), *(Place(1, row) for row in range(3))]
    lines = gutter_lines(paint, bubbles, window, 8, None, True)
    assert [line.strip.text for line in lines] == [" ❯ ", "   ", "   ", " ◆ ", *["   "] * 4]
    assert parts(lines[0].strip) == [(" ", {"user"}), ("❯", {"user", "user-marker"}), (" ", {"user"})]
    assert parts(lines[3].strip)[1] == ("◆", {"assistant-marker"})
    assert [line.used for line in lines] == [3, 3, 0, 3, 0, 0, 0, 0]
    assert {line.strip.cell_length for line in lines} == {GUTTER} == {3}
    chosen = gutter_lines(paint, bubbles, window, 8, 1, True)
    assert [line.strip.text for line in chosen] == [" ❯ ", "   ", "   ", "▌◆ ", "▌  ", *["   "] * 3]
    assert parts(chosen[3].strip)[0] == ("▌", {"cursor"})
    assert gutter_lines(paint, bubbles, window, 8, 0, True)[0].strip.text == "▌❯ "
    unmarked = gutter_lines(paint, bubbles, window, 6, None, False)
    assert [line.strip.text for line in unmarked] == ["   "] * 6
    assert MARKERS == {Role.USER: "❯", Role.ASSISTANT: "◆"}


def test_an_empty_conversation_says_something_in_the_middle() -> None:
    line = centred(painter(11), "abc")
    assert parts(line.strip) == [("    abc    ", {"empty"})]
    assert line.used == 11
    assert centred(painter(2), "abc").strip.text == "ab"


@pytest.mark.parametrize(
    ("width", "key", "text"),
    [
        (30, "F6", "xxxxxx ▼ new text below · F6  "),
        (27, "F6", "xxx ▼ new text below · F6  "),
        (26, "F6", "xxxxxxxxxxxxx ▼ new text  "),
        (26, "", "xxxxxxx ▼ new text below  "),
        (4, "F6", " ▼ n"),
    ],
)
def test_new_text_below_is_told_at_the_right_end_of_the_last_line(width: int, key: str, text: str) -> None:
    line = with_badge(painter(width), Strip([Segment("x" * width)], width), key)
    assert (line.strip.text, line.used) == (text, width)
    badge = [part for part, names in parts(line.strip) if names == {"badge"}]
    assert len(badge) == 1


def test_every_look_has_its_name() -> None:
    own = (
        "user assistant user-marker assistant-marker cursor figures failed stopped divider badge match empty"
    )
    assert set(own.split()) | {"strong", "code", "heading1"} <= STYLE_NAMES
