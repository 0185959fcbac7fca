"""What is beneath dialogs looks as the framework draws it, and is composed anew where it changes."""

from collections.abc import Collection, Iterable

import pytest
from rich.style import Style
from textual._context import visible_screen_stack
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.frame_screen import FrameScreen

ROWS = 8


class Beneath(FrameScreen[None]):
    """Rows that can be other ones, the screen beneath."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[set[int]] = []

    def compose(self) -> ComposeResult:
        for row in range(ROWS):
            yield Static(f"row {row}", id=f"row{row}")

    def composed(self, rows: Collection[int]) -> dict[int, Strip]:
        self.asked_for.append({*rows})
        return super().composed(rows)


class Covered(CrashSafeApp):
    """Dialogs over that screen, one over the other."""

    CSS = """
    Screen { background: #101010; color: #ffffff; }
    Dialog { background: #203040 50%; align: right bottom; }
    .over { width: 6; height: 1; background: #000000; }
    """

    def get_default_screen(self) -> Screen[None]:
        return Beneath()

    async def cover(self, pilot: Pilot[int], words: str) -> Dialog[None]:
        dialog = Over(words)
        await self.push_screen(dialog)
        await pilot.pause()
        return dialog


class Over(Dialog[None]):
    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        yield Static(self._words, classes="over")


def picture(lines: Iterable[Strip]) -> list[list[tuple[str, Style | None]]]:
    """Each cell of lines, without what no terminal shows: the colour of a blank's text."""
    return [
        [
            (letter, Style.from_color(bgcolor=style.bgcolor) if style and letter == " " else style)
            for text, style, _ in line
            for letter in text
        ]
        for line in lines
    ]


@pytest.mark.parametrize("dialogs", [1, 2])
async def test_lines_beneath_are_the_frameworks_and_change_with_what_is_beneath(dialogs: int) -> None:
    app = Covered()
    async with app.run_test(size=(24, ROWS)) as pilot:
        beneath = app.screen
        assert isinstance(beneath, Beneath)
        for number in range(dialogs):
            dialog = await app.cover(pilot, f"over{number}")
        whole = Region(0, 0, 24, ROWS)

        def by_framework() -> list[Strip]:
            visible_screen_stack.set([*app.screen_stack[:-1]])
            return dialog._styles_cache.render_widget(dialog, whole)

        assert picture(dialog.render_lines(whole)) == picture(by_framework())
        for words in ("some", "other"):  # a screen that is covered is drawn whole once
            beneath.asked_for.clear()
            beneath.query_one("#row3", Static).update(words, layout=False)
            await pilot.pause()
        shown = dialog.render_lines(whole)
        assert shown[3].text.startswith("other") and picture(shown) == picture(by_framework())
        assert beneath.asked_for[0] == {3}, "no more is composed anew than changed"
        assert [line.text for line in dialog.render_lines(Region(2, 3, 5, 1))] == ["her  "]


async def test_dialog_fits_a_window_of_another_size() -> None:
    app = Covered()
    async with app.run_test(size=(24, ROWS)) as pilot:
        dialog = await app.cover(pilot, "over")
        for size in ((30, ROWS + 4), (10, ROWS - 3)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = dialog.render_lines(Region(0, 0, *size))
            assert [line.cell_length for line in lines] == [size[0]] * size[1]
            assert lines[0].text.startswith("row 0")


async def test_what_changes_beneath_is_seen_through_dialogs_in_the_terminals_own_colours() -> None:
    app = Covered()
    async with app.run_test(size=(24, ROWS)) as pilot:
        app.theme = "ansi-dark"
        beneath = app.screen
        await app.cover(pilot, "one")
        dialog = await app.cover(pilot, "two")
        assert app.native_ansi_color
        beneath.query_one("#row3", Static).update("other", layout=False)
        await pilot.pause()
        visible_screen_stack.set([*app.screen_stack[:-1]])
        assert dialog.render_lines(Region(0, 0, 24, ROWS))[3].text.startswith("other")


async def test_dialog_is_drawn_at_its_size_while_what_is_beneath_has_the_windows_next_one() -> None:
    app = Covered()
    async with app.run_test(size=(24, ROWS)) as pilot:
        beneath = app.screen
        dialog = await app.cover(pilot, "over")
        for size in (Size(24, ROWS - 3), Size(10, ROWS), Size(30, ROWS + 4)):
            app._size = size  # the window's; the dialog is told of it later
            beneath._compositor.reflow(beneath, size)
            visible_screen_stack.set([beneath])
            lines = dialog.render_lines(Region(0, 0, 24, ROWS))
            assert [line.cell_length for line in lines] == [24] * ROWS


async def test_what_changed_beneath_right_before_a_frame_is_in_it() -> None:
    app = Covered()
    async with app.run_test(size=(24, ROWS)) as pilot:
        beneath = app.screen
        dialog = await app.cover(pilot, "over")
        await pilot.pause()
        row = beneath.query_one("#row3", Static)
        row.check_idle = lambda: None  # type: ignore[method-assign]  # it tells the screen of nothing itself
        row.update("other", layout=False)
        beneath._dirty_widgets.add(row)
        beneath._compositor._dirty_regions.add(Region(0, 1, 24, 1))
        beneath._compositor_refresh()
        assert dialog.render_lines(Region(0, 0, 24, ROWS))[3].text.startswith("other")
