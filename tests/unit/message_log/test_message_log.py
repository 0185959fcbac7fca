"""The log as a widget: what is in view, chosen, followed and sent again, without an app around it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Offset, Region, Size
from textual.message import Message as TextualMessage
from textual.selection import Selection

from userdesk.domain.message import Message, Role, Status, now
from userdesk.tui.message_log import log_view, view_follower
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.highlight_spans import selection_y
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.message_log.scrolling import PlacedView
from userdesk.tui.message_log.view_follower import FIRST_FRAME, FRAME, SCROLL_FRAME
from userdesk.tui.message_log.viewport import Place

WAITING = "◌ no answer recorded · may have been received · Ctrl+R sends it again"


class Looks:
    """Looks that carry their names."""

    made: ClassVar[list["Looks"]] = []

    def __init__(self, widget: object, prefix: str) -> None:
        self.made.append(self)
        self.forgotten = 0

    def __call__(self, name: str) -> Style:
        return Style(meta={name: True})

    def forget(self) -> None:
        self.forgotten += 1


class Paces:
    """A pacer that draws at once and remembers at which pace it was asked to."""

    made: ClassVar[list["Paces"]] = []

    def __init__(self, flush: Callable[[], None]) -> None:
        self.made.append(self)
        self.flush = flush
        self.frames: list[float] = []
        self.at_once = 0
        self.cancelled = 0
        self.is_due = False

    def changed(self, frame: float) -> None:
        self.frames.append(frame)
        self.flush()

    def now(self) -> None:
        self.at_once += 1
        self.flush()

    def cancel(self) -> None:
        self.cancelled += 1


class Timer:
    def __init__(self) -> None:
        self.runs = False

    def resume(self) -> None:
        self.runs = True

    def pause(self) -> None:
        self.runs = False


class Event:
    """A key or a turn of the wheel."""

    def __init__(self, character: str | None = None) -> None:
        self.character = character
        self._left = {"stop", "default"}

    def stop(self) -> None:
        self._left.discard("stop")

    def prevent_default(self) -> None:
        self._left.discard("default")

    @property
    def is_stopped(self) -> bool:
        """Whether nobody else acts on it."""
        return not self._left


class Log(MessageLog):
    """The widget with a size, and what Textual would be asked for written down."""

    is_mounted = True  # type: ignore[assignment]
    rich_style = Style()  # type: ignore[assignment]
    content_region = Region(3, 2, 90, 8)  # type: ignore[assignment]
    show_vertical_scrollbar = True  # type: ignore[assignment]
    shape: ClassVar[Size] = Size(90, 8)

    def __init__(self, **options: Any) -> None:
        self.sent: list[tuple[Region, ...]] = []
        self.posted: list[TextualMessage] = []
        self.later: list[Callable[[], object]] = []
        self.selection: Selection | None = None
        self.cleared = 0
        self.focused_app = True
        self.bar = SimpleNamespace(position=None, window_size=None, window_virtual_size=None)
        self.timer = Timer()
        self.now_size = self.shape
        super().__init__(**options)
        self.signs_left: list[str] = []
        self.markers.show_lines = lambda lines: self.signs_left.__setitem__(  # type: ignore[method-assign]
            slice(None), [line.strip.text for line in lines]
        )
        self.on_mount()

    @property
    def size(self) -> Size:
        return self.now_size

    @property
    def scrollable_content_region(self) -> Region:
        return Region(0, 0, *self.now_size)

    @property
    def text_selection(self) -> Selection | None:
        return self.selection

    @property
    def vertical_scrollbar(self) -> Any:
        return self.bar

    @property
    def screen(self) -> Any:
        def clear() -> None:
            self.cleared += 1

        look = Style(meta={"selected": True})
        return SimpleNamespace(clear_selection=clear, get_component_rich_style=lambda *_, **__: look)

    @property
    def app(self) -> Any:
        return SimpleNamespace(app_focus=self.focused_app)

    def refresh(self, *regions: Region, **_: Any) -> Any:
        self.sent.append(regions)
        return self

    def call_later(self, callback: Any, *args: Any, **_: Any) -> bool:
        self.later.append(lambda: callback(*args))
        return True

    def post_message(self, message: TextualMessage) -> bool:
        self.posted.append(message)
        return True

    def set_interval(self, interval: float, callback: Any = None, **options: Any) -> Any:
        assert (interval, options) == (0.125, {"pause": True})
        self.tick = callback
        return self.timer

    @property
    def lines(self) -> list[str]:
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    def names(self, y: int, text: str) -> set[str]:
        """The looks of a part of a line."""
        segment = next(segment for segment in self.render_line(y) if segment.text == text)
        return {name for name in segment.style.meta if name != "offset"} if segment.style else set()


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_view, "StyleCache", Looks)
    monkeypatch.setattr(view_follower, "Pacer", Paces)


def user(text: str) -> Message:
    return Message(role=Role.USER, text=text, at=now())


def answer(text: str, **fields: Any) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=now(), **fields)


def view_of(*messages: Message) -> ConversationView:
    view = ConversationView([], clock=lambda: 0.0)  # type: ignore[arg-type]
    for message in messages:
        view.add(message)
    return view


def ten() -> ConversationView:
    return view_of(*(answer(f"m{number}") for number in range(10)))


def log_of(view: ConversationView, **options: Any) -> Log:
    log = Log(**options)
    log.show(view)
    return log


END = ["m6", "", "m7", "", "m8", "", "m9", ""]


def test_a_conversation_is_shown_at_its_end() -> None:
    log = log_of(ten())
    assert log.lines == END
    assert log.signs_left == [" ◆ ", "   "] * 4
    assert log.following and log.view is not None and log.cursor is None
    assert [bubble.index for bubble in log.visible_bubbles()] == [6, 7, 8, 9]
    assert log.cleared == 1
    assert len(log.bubbles) < 7, "costs what is in view"


def test_another_conversation_forgets_what_was_chosen_and_who_told() -> None:
    first, second = ten(), view_of(answer("other"))
    log = log_of(first)
    log.action_move(-1)
    log.scroll_rows(-4)
    log.show(second)
    assert (log.cursor, log.following, log.lines[0]) == (None, True, "other")
    assert first.listener is None and second.listener is not None
    first.add(answer("elsewhere"))
    assert log.lines[:3] == ["other", "", ""]
    assert log.view is second


def test_an_empty_conversation_says_so_in_the_middle() -> None:
    log = Log()
    log.empty_words = "nothing yet"
    assert log.lines == [*[""] * 4, "nothing yet".center(90).rstrip(), *[""] * 3]
    log.show(view_of())
    assert log.lines[4].strip() == "nothing yet"
    log.action_move(-1)
    assert log.cursor is None and log.chosen() is None
    log.show(ten())
    assert log.lines == END


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


def test_a_message_that_comes_is_followed_at_the_end_and_told_of_elsewhere() -> None:
    log, view = Log(), ten()
    log.show(view)
    view.add(answer("new"))
    assert log.lines == ["m7", "", "m8", "", "m9", "", "new", ""]
    log.scroll_rows(-2)
    before = log.lines
    view.add(answer("more"))
    assert log.lines[:-1] == before[:-1]
    assert log.lines[-1].endswith(" ▼ new text below · Ctrl+End")
    log.action_to_end()
    assert log.lines[-2:] == ["more", ""]


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


def live_log(**options: Any) -> tuple[Log, ConversationView]:
    view = view_of(user("Hi"))
    log = log_of(view, **options)
    view.begin_answer()
    return log, view


def test_an_answer_grows_with_its_spinner_and_then_gets_its_marks() -> None:
    log, view = live_log()
    assert log.lines[:3] == ["Hi", "", "⠋ waiting for the answer · 0.0 s"]
    assert log.growing and log.timer.runs
    view.grow("**Hello**")
    assert log.lines[2:4] == ["Hello", "⠋ 0.0 s · 9 chars"]
    log.tick()
    assert log.lines[3] == "⠙ 0.0 s · 9 chars"
    view.end_answer(answer("**Hello** [x]\n\n[x]: http://a.example", status=Status.STOPPED))
    assert log.lines[2:4] == ["Hello [x]", "■ stopped"]
    assert not log.growing and not log.timer.runs
    for finish in log.later:
        finish()
    assert log.lines[2] == "Hello x (http://a.example)"
    assert log.lines[4:] == [""] * 4


def test_a_bubble_that_was_dropped_meanwhile_is_not_finished() -> None:
    log, view = live_log()
    view.grow("[x]\n\n[x]: http://a.example")
    view.end_answer(answer("[x]\n\n[x]: http://a.example"))
    bubble = log.bubbles[1]
    log.show(ten())
    for finish in log.later:
        finish()
    bubble.lay_out(90, is_last=True, frame=0)
    assert bubble.row(0).text == "[x]"
    assert log.lines == END


def test_text_is_drawn_soon_at_first_and_at_the_pace_that_its_rows_allow() -> None:
    log, view = live_log()
    paces = Paces.made[-1]
    view.grow("x" * 100)
    view.grow("x" * 100)
    view.grow("x")
    view.grow("y\n\n" * 20)
    view.grow("z")
    assert paces.frames == [FIRST_FRAME, FRAME, FRAME, FRAME, SCROLL_FRAME]
    view.stream_ended()
    assert paces.at_once == 1
    log.on_unmount()
    assert paces.cancelled == 1


def test_text_that_arrives_out_of_view_is_told_of() -> None:
    log, view = live_log()
    view.grow("a\n\n" * 20)
    log.scroll_rows(-3)
    assert "new text" not in log.lines[-1]
    view.grow("b")
    assert log.lines[-1].endswith("new text below · Ctrl+End")
    log.scroll_rows(99)
    assert "new text" not in log.lines[-1]


def test_the_spinner_stands_while_nobody_looks_and_where_it_must_not_move() -> None:
    log, view = live_log()
    log.attention_changed(False)
    assert not log.timer.runs and log.growing
    log.attention_changed(True)
    assert log.timer.runs
    view.end_answer(answer("x"))
    log.attention_changed(True)
    assert not log.timer.runs
    still, _ = live_log(still=True)
    assert not still.timer.runs and not still.growing
    assert still.lines[:5] == ["You:", "Hi", "", "Chatbot:", "waiting for the answer…"]
    assert set(still.signs_left) == {"   "}
    away = Log()
    away.focused_app = False
    away.show(view_of(user("Hi")))
    assert away.view
    away.view.begin_answer()
    assert away.growing and not away.timer.runs


def test_a_tick_draws_nothing_that_is_drawn_soon_anyway() -> None:
    log, _ = live_log()
    log.sent.clear()
    paces = Paces.made[-1]
    paces.is_due = True
    log.tick()
    assert log.sent == []
    paces.is_due = False
    log.tick()
    assert log.lines[2].startswith("⠹ ") and len(log.sent) == 1
    log.show(ten())
    log.timer.resume()
    log.tick()
    assert log.lines == END


def test_only_rows_that_changed_are_sent() -> None:
    log, view = live_log()
    log.sent.clear()
    view.grow("Hello")
    assert log.sent == [(Region(0, 2, 32, 1), Region(0, 3, 17, 1))]
    assert log.rows_changed == 2
    log.redraw()
    assert (len(log.sent), log.rows_changed) == (1, 0)


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


def test_another_theme_paints_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlacedView, "notify_style_update", lambda self: None)
    log = log_of(ten())
    painted = log.render_line(0)
    log.sent.clear()
    log.notify_style_update()
    assert Looks.made[-1].forgotten == 1 and log.sent == [()]
    assert log.render_line(0) is not painted and log.lines == END


def test_a_message_can_be_shown_from_its_beginning_or_by_a_row() -> None:
    log = log_of(ten())
    log.show_bubble(2)
    assert log.lines[0] == "m2"
    log.show_bubble(9, 0)
    assert log.viewport.rows().count(Place(9, 0)) == 1


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
    assert log.ask_for_link(lambda href: "1" in href) == ["http://1.example"]
    leave(log)
    (picked,) = log.posted
    assert isinstance(picked, MessageLog.LinkPicked) and picked.href is None
    assert log.lines[0].startswith("l0 (")


def test_asking_can_be_stopped_without_a_word() -> None:
    log = log_of(links())
    log.ask_for_link(lambda href: True)
    log.stop_asking()
    assert log.posted == [] and log.lines[0].startswith("l0 (")
    assert log.ask_for_link(lambda href: False) == []
    log.sent.clear()
    log.stop_asking()
    assert log.sent == []


def clicked(y: int, style: Style | None = None) -> events.Click:
    event = events.Click(None, 0, y, 0, 0, 1, False, False, False, style=style or Style())
    return event


def test_a_click_opens_a_link_or_chooses_a_message() -> None:
    log = log_of(view_of(answer("a"), answer("b")))
    log.on_click(clicked(2))
    assert log.cursor == 1 and log.posted == []
    log.on_click(clicked(7))
    assert log.cursor == 1
    log.on_click(clicked(0, Style(meta={"href": "http://a.example"})))
    (opened,) = log.posted
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


def test_the_scroll_bar_moves_once_a_second_while_an_answer_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    from userdesk.tui.message_log import scrolling

    clock = [100.0]
    monkeypatch.setattr(scrolling, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    log, view = live_log()
    view.grow("a\n\n" * 10)
    position = log.bar.position
    clock[0] += 0.9
    view.grow("b\n\n" * 10)
    assert log.bar.position == position
    clock[0] += 0.2
    view.grow("c\n\n" * 10)
    assert log.bar.position > position
    position = log.bar.position
    log.scroll_rows(-3)
    assert log.bar.position == position - 3, "whoever scrolls sees it at once"


def test_the_logs_own_keys_do_what_they_say() -> None:
    keys = {binding.key: binding.action for binding in Log.BINDINGS if isinstance(binding, Binding)}
    assert {keys[key] for key in ("up,k", "down,j")} == {"move(-1)", "move(1)"}
    assert (keys["pageup"], keys["pagedown,space"]) == ("page(-1)", "page(1)")
    assert (keys["home,g"], keys["end,G"]) == ("to_start", "to_end")


def test_a_conversation_that_is_shown_has_nothing_new_below() -> None:
    log, view = log_of(ten()), ten()
    log.scroll_rows(-3)
    log.view.add(answer("new"))  # type: ignore[union-attr]
    assert "new text below" in log.lines[-1]
    log.show(view)
    log.scroll_rows(-3)
    assert "new text below" not in log.lines[-1]


def test_a_short_log_fills_its_scroll_bar() -> None:
    log = log_of(view_of(answer("a")))
    assert (log.virtual_size.height, log.bar.position) == (8, 0)


def test_what_draws_a_placed_view_must_say_how() -> None:
    view = PlacedView()
    for method in (lambda: view.measure(0), view.redraw):
        with pytest.raises(NotImplementedError):
            method()
