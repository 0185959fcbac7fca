"""The cursor of a list and the keys stay in view, however low the screen is."""

from textual.widgets import OptionList, Static

from demo_server import DemoServer
from userdesk.tui.dialogs.asking import ChoiceScreen
from userdesk.tui.dialogs.dialog import ListingScreen
from userdesk.tui.dialogs.searched_list import PickScreen
from userdesk.tui.dialogs.themes import ThemesScreen

LINES = [f"line {number:02} of many" for number in range(30)]
SIZES = [(40, 12), (80, 18), (80, 24), (120, 36)]


def chosen(listed: OptionList) -> str:
    return str(listed.get_option_at_index(listed.highlighted or 0).prompt)


async def test_cursor_and_keys_stay_in_view(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        for width, height in SIZES:
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda height=height: ui.screen.size.height == height, "the new size")
            dialogs: list[ListingScreen] = [
                ChoiceScreen("Which one?", LINES),
                PickScreen("Lines", LINES, about="It stays where it is for 30 days, and is gone then."),
                ThemesScreen(),
                ui.new_palette(),
            ]
            for screen in dialogs:
                await ui.push(screen)
                await ui.until(lambda screen=screen: screen.query_one(OptionList).option_count, "the list")
                listed = screen.query_one(OptionList)
                listed.highlighted = 17
                await ui.press("down")
                await ui.until(lambda listed=listed: chosen(listed) in ui.text, "the chosen line")
                await ui.sees(str(screen.query_one(".dialog-keys", Static).content))
                await ui.pop()


async def test_form_says_all_its_keys_on_the_smallest_screen(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False, size=SIZES[0]) as ui:
        await ui.press("f9")
        await ui.sees("Enter switch  Tab next  Esc close")
        await ui.press("tab")
        await ui.sees("Enter connect  Tab next  Esc close")


async def test_help_is_as_wide_as_the_smallest_screen(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False, size=SIZES[0]) as ui:
        await ui.press("f1")
        await ui.sees("Send the message")


async def test_switcher_names_the_filters_where_there_is_room_for_all(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False, size=SIZES[0]) as ui:
        await ui.press("ctrl+t")
        await ui.sees("Search titles and messages  ")
        await ui.pilot.resize_terminal(*SIZES[2])
        await ui.sees("Search titles and messages · is:bad is:good has:note  ")
