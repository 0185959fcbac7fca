"""A key that can do nothing now, or something unseen, says so."""

from demo_server import DemoServer
from userdesk.tui.dialogs.asking import ChoiceScreen
from userdesk.tui.sidebar.conversation_list import ConversationList


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


async def test_the_footer_names_what_the_chosen_message_has(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.answer_next("See <https://example.com/a>.\n\n```\ncode\n```")
        await ui.say("Show me")
        await ui.idle()
        server.answer_next("Plain words")
        await ui.say("And now?")
        await ui.idle()
        await ui.press("tab")
        await ui.until(lambda: isinstance(ui.focused, ConversationList))
        assert "u undo" not in ui.lines[-1] and "d delete" in ui.lines[-1]
        await ui.press("shift+tab", "shift+tab")
        await ui.until(lambda: ui.focused is ui.log_view)
        assert "c code" not in ui.lines[-1] and "o link" in ui.lines[-1]
        await ui.press("up", "up", "up")
        await ui.until(lambda: "c code" in ui.lines[-1])
        assert "+ good" in ui.lines[-1]
