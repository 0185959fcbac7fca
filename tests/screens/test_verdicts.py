"""Answers judged in the log: what is said of them is seen, taken back, and not shown to an audience."""

from demo_server import DemoServer
from userdesk.tui.switcher.screen import SwitcherScreen


async def test_verdict_and_note_stand_under_the_answer_for_its_owner_alone(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("How do I quit?")
        await ui.idle()
        written = ui.record_copies()
        ui.log_view.focus()
        await ui.press("up", "up", "minus")  # the question stands for its answer
        await ui.sees("✗ bad · ", "Marked bad · - takes it back")
        await ui.press("m")
        await ui.sees("Note on this answer")
        await ui.press(*"too long", "enter")
        await ui.sees("✗ bad · too long · ")
        await ui.press("y")
        await ui.sees("Copied the message")
        assert written and "too long" not in ui.log_view.chosen().source
        await ui.press("f10")
        await ui.misses("too long")
        await ui.press("plus", "m")
        await ui.press("f10")
        await ui.sees("✗ bad · too long · ")
        await ui.press("minus")
        await ui.sees("note · too long · ", "Verdict taken back")


async def test_judged_answers_are_found_in_the_sidebar_and_in_the_switcher(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("How do I quit?")
        await ui.idle()
        judged = ui.current
        ui.log_view.focus()
        await ui.press("minus", "ctrl+n")
        await ui.until(lambda: ui.current != judged, "another conversation")
        await ui.say("How do I stop?")
        await ui.idle()
        await ui.command("to_sidebar")
        await ui.press("slash", *"is:bad quit")
        await ui.until(lambda: ui.sidebar[-1].strip() == "How do I quit?", "the judged conversation alone")
        assert not any("stop" in row for row in ui.sidebar)
        await ui.press("escape", "ctrl+t")
        await ui.opens(SwitcherScreen)
        await ui.press(*"is:bad")
        await ui.sees("1 answer", "✗ bad")
        await ui.press("enter")
        await ui.until(lambda: ui.current == judged and ui.log_view.cursor == 2, "the judged answer")
        await ui.press("f10", "ctrl+t")
        await ui.opens(SwitcherScreen)
        await ui.misses("is:bad")
        await ui.press(*"is:bad")
        await ui.sees("No matches")
