"""A list of options before it has a place on the screen, and without room for it."""

from textual.widgets import OptionList

from every_key import actions_of
from userdesk.tui.terminal.open_widgets import PagedList


def test_every_key_may_come_before_the_first_layout() -> None:
    for action in actions_of(OptionList, inherited=False):
        listed = PagedList("one", "two")
        listed.highlighted = 0
        getattr(listed, f"action_{action}")()
        assert listed.highlighted in (0, 1), action
