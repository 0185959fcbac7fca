"""What is typed arrives whole: in the message that is sent, and in each field of the screen."""

from textual import events
from textual.widgets import Input

from demo_server import DemoServer
from userdesk.tui.terminal.key_sequences import press_of

TYPED = (
    "漢\u3000字 می\u200cخواهم 👨\u200d👩\u200d👧 a\u00a0b\u202fc \ue000 \U0001fae9 \u0301x "
    "\u00ad\u200e🏴\U000e0067\U000e007f"
)


async def test_every_character_arrives(server: DemoServer, open_ui) -> None:
    keys = [events.Key(*press) for press in map(press_of, TYPED) if press]
    async with open_ui(server.base_url) as ui:
        for key in keys:
            ui.post(key)
        await ui.until(lambda: ui.draft == TYPED, "what was typed")
        await ui.press("enter")
        await ui.until(lambda: ui.said() == [TYPED], "the message as it was typed")
        await ui.idle()
        for way in ("ctrl+t", "ctrl+f", "sidebar slash", "sidebar r", "ctrl+p"):
            if place := way.partition(" ")[2]:
                await ui.command("to_sidebar")
            await ui.press(place or way)
            await ui.until(lambda: isinstance(ui.focused, Input), f"the field of {way}")
            field = ui.focused
            field.value = ""
            for key in keys:
                ui.post(events.Key(key.key, key.character))
            await ui.until(lambda field=field: field.value == TYPED, f"what was typed after {way}")
            await ui.press("escape", "escape")
            await ui.until(lambda: not isinstance(ui.focused, Input), f"the field of {way} to be left")
