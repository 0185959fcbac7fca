"""The input bar: where a message is written; Enter sends it."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.safe_text import clean_typed
from userdesk.tui.input.bursts import BurstArea
from userdesk.tui.input.folded_pastes import Folds

ELSEWHERE = "Esc goes back to writing"
FOLDED_KEPT = 8  # texts whose folds are remembered, so that a draft comes back as it was left


class InputBar(BurstArea):
    """Grows with its text up to half the screen; its rule's colour says what the conversation does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+v", "paste_outside", "Paste", show=False, id="paste")
    ]

    class Submitted(Message):
        """Enter was pressed on a text that says something."""

        def __init__(self, text: str, key: ConversationKey) -> None:
            super().__init__()
            self.text = text
            self.key = key
            """The conversation that it was written in."""

    class Refused(Message):
        """Enter was pressed where nothing can be sent."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words
            """What is missing."""

    class PasteAsked(Message):
        """Ctrl+V: the system's clipboard is wanted."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor_blink = False
        self._prompts: Sequence[str] = ()
        self._recalled: int | None = None
        self._unsent = ""
        self._locked = ""
        self._invitation = Content("")
        self._takes_keys = True
        self.key = NO_KEY
        """The conversation that is written in."""
        self._folds = Folds()
        self._folded: OrderedDict[str, tuple[str, Folds]] = OrderedDict()
        """Texts that were here with their folds, as they were shown."""

    # what it says

    def address(self, name: str) -> None:
        """Whom a message goes to."""
        self._locked = ""
        if self.border_title == name:
            return
        self._invitation = Content(f"Message {name}…")
        self.border_title = Content(name)
        self.invite(takes_keys=self._takes_keys)

    def refuse(self, words: str) -> None:
        """The conversation can be read, not written in; say what is missing."""
        self._locked = words
        self.border_title = None
        self._invitation = Content(words)
        self.placeholder = self._invitation

    def invite(self, *, takes_keys: bool) -> None:
        """Ask for a message only where letters are text; elsewhere they are commands."""
        self._takes_keys = takes_keys
        self.placeholder = self._invitation if takes_keys or self._locked else Content(ELSEWHERE)

    @property
    def locked(self) -> str:
        """Why nothing can be sent; empty where it can."""
        return self._locked

    @property
    def whole_text(self) -> str:
        """What would be sent: the text with its folded pastes."""
        return self._folds.unfold(self.text)

    @property
    def draft(self) -> str:
        """What is being written; while an earlier prompt is looked at, what was written before."""
        return self._unsent if self._looks_back else self.whole_text

    @property
    def stays(self) -> str:
        """What is still to be written once the text is sent."""
        return self._unsent if self._looks_back else ""

    @property
    def _looks_back(self) -> bool:
        """Whether what stands here is an earlier prompt as it was sent."""
        return self._recalled is not None and self.whole_text == clean_typed(self._prompts[self._recalled])

    def give_up_unsent(self) -> str:
        """An earlier prompt is being changed: what was written before it came, once; else nothing."""
        if self._recalled is None or self._looks_back:
            return ""
        self._recalled = None
        return self._unsent

    def put(self, text: str) -> None:
        """Replace the text; the cursor goes behind it."""
        if self._folds:
            self._folded[self.whole_text] = self.text, self._folds
            if len(self._folded) > FOLDED_KEPT:
                self._folded.popitem(last=False)
        text = clean_typed(text)
        if text in self._folded:
            shown, self._folds = self._folded[text]
        else:
            self._folds = Folds()
            shown = self._folds.fold(text)
        self._recalled = None
        self.load_text(shown)
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        """An edit takes the sign of a folded paste as one character: half of it would stand for nothing."""
        start, end = sorted((self.within(edit.from_location), self.within(edit.to_location)))
        if start == end:
            edit.from_location = edit.to_location = self._beside_sign(start, after=True)
        else:
            edit.from_location = self._beside_sign(start, after=False)
            edit.to_location = self._beside_sign(end, after=True)
        return super().edit(edit)

    def _beside_sign(self, location: tuple[int, int], *, after: bool) -> tuple[int, int]:
        row, column = location
        for begin, end in self._folds.signs(self.document.get_line(row)):
            if begin < column < end:
                return row, end if after else begin
        return location

    def fold(self, text: str) -> str:
        """A very long paste as a sign that stands for it."""
        return self._folds.fold(text)

    def add_pasted(self, text: str) -> None:
        """Put pasted text where the cursor is; a very long one is folded."""
        start, end = self.selection
        self.replace(self.fold(clean_typed(text)), start, end, maintain_selection_offset=False)

    # earlier prompts

    def remember(self, prompts: Sequence[str]) -> None:
        """The prompts that ↑ brings back, the newest last."""
        shown = self._prompts[self._recalled] if self._recalled is not None and self._looks_back else None
        places = (at for at in range(len(prompts) - 1, -1, -1) if prompts[at] == shown)
        self._recalled = next(places, None)
        self._prompts = prompts

    @property
    def prompts(self) -> Sequence[str]:
        """The prompts that ↑ brings back, the newest last."""
        return self._prompts

    def _recall(self, direction: int) -> None:
        """Step through earlier prompts; behind the newest one waits what was being written."""
        if not self._prompts:
            return
        at = len(self._prompts) if self._recalled is None else self._recalled
        if self._recalled is None:
            self._unsent = self.whole_text
        elif not self._looks_back:  # changed meanwhile, and so a draft of its own
            return
        at = max(0, min(len(self._prompts), at + direction))
        newest = at == len(self._prompts)
        with self.prevent(TextArea.Changed):
            self.put(self._unsent if newest else self._prompts[at])
        self._recalled = None if newest else at
        self.post_message(TextArea.Changed(self))
        if direction < 0:
            self.move_cursor((0, 0))

    # keys

    async def on_key(self, event: events.Key) -> None:
        """Enter sends, Ctrl+J breaks the line, ↑ and ↓ at the edges bring earlier prompts."""
        if self.absorbs(event):
            event.prevent_default()
            event.stop()
        elif event.key in self.send_keys:
            event.prevent_default()
            event.stop()
            self.submit()
        elif event.key in self.newline_keys:
            event.prevent_default()
            event.stop()
            self.insert("\n")
        elif event.key == "up" and self._row() == 0:
            event.prevent_default()
            self._recall(-1)
        elif event.key == "down" and self._recalled is not None and self._row() >= self._rows() - 1:
            event.prevent_default()
            self._recall(1)

    def submit(self) -> None:
        """Send what is written, or say why it can't be."""
        if self._locked:
            self.post_message(self.Refused(self._locked))
        elif self.text.strip():
            self.post_message(self.Submitted(self.whole_text, self.key))

    async def on_paste(self, event: events.Paste) -> None:
        """A bracketed paste is one text, whatever it holds."""
        event.prevent_default()
        event.stop()
        self.end_burst()
        self.add_pasted(event.text)

    def action_paste_outside(self) -> None:
        """Ctrl+V."""
        self.post_message(self.PasteAsked())

    def _row(self) -> int:
        """The cursor's row, as wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def _rows(self) -> int:
        return self.wrapped_document.height
