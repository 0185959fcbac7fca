"""Following the end: while one reads further up nothing moves; a badge tells of new text."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo_server import DemoServer
from saved_conversations import long_talk, save
from userdesk.tui.message_log.conversation_view import ConversationView

BADGE = "new text below"
ANSWER = [f"Paragraph {n} of the **answer** that is streamed.\n\n".encode() for n in range(60)]


async def test_scrolled_up_the_view_does_not_move_while_text_arrives(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(200))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00199")
        server.forget_conversations()  # whatever the id is
        view = ui.view()
        view.begin_answer()
        view.grow(ANSWER[0].decode())
        await ui.sees("Paragraph 0")
        await ui.press("pageup")
        before = ui.log_rows
        assert BADGE not in ui.log
        for piece in ANSWER[1:]:
            view.grow(piece.decode())
        await ui.sees(BADGE)
        assert ui.log_rows[:-1] == before[:-1], "only the badge's line changed"
        await ui.press("pageup")
        further = ui.log_rows
        view.grow("More of it.")
        await asyncio.sleep(0)
        assert ui.log_rows[:-1] == further[:-1]
        await ui.press("ctrl+end")
        await ui.sees("More of it.")
        assert BADGE not in ui.log
        view.grow("\n\nThe very last words.")
        await ui.sees("The very last words.")


async def test_an_empty_log_without_a_row_says_its_words_again_when_there_is_one(
    server: DemoServer, open_ui: Callable[..., Any]
) -> None:
    async with open_ui(server.base_url) as ui:
        log = ui.log_view
        log.empty_words = "Nothing was said yet"
        log.show(ConversationView([]))
        await ui.sees("Nothing was said yet")
        # It may be asked for its lines as soon as it is laid out, before anything else.
        log.screen.screen_layout_refresh_signal.subscribe(log, lambda _: log.strips(range(0)), immediate=True)
        log.styles.max_height = 0
        await ui.until(lambda: not log.size.height, "a log without a row")
        log.styles.max_height = None
        await ui.sees("Nothing was said yet")


async def test_a_log_without_a_row_has_nothing_in_view(
    server: DemoServer, open_ui: Callable[..., Any]
) -> None:
    async with open_ui(server.base_url) as ui:
        log = ui.log_view
        assert log.visible_bubbles()
        log.styles.max_height = 0
        await ui.until(lambda: not log.size.height, "a log without a row")
        await ui.press("ctrl+n", "f7", "f8")
        assert not log.visible_bubbles()
        await ui.command("open_link")
        assert "There are no links in view" in ui.news
        await ui.command("copy_link")
        log.styles.max_height = None
        await ui.sees("Hello")


async def test_resizing_keeps_the_text_at_the_top(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    words = " ".join(f"w{n:04d}" for n in range(3000))
    save(tmp_path / "data", [*long_talk(50), ("user", "more"), ("assistant", words), *long_talk(50)])
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00049")
        log = ui.log_view
        log.show_bubble(51, 77)
        log.scroll_rows(9)
        before = ui.log_rows
        first = before[0].split()[0]
        for width, height in [(70, 30), (50, 20), (95, 36), (61, 40), (133, 25), (120, 36)]:
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda height=height: ui.screen.size.height == height, "the new size")
            await ui.until(lambda: first in ui.log_rows[0], f"{first} at the top at {width} cells")
        await ui.until(lambda: ui.log_rows == before, "the rows of the first size")
        assert not log.following


async def test_resizing_at_the_end_stays_at_the_end(
    server: DemoServer, open_ui: Callable[..., Any], tmp_path: Path
) -> None:
    save(tmp_path / "data", long_talk(80))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.sees("answer 00079")
        for width, height in [(60, 20), (100, 30), (45, 14)]:
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda height=height: ui.screen.size.height == height, "the new size")
            await ui.sees("paragraph 3 of it")
            assert ui.log_view.following


TEXTS = {
    "prose": "One **bold** word, `code`, a [link](https://example.com) and 東京 🚀.\n\n" * 30,
    "list": "".join(f"- item {n} with *words*\n  - nested {n}\n" for n in range(40)),
    "table": "| a | b |\n| - | - |\n" + "".join(f"| {n} | {'wide ' * (n % 9)} |\n" for n in range(60)),
    "fence": "```python\n" + "".join(f"def f{n}(x): return x + {n}  # it\n" for n in range(50)) + "```\n",
    "late reference": "See [it] and [it][end].\n\n" * 12
    + "[it]: https://a.example\n[end]: https://b.example\n",
    "hostile": "\x1b[31mred\x1b]52;c;aGk=\x07 &#x202e;over \x9b2J \u202ertl\n\n\t`\x00`\r\nnext " * 12,
}


@pytest.mark.parametrize("width", [58, 120])
async def test_the_screen_after_a_stream_is_that_of_the_text_opened_whole(
    server: DemoServer, open_ui: Callable[..., Any], width: int
) -> None:
    async with open_ui(server.base_url, size=(width, 36)) as ui:
        log = ui.log_view
        for name, text in TEXTS.items():
            raw = text.encode()
            server.answer_next([raw[at : at + 13] for at in range(0, len(raw), 13)])
            await ui.say(f"Show a {name}")
            await ui.until(lambda name=name: f"Show a {name}" in ui.said(), "the question")
            await ui.idle()
            await ui.until(lambda: log.view.live is None and "chars" in ui.log, "the end of the answer")
        streamed = _all_pages(log)
        log.show(ConversationView(ui.store.transcript(ui.current)))
        log.action_to_end()
        assert _all_pages(log) == streamed
        text = "\n".join("".join(segment[0] for segment in line) for page in streamed for line in page)
        assert not any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e" for c in text)


def _all_pages(log: Any) -> list[Any]:
    """Every page from the end to the beginning: texts and looks, without what only the mouse uses."""
    pages = []
    while True:
        lines = [log.render_line(y) for y in range(log.size.height)]
        pages.append(
            [
                [(s.text, s.style.without_color, s.style.color, s.style.bgcolor) for s in line]
                for line in lines
            ]
        )
        pages[-1] = [
            [(text, str(color), str(ground), look.bold, look.italic) for text, look, color, ground in line]
            for line in pages[-1]
        ]
        place = log.viewport.place
        log.action_page(-1)
        if log.viewport.place == place:
            break
    log.action_to_end()
    return pages


async def test_a_welcome_is_read_from_its_first_row_on_a_window_that_got_lower(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url, size=(90, 36)) as ui:
        await ui.created()
        await ui.pilot.resize_terminal(60, 12)
        await ui.until(lambda: ui.log_view.size.height < 9)
        await ui.logs("Hello! I'm the demo chatbot")


async def test_log_that_was_removed_is_told_of_what_was_under_way_without_harm(
    server: DemoServer, open_ui: Callable[..., Any]
) -> None:
    async with open_ui(server.base_url) as ui:
        log = ui.log_view
        await log.remove()
        log.redraw()
        assert not log.visible_bubbles()
