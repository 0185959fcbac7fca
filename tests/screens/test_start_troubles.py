"""What is wrong with the settings is told where it can be seen, and goes with Esc."""

import pytest

from userdesk.demo.server.host import DemoServer


async def test_unknown_key_is_told_with_its_line(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config="\ncolour = 3\n", troubled=True) as desk:
        await desk.sees("Please check", "config.toml:2: colour: unknown key")
        await desk.press("escape")
        await desk.until(lambda: "Please check" not in desk.text, "the end of the notice")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('theme = "nosuch"\n', "there is no theme called 'nosuch'"),
        ('[keys]\nnonsense = "f5"\n', "[keys] nonsense: there is no such action"),
        ('[keys]\nhelp = "f2"\n', "[keys] f2 is given to both"),
    ],
)
async def test_what_only_the_screen_knows_is_told_too(
    server: DemoServer, open_desk, config: str, words: str
) -> None:
    async with open_desk(server.base_url, config=config) as desk:
        await desk.sees("Please check", words)


async def test_many_troubles_do_not_cover_the_screen(server: DemoServer, open_desk) -> None:
    config = "".join(f"wrong{number} = 1\n" for number in range(7))
    async with open_desk(server.base_url, config=config, troubled=True) as desk:
        await desk.sees("wrong0", "wrong2", "and 4 more: userdesk doctor lists them")
        assert "wrong3" not in desk.text


async def test_send_and_quit_can_be_remapped(server: DemoServer, open_desk) -> None:
    config = '[keys]\nsend = "ctrl+d"\nquit = ""\n'
    async with open_desk(server.base_url, config=config) as desk:
        await desk.type("two")
        await desk.press("enter")
        await desk.until(lambda: desk.draft == "two\n")
        await desk.press("x", "ctrl+q", "ctrl+d")
        await desk.until(lambda: desk.said() == ["two\nx"], "the message, sent by the other key")
        await desk.idle()
        await desk.press("f1")
        await desk.sees("Ctrl+D", "Send the message")
