"""An answer that grows in the log: its pace, its spinner, what is told of it."""

from types import SimpleNamespace

import pytest
from textual.geometry import Region

from log_apart import END, Log, Paces, answer, live_log, ten, user, view_of
from userdesk.domain.message import Status
from userdesk.tui.message_log.view_follower import FIRST_FRAME, FRAME

pytestmark = pytest.mark.usefixtures("log_parts")


def test_an_answer_grows_with_its_spinner_and_then_gets_its_marks() -> None:
    log, view = live_log()
    assert log.lines[:3] == ["Hi", "", "⠋ waiting for the answer · 0.0 s"]
    assert log.growing and log.timer.runs
    view.grow("**Hello**")
    assert log.lines[2:4] == ["Hello", "⠋ 0.0 s · 9 chars"]
    log.tick()
    assert log.lines[3] == "⠋ 0.0 s · 9 chars", "the next text's frame turns it"
    log.tick()
    assert log.lines[3] == "⠹ 0.0 s · 9 chars"
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


def test_text_is_drawn_sooner_at_first() -> None:
    log, view = live_log()
    paces = Paces.made[-1]
    view.grow("x" * 100)
    view.grow("x" * 100)
    view.grow("x")
    assert paces.frames == [FIRST_FRAME, FRAME, FRAME]
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
    assert log.lines[-1].endswith("new text below")
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


def test_the_spinner_turns_only_where_the_answer_is_shown() -> None:
    log, view = live_log()
    log.show(ten())
    assert not log.timer.runs
    log.show(view)
    assert log.timer.runs


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
    log.timer.run(True)
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
