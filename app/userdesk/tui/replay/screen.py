"""A saved conversation once more at its recorded pace: offline, plainly marked, nothing is sent."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import ClassVar, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from userdesk.domain.message import Message, Role
from userdesk.domain.pacing import BETWEEN, steps
from userdesk.tui.chat.presenter import stage
from userdesk.tui.dialogs.dialog import ClosedOnce
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.annotations import FOR_AUDIENCE, RECORDED
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.terminal.open_widgets import AIR, AIRY
from userdesk.tui.widgets.status_bar import StatusBar

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Times as fast as it was recorded."""
HINTS = [("Space", "pause"), ("+ -", "speed"), ("→", "step"), ("PageUp", "scroll"), ("Esc", "end")]
AT_THE_END = HINTS[-2:]


class Recorded(NamedTuple):
    """What is shown again."""

    view: ConversationView
    chatbot: str
    """One safe line."""
    title: str
    """One safe line; not shown to an audience."""
    start: int = 0
    """The message that the replay begins with; those before it are there from the beginning."""


class ReplayClock:
    """Waits recorded seconds; what is changed meanwhile holds at once."""

    def __init__(self) -> None:
        self.speed = 1.0
        self.paused = False
        self._passed = 0.0
        self._since = time.monotonic()
        self._steps = 0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Recorded seconds since the replay began; they stand still while it is paused."""
        running = 0.0 if self.paused else (time.monotonic() - self._since) * self.speed
        return self._passed + running

    def _keep_time(self) -> None:
        """Before the speed changes: what has passed, passed at the old one."""
        self._passed, self._since = self.now(), time.monotonic()

    def turn(self, direction: int) -> None:
        """One speed up or down."""
        self._keep_time()
        at = SPEEDS.index(self.speed) + direction
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, at))]
        self._changed.set()

    def toggle(self) -> None:
        """Stand still, or go on."""
        self._keep_time()
        self.paused = not self.paused
        self._changed.set()

    def step(self) -> None:
        """The wait under way is over; a paused clock stands still again at the next one."""
        self._steps += 1
        self._changed.set()

    async def wait(self, seconds: float) -> None:
        """Return after so many recorded seconds; at once where there was no wait, unless paused."""
        due = self.now() + seconds
        await asyncio.sleep(0)
        while (left := due - self.now()) > 0 or self.paused:
            if self._steps:
                self._steps -= 1
                self._passed += max(0.0, left)
                return
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if self.paused else left / self.speed)
        self._steps = 0


class _Before:
    """The messages before the first one that is played."""

    def __init__(self, recorded: Recorded) -> None:
        self._view = recorded.view
        self._count = recorded.start

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Message:
        return self._view.entry(index).message

    def __iter__(self) -> Iterator[Message]:
        return map(self.__getitem__, range(self._count))

    def bytes_before(self, index: int) -> int:
        return self._view.bytes_before(index)


class ReplayScreen(ClosedOnce[None]):
    """Has a log of its own and no way to the chatbot; Esc goes back to the conversation."""

    AUTO_FOCUS = "#log"
    VERTICAL_BREAKPOINTS = AIR
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "leave", "End", priority=True),
        Binding("space", "pause", "Pause", priority=True),
        Binding("plus,equals_sign", "speed(1)", "Faster", priority=True),
        Binding("minus", "speed(-1)", "Slower", priority=True),
        Binding("right", "step", "Step", priority=True),
        Binding("f10", "presenter", "Presenter mode", priority=True, id="presenter"),
    ]

    def __init__(
        self,
        recorded: Recorded,
        *,
        for_audience: bool,
        toggle_presenter: Callable[[], bool],
        still: bool = False,
    ) -> None:
        super().__init__()
        self._recorded = recorded
        self._toggle_presenter = toggle_presenter
        self._pace = ReplayClock()
        self._over = False
        self.log_view = MessageLog(id="log", still=still)
        self.input_bar = InputBar(id="input")
        self.input_bar.can_focus = False
        self.status = StatusBar(id="status")
        self._title = Static(id="title", markup=False)
        self._show_mode(for_audience)

    def _show_mode(self, for_audience: bool) -> None:
        self.set_class(for_audience, "-presenter")
        self.log_view.bubbles.annotations = FOR_AUDIENCE if for_audience else RECORDED
        hints = AT_THE_END if self._over else HINTS
        self.status.show_hints([] if for_audience else hints)
        title = "" if for_audience else self._recorded.title
        name = (f"  {self._recorded.chatbot}", "bold")
        self._title.update(Content.assemble(("REPLAY", "bold $warning"), name, (f"  {title}", "$dim")))

    def compose(self) -> ComposeResult:
        """As the chat without a sidebar; the input bar takes no keys and says why."""
        with Vertical(id="main"):
            yield self._title
            with Horizontal(id="log-area"):
                yield self.log_view.markers
                yield self.log_view
            yield self.input_bar
        yield self.status

    def on_mount(self) -> None:
        """Begin."""
        self._say()
        self.play()

    def on_resize(self) -> None:
        """Narrow screens have no margins, low ones no edges."""
        self.log_view.bubbles.edged = self.app.size.height >= AIRY
        stage(self, is_on=self.has_class("-presenter"))

    @work(group="replay", exit_on_error=False)
    async def play(self) -> None:
        """Every message as it came, from the first one on that is to be played."""
        source, start = self._recorded.view, self._recorded.start
        shown = ConversationView(_Before(self._recorded), clock=self._pace.now)
        self.log_view.show(shown)
        messages = source.settled  # what is arriving is not recorded yet
        for index in range(start, messages):
            message = source.entry(index).message
            if message.role is Role.ASSISTANT:
                await self._answer(shown, message)
                continue
            await self._pace.wait(BETWEEN if index > start else 0.0)
            shown.add(message)
            if index + 1 < messages and source.entry(index + 1).message.role is Role.ASSISTANT:
                shown.begin_answer()
        self._over = True
        self._show_mode(self.has_class("-presenter"))
        self._say()

    async def _answer(self, shown: ConversationView, message: Message) -> None:
        if shown.live is None:
            shown.begin_answer()
        for step in steps(message):
            if step.text:
                await self._pace.wait(step.pause)
                shown.grow(step.text)
        shown.end_answer(message)

    def _say(self) -> None:
        """The state of things, where a message would be written."""
        parts = ["REPLAY"]
        if self._over:
            parts.append("the end")
        elif self._pace.paused:
            parts.append("paused")
        if self._pace.speed != 1:
            parts.append(f"{self._pace.speed:g}× speed")
        self.input_bar.refuse(" · ".join([*parts, "nothing is sent"]))

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self._pace.toggle()
        self.log_view.attention_changed(not self._pace.paused)
        self._say()

    def action_speed(self, direction: int) -> None:
        """Faster or slower."""
        self._pace.turn(direction)
        self._say()

    def action_step(self) -> None:
        """The next piece at once."""
        self._pace.step()

    def action_presenter(self) -> None:
        """Presenter mode on, or off again, in the chat below as well."""
        is_on = self._toggle_presenter()
        self._show_mode(is_on)
        stage(self, is_on=is_on)
        self.log_view.redraw()
