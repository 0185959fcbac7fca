"""Keys that no hand types: a paste from a terminal that does not bracket it, or a program that types."""

import asyncio
from collections.abc import Collection, Iterable

from textual import events
from textual.widgets.text_area import Location

from userdesk.tui.input.cluster_area import ClusterArea
from userdesk.tui.input.typed_text import text_of
from userdesk.tui.terminal.batching import KeyBurst

QUICK = 0.012  # s; keys closer together than this were not typed by hand
PASTE = 200  # quick keys in a row; so many are a paste even without a line break so far
FALTERS = 0.25  # s that a paste may falter on its way
LAST_OF_BURST = 0.03  # s without a further key: the Enter was the end, not a line break in a paste
NEWLINE_KEYS = ("ctrl+j", "shift+enter", "shift+\r")  # the last one is how xterm says shift+enter


class Pace:
    """Tells by the times of the keys which of them were typed by hand."""

    def __init__(self) -> None:
        self._last = 0.0
        self._run = 0
        self.has_lines = False
        """Whether a line break stood in the middle of the burst: who types a message sends none there."""

    def takes(self, time: float) -> bool:
        """Note a key; whether it goes on with a burst of those before it."""
        gap = time - self._last
        self._last = time
        if gap < (FALTERS if self._is_paste else QUICK):
            self._run += 1
        else:
            self._run, self.has_lines = 0, False
        return self._run > 0

    @property
    def _is_paste(self) -> bool:
        return self.has_lines or self._run >= PASTE

    def is_quick(self, time: float) -> bool:
        """Whether a key at this time would come sooner after the last one than a hand's."""
        return time - self._last < QUICK

    @property
    def patience(self) -> float:
        """Seconds to wait for a further key until a burst is over."""
        return FALTERS if self._is_paste else LAST_OF_BURST


class BurstArea(ClusterArea):
    """A text area where many lines typed by no hand are one text, whatever becomes of the program meanwhile.

    An Enter among quick keys is held until more follows, as a line break, or nothing does, as the end: that
    sends a single line, which a program may have typed; several are a paste, which is never sent by itself.
    """

    send_keys: Collection[str] = ("enter",)
    newline_keys: Collection[str] = NEWLINE_KEYS

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, highlight_cursor_line=False, compact=True)
        self._pace = Pace()
        self._burst_from: Location | None = None
        """Where the burst's text begins, once some of it is in."""
        self._typed_at: Location | None = None
        """Where the last key typed by itself was put: a burst may have begun with it."""
        self._holds_enter = False
        self._quiet: asyncio.TimerHandle | None = None

    def submit(self) -> None:
        """What an Enter at the end of a burst does."""
        raise NotImplementedError

    def fold(self, text: str) -> str:
        """What stands for a text that came in one burst."""
        raise NotImplementedError

    def absorbs(self, event: events.Key) -> bool:
        """Take a key as text of a burst, if it is; any other key ends the burst."""
        is_quick = self._pace.is_quick(event.time)
        if self._pace.takes(event.time) and (text := self._text_of(event, is_quick)) is not None:
            self._pour([(event, text)])
            return True
        self.end_burst()
        self._typed_at = min(self.selection) if text_of(event) else None
        return False

    def on_key_burst(self, event: KeyBurst) -> None:
        """Many keys at once."""
        if not self._pace.takes(event.keys[0].time):
            self.end_burst()
        for key in event.keys[1:]:
            self._pace.takes(key.time)
        self._pour((key, text) for key in event.keys if (text := self._text_of(key, True)) is not None)

    def _text_of(self, event: events.Key, is_quick: bool) -> str | None:
        if event.key in self.send_keys:
            return ""
        if event.key in self.newline_keys:
            return "\n"
        if event.key == "tab" and is_quick:  # moved on, the rest of a paste would be commands
            return "\t"
        return text_of(event) or None

    def _pour(self, keys: Iterable[tuple[events.Key, str]]) -> None:
        pieces: list[str] = []
        for key, text in keys:
            # An Enter is known as a line break once something follows it.
            if self._holds_enter:
                self._pace.has_lines = True
                text = "\n" + text
            pieces.append(text)
            self._holds_enter = key.key in self.send_keys
        if text := "".join(pieces):
            if self._burst_from is None:
                self._burst_from = self._typed_at or min(self.selection)
            self.replace(text, *self.selection, maintain_selection_offset=False)
        if self._quiet:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(self._pace.patience, self._look_for_rest)

    def _look_for_rest(self) -> None:
        """It is quiet, but for keys that are still on their way through the application."""
        self._quiet = None
        self.app.call_later(self.call_later, self._no_rest_came)

    def _no_rest_came(self) -> None:
        if self._quiet is None:
            self.flush()

    def _gather(self) -> bool:
        """Fold what came in one burst, if it is much; whether an Enter is still held."""
        if self._quiet:
            self._quiet.cancel()
            self._quiet = None
        begin, end = self._burst_from, self.cursor_location
        self._burst_from = self._typed_at = None
        if begin is not None and begin < end:
            text = self.get_text_range(begin, end)
            if (folded := self.fold(text)) != text:
                self.replace(folded, begin, end, maintain_selection_offset=False)
        held, self._holds_enter = self._holds_enter, False
        return held

    def end_burst(self) -> None:
        """Something else follows: an Enter still held is a line break."""
        if self._gather():
            self.insert("\n")

    def flush(self) -> None:
        """Nothing follows, or the area goes to another conversation: an Enter still held is the end."""
        if self._pace.has_lines:
            self.end_burst()
        elif self._gather():
            self.submit()
