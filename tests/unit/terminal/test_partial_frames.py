"""A frame of what changed draws the same cells as one that is composed of everything.

Leans on private parts of Textual: Screen._compositor, Screen._dirty_widgets, Compositor._dirty_regions,
App._display.
"""

import asyncio
from typing import Any

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset, Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Static

from settling import until
from userdesk.tui.terminal import frame_screen
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.exposed import outside
from userdesk.tui.terminal.frame_screen import SOON, FrameScreen
from userdesk.tui.terminal.frame_writer import PartialFrame
from userdesk.tui.terminal.hardware_cursor import HardwareCursor
from userdesk.tui.terminal.partial_frames import changed
from userdesk.tui.widgets.lean_strip import LeanStrip

WIDTH = 24
TURNS = 50  # of the loop, in which whatever does not wait for time is done


@given(
    st.builds(Region, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9)),
    st.lists(
        st.builds(Region, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
        max_size=2,
    ),
)
def test_what_is_left_of_a_region_is_all_its_cells_but_those_of_others(
    part: Region, others: list[Region]
) -> None:
    cells = {(x, y) for x in part.column_range for y in part.line_range}
    for other in others:
        cells -= {(x, y) for x in other.column_range for y in other.line_range}
    left = [(x, y) for rest in outside(part, others) for x in rest.column_range for y in rest.line_range]
    assert len(left) == len(set(left))
    assert set(left) == cells


texts = st.text(alphabet="ab é漢👍", max_size=8)
looks = st.sampled_from([Style(), Style(color="red"), Style(bgcolor="blue")])
rows = st.lists(st.tuples(texts, looks), max_size=4)


def line(parts: list[tuple[str, Style]]) -> Strip:
    strip = Strip([Segment(text, look) for text, look in parts])
    return strip.adjust_cell_length(WIDTH, Style())


def cells_of(pieces: list[tuple[int, Strip]]) -> list[tuple[Any, ...]]:
    """What an emulator shows of pieces of one line, each from its column on."""
    screen = pyte.Screen(WIDTH, 1)
    console = Console(force_terminal=True, color_system="truecolor", _environ={})
    for x, strip in pieces:
        sequence = PartialFrame([(x, 0, strip)]).render_segments(console)
        pyte.Stream(screen).feed(sequence)
    return [screen.buffer[0][x] for x in range(WIDTH)]


@example([("", Style()), ("漢", Style())], [("漢", Style())])
@given(rows, rows)
def test_the_part_of_a_line_that_changed_makes_it_the_new_one(
    before: list[tuple[str, Style]], after: list[tuple[str, Style]]
) -> None:
    old, new = line(before), line(after)
    cut = changed(old, new)
    whole = cells_of([(0, old), (0, new)])
    drawn = [(0, old)]
    if cut is not None:
        drawn.append((cut[0], new.crop(*cut)))
    assert [cell.data for cell in cells_of(drawn)] == [cell.data for cell in whole]
    assert [cell.fg for cell in cells_of(drawn)] == [cell.fg for cell in whole]
    assert [cell.bg for cell in cells_of(drawn)] == [cell.bg for cell in whole]


def screen_of(sequences: list[str], height: int) -> list[list[Any]]:
    screen = pyte.Screen(WIDTH, height)
    for sequence in sequences:
        pyte.Stream(screen).feed(sequence)
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(height)]


linked = Style(link="https://example.com", underline=True)


@given(st.lists(st.lists(st.tuples(texts, st.one_of(looks, st.just(linked))), max_size=4), max_size=5))
def test_pieces_that_share_a_look_are_what_they_are_by_themselves(
    pieces: list[list[tuple[str, Style]]],
) -> None:
    strips = [LeanStrip(line(parts), WIDTH) for parts in pieces]
    console = Console(force_terminal=True, color_system="truecolor", _environ={})
    together = PartialFrame([(0, y, strip) for y, strip in enumerate(strips)])
    apart = [PartialFrame([(0, y, strip)]).render_segments(console) for y, strip in enumerate(strips)]
    sequence = together.render_segments(console)
    assert screen_of([sequence], 5) == screen_of(apart, 5)
    assert screen_of([sequence + "\x1b[1;1Hplain"], 5)[0][0] == screen_of(["plain"], 1)[0][0]
    assert len(sequence) <= len("".join(apart))


