"""What is wrong with the settings is told where it can be seen, and goes with Esc."""

import asyncio
import sys
from pathlib import Path

import pytest

from demo_server import DemoServer
from program_driver import running
from userdesk.settings import Options, resolve


async def test_unknown_key_is_told_with_its_line(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config="\ncolour = 3\n", troubled=True) as ui:
        await ui.sees("Please check")
        assert "config.toml:2:colour:unknownkey" in ui.notices.replace(" ", "")  # the folder's name may wrap
        await ui.press("escape")
        await ui.until(lambda: "Please check" not in ui.text, "the end of the notice")


async def test_what_only_the_screen_knows_is_told_too(server: DemoServer, open_ui) -> None:
    config = 'theme = "nosuch"\n[keys]\nnonsense = "f5"\nhelp = "f2"\n'
    async with open_ui(server.base_url, config=config) as ui:
        await ui.sees("Please check", "there is no theme named 'nosuch'")
        await ui.sees("[keys] nonsense: there is no such action", "[keys] f2 is given to both")


async def test_many_troubles_do_not_cover_the_screen(server: DemoServer, open_ui) -> None:
    config = "".join(f"wrong{number} = 1\n" for number in range(7))
    async with open_ui(server.base_url, config=config, troubled=True) as ui:
        await ui.sees("wrong0", "wrong2", "and 4 more: run userdesk doctor to list them")
        assert "wrong3" not in ui.text


async def test_send_and_quit_can_be_remapped(server: DemoServer, open_ui) -> None:
    config = '[keys]\nsend = "ctrl+d"\nquit = ""\n'
    async with open_ui(server.base_url, config=config) as ui:
        await ui.type("two")
        await ui.press("enter")
        await ui.until(lambda: ui.draft == "two\n")
        await ui.press("x", "ctrl+q", "ctrl+d")
        await ui.until(lambda: ui.said() == ["two\nx"], "the message, sent by the other key")
        await ui.idle()
        await ui.press("f1")
        await ui.sees("Ctrl+D", "Send the message")


async def test_a_demo_chatbot_that_cannot_be_started_is_told(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    async with open_ui(server.base_url, greeted=False, demo=True) as ui:
        await ui.sees("Please check", "The demo chatbot could not be started: No such file")
        await ui.type("still usable")
        await ui.until(lambda: ui.draft == "still usable")


async def test_a_folder_that_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    options = Options(config=tmp_path / "config.toml", data_dir=tmp_path / ("x" * 300))
    async with running(resolve(options), options) as ui:
        await ui.sees("Please check", "its name is too long")
        await ui.type("still usable")
        await ui.until(lambda: ui.draft == "still usable")


async def test_what_waits_for_quiet_is_not_begun_once_the_program_has_ended(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        app = ui.app
    before = asyncio.all_tasks()
    app.begin_when_quiet()
    assert asyncio.all_tasks() == before  # a timer whose loop has closed would never be waited for
