"""Selecting with the mouse: what is copied is the source, without wraps, borders and padding."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo_server import DemoServer
from saved_conversations import long_talk, save

LONG = " ".join(f"word{n:03d}" for n in range(60))


async def drag(ui: Any, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Press at one cell, move to another, let go; the text then selected."""
    await ui.pilot.mouse_down(offset=start)
    await ui.pilot.hover(offset=((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    await ui.pilot.hover(offset=end)
    await ui.pilot.mouse_up(offset=end)
    return ui.selected_text


async def test_a_part_of_a_wrapped_line_is_copied_without_its_wraps(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", [("user", "go"), ("assistant", f"> {LONG}")])
    async with open_ui(server.base_url, greeted=False, size=(80, 30)) as ui:
        await ui.sees("word059")
        text = await drag(ui, ui.cell_of("word003"), ui.cell_of("word041"))
        assert (
            text.rstrip() in LONG
            and text.startswith("word003")
            and text.rstrip().endswith(("word040", "word041", "w"))
        )
        assert "\n" not in text and "▌" not in text and "│" not in text


async def test_whole_messages_are_copied_as_their_source(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    source = "# Head\n\n1. **one**\n2. `two`\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    talk = [
        ("user", "first question"),
        ("assistant", source),
        ("user", "last question"),
        ("assistant", "fin"),
    ]
    save(tmp_path / "data", talk)
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("last question")
        x, y = ui.cell_of("last question")
        text = await drag(ui, ui.cell_of("first question"), (x + 4, y))
        assert text.startswith(f"first question\n{source}\nlast")
        assert "fin" not in text


async def test_wide_characters_are_selected_by_the_character(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", [("user", "x"), ("assistant", "ab 👩‍💻 東京の天気 cd ⚠️ ef end")])
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("cd")
        start, end = ui.cell_of("東"), ui.cell_of("cd")
        assert (await drag(ui, start, end)).rstrip("c") == "東京の天気 "
        ui.clear_selection()
        assert (await drag(ui, ui.cell_of("ef"), ui.cell_of("end"))).rstrip("e") == "ef "


async def test_a_selection_grows_beyond_the_view(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(300))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00299")
        log = ui.log_view
        start = ui.cell_of("answer 00299")
        region = log.region
        await ui.pilot.mouse_down(offset=start)
        await ui.pilot.hover(offset=(region.x + 6, region.y + 8))
        for _ in range(20):
            log.scroll_rows(-20)
        await ui.pilot.hover(offset=(region.x + 5, region.y + 6))
        await ui.pilot.hover(offset=(region.x + 6, region.y + 6))
        await ui.pilot.mouse_up(offset=(region.x + 6, region.y + 6))
        text = ui.selected_text
        assert text.count("question") > 30, "much more than a screen of it"
        numbers = [line for line in text.splitlines() if line.startswith("question")]
        assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers)
        assert "answer 00297 with **some** words" in text, "messages in between as their source"


async def test_a_selection_stays_on_its_text_while_an_answer_grows_and_the_width_changes(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", [("user", "go"), ("assistant", LONG)])
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("word059")
        text = await drag(ui, ui.cell_of("word010"), ui.cell_of("word020"))
        view = ui.log_view.view
        view.begin_answer()
        view.grow("An answer that comes meanwhile. " * 20)
        await ui.sees("comes meanwhile")
        assert ui.selected_text == text
        await ui.pilot.resize_terminal(60, 30)
        await ui.until(lambda: ui.screen.size.width == 60, "the new size")
        await asyncio.sleep(0)
        assert ui.selected_text == text
        assert ui.log_rows
