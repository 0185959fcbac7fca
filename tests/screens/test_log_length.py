"""Ten thousand messages: the log opens at the end, and every way of scrolling is exact."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.events import MouseScrollUp

from demo_server import DemoServer
from saved_conversations import long_talk, save
from userdesk.store.search.query import SearchQuery

COUNT = 10_000
NUMBER = re.compile(r"(?:question|answer) (\d{5})")


async def test_home_end_and_pages_are_exact_over_ten_thousand_messages(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(COUNT))
    async with open_ui(server.base_url, greeted=False) as ui:
        log = ui.log_view
        await ui.sees(f"answer {COUNT - 1:05d}")
        at_end = ui.log_rows
        assert len(list(log.bubbles)) < 60, "opening lays out what is in view"

        log.focus()
        await ui.press("home")
        await ui.sees("question 00000")
        at_start = ui.log_rows
        assert "question 00000" in at_start[1], "under its edge"

        pages = [at_start]
        for _ in range(40):
            log.action_page(1)
            pages.append(ui.log_rows)
            assert pages[-1][0] == pages[-2][-1], "one row stays in view"
        seen = [int(n) for n in NUMBER.findall("\n".join("\n".join(page[1:]) for page in pages))]
        assert seen == list(range(seen[-1] + 1)), "no message is skipped or shown twice"
        for page in reversed(pages[:-1]):
            log.action_page(-1)
            assert ui.log_rows == page, "back up, every page is what it was"
        assert len(list(log.bubbles)) <= 97, "what was passed is dropped"

        await ui.press("end")
        await ui.until(lambda: ui.log_rows == at_end, "the end as it was")
        assert log.following
        for _ in range(30):
            log.action_page(-1)
        for _ in range(30):
            log.action_page(1)
        assert ui.log_rows == at_end, "up and down over what was never measured"


async def test_the_scroll_bars_ends_are_the_ends_of_the_conversation(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(COUNT))
    async with open_ui(server.base_url, greeted=False) as ui:
        log = ui.log_view
        await ui.sees(f"answer {COUNT - 1:05d}")
        at_end = ui.log_rows
        bar = log.vertical_scrollbar
        x, top, bottom = bar.region.x, bar.region.y, bar.region.bottom - 1
        await ui.pilot.mouse_down(offset=(x, bottom))
        await ui.pilot.hover(offset=(x, (top + bottom) // 2))
        await ui.until(lambda: ui.log_rows != at_end, "the middle")
        middle = int(NUMBER.findall("\n".join(ui.log_rows))[0])
        assert COUNT * 0.3 < middle < COUNT * 0.7
        await ui.pilot.hover(offset=(x, 0))
        await ui.until(lambda: "question 00000" in ui.log_rows[1], "the first message")
        await ui.pilot.mouse_up(offset=(x, 0))
        log.scroll_to(y=log.max_scroll_y, animate=False)
        await ui.until(lambda: ui.log_rows == at_end, "the end")
        assert log.following


async def test_the_wheel_moves_three_rows_and_back(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(300))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00299")
        at_end = ui.log_rows
        x, y = ui.log_view.region.x + 5, ui.log_view.region.y + 5
        ui.post(MouseScrollUp(None, x, y, 0, -1, 0, False, False, False, x, y))
        await ui.until(lambda: ui.log_rows[3:] == at_end[:-3], "three rows up")
        ui.log_view.scroll_rows(3)
        assert ui.log_rows == at_end


async def test_the_keyboard_chooses_message_by_message(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(100))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00099")
        log = ui.log_view
        log.focus()
        await ui.press("k")
        assert log.cursor == 99
        for expected in range(98, 60, -1):
            await ui.press("k")
            assert log.cursor == expected
            assert f"{expected:05d}" in "\n".join(ui.log_rows), "the chosen message is in view"
        assert ui.log_view.chosen().index == 61
        for _ in range(3):
            await ui.press("j")
        assert log.cursor == 64
        gutter = ui.lines
        assert any("▌" in line for line in gutter), "a bar marks the chosen message"
        await ui.press("G")
        assert log.cursor is None and log.following


async def test_found_words_are_marked(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", [*long_talk(200), ("assistant", "the needle\n\nand the **needle** again")])
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("the needle")
        log = ui.log_view
        plain = [list(log.render_line(y)) for y in range(log.size.height)]
        log.highlight(SearchQuery("Needle").spans)
        marked = [list(log.render_line(y)) for y in range(log.size.height)]
        look = ui.colour("match")
        words = [s.text for line in marked for s in line if s.style and s.style.bgcolor == look]
        assert words == ["needle", "needle"]
        log.highlight(SearchQuery("question 00010").spans)
        log.show_first_match(10)
        assert any("question 00010" in row for row in ui.log_rows)
        log.highlight(None)
        log.action_to_end()
        assert [list(log.render_line(y)) for y in range(log.size.height)] == plain
