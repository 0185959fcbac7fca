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


def test_without_room_a_table_is_stacked_with_a_gap_between_its_rows() -> None:
    text = (
        "| one | two | three | four |\n|---|---|---|---|\n| aaaaaaa | bbbbbbb | ccccccc | ddddddd |\n| a |\n"
    )
    assert [row.text for row in whole(text, 16).rows] == [
        *("one: aaaaaaa", "two: bbbbbbb", "three: ccccccc", "four: ddddddd", ""),
        *("one: a", "two: ", "three: ", "four: "),
    ]


def test_what_goes_on_in_a_stacked_table_stands_in() -> None:
    text = "| one | two | three |\n|---|---|---|\n| a<br>b | some words that do not fit | c |\n"
    assert [row.text for row in whole(text, 20).rows] == [
        *("one: a", "  b", "two: some words", "  that do not fit", "three: c"),
    ]
    assert whole(text, 20).line_text(1) == "two: some words that do not fit"


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


BILL = (
    "| Description | Amount | Source |\n|---|--:|---|\n"
    "| Monthly | $1,000.00 | https://www.example.com/invoices/2024/0001?view=full&lang=en |\n"
    "| Refund | $3.75 | https://www.example.com/invoices/2024/0002 |\n"
)
PLANS = (
    "| Plan | Price | Messages | Support |\n|---|--:|--:|---|\n"
    "| Hobby | $40 | 2,000 | E-mail |\n| Unlimited | $1,000.00 | 40,000 | Phone, day and night |\n"
)


def drawn(text: str, width: int) -> list[str]:
    return [row.text.rstrip() for row in whole(text, width).rows]


@pytest.mark.parametrize("text", [BILL, PLANS])
@pytest.mark.parametrize("width", range(30, 100, 7))
def test_words_and_numbers_are_not_cut_while_others_can_yield(text: str, width: int) -> None:
    shown = "\n".join(drawn(text, width))
    assert all(word in shown for word in ("$1,000.00", "Description" if text == BILL else "Unlimited"))


def test_rows_that_wrap_are_set_apart_by_a_rule() -> None:
    rows = ("x | one", "x | two", "y | some words more than fit", "z | end")
    text = "| a | b |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows)
    assert drawn(text, 24) == [
        *("a │ b", "──┼─────────────────────", "x │ one", "x │ two", "──┼─────────────────────"),
        *("y │ some words more than", "  │ fit", "──┼─────────────────────", "z │ end"),
    ]


def test_a_growing_tables_columns_have_room_to_spare() -> None:
    countries = "".join(f"| Country {n} | {n**3} |\n" for n in range(1, 200))
    rows = whole("| name | n |\n|---|---|\n" + countries, 80).rows
    assert len(rows) == 2 + 199
    assert len({tuple(borders(row.text)) for row in rows}) == 1


def test_columns_stand_closer_where_that_makes_room_for_them() -> None:
    months = "| year |" + " mon |" * 11 + "\n|" + "---|" * 12 + "\n| 2024 |" + " 1,234 |" * 11 + "\n"
    assert drawn(months, 84)[2] == "2024│" + "│".join(["1,234"] * 11)
    assert "│" not in "".join(drawn(months, 70))


@pytest.mark.parametrize("width", [20, 32, 40, 60])
@pytest.mark.parametrize("text", [BILL, PLANS, WIDE])
def test_a_table_that_streams_keeps_its_shape_and_never_shrinks(text: str, width: int) -> None:
    document = Document()
    expected = whole(text, width)
    is_stacked = any(run.text == ": " for row in expected.rows for run in row.runs)
    height = 0
    for character in text:
        document.append(character)
        rows = document.layout(width).rows
        assert len(rows) >= height
        height = len(rows)
        assert not is_stacked or not any("┼" in row.text for row in rows)
        assert is_stacked or not any(run.text == ": " for row in rows for run in row.runs)
    document.finish()
    assert document.layout(width).rows == expected.rows
