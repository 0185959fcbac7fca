"""Answers judged in the log: what is said of them is seen, taken back, and not shown to an audience."""

from demo_server import DemoServer


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
