"""Parts of lines: what is selected, found, linked, and where they stand in cells and in the source."""

from collections.abc import Iterator

import pytest
from rich.style import Style
from textual.geometry import Offset, Region
from textual.selection import Selection
from textual.strip import Strip

from userdesk.domain.message import Message, Role, now
from userdesk.markdown.layout.rows import Row, Run
from userdesk.store.search.query import SearchQuery
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView, ViewEntry
from userdesk.tui.message_log.frame import SIGNS, Emphasis, link_signs, places
from userdesk.tui.message_log.highlight_spans import (
    HighlightSpan,
    cut,
    drawn_parts,
    selected_text,
    selection_y,
    split_y,
)
from userdesk.tui.message_log.lines import Line, changed_regions
from userdesk.tui.message_log.matches import Match, matches
from userdesk.tui.message_log.painter import Painter

RED, BLUE = Style(color="red"), Style(color="blue")
PAINTER = Painter(lambda name: {"match": RED, "match-shown": BLUE}.get(name, Style()), Style(), 60)


def bubble_of(text: str, index: int = 0, role: Role = Role.ASSISTANT, width: int = 60) -> Bubble:
    bubble = Bubble(ViewEntry(Message(role=role, text=text, at=now())), index)
    bubble.lay_out(width, is_last=False, frame=0)
    return bubble


# selecting


@pytest.mark.parametrize(("index", "line"), [(0, 0), (0, 7), (3, 0), (9_999, 1_000_000)])
def test_a_selections_line_names_a_message_and_a_line_of_it(index: int, line: int) -> None:
    assert split_y(selection_y(index, line)) == (index, line)
    assert selection_y(index, line) < selection_y(index, line + 1) < selection_y(index + 1, 0)


def between(start: tuple[int, int, int] | None, end: tuple[int, int, int] | None) -> Selection:
    """From a character of a line of a message to another."""

    def offset(place: tuple[int, int, int] | None) -> Offset | None:
        return Offset(place[2], selection_y(place[0], place[1])) if place else None

    return Selection(offset(start), offset(end))


TEXTS = ["**first** one\n\nsecond *line*", "a **link** here", "# third\n\nlast words"]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, "\n".join(TEXTS)),
        ((0, 0, 0), (0, 0, 5), "first"),
        ((0, 0, 6), (0, 0, 9), "one"),
        ((0, 0, 6), (0, 2, 6), "one\n\nsecond"),
        ((0, 0, 0), (0, 2, 99), TEXTS[0]),
        ((0, 2, 7), (1, 0, 6), "line\na link"),
        ((0, 2, 7), (2, 0, 3), f"line\n{TEXTS[1]}\nthi"),
        ((1, 0, 2), None, f"link here\n{TEXTS[2]}"),
        (None, (1, 0, 1), f"{TEXTS[0]}\na"),
        ((1, 0, 0), (1, 0, 11), TEXTS[1]),
        ((1, 0, 0), (1, 0, 10), "a link her"),
        ((1, 0, 1), (1, 0, 11), " link here"),
        ((2, 2, 5), (7, 0, 0), "words"),
        ((0, 0, 0), (0, 0, 0), ""),
    ],
)
def test_whole_messages_are_copied_as_their_source_and_parts_as_they_are_read(
    start: tuple[int, int, int] | None, end: tuple[int, int, int] | None, text: str
) -> None:
    laid_out: list[int] = []
    view = ConversationView([])  # type: ignore[arg-type]
    for each in TEXTS:
        view.add(Message(role=Role.ASSISTANT, text=each, at=now()))

    def lay_out(index: int) -> Bubble:
        laid_out.append(index)
        return bubble_of(TEXTS[index], index)

    assert selected_text(between(start, end), view, lay_out) == text
    assert len(laid_out) <= 2, "only where the selection begins and ends"


def test_the_selected_part_of_a_line_has_its_look() -> None:
    bubble = bubble_of(TEXTS[0], 4)
    emphasis = Emphasis(selection=between((4, 0, 3), (4, 2, 6)), selection_look=RED)
    shades = [emphasis.shades(PAINTER, bubble, row) for row in range(4)]
    assert shades == [[(3, 9, RED)], [], [(0, 6, RED)], []]


def test_of_what_is_found_the_shown_place_looks_different() -> None:
    bubble = bubble_of("ab cd", 2)
    for shown, looks in ((3, (RED, BLUE)), (-1, (RED, RED))):
        emphasis = Emphasis(spans_of=lambda line: [(0, 2), (3, 5)], match=Match(2, 0, shown))
        assert emphasis.shades(PAINTER, bubble, 0) == [(0, 2, looks[0]), (3, 5, looks[1])]
    elsewhere = Emphasis(spans_of=lambda line: [(0, 2)], match=Match(1, 0, 0))
    assert elsewhere.shades(PAINTER, bubble, 0) == [(0, 2, RED)]


