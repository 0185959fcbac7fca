"""The log as a widget: what it shows of a conversation, and what it sends."""

import pytest
from textual.binding import Binding

from log_apart import END, Log, Looks, answer, log_of, ten, user, view_of
from userdesk.tui.message_log.conversation_view import ViewListener
from userdesk.tui.message_log.scrolling import PlacedView

pytestmark = pytest.mark.usefixtures("log_parts")


def test_a_conversation_is_shown_at_its_end() -> None:
    log = log_of(ten())
    assert log.lines == END
    assert log.signs_left == [" ◆ ", "   "] * 4
    assert log.following and log.view is not None and log.cursor is None
    assert [bubble.index for bubble in log.visible_bubbles()] == [6, 7, 8, 9]
    assert log.cleared == 1
    assert len(list(log.bubbles)) < 7, "costs what is in view"


def test_another_conversation_forgets_what_was_chosen_and_who_told() -> None:
    first, second = ten(), view_of(answer("other"))
    log = log_of(first)
    log.action_move(-1)
    log.scroll_rows(-4)
    log.show(second)
    assert (log.cursor, log.following, log.lines[0]) == (None, True, "other")
    assert type(first.listener) is ViewListener is not type(second.listener)
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


def test_a_message_that_comes_is_followed_at_the_end_and_told_of_elsewhere() -> None:
    log, view = Log(), ten()
    log.show(view)
    view.add(answer("new"))
    assert log.lines == ["m7", "", "m8", "", "m9", "", "new", ""]
    log.scroll_rows(-2)
    before = log.lines
    view.add(answer("more"))
    assert log.lines[:-1] == before[:-1]
    assert log.lines[-1].endswith(" ▼ new text below")
    log.action_to_end()
    assert log.lines[-2:] == ["more", ""]


def test_a_welcome_higher_than_the_log_is_shown_from_its_beginning() -> None:
    welcome = answer("\n\n".join("abcdefgh"), welcome=True)
    assert log_of(view_of(welcome)).lines[0] == "a"
    view = view_of()
    log = log_of(view)
    view.add(welcome)
    assert log.lines[0] == "a"
    view.add(user("What now?"))
    assert log.lines[0] == "a", "it is being read"
    log.action_to_end()
    assert "What now?" in log.lines[-3:]


def test_another_theme_paints_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlacedView, "notify_style_update", lambda self: None)
    log = log_of(ten())
    painted = log.render_line(0)
    log.sent.clear()
    log.notify_style_update()
    assert Looks.made[-1].forgotten == 1 and log.sent == [()]
    assert log.render_line(0) is not painted and log.lines == END


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
