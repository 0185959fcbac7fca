"""The log is scrolled and resized: pages, wheel, scroll bar, what stays at the top."""

import pytest
from textual import events
from textual.geometry import Size

from log_apart import END, Event, Log, answer, log_of, ten, user, view_of
from userdesk.tui.message_log.scrolling import PlacedView
from userdesk.tui.message_log.viewport import Place

pytestmark = pytest.mark.usefixtures("log_parts")


def test_pages_and_wheel_move_by_whole_rows() -> None:
    log = log_of(ten())
    log.action_page(-1)
    assert (log.lines[0], log.lines[-1], log.following) == ("", "m6", False)
    log.action_page(1)
    assert log.lines == END and log.following
    for handler, lines in (
        (log.on_mouse_scroll_up, ["", "m5", "", "m6"]),
        (log.on_mouse_scroll_down, ["m6", "", "m7", ""]),
    ):
        event = Event()
        handler(event)  # type: ignore[operator]
        assert log.lines[:4] == lines
        assert event.is_stopped
    log.action_to_start()
    assert (log.lines[0], log.following, log.cursor) == ("m0", False, None)
    log.action_to_end()
    assert log.lines == END and log.following


def test_a_page_of_a_log_of_one_row_is_that_row() -> None:
    log = log_of(ten())
    log.now_size = Size(90, 1)
    log.on_resize(events.Resize(log.now_size, log.now_size))
    log.action_to_start()
    log.action_page(1)
    assert log.viewport.place == Place(0, 1)


def test_a_widget_without_rows_draws_nothing() -> None:
    log = log_of(ten())
    log.now_size = Size(90, 0)
    log.on_resize(events.Resize(Size(90, 0), Size(90, 0)))
    log.redraw()
    assert log.visible_bubbles() == []
    log.now_size = Size(90, 8)
    log.redraw()
    assert log.lines == END
    assert log.sent[-1] == (), "all of it"


def test_the_text_at_the_top_stays_there_when_the_width_changes() -> None:
    log = log_of(view_of(*(answer(f"{number} " + "word " * 40) for number in range(10))))
    log.scroll_rows(-14)
    top, place = log.lines[0], log.viewport.place
    first = log.bubbles[place.bubble].row(place.row).start
    assert top and first > 0
    for width in (30, 17, 60, 90):
        log.now_size = Size(width, 8)
        log.on_resize(events.Resize(log.now_size, log.now_size))
        shown = log.viewport.place
        assert shown == (place.bubble, log.bubbles[place.bubble].row_of(0, first))
    assert (log.lines[0], log.viewport.place) == (top, place)
    log.action_to_end()
    log.now_size = Size(40, 8)
    log.on_resize(events.Resize(log.now_size, log.now_size))
    assert log.following


@pytest.mark.parametrize(
    ("width", "cells"), [(200, 100), (109, 100), (100, 91), (73, 64), (72, 71), (40, 39), (4, 8)]
)
def test_text_is_as_wide_as_can_be_read(width: int, cells: int) -> None:
    log = Log()
    log.now_size = Size(width, 8)
    assert log.text_width == cells


@pytest.mark.parametrize(("width", "cells"), [(200, 108), (90, 89), (73, 72), (72, 72), (40, 40)])
def test_the_ground_of_a_message_goes_on_beside_its_text_as_far_as_the_time(width: int, cells: int) -> None:
    log = log_of(view_of(user("Hi")))
    log.now_size = Size(width, 8)
    log.on_resize(events.Resize(log.now_size, log.now_size))
    ground = [segment for segment in log.render_line(0) if segment.style and "user" in segment.style.meta]
    assert sum(len(segment.text) for segment in ground) == cells


def test_a_message_can_be_shown_from_its_beginning_or_by_a_row() -> None:
    log = log_of(ten())
    log.show_bubble(2)
    assert log.lines[0] == "m2"
    log.show_bubble(9, 0)
    assert log.viewport.rows().count(Place(9, 0)) == 1


def test_the_scroll_bar_is_told_where_the_view_is() -> None:
    log = log_of(view_of(*(answer("x\n\n" * 9 + "y") for _ in range(4))))
    total = log.viewport.heights.total
    assert log.virtual_size.height == total
    assert (log.bar.window_virtual_size, log.bar.window_size, log.bar.position) == (total, 8, total - 8)
    log.action_to_start()
    assert (log.bar.position, log.scroll_y, log.scroll_target_y) == (0, 0.0, 0.0)
    log.scroll_rows(3)
    assert (log.bar.position, log.scroll_y) == (3, 3.0)


def test_dragging_the_scroll_bar_moves_the_view_and_its_end_is_the_end() -> None:
    log = log_of(ten())
    log.action_to_start()
    log.watch_scroll_y(0.0, 2.0)
    assert log.lines[0] == "m1"
    log.watch_scroll_y(2.0, 2.0)
    assert log.lines[0] == "m1", "nobody moved it"
    log.watch_scroll_y(2.0, 11.0)
    assert log.viewport.offset == 11
    log.watch_scroll_y(11.0, 99.0)
    assert log.following and log.lines == END


def test_a_short_log_fills_its_scroll_bar() -> None:
    log = log_of(view_of(answer("a")))
    assert (log.virtual_size.height, log.bar.position) == (8, 0)


def test_what_draws_a_placed_view_must_say_how() -> None:
    with pytest.raises(NotImplementedError):
        PlacedView(lambda index: 1).redraw()
