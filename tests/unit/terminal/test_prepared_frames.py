"""A frame of much of the screen is prepared in steps of the loop, with other work between them.

Leans on private parts of Textual: Screen._compositor, Compositor._dirty_regions, Screen._dirty_widgets,
._layout_required, App._begin_batch, ._end_batch.
"""

import asyncio
from collections.abc import Iterator

import pytest
from textual.app import ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from settling import LIMIT, until
from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.terminal import frame_screen
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.terminal.lines_ahead import lines_ahead
from userdesk.tui.widgets.bare_lines import BareLines

ROWS = 10


class Row(Widget):
    """One row of text, which notes when it is rendered."""

    DEFAULT_CSS = "Row { height: 1; }"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.words = f"row {number}"

    def render(self) -> str:
        self.app.happened.append(f"row {self.number}")  # type: ignore[attr-defined]
        return self.words


class Rows(FrameScreen[None]):
    def compose(self) -> ComposeResult:
        yield from (Row(number) for number in range(ROWS))


class Prepared(CrashSafeApp):
    """A screen of rows, and what happened in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []

    def get_default_screen(self) -> Screen[None]:
        return Rows()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        self.happened.append("frame")
        super()._display(screen, renderable)  # type: ignore[arg-type]

    @property
    def rows(self) -> list[Row]:
        return [*self.screen.query(Row)]

    @property
    def shown(self) -> list[str]:
        screen = self.screen
        region = Region(0, 0, *screen._compositor.size)
        lines = screen._compositor._render_chops(region, lambda _: True)[:ROWS]
        return [Strip.join(chops.values()).text.rstrip() for chops in lines]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each widget is prepared in a step of its own."""
    monkeypatch.setattr(frame_screen, "SLICE", -1.0)


def is_drawn(app: Prepared) -> bool:
    """Whether there was a frame, and nothing is left that changed since."""
    screen = app.screen
    return (
        "frame" in app.happened
        and not screen._compositor._dirty_regions
        and not screen._dirty_widgets
        and not screen._layout_required
    )


async def preparing(screen: FrameScreen[None]) -> None:
    """Wait until a frame is prepared, which takes no more than a few steps of the loop."""
    async with asyncio.timeout(LIMIT):
        while screen._preparation is None:
            await asyncio.sleep(0)


async def all_anew(app: Prepared, pilot: Pilot[int]) -> None:
    """Begin to draw all of the screen, and see that it is not drawn at once."""
    await pilot.pause()
    app.happened.clear()
    for row in app.rows:
        row.words += "!"
        row.refresh()
    app.screen._compositor._dirty_regions.add(app.screen.size.region)
    app.screen._compositor_refresh()
    assert "frame" not in app.happened


