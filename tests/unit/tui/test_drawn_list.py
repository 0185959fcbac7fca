from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from rich.style import Style
from textual.geometry import Offset, Size
from textual.strip import Strip

from settling import until
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import now
from userdesk.store.index.entries import Index
from userdesk.tui.sidebar.conversation_list import SPUN, ConversationList
from userdesk.tui.sidebar.order import ConversationOrder, Listed
from userdesk.tui.sidebar.rows import Mark, RowLooks, SidebarRow, SidebarRows
from userdesk.tui.switcher.result_list import ResultList, ResultRow
from userdesk.tui.widgets.drawn_list import DrawnList, beginning, cut
from widget_alone import alone

LOOKS = RowLooks(date(2026, 11, 21), {})
HEADING, ROW = SidebarRow("Today"), SidebarRow("About lamps", "a")  # type: ignore[arg-type]


def rows_of(conversations: list[Conversation]) -> SidebarRows:
    index = Index()
    for each in conversations:
        index.put(each)
    order = ConversationOrder(Listed(index.entries))
    return SidebarRows(order, LOOKS)


class Rows(DrawnList[SidebarRow]):
    """The widget with a size and a place, and where it was scrolled to."""

    LOOKS = "list"
    size = Size(20, 4)  # type: ignore[assignment]
    scroll_offset = Offset(0, 5)  # type: ignore[assignment]

    def __init__(self, *rows: SidebarRow) -> None:
        super().__init__()
        self.rows = rows
        self.scrolled: list[float | None] = []

    def scroll_to(self, x: float | None = None, y: float | None = None, **_: Any) -> None:
        self.scrolled.append(y)

    def draw_row(self, number: int) -> Strip:
        return Strip.blank(number)


@pytest.mark.parametrize(
    ("number", "scrolled"),
    [(5, []), (8, []), (9, [6]), (4, [4]), (3, [2]), (0, [0])],
)
def test_the_chosen_row_is_brought_into_view_with_its_heading(number: int, scrolled: list[int]) -> None:
    rows = Rows(ROW, ROW, HEADING, *[ROW] * 9)
    rows.reveal(number)
    assert rows.scrolled == scrolled


def test_in_a_list_of_one_row_the_chosen_one_is_worth_more_than_its_heading() -> None:
    rows = Rows(HEADING, ROW, *[ROW] * 9)
    rows.size = Size(20, 1)  # type: ignore[misc]
    rows.reveal(1)
    rows.size = Size(20, 0)  # type: ignore[misc]
    rows.reveal(0)
    assert rows.scrolled == [1]


async def test_a_row_is_brought_into_view_as_soon_as_a_list_has_grown() -> None:
    """Before the next layout there is no scroll bar yet, without which the framework scrolls nothing."""
    made = [Conversation(key=f"k{number}", bot="a", created=now()) for number in range(200)]  # type: ignore[arg-type]
    few, many = rows_of(made[:2]), rows_of(made)
    listed = ConversationList(lambda key: Mark.NONE)
    async with alone(listed):
        listed.show(few)
        await until(lambda: listed.size.height and not listed.show_vertical_scrollbar, lambda: "the layout")
        listed.edited = listed.cursor = made[155].key
        listed.show(many)
        assert listed.scroll_offset.y > 100


@pytest.mark.parametrize("amount", [0, 1, 5, 6, 8, 30])
@pytest.mark.parametrize("drawn", [range(4), range(1, 3), range(3, 4)])
def test_below_the_rows_of_a_list_there_are_blank_ones(amount: int, drawn: range) -> None:
    """The list is scrolled by five rows."""

    class Grounded(Rows):
        rich_style = Style(bgcolor="red")  # type: ignore[assignment]

    rows = Grounded(*[ROW] * amount)
    assert rows.strips(drawn) == [rows.render_line(y) for y in drawn]


def test_a_click_chooses_a_row_and_no_heading() -> None:
    rows = Rows(*[ROW] * 6, HEADING)
    clicked = [rows.clicked(SimpleNamespace(y=y)) for y in range(3)]  # type: ignore[arg-type]
    assert clicked == [ROW, None, None]
    assert rows.render_line(0).cell_length == 5


@pytest.mark.parametrize(
    ("text", "room", "kept", "drawn"),
    [
        ("lamps", 5, "lamps", "lamps"),
        ("lamps", 4, "lam", "lam…"),
        ("漢字漢字", 6, "漢字", "漢字…"),
        ("漢字漢字", 5, "漢字", "漢字…"),
        ("漢字漢字", 4, "漢", "漢…"),
    ],
)
def test_a_text_is_cut_where_its_room_ends(text: str, room: int, kept: str, drawn: str) -> None:
    assert (beginning(text, room), cut(text, room)) == (kept, drawn)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Lamps", "  Lamps    the newest 5 · the demo chatbot · Today"),
        ("Why do all the lamps flicker", "  Why do all the lamps fl…  the newest 5 · the dem…"),
    ],
)
async def test_what_stands_at_the_right_has_what_a_short_title_leaves(title: str, line: str) -> None:
    results = ResultList()
    async with alone(results, size=(51, 4)):
        key = ROW.key
        results.show(
            [ResultRow(key, "Other"), ResultRow(key, title, aside="the newest 5 · the demo chatbot · Today")]
        )
        assert results.render_line(1).text.rstrip() == line


async def test_of_many_spinners_a_few_move_at_a_time_and_each_has_its_turn() -> None:
    made = [Conversation(key=f"k{number}", bot="a", created=now()) for number in range(14)]  # type: ignore[arg-type]
    listed = ConversationList(lambda key: Mark.STREAMING)
    async with alone(listed, size=(40, 30)):
        listed.show(rows_of(made))
        await until(lambda: listed.size.height > 15, lambda: "the layout")
        drawn: list[int] = []
        listed.refresh = lambda *regions, **_: drawn.extend(region.y for region in regions)  # type: ignore
        signs: list[str] = []
        for _ in range(6):
            drawn.clear()
            listed.spin()
            assert len(drawn) <= SPUN
            signs.append(listed.draw_row(drawn[0]).text[1])
        assert signs[0] == signs[1] == signs[2] != signs[3] == signs[4] == signs[5]
        moved = set()
        for _ in range(3):
            drawn.clear()
            listed.spin()
            moved |= set(drawn)
        assert len(moved) == len(made)
