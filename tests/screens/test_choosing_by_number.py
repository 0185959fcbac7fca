"""One of several lines is chosen by its number, also where the number has two digits."""

from demo_server import DemoServer
from userdesk.domain.message import Message, Role, now
from userdesk.tui.dialogs.asking import ChoiceScreen

BLOCKS = "\n".join(f"```python\nblock_{number}()\n```\n\nbetween\n" for number in range(1, 15))


CHOICES = [
    (["2"], "block_2()"),
    (["1", "2"], "block_12()"),
    (["1", "0"], "block_10()"),
    (["1", "7"], "block_7()"),
    (["1", "enter"], "block_1()"),
    (["1", "down", "3"], "block_3()"),
]


async def test_code_block_by_its_number(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        view = ui.view(ui.current)
        view.add(Message(role=Role.ASSISTANT, text=BLOCKS, at=now()))
        copied: list[str] = []
        ui.when_copied(copied.append)
        await ui.press("shift+tab")
        await ui.until(lambda: ui.focused is ui.log_view)
        for keys, chosen in CHOICES:
            await ui.press("c")
            await ui.opens(ChoiceScreen)
            await ui.sees("14 python: block_14()", "Esc close")
            await ui.press(*keys)
            await ui.until(lambda: copied, f"what {keys} chooses")
            assert copied == [chosen]
            assert ui.on_chat
            copied.clear()
