"""What the screen makes of keys that the user gave to actions."""

from demo_server import DemoServer
from userdesk.tui.dialogs.help import HelpScreen

KEYS = '[keys]\nhelp = "f11"\nnew_conversation = ""\n'


async def test_help_is_closed_by_the_key_that_opened_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config=KEYS) as ui:
        await ui.press("f11")
        await ui.opens(HelpScreen)
        await ui.press("f11")
        await ui.closes()


async def test_action_without_a_key_is_no_hint(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config=KEYS) as ui:
        assert "F11 help" in ui.news
        assert " new" not in ui.news


async def test_mark_under_a_failure_names_the_key_there_is(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config='[keys]\nremedy = "f11"\n') as ui:
        server.fail_next(500, on="message")
        await ui.say("this fails")
        await ui.toasts("500", "F11 retry")
        await ui.logs("F11 retry")
        assert "Ctrl+R" not in ui.text
