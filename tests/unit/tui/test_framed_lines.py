"""Lines drawn past the framework's way are, cell by cell, those that it would draw."""

from typing import Any

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import Mark, SidebarRow


class BarAlone(App[None]):
    CSS = """
    InputBar { border: round red; padding: 0 1; background: #102; }
    InputBar { height: auto; min-height: 3; max-height: 50%; }
    InputBar:focus { border: round blue; }
    InputBar.-streaming { border: heavy green; color: yellow; }
    """

    def compose(self) -> ComposeResult:
        self.bar = InputBar(id="input")
        yield self.bar


def cells(lines: list[Strip]) -> list[list[tuple[str, Style | None]]]:
    return [[(sign, part.style) for part in line for sign in part.text] for line in lines]


def assert_as_the_framework(widget: Widget) -> None:
    width, height = widget.outer_size
    for crop in (
        Region(0, 0, width, height),
        Region(0, 1, width, 1),
        Region(0, 1, width, height - 2),
        Region(3, 1, 10, 1),
        Region(0, height - 1, width, 1),
    ):
        assert cells(widget.render_lines(crop)) == cells(Widget.render_lines(widget, crop)), crop


async def typed(pilot: Pilot[Any], bar: InputBar) -> None:
    await pilot.press("a", "b", " ", "c")


async def in_clusters(pilot: Pilot[Any], bar: InputBar) -> None:
    bar.insert("漢字 👍🏽 e\u0301")


async def higher_than_its_room(pilot: Pilot[Any], bar: InputBar) -> None:
    bar.insert("x" * 90 + "\n" * 12)
    await pilot.press("up", "up", "shift+left")


async def marked(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    bar.add_class("-streaming")


async def wider(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    await pilot.resize_terminal(60, 20)


async def emptied(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    bar.put("")


async def refused(pilot: Pilot[Any], bar: InputBar) -> None:
    bar.refuse("Nothing can be sent")


async def in_another_theme(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    pilot.app.theme = "textual-light"


async def left(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    pilot.app.set_focus(None)


async def titled(pilot: Pilot[Any], bar: InputBar) -> None:
    await typed(pilot, bar)
    bar.border_title = "a title"


@pytest.mark.parametrize(
    "change",
    [
        typed,
        in_clusters,
        higher_than_its_room,
        marked,
        wider,
        emptied,
        refused,
        in_another_theme,
        left,
        titled,
    ],
)
async def test_input_bar_is_drawn_as_the_framework_would(change: Any) -> None:
    app = BarAlone()
    async with app.run_test(size=(40, 14)) as pilot:
        app.bar.address("Acme")
        await pilot.pause()
        assert_as_the_framework(app.bar)
        await change(pilot, app.bar)
        await pilot.pause()
        assert_as_the_framework(app.bar)
        await pilot.press("z")
        await pilot.pause()
        assert_as_the_framework(app.bar)


async def test_border_round_a_letter_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BarAlone()
    async with app.run_test(size=(40, 14)) as pilot:
        await pilot.press("a")
        await pilot.pause()
        monkeypatch.setattr(Widget, "render_lines", lambda *_: pytest.fail("drawn by the framework"))
        app.bar.insert("b")
        lines = app.bar.render_lines(app.bar.outer_size.region)
        assert "ab" in lines[1].text
        monkeypatch.undo()


class ListAlone(App[None]):
    CSS = "ConversationList { height: 6; background: #102; scrollbar-size-vertical: 0; }"

    def compose(self) -> ComposeResult:
        self.list = ConversationList(lambda key: Mark.STREAMING if key == "one" else Mark.NONE)
        yield self.list


async def test_list_is_drawn_as_the_framework_would() -> None:
    app = ListAlone()
    async with app.run_test(size=(40, 14)) as pilot:
        app.list.rows = [
            SidebarRow("Today"),
            SidebarRow("About lamps", ConversationKey("one")),
            SidebarRow("漢字", ConversationKey("two")),
        ]
        app.list.cursor = app.list.active = ConversationKey("two")
        app.list.refresh()
        await pilot.pause()
        assert_as_the_framework(app.list)
        app.theme = "textual-light"
        app.list.focus()
        await pilot.pause()
        assert_as_the_framework(app.list)
