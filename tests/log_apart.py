"""The message log as a widget without an app: what Textual would be asked for is written down."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.selection import Selection

from userdesk.domain.message import Message, Role, now
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog


class Looks:
    """Looks that carry their names."""

    made: ClassVar[list["Looks"]] = []

    def __init__(self, widget: object, prefix: str) -> None:
        self.made.append(self)
        self.forgotten = 0

    def __call__(self, name: str) -> Style:
        return Style(meta={name: True})

    def forget(self) -> None:
        self.forgotten += 1


class Paces:
    """A pacer that draws at once and remembers at which pace it was asked to."""

    made: ClassVar[list["Paces"]] = []

    def __init__(self, flush: Callable[[], None], frame_seconds: Callable[[], float]) -> None:
        self.made.append(self)
        self.flush = flush
        self.frames: list[float] = []
        self.at_once = 0
        self.cancelled = 0
        self.is_due = False

    def changed(self, frame: float) -> None:
        self.frames.append(frame)
        self.flush()

    def now(self) -> None:
        self.at_once += 1
        self.flush()

    def cancel(self) -> None:
        self.cancelled += 1


class Clock:
    """A spinner's clock that ticks when it is told to."""

    made: ClassVar[list["Clock"]] = []

    def __init__(self, period: float, tick: Callable[[], None]) -> None:
        assert period == 0.125
        self.tick = tick
        self.runs = False
        self.made.append(self)

    def run(self, runs: bool) -> None:
        self.runs = runs


class Event:
    """A key or a turn of the wheel."""

    def __init__(self, character: str | None = None) -> None:
        self.character = character
        self._left = {"stop", "default"}

    def stop(self) -> None:
        self._left.discard("stop")

    def prevent_default(self) -> None:
        self._left.discard("default")

    @property
    def is_stopped(self) -> bool:
        """Whether nobody else acts on it."""
        return not self._left


class Log(MessageLog):
    """The widget with a size, and what Textual would be asked for written down."""

    is_mounted = True  # type: ignore[assignment]
    rich_style = Style()  # type: ignore[assignment]
    content_region = Region(3, 2, 90, 8)  # type: ignore[assignment]
    show_vertical_scrollbar = True  # type: ignore[assignment]
    shape: ClassVar[Size] = Size(90, 8)

    def __init__(self, **options: Any) -> None:
        self.sent: list[tuple[Region, ...]] = []
        self.posted: list[TextualMessage] = []
        self.later: list[Callable[[], object]] = []
        self.selection: Selection | None = None
        self.cleared = 0
        self.focused_app = True
        self.bar = SimpleNamespace(position=None, window_size=None, window_virtual_size=None)
        self.now_size = self.shape
        super().__init__(**options)
        self.timer = Clock.made[-1]
        self.tick = self.timer.tick
        self.signs_left: list[str] = []
        self.markers.show_lines = lambda lines: self.signs_left.__setitem__(  # type: ignore[method-assign]
            slice(None), [line.strip.text for line in lines]
        )

    @property
    def size(self) -> Size:
        return self.now_size

    @property
    def scrollable_content_region(self) -> Region:
        return Region(0, 0, *self.now_size)

    @property
    def text_selection(self) -> Selection | None:
        return self.selection

    @property
    def vertical_scrollbar(self) -> Any:
        return self.bar

    @property
    def screen(self) -> Any:
        def clear() -> None:
            self.cleared += 1

        look = Style(meta={"selected": True})
        return SimpleNamespace(clear_selection=clear, get_component_rich_style=lambda *_, **__: look)

    @property
    def app(self) -> Any:
        return SimpleNamespace(app_focus=self.focused_app)

    def refresh(self, *regions: Region, **_: Any) -> Any:
        self.sent.append(regions)
        return self

    def call_later(self, callback: Any, *args: Any, **_: Any) -> bool:
        self.later.append(lambda: callback(*args))
        return True

    def post_message(self, message: TextualMessage) -> bool:
        self.posted.append(message)
        return True

    @property
    def lines(self) -> list[str]:
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    def names(self, y: int, text: str) -> set[str]:
        """The looks of a part of a line."""
        segment = next(segment for segment in self.render_line(y) if segment.text == text)
        return {name for name in segment.style.meta if name != "offset"} if segment.style else set()


def user(text: str) -> Message:
    return Message(role=Role.USER, text=text, at=now())


def answer(text: str, **fields: Any) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=now(), **fields)


def view_of(*messages: Message) -> ConversationView:
    view = ConversationView([], clock=lambda: 0.0)  # type: ignore[arg-type]
    for message in messages:
        view.add(message)
    return view


def ten() -> ConversationView:
    return view_of(*(answer(f"m{number}") for number in range(10)))


def log_of(view: ConversationView, **options: Any) -> Log:
    log = Log(**options)
    log.show(view)
    return log


def live_log(**options: Any) -> tuple[Log, ConversationView]:
    view = view_of(user("Hi"))
    log = log_of(view, **options)
    view.begin_answer()
    return log, view


END = ["m6", "", "m7", "", "m8", "", "m9", ""]