def test_of_a_typed_letter_one_cell_and_the_cursor_are_sent() -> None:
    cursor = Style(reverse=True)
    old = line([("hell", Style()), (" ", cursor)])
    new = line([("hello", Style()), (" ", cursor)])
    assert changed(old, new) == (4, 6)


class Layers(CrashSafeApp):
    """Two rows, and something that can lie over them."""

    CSS = """
    Screen { layers: below above; }
    #over { layer: above; width: 3; height: 1; offset: 2 0; display: none; }
    """

    def get_default_screen(self) -> Screen[None]:
        return FrameScreen()

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Any] = []

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("first", id="first")
            yield Static("second", id="second")
        yield Static("!!!", id="over")

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None:
            self.drawn.append(renderable)
        super()._display(screen, renderable)

    async def shows(self, pilot: Any, words: str) -> list[Any]:
        """The updates that new words in the first row lead to."""
        self.drawn.clear()
        self.query_one("#first", Static).update(words, layout=False)
        await pilot.pause()
        return self.drawn


async def test_a_widget_with_nothing_before_it_is_drawn_by_itself() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "")  # after the first frames, which are composed
        (frame,) = await app.shows(pilot, "fixed")
        assert isinstance(frame, PartialFrame)
        assert [(x, y, strip.text.rstrip()) for x, y, strip in frame.pieces] == [(0, 0, "fixed")]
        (frame,) = await app.shows(pilot, "fired")
        assert [(x, y, strip.text) for x, y, strip in frame.pieces] == [(2, 0, "red")]


async def test_a_widget_with_another_before_it_is_composed() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        app.query_one("#over").display = True
        await pilot.pause()
        (frame,) = await app.shows(pilot, "fixed")
        assert not isinstance(frame, PartialFrame)


async def test_what_is_known_of_a_line_is_void_once_anything_else_was_drawn() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        app.refresh()
        await pilot.pause()
        (frame,) = await app.shows(pilot, "fired")
        assert [(x, y, strip.text.rstrip()) for x, y, strip in frame.pieces] == [(0, 0, "fired")]


async def test_a_frame_that_would_change_nothing_is_none() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        for _ in range(2):
            await app.shows(pilot, "fixed")
        assert await app.shows(pilot, "fixed") == []


async def test_a_frame_drawn_at_once_leaves_out_nothing_that_waits_for_the_next_one() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        app.drawn.clear()
        screen, second = app.screen, app.query_one("#second", Static)
        assert isinstance(screen, FrameScreen)
        second.refresh()
        screen._dirty_widgets.add(second)  # its message has arrived, the screen is not idle yet
        screen.draw({app.query_one("#first"): [Region(0, 0, WIDTH, 1)]})
        (frame,) = app.drawn
        assert 1 in {y for _, y, _ in frame.pieces}


@pytest.mark.parametrize("dirty", [Region(0, 0, WIDTH, 2), Region(0, 1, WIDTH, 3)])
async def test_a_region_of_several_widgets_is_composed(dirty: Region) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        app.drawn.clear()
        app.screen._compositor._dirty_regions.add(dirty)
        app.screen._compositor_refresh()
        (frame,) = app.drawn
        assert not isinstance(frame, PartialFrame)