@pytest.mark.parametrize(
    ("x", "shades", "pieces"),
    [
        (0, [], [("abcdef", 0, None)]),
        (0, [(2, 4, RED)], [("ab", 0, None), ("cd", 2, RED), ("ef", 4, None)]),
        (10, [(12, 14, RED)], [("ab", 10, None), ("cd", 12, RED), ("ef", 14, None)]),
        (10, [(0, 12, RED)], [("ab", 10, RED), ("cdef", 12, None)]),
        (10, [(14, 99, RED)], [("abcd", 10, None), ("ef", 14, RED)]),
        (10, [(0, 99, RED)], [("abcdef", 10, RED)]),
        (10, [(0, 5, RED)], [("abcdef", 10, None)]),
        (
            0,
            [(1, 5, RED), (2, 3, BLUE)],
            [("a", 0, None), ("b", 1, RED), ("c", 2, RED), ("de", 3, RED), ("f", 5, None)],
        ),
        (0, [(0, 2, RED), (2, 4, BLUE)], [("ab", 0, RED), ("cd", 2, BLUE), ("ef", 4, None)]),
    ],
)
def test_a_run_is_cut_where_its_looks_begin_and_end(
    x: int, shades: list[tuple[int, int, Style]], pieces: list[tuple[str, int, Style | None]]
) -> None:
    assert cut("abcdef", x, [HighlightSpan(*shade) for shade in shades]) == pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", [("plain", 10)]),
        ("", [("", 10)]),
        ("a❤\ufe0fb", [("a❤", 10), ("b", 13)]),
        ("👩\u200d💻", [("👩", 10), ("💻", 12)]),
        ("\u200d\u200da\ufe0f", [("a", 12)]),
        ("👍🏽!", [("👍", 10), ("!", 12)]),
    ],
)
def test_what_is_drawn_begins_anew_behind_what_is_not(text: str, parts: list[tuple[str, int]]) -> None:
    assert drawn_parts(text, 10) == parts


# links


def row(*runs: tuple[str, str]) -> Row:
    return Row(tuple(Run(text, "", href) for text, href in runs))


def test_links_in_view_get_signs_in_their_order_and_each_address_one() -> None:
    rows = [row(("a", "u:1"), (" ", ""), ("b", "u:2")), row(("c", "x:no"), ("d", "u:1"), ("e", "u:3"))]
    assert link_signs(rows, lambda href: href.startswith("u:")) == {"u:1": "1", "u:2": "2", "u:3": "3"}
    assert link_signs([], lambda href: True) == {}


def test_beyond_the_signs_there_are_none() -> None:
    rows = [row(("a", f"u:{number}")) for number in range(99)]
    signs = link_signs(rows, lambda href: True)
    assert len(signs) == len(SIGNS) == 61 == len(set(SIGNS))
    assert list(signs.values()) == list(SIGNS) and SIGNS.startswith("123456789abc")
    assert set(signs) == {f"u:{number}" for number in range(61)}


def test_a_sign_stands_once_over_the_beginning_of_its_link() -> None:
    signs, given = {"u:1": "1", "u:2": "2"}, set[str]()
    first = row(("ab ", ""), (" ", "u:1"), ("東京", "u:1"), ("x", ""), ("y", "u:3"), ("z", "u:2"))
    assert list(places(first, signs, given)) == [(4, 2, "1"), (10, 1, "2")]
    assert list(places(first, signs, given)) == []
    assert given == {"u:1", "u:2"}


# frames


def line(text: str, used: int | None = None) -> Line:
    from rich.segment import Segment

    return Line(Strip([Segment(text)], len(text)), len(text) if used is None else used)


def test_only_lines_that_changed_are_sent_and_of_them_what_is_not_background() -> None:
    same = line("same")
    before = [same, line("equal"), line("long line", 9), line("x  ", 1), line("  ", 0)]
    after = [same, line("equal"), line("short    ", 5), line("yy ", 2), line("   ", 0)]
    assert list(changed_regions(before, after)) == [Region(0, 2, 9, 1), Region(0, 3, 2, 1)]
    with pytest.raises(ValueError):
        list(changed_regions(before, after[1:]))


# finding


def view_of(*texts: str) -> ConversationView:
    view = ConversationView([])  # type: ignore[arg-type]
    for text in texts:
        view.add(Message(role=Role.ASSISTANT, text=text, at=now()))
    return view


def looked_through(view: ConversationView, typed: str) -> Iterator[list[Match]]:
    def bubble_of(index: int) -> Bubble:
        bubble = Bubble(view.entry(index), index)
        bubble.lay_out(40, is_last=False, frame=None)
        return bubble

    query = SearchQuery(typed)
    return matches(view, query, query.phrase_spans, bubble_of, Bubble.go_on)


def found_in(view: ConversationView, typed: str) -> list[Match]:
    return [match for part in looked_through(view, typed) for match in part]


def test_matches_come_from_the_newest_message_and_from_its_end() -> None:
    view = view_of("Café one\n\ncafe two cafe", "nothing", "the ca**f**é")
    assert found_in(view, "cafe") == [Match(2, 0, 4), Match(0, 2, 9), Match(0, 2, 0), Match(0, 0, 0)]
    assert found_in(view, "none") == []
    assert found_in(view_of(), "cafe") == []


@pytest.mark.parametrize(("typed", "start"), [("snake_case", 2), ("two words", 13), ("code", 42), ("no", -1)])
def test_what_is_found_is_what_is_drawn(typed: str, start: int) -> None:
    text = "a `snake_case` **two** [words](http://a.example) co*d*e"
    assert bubble_of(text).line_part(0, 0, 10**9)[1] == "a snake_case two words (http://a.example) code"
    assert found_in(view_of(text), typed) == ([Match(0, 0, start)] if start >= 0 else [])


def test_looking_makes_pauses_to_draw_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from userdesk.tui.message_log import matches as module

    times = iter(range(1000))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(times) * 0.02))
    parts = list(looked_through(view_of(*["cafe"] * 4), "cafe"))
    assert [[match.bubble for match in part] for part in parts] == [[3], [2], [1], [0], []]
