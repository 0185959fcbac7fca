"""What happens to the conversation in the log: messages come and go, an answer grows, its spinner turns."""

import asyncio
import time
from collections.abc import Callable, Collection

from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ViewListener
from userdesk.tui.message_log.log_view import LogView
from userdesk.tui.terminal.frame_writer import FrameWriter
from userdesk.tui.ticker import Ticker

FRAME = 0.025  # s between two frames
FRAME_OF_FEW = 0.034  # s between two where text trickles in: at a model's pace each shows three pieces of it
FEW = 0.010  # s between two pieces from which on text trickles in
PIECES = 8  # over so many the time between two is averaged
GRACE = 0.003  # s that a frame waits longer for text that comes then: one that comes has it drawn at once
FIRST_FRAME = 1 / 120  # s between the first frames of an answer, for which somebody waits
COST_FACTOR = 4  # a flush that took long is followed by a pause this many times as long: typing wins
FIRST_CHARACTERS = 200  # so many characters of an answer are its beginning
SPINNER_PERIOD = 0.125  # s
NEW_HEIGHT = 2  # rows; a new message's until it is laid out


class Pacer:
    """Calls `flush` for changes that are told, at once or when the pause after the last one is over.

    Args:
        flush: Shows them.
        line_pause: Seconds for which a slow line is left to others.
    """

    def __init__(self, flush: Callable[[], None], line_pause: Callable[[], float]) -> None:
        self._flush = flush
        self._line_pause = line_pause
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._ended = 0.0
        self._cost = 0.0

    @property
    def is_due(self) -> bool:
        """Whether a flush is on its way."""
        return self._timer is not None

    def changed(self, frame: float) -> None:
        """Something is to be shown; `frame` is the least time between two flushes in seconds."""
        pause = COST_FACTOR * self._cost if frame > FIRST_FRAME else 0.0
        wait = max(max(self._begun + frame, self._ended + pause) - time.monotonic(), self._line_pause())
        if wait <= 0:
            self.now()
        elif self._timer is None:
            self._run_in(wait + GRACE)

    def now(self) -> None:
        """What is to be shown is shown at once: nothing will follow it."""
        self.cancel()
        self._run()

    def cancel(self) -> None:
        """Nothing is to be shown any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _run_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._due)

    def _due(self) -> None:
        if (wait := self._line_pause()) > 0:  # others have used the line meanwhile
            self._run_in(wait)
        else:
            self._run()

    def _run(self) -> None:
        self._timer = None
        self._begun = time.monotonic()
        self._flush()
        self._ended = time.monotonic()
        self._cost = self._ended - self._begun


class TextPace:
    """How fast an answer's text comes, which decides how many frames it is worth."""

    def __init__(self) -> None:
        self._came = 0.0
        self._apart = 0.0

    def came(self) -> None:
        """A piece of text came."""
        now = time.monotonic()
        self._apart += (min(now - self._came, 2 * FRAME_OF_FEW) - self._apart) / PIECES
        self._came = now

    @property
    def frame(self) -> float:
        """Seconds between two frames at least."""
        return FRAME_OF_FEW if self._apart >= FEW else FRAME


class ViewFollower(ViewListener):
    """Listens to the view that a log shows, and has the log drawn at the pace of what arrives."""

    def __init__(self, log: LogView) -> None:
        self._log = log
        self._pacer = Pacer(log.redraw_at_once, self._line_pause)
        self._pace = TextPace()
        self._clock = Ticker(SPINNER_PERIOD, self._tick)
        self._turns = False
        """Whether text came since the spinner's last tick: its frames show the spinner, too."""

    def end(self) -> None:
        """Nothing is drawn any more."""
        self._pacer.cancel()
        self._clock.run(False)

    # the conversation's view tells

    def message_added(self, index: int) -> None:
        """A message came at the end, or before those waiting."""
        log = self._log
        log.bubbles.drop_from(index)
        log.viewport.insert(index, NEW_HEIGHT)
        if log.cursor is not None and log.cursor >= index:
            log.cursor += 1
        self._note_unseen()
        self.run_clock()
        log.redraw()
        log.begin_at_welcome()

    def message_changed(self, index: int) -> None:
        """A message got its marks; its text is what it was."""
        log = self._log
        if log.view and (bubble := log.bubbles.known(index)):
            lagged = bubble.lags
            bubble.replace(log.view.entry(index))
            if lagged and log.following:
                bubble.forget_rows()
            log.call_later(self._finish, bubble)
        self.run_clock()
        log.redraw()

    def verdicts_changed(self, indices: Collection[int]) -> None:
        """Answers got or lost a verdict."""
        log = self._log
        for bubble in log.bubbles:
            if log.view and bubble.index in indices:
                bubble.replace(log.view.entry(bubble.index))
        log.redraw()

    def message_removed(self, index: int) -> None:
        """A waiting message was withdrawn."""
        log = self._log
        log.bubbles.drop_from(index)
        log.viewport.remove(index)
        if log.cursor is not None and log.cursor >= index:
            log.cursor = None
        log.redraw()

    def answer_grew(self) -> None:
        """Text arrived: it is on the screen within a frame."""
        self._note_unseen()
        live = self._log.view.live if self._log.view else None
        is_beginning = live is not None and live.characters < FIRST_CHARACTERS
        self._turns = True
        self._pace.came()
        self._pacer.changed(FIRST_FRAME if is_beginning else self._pace.frame)

    def answer_ended(self) -> None:
        """The last text is on the screen before its outcome is on the disk."""
        self._pacer.now()

    def _line_pause(self) -> float:
        app = self._log.app
        return app.frame_pause() if isinstance(app, FrameWriter) else 0.0

    def _finish(self, bubble: Bubble) -> None:
        """After the last text is on the screen: late references and table widths come right."""
        if self._log.bubbles.known(bubble.index) is bubble:
            bubble.finish()
            self._log.redraw()

    def _note_unseen(self) -> None:
        if not self._log.following:
            self._log.unseen_text = True

    # the spinner

    def run_clock(self) -> None:
        """Have the spinner turn while an answer is received, and stand otherwise."""
        log = self._log
        live = bool(log.view and log.view.live_index is not None) and not log.still
        if live != log.growing:
            log.growing = live
            self._clock.run(live and log.app.app_focus)

    def _tick(self) -> None:
        log = self._log
        live = log.view.live_index if log.view else None
        if live is None:
            self.run_clock()
            return
        log.spinner_frame += 1
        turns, self._turns = self._turns, False
        if not turns and not self._pacer.is_due and log.bubbles.known(live):
            log.redraw_at_once()

    def attention_changed(self, looks: bool) -> None:
        """The spinner stands still while nobody looks."""
        if self._log.growing:
            self._clock.run(looks)
