"""The input bar: where a message is written; Enter sends it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

NEWLINE_KEYS = frozenset({"ctrl+j", "shift+enter", "shift+\r"})


class InputBar(TextArea):
    """Grows with its text up to half the screen; its rule's colour says what the conversation does."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Submitted(Message):
        """Enter was pressed on a text that says something."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            compact=True,
            placeholder="",
        )
        self.cursor_blink = False
        self._prompts: Sequence[str] = ()
        self._recalled: int | None = None
        self._unsent = ""
        self._locked = ""

    # what it says

    def address(self, name: str) -> None:
        """Whom a message goes to."""
        self._locked = ""
        if self.border_title == name:
            return
        self.placeholder = Content(f"Message {name}…")
        self.border_title = Content(name)

    def refuse(self, words: str) -> None:
        """The conversation can be read, not written in; say what is missing."""
        self._locked = words
        self.border_title = None
        self.placeholder = Content(words)

    @property
    def locked(self) -> str:
        """Why nothing can be sent; empty where it can."""
        return self._locked

    def put(self, text: str) -> None:
        """Replace the text; the cursor goes behind it."""
        self.load_text(text)
        self.move_cursor(self.document.end)
        self._recalled = None

    # earlier prompts

    def remember(self, prompts: Sequence[str]) -> None:
        """The prompts that ↑ brings back, the newest last."""
        self._prompts = prompts
        self._recalled = None

    def _recall(self, direction: int) -> None:
        """Step through earlier prompts; behind the newest one waits what was being written."""
        if not self._prompts:
            return
        at = len(self._prompts) if self._recalled is None else self._recalled
        if self._recalled is None:
            self._unsent = self.text
        at = max(0, min(len(self._prompts), at + direction))
        self.load_text(self._unsent if at == len(self._prompts) else self._prompts[at])
        self._recalled = None if at == len(self._prompts) else at
        self.move_cursor((0, 0) if direction < 0 else self.document.end)

    # keys

    async def on_key(self, event: events.Key) -> None:
        """Enter sends, Ctrl+J breaks the line, ↑ and ↓ at the edges bring earlier prompts."""
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            if self.text.strip() and not self._locked:
                self.post_message(self.Submitted(self.text))
        elif event.key in NEWLINE_KEYS:
            event.prevent_default()
            event.stop()
            self.insert("\n")
        elif event.key == "up" and self.cursor_location[0] == 0 and self.cursor_at_first_row:
            event.prevent_default()
            self._recall(-1)
        elif event.key == "down" and self.cursor_at_last_row and self._recalled is not None:
            event.prevent_default()
            self._recall(1)

    @property
    def cursor_at_first_row(self) -> bool:
        """Whether the cursor is on the first row as wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    @property
    def cursor_at_last_row(self) -> bool:
        """Whether the cursor is on the last row as wrapped."""
        return (
            self.wrapped_document.location_to_offset(self.cursor_location).y
            >= self.wrapped_document.height - 1
        )
