"""What screens over the chat are made of; they close once, however often they are told to."""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static
from textual.widgets.option_list import Option

from userdesk.tui.dialogs.dimmed_ground import DimmedGround
from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.terminal.open_widgets import AIR, AIRY, PagedList, WindowSized

Result = TypeVar("Result")
CHOOSING: list[BindingType] = [
    Binding("up", "move(-1)", "Up", show=False, priority=True),
    Binding("down", "move(1)", "Down", show=False, priority=True),
    Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
    Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
]
"""Keys that choose a line while a field keeps all others."""


class ClosedOnce(WindowSized[Result]):
    """A screen that closes nothing but itself.

    The framework closes the screen on top, whichever was told to: at a double click that is the one below,
    and where there is none the program ends.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a screen that is not on top is closed already, or will be."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss()


class Dialog(ModalScreen[Result], ClosedOnce[Result]):
    """A question or a list over the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Close")]
    VERTICAL_BREAKPOINTS = AIR

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._ground = DimmedGround()

    def prepare_frame(self) -> Iterator[None]:
        """Work out what is beneath, where it has changed, and then as any screen."""
        self._ground_lines()
        yield
        yield from super().prepare_frame()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The screens beneath, dimmed: there is nothing of its own but the widgets on it."""
        lines = self._ground_lines()
        if lines is None:
            return super().render_lines(crop)
        return [line.crop(*crop.column_span) for line in lines[crop.y : crop.bottom]]

    def _ground_lines(self) -> list[Strip] | None:
        """None where the framework has to draw them: in the terminal's own colours, or for a moment."""
        tint = self.styles.background
        stack = takewhile(lambda screen: screen is not self, self.app.screen_stack)
        beneath = [screen for screen in stack if isinstance(screen, FrameScreen)]
        if not beneath or tint.a == 1 or self.app.native_ansi_color or beneath[-1].laid_out != self.laid_out:
            return None
        return self._ground.of(beneath, tint, self.get_line_filters(), self.background_colors[1])

    def on_unmount(self) -> None:
        """Let go of what was beneath."""
        self._ground.forget()


class ListingScreen(Dialog[Result]):
    """A dialog of the class `listing` with a list, whose cursor stays in view at any height."""

    VERTICAL_BREAKPOINTS = [(0, "-tight"), (AIRY, "-low"), (27, "-airy")]  # noqa: RUF012  # rows

    def __init__(self, lines: Iterable[str] = ()) -> None:
        super().__init__()
        self.listed = PagedList(*(Option(Content(line)) for line in lines), compact=True)
        """The list; there before it is composed, as keys may be."""

    def on_resize(self) -> None:
        """The list may be lower now."""
        self.call_after_refresh(self.listed.scroll_to_highlight)


class PageDialog(Dialog[None]):
    """One page of text, laid out for the room there is and scrolled by keys."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
    ]

    def __init__(self, page_id: str) -> None:
        super().__init__()
        self._page = Static(id=page_id)
        self._width = 0
        """Cells of the frame that the page was written for."""
        self.scroll = VerticalScroll(self._page)
        """The page in its frame, for `compose`."""

    def written(self, width: int) -> Content:
        """The page in so many cells."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Wrap the page to the room there is, and to what the styles of this height make of it."""
        self.write()
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if self.scroll.size.width != self._width:
            self.write()

    def write(self) -> None:
        """Write the page anew, with a cell before the scroll bar."""
        self._width = self.scroll.size.width
        self._page.update(self.written(max(24, self._width - 2)))

    def action_scroll(self, rows: int) -> None:
        """Scroll the page."""
        self.scroll.scroll_relative(y=rows, animate=False)


def keys_line(*keys: tuple[str, str]) -> Content:
    """Keys and what they do, beside one another."""
    return Content("  ").join(Content.assemble((key, "bold"), f" {does}") for key, does in keys)


def keys_row(*keys: tuple[str, str]) -> Static:
    """The last row of a dialog: its keys."""
    return Static(keys_line(*keys), classes="dialog-keys", markup=False)
