"""The message log: one widget that draws the lines in view, whatever the conversation's length."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.selection import Selection

from userdesk.tui.commands import bindings
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.link_hints import link_signs
from userdesk.tui.message_log.log_view import LogView
from userdesk.tui.message_log.matches import Match, SpansOf
from userdesk.tui.message_log.pacing import FIRST_FRAME, FRAME, SCROLL_FRAME, Pacer
from userdesk.tui.message_log.selecting import selected_text

FIRST_CHARACTERS = 200  # so many characters of an answer are its beginning
SPINNER_PERIOD = 0.125  # s
NEW_HEIGHT = 2  # rows; a new message's until it is laid out


class MessageLog(LogView, can_focus=True):
    """Shows a conversation; keeps its place in the text whatever arrives, is measured or is resized."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Message before", show=False, id="log.previous"),
        Binding("down,j", "move(1)", "Message after", show=False, id="log.next"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="log.page_up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="log.page_down"),
        Binding("home,g", "to_start", "Beginning", show=False, id="log.start"),
        Binding("end,G", "to_end", "End", show=False, id="log.end"),
        *bindings("log"),
    ]

    cursor: reactive[int | None] = reactive(None)
    """The bubble that copy, retry and edit apply to."""

    class LinkOpened(TextualMessage):
        """A link was clicked."""

        def __init__(self, href: str) -> None:
            super().__init__()
            self.href = href

    class LinkPicked(TextualMessage):
        """A link was picked by its sign, or none."""

        def __init__(self, href: str | None) -> None:
            super().__init__()
            self.href = href

    def __init__(self, *, id: str | None = None, still: bool = False) -> None:
        super().__init__(id=id, still=still)
        self._pacer = Pacer(self._show_growth)
        self._moves = False
        self._ticking = False

    def on_mount(self) -> None:
        """Start the spinner's clock, still until an answer is under way."""
        self._clock = self.set_interval(SPINNER_PERIOD, self._tick, pause=True)

    def on_unmount(self) -> None:
        """Nothing is drawn any more."""
        self._pacer.cancel()

    # what is shown

    @property
    def view(self) -> ConversationView | None:
        """The conversation on the screen."""
        return self.bubbles.view

    def show(self, view: ConversationView) -> None:
        """Show another conversation, at its end. Costs what is in view."""
        if self.view is not None:  # an empty one is false
            self.view.listener = None
        view.listener = self
        self._pick(None)
        # Nothing may draw in between: what is in view is known by numbers of the view.
        self.set_reactive(MessageLog.cursor, None)
        self.bubbles.show(view)
        self._unseen_text = False
        self._anchor = None
        self._laid_out_width = self.text_width
        self.viewport.reset(self.bubbles.estimates(self._laid_out_width))
        self.screen.clear_selection()
        self._run_clock()
        self.redraw()

    @property
    def chosen_index(self) -> int | None:
        """The bubble under the cursor."""
        return self.cursor

    def chosen(self) -> Bubble | None:
        """The bubble under the cursor, else the last one."""
        if not self.view or not len(self.view):
            return None
        return self.bubbles[len(self.view) - 1 if self.cursor is None else self.cursor]

    # the conversation's view tells

    def message_added(self, index: int) -> None:
        """A message came at the end, or before those waiting."""
        self.bubbles.drop_from(index)
        self.viewport.insert(index, NEW_HEIGHT)
        if self.cursor is not None and self.cursor >= index:
            self.cursor += 1
        self._note_unseen()
        self._run_clock()
        self.redraw()

    def message_changed(self, index: int) -> None:
        """A message got its marks; its text is what it was."""
        assert self.view is not None
        if bubble := self.bubbles.known(index):
            bubble.replace(self.view.entry(index))
            self.call_later(self._finish, bubble)
        self._run_clock()
        self.redraw()

    def message_removed(self, index: int) -> None:
        """A waiting message was withdrawn."""
        self.bubbles.drop_from(index)
        self.viewport.remove(index)
        if self.cursor is not None and self.cursor >= index:
            self.cursor = None
        self.redraw()

    def answer_grew(self) -> None:
        """Text arrived: it is on the screen within a frame, or two while every row moves."""
        self._note_unseen()
        self._pacer.changed(self._frame_time())

    def answer_ended(self) -> None:
        """The last text is on the screen before its outcome is on the disk."""
        self._pacer.now()

    @property
    def growing(self) -> bool:
        """Whether an answer is being received."""
        return self._ticking

    def _frame_time(self) -> float:
        live = self.view.live if self.view else None
        if live and live.characters < FIRST_CHARACTERS:
            return FIRST_FRAME
        return SCROLL_FRAME if self._moves else FRAME

    def _show_growth(self) -> None:
        self.redraw()
        self._moves = self.rows_changed > self.size.height // 2

    def _finish(self, bubble: Bubble) -> None:
        """After the last text is on the screen: late references and table widths come right."""
        if self.bubbles.known(bubble.index) is bubble:
            bubble.finish()
            self.redraw()

    def _note_unseen(self) -> None:
        if not self.following:
            self._unseen_text = True

    # the spinner

    def _run_clock(self) -> None:
        live = bool(self.view and self.view.live_index is not None) and not self.still
        if live != self._ticking and self.is_mounted:
            self._ticking = live
            self._clock.resume() if live and self.app.app_focus else self._clock.pause()

    def _tick(self) -> None:
        live = self.view.live_index if self.view else None
        if live is None:
            self._run_clock()
            return
        self._spinner_frame += 1
        if bubble := self.bubbles.known(live):
            bubble.tick(self._spinner_frame)
            if not self._pacer.is_due:
                self.redraw()

    def attention_changed(self, looks: bool) -> None:
        """The spinner stands still while nobody looks."""
        if self._ticking:
            self._clock.resume() if looks else self._clock.pause()

    # choosing

    def action_to_start(self) -> None:
        """The very first row."""
        self.cursor = 0 if self.cursor is not None and self.view and len(self.view) else None
        super().action_to_start()

    def action_to_end(self) -> None:
        """The end, and follow it."""
        self.cursor = None
        super().action_to_end()

    def action_move(self, direction: int) -> None:
        """Choose the message before or after."""
        if not self.view or not len(self.view):
            return
        last = len(self.view) - 1
        if self.cursor is None:
            self.cursor = min(last, max((place.bubble for place in self._window), default=last))
        else:
            self.cursor = min(last, max(0, self.cursor + direction))
        self.show_bubble(self.cursor)

    def watch_cursor(self) -> None:
        """Mark the chosen bubble."""
        self.redraw()

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the chosen message begins; with none chosen, the first cell."""
        places = enumerate(self._window)
        row = next((y for y, place in places if place.bubble == self.cursor), 0)
        return self.content_region.offset + Offset(0, row)

    def on_blur(self) -> None:
        """Elsewhere no message is chosen."""
        self.cursor = None
        self._pick(None)

    def on_click(self, event: events.Click) -> None:
        """A click on a link opens it; elsewhere it chooses the message."""
        href = event.style.meta.get("href")
        if isinstance(href, str):
            self.post_message(self.LinkOpened(href))
        elif event.y < len(self._window):
            self.cursor = self._window[event.y].bubble

    # links by their signs

    def ask_for_link(self, allowed: Callable[[str], bool]) -> list[str]:
        """Put signs on the links in view whose addresses are allowed; those addresses.

        The next key says which; `LinkPicked` tells.
        """
        rows = (self.bubbles[place.bubble].row(place.row) for place in self._window)
        self._signs = link_signs(rows, allowed)
        self.redraw()
        return list(self._signs)

    def stop_asking(self) -> None:
        """Take the signs away."""
        if self._signs:
            self._signs = {}
            self.redraw()

    def on_key(self, event: events.Key) -> None:
        """While links have signs, the next key picks one; any other key leaves."""
        if not self._signs:
            return
        event.stop()
        event.prevent_default()
        self._pick(next((href for href, sign in self._signs.items() if sign == event.character), None))

    def _pick(self, href: str | None) -> None:
        if self._signs:
            self.stop_asking()
            self.post_message(self.LinkPicked(href))

    # finding and selecting

    def highlight(self, spans_of: SpansOf | None) -> None:
        """Mark every place in view that is looked for; None for nothing."""
        self._spans_of, self._match = spans_of, None
        self.redraw()

    def show_match(self, match: Match) -> None:
        """Bring one of the places looked for into view, and mark it apart from the others."""
        self.measure(match.bubble)
        self._match = match
        self.show_bubble(match.bubble, self.bubbles[match.bubble].row_of(match.line, match.start))

    def show_first_match(self, index: int) -> None:
        """Bring the first place of a message that is looked for into view; its beginning without one."""
        self.measure(index)
        bubble = self.bubbles[index]
        spans_of = self._spans_of or (lambda line: ())
        for line in bubble.lines():
            if spans := spans_of(bubble.line_text(line)):
                self.show_match(Match(index, line, spans[0][0]))
                return
        self.show_bubble(index)

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection as it changes."""
        self.redraw()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text selected: a whole message's source, of others the text without wraps and padding."""
        if not self.view:
            return None
        return selected_text(selection, len(self.view), self._source, self._laid_out), "\n"

    def _source(self, index: int) -> str:
        return self.view.entry(index).text if self.view else ""

    def _laid_out(self, index: int) -> Bubble:
        self.measure(index)
        return self.bubbles[index]
