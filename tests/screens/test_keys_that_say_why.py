"""A key that can do nothing now, or something unseen, says so."""

from demo_server import DemoServer
from userdesk.tui.dialogs.asking import ChoiceScreen


async def test_retry_waits_for_the_answer_under_way(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(0)
        await ui.say("Which keys are there?")
        await ui.until(lambda: ui.service.busy_keys())
        await ui.press("shift+tab")
        await ui.until(lambda: ui.focused is ui.log_view)
        await ui.press("r")
        await ui.sees("An answer is still arriving")
        server.release()
        await ui.idle()
        assert ui.said() == ["Which keys are there?"]


async def test_draft_that_an_edit_replaces_is_one_key_away(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("Which keys are there?")
        await ui.idle()
        await ui.type("half a thought")
        await ui.press("shift+tab")
        await ui.until(lambda: ui.focused is ui.log_view)
        await ui.press("e")
        await ui.opens(ChoiceScreen)
        await ui.press("1")
        await ui.until(lambda: ui.draft == "Which keys are there?")
        await ui.sees("your draft is in the prompt history")
        await ui.press("up")
        await ui.until(lambda: ui.draft == "half a thought")
