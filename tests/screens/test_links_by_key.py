"""Links in view are opened and copied by the sign that a key puts on them."""

import base64

from userdesk.demo.server.host import DemoServer
from userdesk.domain.message import Message, Role, now
from userdesk.tui.dialogs.confirm import ConfirmScreen

TEXT = """\
See [the handbook](https://example.com/handbook) and [東京](https://example.com/tokyo), not
[this](javascript:alert), or write to <mailto:ada@example.com>. Again: [the handbook](https://example.com/handbook).
"""


async def in_log(desk, text: str) -> None:
    feed = desk.chat.board.feed(desk.chat.board.current)
    feed.add(Message(role=Role.ASSISTANT, text=text, at=now()))
    await desk.logs("handbook")
    await desk.press("shift+tab")
    await desk.until(lambda: desk.chat.focused is desk.chat.log_view)


async def test_sign_shows_the_whole_address_before_it_is_opened(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await in_log(desk, TEXT)
        opened: list[str] = []
        desk.chat._open = opened.append
        await desk.press("o")
        await desk.sees("1he handbook", "2 京", "3ailto:ada@example.com", "The sign of a link opens it")
        assert desk.text.count("1he handbook") == 1
        await desk.press("2")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmScreen))
        await desk.sees("https://example.com/tokyo", "Open in the browser")
        assert opened == []
        await desk.press("enter")
        await desk.until(lambda: opened == ["https://example.com/tokyo"])
        await desk.until(lambda: "1he handbook" not in desk.text)


async def test_any_other_key_leaves_and_is_no_command(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await in_log(desk, TEXT)
        await desk.press("o")
        await desk.sees("1he handbook")
        await desk.press("r")
        await desk.until(lambda: "1he handbook" not in desk.text)
        assert desk.app.screen is desk.chat
        await desk.press("o")
        await desk.sees("1he handbook")
        await desk.press("escape")
        await desk.until(lambda: "1he handbook" not in desk.text)
        assert desk.draft == ""


async def test_address_is_copied_by_its_sign(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await in_log(desk, TEXT)
        written: list[str] = []
        desk.app.outside._write = written.append
        await desk.press("l", "1")
        await desk.until(lambda: written)
        payload = written[0].removeprefix("\x1b]52;c;").partition("\x07")[0]
        assert base64.b64decode(payload).decode() == "https://example.com/handbook"


async def test_only_link_needs_no_sign(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await in_log(desk, "[the handbook](https://example.com/handbook)")
        await desk.press("o")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmScreen))
        await desk.sees("https://example.com/handbook")


async def test_no_link_is_said(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await in_log(desk, "no [handbook](javascript:x) here")
        await desk.press("o")
        assert "no link in view" in desk.news


async def test_signs_do_not_outlive_their_conversation(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = desk.chat.board.current
        await desk.say("/unicode")
        await desk.idle()
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != first)
        await in_log(desk, TEXT)
        await desk.press("o")
        await desk.sees("1he handbook", "The sign of a link opens it")
        await desk.press("f8")
        await desk.until(lambda: "The sign of a link" not in desk.news, "another word in the status bar")
        await desk.press("tab")  # is no answer to what was asked about the other conversation
        await desk.until(lambda: desk.chat.focused is not desk.chat.log_view)


async def test_many_links_in_view_all_have_signs(server: DemoServer, open_desk) -> None:
    many = " ".join(f"[page {n}](https://example.com/{n})" for n in range(40))
    async with open_desk(server.base_url) as desk:
        await in_log(desk, f"[the handbook](ftp://example.com) {many}")
        await desk.press("o")
        await desk.sees("1age 0", "zage 34", "Aage 35", "Eage 39")
        await desk.press("E")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmScreen))
        await desk.sees("https://example.com/39")
