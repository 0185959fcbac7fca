"""What is chosen in the log: a message, a link, a match, a selection."""

from collections.abc import Callable

import pytest
from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from log_apart import END, Event, Log, answer, log_of, ten, user, view_of
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.highlight_spans import selection_y
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.message_log.viewport import Place

pytestmark = pytest.mark.usefixtures("log_parts")


def test_choosing_begins_at_the_last_message_in_view_and_ends_at_the_ends() -> None:
    log = log_of(ten())
    assert log.chosen() is log.bubbles[9]
    log.action_move(-1)
    assert (log.cursor, log.signs_left[6]) == (9, "▌◆ ")
    log.action_move(1)
    assert log.cursor == 9
    for _ in range(5):
        log.action_move(-1)
    assert (log.cursor, log.lines[0], log.chosen()) == (4, "m4", log.bubbles[4])
    assert log.cursor_screen_offset == Offset(3, 2)
    log.action_move(1)
    assert log.cursor_screen_offset == Offset(3, 4)
    log.action_to_start()
    assert (log.cursor, log.lines[0]) == (0, "m0")
    log.action_move(-1)
    assert log.cursor == 0
    log.action_to_end()
    assert log.cursor is None and log.cursor_screen_offset == Offset(3, 2)
    log.scroll_rows(-10)
    log.action_move(1)
    assert log.cursor == 4, "the last one in view"
    log.on_blur()
    assert log.cursor is None and "▌" not in "".join(log.signs_left)


def test_the_chosen_message_stays_chosen_when_one_comes_before_it() -> None:
    view = ten()
    view.begin_answer()
    view.queue(user("waits"), "t1")
    log = log_of(view)
    log.action_move(-1)
    assert log.cursor == 11
    view.add(answer("between"))
    assert log.cursor == 12 and log.chosen().source == "waits"  # type: ignore[union-attr]
    view.withdraw("t1")
    assert log.cursor is None and log.lines[-2:] == ["between", ""]


def test_a_message_that_goes_takes_only_a_choice_behind_it() -> None:
    view = ten()
    view.queue(user("waits"), "t1")
    log = log_of(view)
    log.action_move(-1)
    log.action_move(-1)
    assert log.cursor == 9
    view.withdraw("t1")
    assert log.cursor == 9 and log.lines == END


def links(count: int = 2) -> ConversationView:
    return view_of(answer(" ".join(f"[l{number}](http://{number}.example)" for number in range(count))))


def test_links_in_view_are_picked_by_their_signs() -> None:
    log = log_of(links())
    assert log.ask_for_link(lambda href: True) == ["http://0.example", "http://1.example"]
    assert log.lines[0] == "10 (http://0.example) 21 (http://1.example)"
    key = Event("2")
    log.on_key(key)  # type: ignore[arg-type]
    assert key.is_stopped
    (picked,) = log.posted
    assert isinstance(picked, MessageLog.LinkPicked) and picked.href == "http://1.example"
    assert log.lines[0].startswith("l0 (")
    other = Event("2")
    log.on_key(other)  # type: ignore[arg-type]
    assert len(log.posted) == 1 and not other.is_stopped


@pytest.mark.parametrize("leave", [lambda log: log.on_key(Event("x")), lambda log: log.on_blur()])
def test_any_other_key_leaves_the_links(leave: Callable[[Log], None]) -> None:
    log = log_of(links())
    assert len(log.ask_for_link(lambda href: True)) == 2
    leave(log)
    (picked,) = log.posted
    assert isinstance(picked, MessageLog.LinkPicked) and picked.href is None
    assert log.lines[0].startswith("l0 (")


@pytest.mark.parametrize("addresses", [["http://1.example"], []])
def test_one_link_alone_needs_no_sign(addresses: list[str]) -> None:
    log = log_of(links())
    assert log.ask_for_link(lambda href: href in addresses) == addresses
    assert log.lines[0].startswith("l0 (")
    log.on_key(Event("1"))
    assert log.posted == []


def clicked(y: int, style: Style | None = None) -> events.Click:
    event = events.Click(None, 0, y, 0, 0, 1, False, False, False, style=style or Style())
    return event


def test_a_click_opens_a_link_or_chooses_a_message() -> None:
    log = log_of(view_of(answer("a"), answer("b")))
    log.on_click(clicked(2))
    (moved,) = log.posted
    assert log.cursor == 1 and isinstance(moved, MessageLog.Moved)
    log.on_click(clicked(7))
    assert log.cursor == 1
    log.on_click(clicked(0, Style(meta={"href": "http://a.example"})))
    opened = log.posted[-1]
    assert isinstance(opened, MessageLog.LinkOpened) and opened.href == "http://a.example"
    assert log.cursor == 1


def words(line: str) -> list[tuple[int, int]]:
    return [(at, at + 2) for at in range(len(line)) if line.startswith("m5", at)]


def test_what_is_looked_for_is_marked_and_shown() -> None:
    log = log_of(ten())
    log.highlight(words)
    log.show_match(Match(5, 0, 0))
    y = log.lines.index("m5")
    assert log.names(y, "m5") == {"assistant", "match-shown"}
    log.highlight(words)
    assert log.names(y, "m5") == {"assistant", "match"}
    log.highlight(None)
    assert log.names(y, "m5") == {"assistant"}


def test_the_first_match_of_a_message_is_shown_or_its_beginning() -> None:
    view = view_of(*(answer("x\n\n" * 20 + f"m{number}") for number in range(10)))
    log = log_of(view)
    log.highlight(words)
    log.show_first_match(5)
    assert "m5" in log.lines
    assert log.names(log.lines.index("m5"), "m5") == {"assistant", "match-shown"}
    log.show_first_match(3)
    assert log.viewport.place == Place(3, 0)
    log.highlight(None)
    log.show_first_match(5)
    assert log.viewport.place == Place(5, 0)


def test_a_selection_is_drawn_and_copied() -> None:
    log = Log()
    everything = Selection(None, None)
    assert log.get_selection(everything) is None
    log.show(ten())
    text, end = log.get_selection(everything) or ("", "")
    assert (text.split("\n"), end) == ([f"m{number}" for number in range(10)], "\n")
    part = Selection(Offset(1, selection_y(8, 0)), Offset(1, selection_y(9, 0)))
    assert log.get_selection(part) == ("8\nm", "\n")
    log.selection = part
    log.selection_updated(part)
    assert log.names(4, "8") == {"assistant", "selected"}
    assert log.names(6, "m") == {"assistant", "selected"}