async def test_other_work_is_done_between_the_widgets_and_the_frame_comes_once(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await all_anew(app, pilot)
        while "frame" not in app.happened:
            app.happened.append("other work")
            await asyncio.sleep(0)
        assert app.happened.count("frame") == 1
        turns = " ".join(app.happened).split("other work")
        assert max(turn.count("row") for turn in turns) == 1, app.happened
        assert sorted(filter(lambda name: name.startswith("row"), app.happened)) == sorted(
            f"row {n}" for n in range(ROWS)
        )
        assert app.shown == [f"row {n}!" for n in range(ROWS)]


async def test_what_changes_meanwhile_is_drawn_as_it_is_then(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await all_anew(app, pilot)
        while app.happened.count("row 3") == 0:
            await asyncio.sleep(0)
        app.rows[0].words = "another"
        app.rows[0].refresh()
        await until(lambda: is_drawn(app), lambda: "the frame")
        assert app.shown[:2] == ["another", "row 1!"]


async def test_a_screen_that_is_laid_out_anew_meanwhile_is_drawn_as_it_is_then(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await all_anew(app, pilot)
        while app.happened.count("row 3") == 0:
            await asyncio.sleep(0)
        app.rows[1].display = False
        await until(lambda: is_drawn(app), lambda: "the frame")
        assert app.shown[:2] == ["row 0!", "row 2!"]


async def test_layouts_without_end_do_not_keep_the_frame_away() -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await pilot.pause()
        app.screen._compositor._dirty_regions.add(app.screen.size.region)
        steps = 0
        for _ in lines_ahead(app.screen._compositor):
            steps += 1
            assert steps < 10 * ROWS
            app.screen._refresh_layout()
        assert steps


class Over(Dialog[None]):
    def compose(self) -> ComposeResult:
        yield Static("over")


class Glass(Over):
    """What is beneath is seen."""

    DEFAULT_CSS = """
    Glass { background: black 50%; align: right bottom; }
    Glass Static { width: 4; height: 1; }
    """


async def test_a_dialog_that_closes_while_it_is_prepared_leaves_the_screen_beneath_whole(
    between: None,
) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await pilot.pause()
        beneath, row, dialog = app.screen, app.rows[4], Over()
        await app.push_screen(dialog)
        await preparing(dialog)
        row.words = "changed"
        row.refresh()
        await app.pop_screen()
        await until(lambda: app.screen is beneath and is_drawn(app), lambda: "the frame")
        assert app.shown[4] == "changed"
        assert app.shown[:2] == ["row 0", "row 1"]


async def test_nothing_is_prepared_in_a_batch_and_the_frame_comes_after_it(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await all_anew(app, pilot)
        app._begin_batch()
        app.happened.clear()
        for _ in range(3 * ROWS):
            await asyncio.sleep(0)
        assert not app.happened
        app._end_batch()
        await until(lambda: is_drawn(app), lambda: "the frame")
        assert app.shown == [f"row {n}!" for n in range(ROWS)]


async def test_what_a_batch_interrupts_beneath_a_dialog_is_seen_through_it(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await pilot.pause()
        beneath, row = app.screen, app.rows[0]
        assert isinstance(beneath, FrameScreen)
        await app.push_screen(Glass())
        await until(lambda: is_drawn(app), lambda: "the dialog")
        row.display = False
        await preparing(beneath)
        with app.batch_update():
            for _ in range(4):
                await asyncio.sleep(0)
        await until(lambda: app.shown[0].startswith("row 1"), lambda: "the rows beneath")


class Bare(BareLines):
    """Asks for what its screen has, as the log does for what is selected."""

    DEFAULT_CSS = "Bare { height: 1; }"

    def render_line(self, y: int) -> Strip:
        assert self.text_selection is None
        return Strip.blank(self.size.width)


class Many(FrameScreen[None]):
    def compose(self) -> ComposeResult:
        for number in range(2 * ROWS):
            yield Row(number)
            yield Bare()


async def test_a_screen_that_closes_while_it_is_prepared_is_left_alone(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, 4 * ROWS)) as pilot:
        await pilot.pause()
        screen = Many()
        await app.push_screen(screen)
        await pilot.pause()
        screen._compositor._dirty_regions.add(screen.size.region)
        screen._compositor_refresh()
        assert screen._preparation is not None
        app.pop_screen()
        for _ in range(6 * ROWS):
            await asyncio.sleep(0)
        assert app.crash is None
        assert screen._preparation is None


class Slow(Rows):
    """A screen that has something to do before each frame."""

    def prepare_frame(self) -> Iterator[None]:
        self.app.happened.append("preparing")  # type: ignore[attr-defined]
        yield
        yield from super().prepare_frame()


async def test_a_small_change_is_drawn_without_preparation(between: None) -> None:
    app = Prepared()
    async with app.run_test(size=(20, ROWS)) as pilot:
        await app.push_screen(Slow())
        await until(lambda: "preparing" in app.happened, lambda: "its first frame")
        await pilot.pause()
        app.happened.clear()
        app.rows[2].words = "small"
        app.rows[2].refresh()
        await until(lambda: "frame" in app.happened, lambda: "the frame")
        assert app.happened == ["row 2", "frame"]
