"""What the screen makes of keys that the user gave to actions."""

from userdesk.demo.server.host import DemoServer
from userdesk.tui.dialogs.help import HelpScreen

KEYS = '[keys]\nhelp = "f11"\nnew_conversation = ""\n'


async def test_help_is_closed_by_the_key_that_opened_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config=KEYS) as desk:
        await desk.press("f11")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        await desk.press("f11")
        await desk.until(lambda: desk.app.screen is desk.chat)


async def test_action_without_a_key_is_no_hint(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config=KEYS) as desk:
        assert "F11 help" in desk.news
        assert " new" not in desk.news


async def test_mark_under_a_failure_names_the_key_there_is(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config='[keys]\nremedy = "f11"\n') as desk:
        server.fail_next(500, on="message")
        await desk.say("this fails")
        await desk.toasts("500", "F11 retry")
        await desk.logs("F11 retry")
        assert "Ctrl+R" not in desk.text
