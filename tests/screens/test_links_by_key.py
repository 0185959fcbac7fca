"""Links in view are opened and copied by the sign that a key puts on them."""

import base64

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.domain.message import Message, Role, now
from userdesk.tui.dialogs.asking import ConfirmScreen

TEXT = """\
See [the handbook](https://example.com/handbook) and [東京](https://example.com/tokyo), not
[this](javascript:alert), or write to <mailto:ada@example.com>. Again: [the handbook](https://example.com/handbook).
"""


async def in_log(ui, text: str) -> None:
    view = ui.view(ui.current)
    view.add(Message(role=Role.ASSISTANT, text=text, at=now()))
    await ui.logs("handbook")
    await ui.press("shift+tab")
    await ui.until(lambda: ui.focused is ui.log_view)


async def test_each_link_in_view_has_a_sign(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await in_log(ui, TEXT)
        await a_sign_shows_the_whole_address_before_it_is_opened(ui)
        await any_other_key_leaves_and_is_no_command(ui)
        written = ui.record_copies()
        await ui.command("to_log")
        await ui.press("l", "1")
        await ui.until(lambda: written, "the address")
        payload = written[0].removeprefix("\x1b]52;c;").partition("\x07")[0]
        assert base64.b64decode(payload).decode() == "https://example.com/handbook"


async def a_sign_shows_the_whole_address_before_it_is_opened(ui: ProgramDriver) -> None:
    opened: list[str] = []
    ui.when_opened(opened.append)
    await ui.press("o")
    await ui.sees("1he handbook", "2 京", "3ailto:ada@example.com", "Type a link's character to open it")
    assert ui.text.count("1he handbook") == 1
    await ui.press("2")
    await ui.opens(ConfirmScreen)
    await ui.sees("https://example.com/tokyo", "open in the browser")
    assert opened == []
    await ui.press("enter")
    await ui.until(lambda: opened == ["https://example.com/tokyo"], "the address in the browser")
    await ui.until(lambda: "1he handbook" not in ui.text, "the end of the signs")


async def any_other_key_leaves_and_is_no_command(ui: ProgramDriver) -> None:
    await ui.command("to_log")
    for key in ("r", "escape"):
        await ui.press("o")
        await ui.sees("1he handbook")
        await ui.press(key)
        await ui.until(lambda: "1he handbook" not in ui.text, f"the end of the signs by {key}")
        assert ui.on_chat
    assert ui.draft == ""


async def test_only_link_needs_no_sign(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await in_log(ui, "[the handbook](https://example.com/handbook)")
        await ui.press("o")
        await ui.opens(ConfirmScreen)
        await ui.sees("https://example.com/handbook")


async def test_no_link_is_said(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await in_log(ui, "no [handbook](javascript:x) here")
        await ui.press("o")
        assert "no links in view" in ui.news


async def test_signs_do_not_outlive_their_conversation(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first = ui.current
        await ui.say("/unicode")
        await ui.idle()
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != first)
        await in_log(ui, TEXT)
        await ui.press("o")
        await ui.sees("1he handbook", "Type a link's character to open it")
        await ui.press("f8")
        await ui.until(lambda: "Type a link" not in ui.news, "another word in the status bar")
        await ui.press("tab")  # is no answer to what was asked about the other conversation
        await ui.until(lambda: ui.focused is not ui.log_view)


async def test_many_links_in_view_all_have_signs(server: DemoServer, open_ui) -> None:
    many = " ".join(f"[page {n}](https://example.com/{n})" for n in range(40))
    async with open_ui(server.base_url) as ui:
        await in_log(ui, f"[the handbook](ftp://example.com) {many}")
        await ui.press("o")
        await ui.sees("1age 0", "zage 34", "Aage 35", "Eage 39")
        await ui.press("E")
        await ui.opens(ConfirmScreen)
        await ui.sees("https://example.com/39")