async def test_a_dialogs_screen_keeps_showing_what_is_beneath_it() -> None:
    class Over(FrameScreen[None], ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield Static("over", id="dialog")

    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.push_screen(Over())
        await pilot.pause()
        app.drawn.clear()
        app.screen.refresh(Region(0, 2, WIDTH, 1))
        app.screen._compositor._dirty_regions.add(Region(0, 2, WIDTH, 1))
        app.screen._compositor_refresh()
        assert app.drawn and not isinstance(app.drawn[0], PartialFrame)


class Chosen(Static, can_focus=True):
    """Has a chosen row, where the terminal's cursor stands."""

    row = 0

    @property
    def cursor_screen_offset(self) -> Offset:
        return Offset(0, self.row)


class Cursors(HardwareCursor, Layers):
    def compose(self) -> ComposeResult:
        with Vertical():
            yield Chosen("first", id="first")
            yield Static("second", id="second")

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None:
            self.drawn.append(self.cursor_position)
        super(Layers, self)._display(screen, renderable)


@pytest.mark.parametrize(("drawn", "place"), [("#second", Offset()), ("#first", Offset(0, 1))])
async def test_cursor_goes_with_what_moves_in_the_widget_that_has_it(drawn: str, place: Offset) -> None:
    app = Cursors()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        screen, first, widget = app.screen, app.query_one("#first", Chosen), app.query_one(drawn, Static)
        assert isinstance(screen, FrameScreen) and first.has_focus
        first.row = 1
        widget.update("other", layout=False)
        widget._exchange_repaint_regions()
        app.drawn.clear()
        assert screen.draw({widget: [Region(0, 0, WIDTH, 1)]})
        assert app.drawn == [place]


class Apart(FrameScreen[None]):
    """Counts its layouts, and the frames that were drawn within one."""

    laid_out_times = 0
    drawn_within = 0

    def compose(self) -> ComposeResult:
        yield Static("calm", id="calm")
        yield Static("grows", id="grows")
        yield Static("other", id="other")

    def _refresh_layout(self, size: Any = None, scroll: bool = False) -> None:
        app = self.app
        assert isinstance(app, Layers)
        drawn = len(app.drawn)
        super()._refresh_layout(size, scroll)
        self.laid_out_times += 1
        self.drawn_within += len(app.drawn) - drawn


class FirstApart(Layers):
    def get_default_screen(self) -> Screen[None]:
        return Apart()

    def compose(self) -> ComposeResult:
        """Nothing but what is on the screen itself."""
        return []


async def test_screen_is_drawn_in_another_step_than_it_is_laid_out() -> None:
    app = FirstApart()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        first = app.screen
        for screen in (first, Apart()):
            assert isinstance(screen, Apart)
            app.drawn.clear()
            await (app.push_screen(screen) if screen is not first else pilot.resize_terminal(WIDTH - 1, 4))
            await pilot.pause()
            assert screen.laid_out_times and not screen.drawn_within
            whole = next(each for each in app.drawn if isinstance(each, LayoutUpdate))
            assert "other" in whole.render_segments(app.console)
            await pilot.resize_terminal(WIDTH - 2, 5)
            await pilot.pause()
            assert not screen.drawn_within


async def test_what_changes_between_a_layout_and_its_frame_is_in_that() -> None:
    class Changing(Apart):
        def _refresh_layout(self, size: Any = None, scroll: bool = False) -> None:
            asyncio.get_running_loop().call_soon(self.change)  # before the frame
            super()._refresh_layout(size, scroll)

        def change(self) -> None:
            calm = self.query_one("#calm", Static)
            calm.check_idle = lambda: None  # type: ignore[method-assign]  # it has told the screen already
            calm.update(f"changed {self.laid_out_times}", layout=False)
            self._dirty_widgets.add(calm)

    app = FirstApart()
    async with app.run_test(size=(WIDTH, 12)) as pilot:
        await app.push_screen(Changing())
        await pilot.pause()
        app.screen.query_one("#grows", Static).update("more\n" * 9)
        await pilot.pause()
        words = app.screen.query_one("#calm", Static).render_line(0).text.strip()
        assert words.startswith("changed")
        assert words in "".join(each.render_segments(app.console) for each in app.drawn)


async def test_what_changed_in_a_batch_alone_is_drawn_after_it() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "")
        app.drawn.clear()
        with app.batch_update():
            app.query_one("#first", Static).update("fixed", layout=False)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            assert app.drawn == []
        await until(lambda: app.drawn, lambda: "a frame")
        assert [strip.text.rstrip() for frame in app.drawn for _, _, strip in frame.pieces] == ["fixed"]


@pytest.mark.parametrize(("rows", "apart"), [(1, False), (9, True)])
async def test_what_a_layout_changes_much_of_is_drawn_in_another_step(rows: int, apart: bool) -> None:
    app = FirstApart()
    async with app.run_test(size=(WIDTH, 24)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Apart)
        screen.drawn_within = screen.laid_out_times = 0
        screen.query_one("#grows", Static).update("more\n" * rows)
        await until(lambda: screen.laid_out_times, lambda: "a layout")
        await pilot.pause()
        assert bool(screen.drawn_within) is not apart


