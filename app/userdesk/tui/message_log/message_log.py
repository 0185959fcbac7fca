"""The message log: one widget that draws the lines in view, whatever the conversation's length."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message as TextualMessage
from textual.selection import Selection

from userdesk.tui.commands import bindings
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView, ViewListener
from userdesk.tui.message_log.frame import link_signs
from userdesk.tui.message_log.highlight_spans import selected_text
from userdesk.tui.message_log.log_view import LogView
from userdesk.tui.message_log.view_follower import ViewFollower
from userdesk.tui.message_log.viewport import Place


class MessageLog(LogView, can_focus=True):
    """Shows a conversation; keeps its place in the text whatever arrives, is measured or is resized."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Previous message", show=False, id="log.previous"),
        Binding("down,j", "move(1)", "Next message", show=False, id="log.next"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="log.page_up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="log.page_down"),
        Binding("home,g", "to_start", "Beginning", show=False, id="log.start"),
        Binding("end,G", "to_end", "End", show=False, id="log.end"),
        *bindings("log"),
    ]

    class Moved(TextualMessage):
        """While the log has the focus: another message is chosen, or other rows are in view."""

    @dataclass(eq=False, repr=False)
    class LinkOpened(TextualMessage):
        """A link was clicked."""

        href: str

    @dataclass(eq=False, repr=False)
    class LinkPicked(TextualMessage):
        """A link was picked by its sign, or none."""

        href: str | None

    def __init__(self, *, id: str | None = None, still: bool = False) -> None:
        super().__init__(id=id, still=still)
        self._follower = ViewFollower(self)
        self._only_end = False

    def on_unmount(self) -> None:
        """Nothing is drawn any more."""
        self._follower.end()
        self._let_go()

    # what is shown

    def show(self, view: ConversationView, *, only_end: bool = False) -> None:
        """Show another conversation, at its end. Costs what is in view.

        With `only_end` it is that of one whose other messages are not known yet: it can be scrolled, but
        nothing is done with its messages. When all of it is shown, what is in view stays where it is.
        """
        place = self._place_in(view)
        self._only_end = only_end
        self._let_go()
        view.listener = self._follower
        self._pick(None)
        # Nothing may draw in between: what is in view is known by numbers of the view.
        self.set_reactive(LogView.cursor, None)
        self.bubbles.show(view)
        self._anchor = None
        self._waiting.clear()
        self._layout_before = self._layout_now
        self.viewport.reset(self.bubbles.estimates(self.text_width))
        if place:
            self.viewport.place, self.viewport.following = place, False
        self.screen.clear_selection()
        self._follower.run_clock()
        self.redraw()
        self.begin_at_welcome()

    def _place_in(self, view: ConversationView) -> Place | None:
        """Where in a view that is in view to which one scrolled back from its end alone."""
        if not self._only_end or self.following or not self.view or not view:
            return None
        last, of_end = len(view) - 1, len(self.view) - 1
        if view.entry(last).message != self.view.entry(of_end).message:
            return None  # another conversation
        bubble, row = self.viewport.place
        return Place(bubble + last - of_end, row)

    def _let_go(self) -> None:
        """Nothing of the view is drawn here any more, though perhaps in another log."""
        if self.view is not None and self.view.listener is self._follower:  # an empty one is false
            self.view.listener = ViewListener()

    def chosen(self) -> Bubble | None:
        """The bubble under the cursor, else the last one."""
        if not self.view or self._only_end:
            return None
        return self.bubbles[len(self.view) - 1 if self.cursor is None else self.cursor]

    def attention_changed(self, looks: bool) -> None:
        """The spinner stands still while nobody looks."""
        self._follower.attention_changed(looks)

    # choosing

    def action_to_start(self) -> None:
        """The very first row."""
        self.cursor = 0 if self.cursor is not None and self.view else None
        super().action_to_start()

    def action_to_end(self) -> None:
        """The end, and follow it."""
        self.cursor = None
        super().action_to_end()

    def action_move(self, direction: int) -> None:
        """Choose the message before or after."""
        if not self.view or self._only_end:
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
        self.post_message(self.Moved())

    def redraw(self) -> None:
        """Draw what changed; where other rows came into view, say so."""
        before = self._window
        super().redraw()
        if self.has_focus and before != self._window:
            self.post_message(self.Moved())

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
        elif event.y < len(self._window) and not self._only_end:
            self.cursor = self._window[event.y].bubble

    # links by their signs

    def links_in_view(self, allowed: Callable[[str], bool]) -> dict[str, str]:
        """The addresses of the links in view that are allowed, each with a sign for it."""
        return link_signs((self.bubbles[place.bubble].row(place.row) for place in self._window), allowed)

    def ask_for_link(self, allowed: Callable[[str], bool]) -> list[str]:
        """The addresses of the links in view that are allowed; of several, put signs on the links.

        The next key says which; `LinkPicked` tells.
        """
        signs = self.links_in_view(allowed)
        self._signs = signs if len(signs) > 1 else {}
        self.redraw()
        return list(signs)

    def on_key(self, event: events.Key) -> None:
        """While links have signs, the next key picks one; any other key leaves."""
        if not self._signs:
            return
        event.stop()
        event.prevent_default()
        self._pick(next((href for href, sign in self._signs.items() if sign == event.character), None))

    def _pick(self, href: str | None) -> None:
        if self._signs:
            self._signs = {}
            self.redraw()
            self.post_message(self.LinkPicked(href))

    # selecting

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection as it changes."""
        self.redraw()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text selected: a whole message's source, of others the text without wraps and padding."""
        if not self.view:
            return None
        return selected_text(selection, self.view, self.laid_out), "\n"
