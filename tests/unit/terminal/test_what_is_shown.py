"""Whatever happens in whatever order, the terminal ends up showing what a whole frame would."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pyte
import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from settling import until
from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.terminal import frame_screen
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.frame_screen import FrameScreen

SIZES = ((40, 16), (30, 20), (50, 12))
THEMES = ("textual-dark", "textual-light", "nord")
DIALOGS = 3
ROUNDS, AT_ONCE = 12, 5
TURNS = 8  # of the loop at most between two things that happen


class Rows(FrameScreen[None]):
    def compose(self) -> ComposeResult:
        yield from rows()


class Over(Dialog[None]):
    def compose(self) -> ComposeResult:
        yield from rows()


def rows() -> ComposeResult:
    for name in ("ticks", "grows", "end"):
        yield Static(name, classes=name)
    with VerticalScroll():
        yield Static("\n".join(f"row {row}" for row in range(30)), classes="page")


class Happening(CrashSafeApp):
    """Screens over each other, and a terminal that is behind now and then."""

    CSS = """
    Screen { layout: vertical; }
    .ticks, .end { height: 1; }
    .grows { height: auto; }
    VerticalScroll { height: 4; width: 20; }
    .page { width: 1fr; height: auto; }
    Dialog { background: $primary 50%; align: right bottom; }
    Dialog Static { width: 20; background: $surface; }
    """

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self.dice = dice
        self.is_behind = False
        self.happened: list[str] = []
        self._count = 0

    def get_default_screen(self) -> Screen[None]:
        return Rows()

    def on_mount(self) -> None:
        self._driver.is_behind = lambda: self.is_behind  # type: ignore[union-attr]

    def _some(self, name: str) -> Static:
        self._count += 1
        mounted = [screen for screen in self.screen_stack if screen.query(f".{name}")]
        return self.dice.choice(mounted).query_one(f".{name}", Static)

    # what happens

    def tick(self) -> None:
        self._some("ticks").update(f"tick {self._count}", layout=False)

    def grow(self) -> None:
        self._some("grows").update(
            "\n".join(f"{self._count}.{row}" for row in range(self.dice.randint(1, 9)))
        )

    def hide(self) -> None:
        end = self._some("end")
        end.visible = not end.visible

    def scroll(self) -> None:
        page = self._some("page").parent
        assert isinstance(page, VerticalScroll)
        page.scroll_to(y=self.dice.randint(0, 26), animate=False)

    def write(self) -> None:
        page = self._some("page")
        count = self.dice.randint(1, 30)
        page.update("\n".join(f"row {row} of {self._count}" for row in range(count)))

    def cover(self) -> None:
        if len(self.screen_stack) <= DIALOGS:
            self.push_screen(Over())

    def uncover(self) -> None:
        if isinstance(self.screen, Over):
            self.screen.dismiss()

    def colour(self) -> None:
        self.theme = self.dice.choice(THEMES)

    def draw_anew(self) -> None:
        self.refresh(layout=self.dice.random() < 0.5)

    def fall_behind(self) -> None:
        self.is_behind = True

    def catch_up(self) -> None:
        self.is_behind = False
        self.terminal_drained()

    def in_a_batch(self) -> None:
        async def changes() -> None:
            with self.batch_update():
                for _ in range(3):
                    self.dice.choice((self.tick, self.grow))()
                    await turns(self.dice)

        self.run_worker(changes())

    async def happens(self, pilot: Pilot[int]) -> None:
        """Something."""
        often: list[Callable[[], None]] = [self.tick, self.grow] * 4 + [self.scroll] * 3 + [self.write]
        seldom = [self.hide, self.cover, self.uncover, self.colour, self.draw_anew, self.fall_behind]
        what = self.dice.choice([*often, *seldom, self.catch_up, self.in_a_batch, None])
        self.happened.append(what.__name__ if what else "resize")
        if what:
            what()
        else:
            await pilot.resize_terminal(*self.dice.choice(SIZES))


async def turns(dice: random.Random) -> None:
    for _ in range(dice.randint(0, TURNS)):
        await asyncio.sleep(0)


class Terminal:
    """Shows what was drawn."""

    def __init__(self, app: Happening, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._screen = pyte.Screen(*SIZES[0])
        monkeypatch.setattr(App, "_display", lambda _, screen, frame: self._draws(frame))

    def _draws(self, frame: Any) -> None:
        if frame is not None and not self._app._batch_count:
            if (self._screen.columns, self._screen.lines) != self._app.size:
                self._screen = pyte.Screen(*self._app.size)
            pyte.Stream(self._screen).feed(frame.render_segments(self._app.console))
        self._app.post_display_hook()

    @property
    def picture(self) -> list[list[tuple[str, str]]]:
        return _picture(self._screen)

    def whole(self) -> list[list[tuple[str, str]]]:
        """The same, of a terminal that shows a whole frame of now."""
        for screen in self._app.screen_stack:
            if isinstance(screen, Dialog):
                screen._ground.forget()
        shown = pyte.Screen(*self._app.size)
        strips = self._app.screen._compositor.render_strips()
        lines = (f"\x1b[{y}H{strip.render(self._app.console)}" for y, strip in enumerate(strips, 1))
        pyte.Stream(shown).feed("".join(lines))
        return _picture(shown)


def _picture(screen: pyte.Screen) -> list[list[tuple[str, str]]]:
    """Characters and grounds; colours of text that is there."""
    return [
        [
            (cell.data, cell.bg + (cell.fg if cell.data.strip() else ""))
            for cell in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


def _differing(one: list[Any], other: list[Any]) -> str:
    return "\n".join(
        f"{y}: {''.join(c for c, _ in shown)!r} for {''.join(c for c, _ in whole)!r}"
        for y, (shown, whole) in enumerate(zip(one, other, strict=False))
        if shown != whole
    )


async def ends_up_right(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Happening(random.Random(seed))
    if app.dice.random() < 0.5:
        monkeypatch.setattr(frame_screen, "SLICE", -1.0)  # each widget is prepared in a step of its own
    terminal = Terminal(app, monkeypatch)
    async with app.run_test(size=SIZES[0]) as pilot:
        for _ in range(ROUNDS):
            for _ in range(AT_ONCE):
                await app.happens(pilot)
                await turns(app.dice)
            app.catch_up()
            await app.workers.wait_for_complete()
            await until(
                lambda: terminal.picture == terminal.whole(),
                lambda: f"{app.happened[-12:]}:\n{_differing(terminal.picture, terminal.whole())}",
            )


@pytest.mark.parametrize("seed", range(4))
async def test_terminal_ends_up_showing_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    await ends_up_right(seed, monkeypatch)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(100, 140))
async def test_terminal_ends_up_showing_all_whatever_happens(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ends_up_right(seed, monkeypatch)