async def test_rows_that_are_due_are_drawn_with_all_else_that_waits() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        first, second = app.query_one("#first", Static), app.query_one("#second", Static)
        screen = app.screen
        assert isinstance(screen, FrameScreen)
        app.drawn.clear()
        # The row is due alone, what the screen was told of the other widget waits for its next frame.
        first.update("fired", layout=False)
        first._exchange_repaint_regions()
        second.update("other", layout=False)
        screen._dirty_widgets.add(second)
        assert screen.draw({first: [Region(0, 0, 3, 1)]})
        (frame,) = app.drawn
        assert isinstance(frame, PartialFrame)
        assert [(x, y, strip.text.rstrip()) for x, y, strip in frame.pieces] == [
            (0, 0, "fired"),  # all of it, once: nothing was known of its end
            (0, 1, "other"),
        ]
        first.update("fiXed", layout=False)
        assert screen.draw({first: [Region(0, 0, 3, 1)]})
        assert [(x, y, strip.text) for x, y, strip in app.drawn[-1].pieces] == [(2, 0, "Xed")]


async def test_rows_that_are_due_beneath_another_widget_are_composed() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        app.query_one("#over").display = True
        await pilot.pause()
        first, screen = app.query_one("#first", Static), app.screen
        assert isinstance(screen, FrameScreen)
        app.drawn.clear()
        first.update("fixed", layout=False)
        assert screen.draw({first: [Region(0, 0, WIDTH, 1)]})
        assert len(app.drawn) == 1 and not isinstance(app.drawn[0], PartialFrame)


async def test_rows_that_are_due_wait_with_a_frame_that_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        first, screen = app.query_one("#first", Static), app.screen
        assert isinstance(screen, FrameScreen)
        app.drawn.clear()
        monkeypatch.setattr(app, "hold_frame", lambda screen: True)
        assert screen.draw({first: [Region(0, 0, 5, 1)]})
        assert app.drawn == [] and screen._compositor._dirty_regions == {Region(0, 0, 5, 1)}


async def test_frame_that_is_made_is_drawn_whatever_is_learned_of_the_terminal_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "")  # after the first frames, which are composed
        await app.shows(pilot, "fixed")
        first, screen = app.query_one("#first", Static), app.screen
        assert isinstance(screen, FrameScreen)
        reached: list[Any] = []
        monkeypatch.setattr(App, "_display", lambda app, screen, frame: reached.append(frame))
        answers = iter([False, True])
        monkeypatch.setattr(app, "hold_frame", lambda screen: next(answers, False))
        first.update("fired", layout=False)
        first._exchange_repaint_regions()
        for _ in range(2):
            assert screen.draw({first: [Region(0, 0, WIDTH, 1)]})
        (frame,) = reached
        assert [(x, y, strip.text) for x, y, strip in frame.pieces] == [(2, 0, "red")]


async def test_what_is_to_be_drawn_in_a_batch_is_drawn_once_at_its_end() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "")  # after the first frames, which are composed
        await app.shows(pilot, "fixed")
        first, screen = app.query_one("#first", Static), app.screen
        assert isinstance(screen, FrameScreen)
        app.drawn.clear()
        first.update("fired", layout=False)
        first._exchange_repaint_regions()
        with app.batch_update():
            assert screen.draw({first: [Region(0, 0, WIDTH, 1)]})
            app.terminal_drained()
            assert app.drawn == []
        await pilot.pause()
        (frame,) = app.drawn
        assert [(x, y, strip.text) for x, y, strip in frame.pieces] == [(2, 0, "red")]


async def test_nothing_is_drawn_past_a_layout_that_is_to_come() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        first, screen = app.query_one("#first", Static), app.screen
        assert isinstance(screen, FrameScreen)
        app.drawn.clear()
        screen._layout_required = True
        assert not screen.draw({first: [Region(0, 0, 5, 1)]}) and app.drawn == []


async def test_what_turns_beside_an_answer_that_grows_is_drawn_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, 4)) as pilot:
        await app.shows(pilot, "fixed")
        first, second = app.query_one("#first", Static), app.query_one("#second", Static)
        screen, now = app.screen, [1000.0]
        assert isinstance(screen, FrameScreen)
        monkeypatch.setattr(frame_screen, "monotonic", lambda: now[0])
        assert screen.draw({first: [Region(0, 0, WIDTH, 1)]})
        app.drawn.clear()
        now[0] += SOON / 2
        assert screen.draw_soon(second, [Region(0, 0, 3, 1)]) and app.drawn == []
        assert screen.draw({first: [Region(0, 0, WIDTH, 1)]})
        assert [(x, y, strip.text) for x, y, strip in app.drawn.pop().pieces] == [(0, 1, "sec")]
        now[0] += 2 * SOON
        second.update("third", layout=False)
        assert screen.draw_soon(second, [Region(0, 0, 3, 1)])
        assert len(app.drawn) == 1, "nothing else is drawn, so it waits for nothing"
