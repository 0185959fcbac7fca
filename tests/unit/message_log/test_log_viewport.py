"""The viewport: a place in the text that nothing moves but the user, exact over any number of bubbles."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.tui.message_log.viewport import Heights, Place, Viewport

HEIGHTS = st.lists(st.integers(1, 40), min_size=1, max_size=60)
WINDOW = st.integers(1, 30)


class Log:
    """Bubbles of known heights, of which the viewport learns only what it measures."""

    def __init__(self, heights: list[int], window: int, estimate: Callable[[int], int] = lambda h: 3) -> None:
        self.true = list(heights)
        self.measured: set[int] = set()
        self.view = Viewport(self.measure)
        self.view.height = window
        self.view.reset(Heights(estimate(h) for h in heights))

    def measure(self, index: int) -> int:
        self.measured.add(index)
        return self.true[index]

    @property
    def rows(self) -> list[Place]:
        """Every row there is, in order."""
        return [Place(index, row) for index, height in enumerate(self.true) for row in range(height)]

    @property
    def seen(self) -> list[Place]:
        return self.view.rows()

    @property
    def top(self) -> int:
        """The true number of the row at the top."""
        first = self.seen[0]
        return sum(self.true[: first.bubble]) + first.row

    @property
    def last_top(self) -> int:
        return max(0, sum(self.true) - self.view.height)


@given(HEIGHTS, WINDOW)
def test_what_is_seen_is_a_full_window_of_neighbouring_rows(heights: list[int], window: int) -> None:
    log = Log(heights, window)
    assert log.seen == log.rows[-window:], "opens at the end"
    log.view.to_start()
    assert log.seen == log.rows[:window]
    log.view.to_end()
    assert log.seen == log.rows[-window:]


@given(HEIGHTS, WINDOW, st.lists(st.integers(-80, 80), max_size=30))
def test_scrolling_moves_by_exactly_that_many_rows(heights: list[int], window: int, moves: list[int]) -> None:
    log = Log(heights, window)
    expected = log.top
    for move in moves:
        log.view.scroll(move)
        expected = max(0, min(log.last_top, expected + move))
        assert log.top == expected
        assert log.seen == log.rows[expected : expected + window]
        assert log.view.following == (expected == log.last_top)


@given(HEIGHTS, WINDOW, st.integers(0, 500), st.integers(1, 60))
def test_scrolling_back_returns(heights: list[int], window: int, start: int, step: int) -> None:
    log = Log(heights, window)
    log.view.scroll(-start)
    top = log.top
    log.view.scroll(-step)
    if log.top == top - step:  # else the beginning was reached
        log.view.scroll(step)
        assert log.top == top


@given(HEIGHTS, WINDOW, st.integers(1, 80))
def test_a_view_that_was_not_drawn_yet_scrolls_from_the_end(heights: list[int], window: int, up: int) -> None:
    log = Log(heights, window)
    log.view.scroll(-up)
    assert log.top == max(0, log.last_top - up)
    log.view.to_end()
    log.true[-1] += 7
    log.view.scroll(-up)
    assert log.top == max(0, log.last_top - up)


@given(HEIGHTS, WINDOW, st.integers(0, 800))
def test_the_scroll_bar_reaches_every_row_once_heights_are_known(
    heights: list[int], window: int, offset: int
) -> None:
    log = Log(heights, window, estimate=lambda height: height)
    log.view.to_offset(offset)
    assert log.top == min(offset, log.last_top)
    assert log.view.following == (offset >= log.last_top or log.last_top == 0)


@given(HEIGHTS, WINDOW, st.integers(1, 200), st.integers(0, 60), st.integers(1, 40))
def test_a_scrolled_up_view_stays_when_bubbles_come_go_and_grow(
    heights: list[int], window: int, up: int, at: int, height: int
) -> None:
    log = Log(heights, window)
    log.view.scroll(-up)
    before = log.seen
    if log.view.following:  # all of it is in view
        return
    log.true.append(height)
    log.view.insert(len(heights), 2)
    assert log.seen == before, "a message at the end moves nothing"

    last = len(log.true) - 1
    log.true[last] += 30
    assert log.seen == before, "text that grows below moves nothing"

    at = min(at, before[0].bubble)
    log.true.insert(at, height)
    log.view.insert(at, 2)
    assert log.seen == [Place(place.bubble + 1, place.row) for place in before]
    del log.true[at]
    log.view.remove(at)
    assert log.seen == before


def test_what_followed_a_bubble_that_went_from_the_top_takes_its_place() -> None:
    log = Log([5] * 9, 8)
    log.view.to_start()
    log.view.scroll(13)
    assert log.seen[0] == Place(2, 3)
    del log.true[2]
    log.view.remove(2)
    assert log.seen[0] == Place(2, 0)


@given(HEIGHTS, WINDOW, st.integers(0, 59))
def test_a_shown_bubble_is_in_view_from_its_first_row(heights: list[int], window: int, index: int) -> None:
    log = Log(heights, window)
    index %= len(heights)
    log.view.show(index)
    in_view = [place.row for place in log.seen if place.bubble == index]
    if heights[index] <= window:
        assert in_view == list(range(heights[index]))
    else:
        assert in_view


def test_a_bubble_below_comes_into_view_by_no_more_rows_than_needed() -> None:
    log = Log([3] * 20, 9)
    log.view.to_start()
    log.view.show(10)
    assert log.seen[-1] == Place(10, 2) and not log.view.following


@given(HEIGHTS, WINDOW, st.integers(0, 59), st.integers(0, 39))
def test_a_shown_row_is_in_view(heights: list[int], window: int, index: int, row: int) -> None:
    log = Log(heights, window)
    place = Place(index % len(heights), 0)
    place = place._replace(row=row % heights[place.bubble])
    log.view.show_row(place)
    assert place in log.seen


@pytest.mark.parametrize("count", [50, 10_000])
def test_opening_and_jumping_measure_what_is_near_the_view_alone(count: int) -> None:
    log = Log([1 + index % 7 for index in range(count)], 36)
    assert log.seen[-1] == Place(count - 1, log.true[-1] - 1)
    assert len(log.measured) < 40
    log.view.to_start()
    assert log.seen[0] == Place(0, 0)
    log.view.to_offset(log.view.heights.total // 2)
    assert len(log.seen) == 36
    log.view.to_end()
    assert log.seen == log.rows[-36:]
    assert len(log.measured) < 100


def test_paging_through_ten_thousand_bubbles_and_back_shows_every_row_once() -> None:
    log = Log([1 + index % 5 for index in range(10_000)], 36)
    log.view.to_start()
    seen = list(log.seen)
    while not log.view.following:
        log.view.scroll(36)
        page = log.seen
        seen += [place for place in page if place > seen[-1]]
    assert seen == log.rows
    pages = (len(log.rows) - 36) // 36
    for _ in range(pages):
        log.view.scroll(-36)
    assert log.top == log.last_top - 36 * pages


def test_an_empty_log_has_nothing_to_move() -> None:
    log = Log([], 36)
    for move in (log.view.to_start, log.view.to_end, lambda: log.view.scroll(-3), lambda: log.view.scroll(3)):
        move()
        log.view.to_offset(5)
        assert log.view.rows() == []
        assert log.view.offset == 0
    log.view.insert(0, 3)
    log.true.append(3)
    assert log.seen[-1] == Place(0, 2)
