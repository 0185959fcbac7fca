"""The cursor of a list stays in view, however low the screen is."""

import pytest
from textual.widgets import OptionList

from demo_server import DemoServer
from userdesk.tui.dialogs.choice import ChoiceScreen
from userdesk.tui.dialogs.listing import ListingScreen
from userdesk.tui.dialogs.pick import PickScreen
from userdesk.tui.dialogs.themes import ThemesScreen

LINES = [f"line {number:02} of many" for number in range(30)]
SIZES = [(40, 12), (80, 18), (80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_cursor_stays_in_view(server: DemoServer, open_ui, size: tuple[int, int]) -> None:
    async with open_ui(server.base_url, size=size, greeted=False) as ui:
        dialogs: list[ListingScreen] = [
            ChoiceScreen("Which one?", LINES),
            PickScreen("Lines", LINES, about="It stays where it is for 30 days, and is gone for good then."),
            ThemesScreen(),
        ]
        for screen in dialogs:
            await ui.push(screen)
            await ui.until(lambda screen=screen: screen.query_one(OptionList).option_count)
            listed = screen.query_one(OptionList)
            listed.highlighted = 17
            await ui.press("down")
            await ui.sees(str(listed.get_option_at_index(18).prompt), "Esc")
            await ui.pop()
