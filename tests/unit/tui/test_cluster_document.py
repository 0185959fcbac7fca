"""Wrapped lines of clusters: each fits its row, none is torn, places on the screen and in the text agree."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Offset
from textual.widgets.text_area import Document

from userdesk.tui.input.cluster_area import ClusterDocument
from userdesk.tui.input.graphemes import boundaries, clusters_of

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
PIECES = [
    FAMILY,
    "🇩🇪",
    "👋🏽",
    "क्षि",
    "กำ",
    "\u1112\u1161\u11ab",
    "e\u0301",
    "漢",
    "a",
    "bc",
    " ",
    "\t",
    "\u200c",
    "\u00ad",
]
lines = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def wrapped(text: str, width: int) -> ClusterDocument:
    document = ClusterDocument(Document(text))
    document.wrap(width, 4)
    return document


@given(lines, st.integers(1, 30))
def test_no_cluster_is_torn_and_every_row_fits(line: str, width: int) -> None:
    document = wrapped(line, width)
    bounds = set(boundaries(line))
    assert set(document.get_offsets(0)) <= bounds
    starts, edges, _ = clusters_of(line)
    cell_of = dict(zip(starts, edges, strict=True))
    breaks = [0, *document.get_offsets(0), len(line)]
    for begin, end in pairwise(breaks):
        inside = [at for at, after in pairwise(starts) if begin <= at < end and cell_of[after] > cell_of[at]]
        assert cell_of[end] - cell_of[begin] <= width or len(inside) == 1


@given(st.lists(lines, min_size=1, max_size=4).map("\n".join), st.integers(4, 30))
def test_places_on_the_screen_and_in_the_text_agree(text: str, width: int) -> None:
    document = wrapped(text, width)
    for row, line in enumerate(document.document.lines):
        starts, edges, _ = clusters_of(line)
        for number, column in enumerate(starts):
            offset = document.location_to_offset((row, column))
            if number == len(starts) - 1 or edges[number + 1] > edges[number]:  # else it takes no cell
                again = document.offset_to_location(offset)
                assert document.location_to_offset(again) == offset
    for y in range(document.height):
        for x in (0, 1, 5, width, 300):
            row, column = document.offset_to_location(Offset(x, y))
            assert column in set(boundaries(document.document.lines[row]))


@given(lines, lines, st.integers(4, 20))
def test_an_edit_wraps_as_the_whole_text_does(before: str, after: str, width: int) -> None:
    document = wrapped(f"first\n{before}\nlast", width)
    result = document.document.replace_range((1, 0), (1, len(before)), after)
    document.wrap_range((1, 0), (1, len(before)), result.end_location)
    fresh = wrapped(f"first\n{after}\nlast", width)
    assert document.height == fresh.height
    shown = [document.row_at(y) for y in range(document.height)]
    assert shown == [fresh.row_at(y) for y in range(fresh.height)]
    assert [document.y_of(*place) for place in shown] == [fresh.y_of(*place) for place in shown]


@pytest.mark.parametrize("letter", [FAMILY, "🇩🇪", "👋🏽"], ids=ascii)
def test_rows_above_and_below_are_met_at_whole_clusters(letter: str) -> None:
    line = letter * 6
    document = wrapped("abcdefghijklmnop\n" + line, 40)
    for x in range(20):
        assert document.get_target_document_column(1, x, 0) % len(letter) == 0
