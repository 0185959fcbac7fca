"""A key that can do nothing now, or something unseen, says so."""

from userdesk.demo.server.host import DemoServer
from userdesk.tui.dialogs.choice import ChoiceScreen


async def test_retry_waits_for_the_answer_under_way(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(0)
        await desk.say("Which keys are there?")
        await desk.until(lambda: desk.app.desk.busy_keys())
        await desk.press("shift+tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.log_view)
        await desk.press("r")
        await desk.sees("An answer is still on its way")
        server.release()
        await desk.idle()
        assert desk.said() == ["Which keys are there?"]


async def test_draft_that_an_edit_replaces_is_one_key_away(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("Which keys are there?")
        await desk.idle()
        await desk.type("half a thought")
        await desk.press("shift+tab")
        await desk.until(lambda: desk.chat.focused is desk.chat.log_view)
        await desk.press("e")
        await desk.until(lambda: isinstance(desk.app.screen, ChoiceScreen))
        await desk.press("1")
        await desk.until(lambda: desk.draft == "Which keys are there?")
        await desk.sees("your draft is in the prompt history")
        await desk.press("up")
        await desk.until(lambda: desk.draft == "half a thought")
