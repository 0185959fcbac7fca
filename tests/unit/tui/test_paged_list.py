"""A list of options before it has a place on the screen, and without room for it."""

from textual.app import App, ComposeResult
from textual.widgets import OptionList

from every_key import actions_of
from userdesk.tui.terminal.open_widgets import PagedList


def test_every_key_may_come_before_the_first_layout() -> None:
    for action in actions_of(OptionList, inherited=False):
        listed = PagedList("one", "two")
        listed.highlighted = 0
        getattr(listed, f"action_{action}")()
        assert listed.highlighted in (0, 1), action


async def test_options_that_wrap_beside_the_scroll_bar_are_shown_whole() -> None:
    class Listing(App[None]):
        CSS = "PagedList { height: 4; border: none; padding: 0; scrollbar-size-vertical: 1; }"

        def compose(self) -> ComposeResult:
            yield PagedList(compact=True)

    app = Listing()
    async with app.run_test(size=(17, 6)) as pilot:  # as wide as each option
        listed = app.query_one(PagedList)
        for _ in range(2):
            listed.clear_options()
            listed.add_options(f"number {number} all said" for number in range(6))
            await pilot.pause()
        assert listed.show_vertical_scrollbar
        rows = [listed.render_line(y).text.strip() for y in range(4)]
        assert rows == ["number 0 all", "said", "number 1 all", "said"]
