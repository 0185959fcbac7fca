"""Tables: aligned whatever is in them, wrapped where they are wide, stacked where there is no room."""

from itertools import pairwise

import pytest

from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.cells import cells

WIDE = "| 名前 | n | note |\n|---|--:|:-:|\n| 東京タワー | 1 | 🚀 |\n| e\u0301 | 22 | 👩‍💻⚠️ |\n"


def borders(text: str) -> list[int]:
    return [cells(text[:index]) for index, character in enumerate(text) if character in "│┼"]


def test_columns_are_aligned_with_wide_characters() -> None:
    rows = whole(WIDE, 60).rows
    assert len(rows) == 4
    assert len({tuple(borders(row.text)) for row in rows}) == 1
    assert len(borders(rows[0].text)) == 2


def test_alignment_follows_the_delimiter_row() -> None:
    rows = whole("| aaaa | bbbb |\n|--:|:-:|\n| 1 | 22 |\n", 60).rows
    assert rows[2].text.rstrip() == "   1 │  22"


@pytest.mark.parametrize("width", [24, 30, 45])
def test_a_wide_table_wraps_its_cells_and_loses_nothing(width: int) -> None:
    words = [f"word{n}" for n in range(20)]
    layout = whole(f"| a | b |\n|---|---|\n| {' '.join(words)} | {' '.join(words)} |\n", width)
    assert all(row.cells <= width for row in layout.rows)
    assert len({tuple(borders(row.text)) for row in layout.rows}) == 1
    assert layout.line_text(1) == " ".join(words) + "\t" + " ".join(words)
    drawn = "".join(run.text for row in layout.rows[2:] for run in row.runs)
    assert all(drawn.count(word) >= 2 for word in words)


def test_without_room_a_table_is_stacked() -> None:
    text = "| one | two | three | four |\n|---|---|---|---|\n| aaaaaaa | bbbbbbb | ccccccc | ddddddd |\n"
    assert [row.text for row in whole(text, 16).rows] == [
        *("one: aaaaaaa", "two: bbbbbbb", "three: ccccccc", "four: ddddddd"),
    ]


def test_an_escaped_bar_is_text() -> None:
    assert whole("| a \\| b | `c\\|d` |\n|---|---|\n", 60).line_text(0) == "a | b\tc|d"


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| `ls | wc -l` | counts the files |", "ls | wc -l\tcounts the files"),
        ("| ``a | ` b`` | c |", "a | ` b\tc"),
        ("| 5` | 6` |", "5`\t6`"),
        ("| 5` | 6 | 7 |", "5`\t6 | 7"),
        ("| a | b | c | d |", "a\tb | c | d"),
        ("| a | b | | |", "a\tb"),
    ],
)
def test_a_bar_too_many_drops_nothing(row: str, cells: str) -> None:
    assert whole(f"| x | y |\n|---|---|\n{row}\n", 60).line_text(1) == cells


def test_a_header_has_bars_in_its_code() -> None:
    assert whole("| `a|b` | c |\n|---|---|\n", 60).line_text(0) == "a|b\tc"


def test_a_row_that_grows_keeps_its_cells() -> None:
    head, row = "| x | y |\n|---|---|\n", "| `ls | wc -l` | counts"
    firsts = [Document(head + row[:end]).layout(60).line_text(1).split("\t")[0] for end in range(4, len(row))]
    assert all(after.startswith(first) for first, after in pairwise(firsts))


def test_columns_are_fixed_after_the_first_rows() -> None:
    text = "| a | b |\n|---|---|\n" + "| x | y |\n" * 100 + "| much longer | y |\n"
    rows = whole(text, 60).rows
    assert len({tuple(borders(row.text)) for row in rows}) == 1


def test_a_tables_text_is_copied_without_its_borders() -> None:
    layout = whole(WIDE, 60)
    assert (
        "\n".join(map(layout.line_text, range(3))) == "名前\tn\tnote\n東京タワー\t1\t🚀\ne\u0301\t22\t👩‍💻⚠️"
    )


def test_a_cell_knows_its_place_in_the_line() -> None:
    layout = whole("| ab | cd |\n|---|---|\n| ef | gh |\n", 60)
    row = layout.rows[2]
    assert row.spans(0, 2) == [(0, 2)]
    assert row.spans(0, 99) == [(0, 2), (5, 7)]
