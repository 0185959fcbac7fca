"""The input bar: where a message is written; Enter sends it."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.safe_text import clean_typed
from userdesk.tui.input.bursts import BurstArea

FOLDED_KEPT = 8  # texts whose folds are remembered, so that a draft comes back as it was left
FOLD_CHARACTERS = 2_000
FOLD_LINES = 40
_SIGN = re.compile(r"\[pasted text #(\d+): [\d,]+ (?:lines|characters)\]")


class PromptRecall:
    """Which earlier prompt is looked at; behind the newest one waits what was being written.

    `text` is always the whole text of the input bar.
    """

    def __init__(self) -> None:
        self.prompts: Sequence[str] = ()
        """The prompts that ↑ brings back, the newest last."""
        self.unsent = ""
        """What was being written before an earlier prompt came."""
        self._at: int | None = None

    @property
    def is_begun(self) -> bool:
        """Whether an earlier prompt was brought back, changed since or not."""
        return self._at is not None

    def shows(self, text: str) -> bool:
        """Whether the text is the earlier prompt as it was sent."""
        return self._at is not None and text == clean_typed(self.prompts[self._at])

    def remember(self, prompts: Sequence[str], text: str) -> None:
        """Other prompts; the one that is looked at stays, if it is still among them."""
        shown = self.prompts[self._at] if self._at is not None and self.shows(text) else None
        places = (at for at in range(len(prompts) - 1, -1, -1) if prompts[at] == shown)
        self._at = next(places, None)
        self.prompts = prompts

    def step(self, direction: int, text: str) -> tuple[int | None, str] | None:
        """The place and the text of the prompt before or after; None where there is no step to take."""
        if not self.prompts or (self._at is not None and not self.shows(text)):
            return None  # changed meanwhile, and so a draft of its own
        if self._at is None:
            self.unsent = text
        last = len(self.prompts)
        at = max(0, min(last, (last if self._at is None else self._at) + direction))
        return (None, self.unsent) if at == last else (at, self.prompts[at])

    def go_to(self, place: int | None) -> None:
        """The text of a step stands in the input bar; None for what is being written."""
        self._at = place


class Folds:
    """Very long pastes, for which short signs stand in the input bar; the whole text is sent."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._texts)

    def fold(self, text: str) -> str:
        """The text itself where it is short, else a sign for it."""
        lines = text.removesuffix("\n").count("\n") + 1
        if len(text) <= FOLD_CHARACTERS and lines <= FOLD_LINES:
            return text
        number = len(self._texts) + 1
        self._texts[number] = text
        size = f"{lines:,} lines" if lines > FOLD_LINES else f"{len(text):,} characters"
        return f"[pasted text #{number}: {size}]"

    def unfold(self, text: str) -> str:
        """The text with every sign replaced by what it stands for; a sign somebody typed stays."""
        return _SIGN.sub(lambda found: self._texts.get(int(found[1]), found[0]), text)

    def signs(self, line: str) -> Iterator[tuple[int, int]]:
        """Where signs that stand for something begin and end in a line."""
        for found in _SIGN.finditer(line) if self._texts else ():
            if int(found[1]) in self._texts:
                yield found.span()


class InputBar(BurstArea):
    """Grows with its text up to half the screen; its frame's colour says what the conversation does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+v", "screen.command('paste')", "Paste", show=False, id="paste")
    ]

    @dataclass(eq=False, repr=False)
    class Submitted(Message):
        """Enter was pressed on a text that says something."""

        text: str
        key: ConversationKey
        """The conversation that it was written in."""

    @dataclass(eq=False, repr=False)
    class Refused(Message):
        """Enter was pressed where nothing can be sent."""

        reason: str
        """What is missing."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor_blink = False
        self.recall = PromptRecall()
        self.locked = ""
        """Why nothing can be sent; empty where it can."""
        self._invitation = Content("")
        self.elsewhere = ""
        """What the empty bar says while letters are commands elsewhere."""
        self._takes_keys = True
        self.key = NO_KEY
        """The conversation that is written in."""
        self._folds = Folds()
        self._folded: OrderedDict[str, tuple[str, Folds]] = OrderedDict()
        """Texts that were here with their folds, as they were shown."""

    # what it says

    def address(self, name: str) -> None:
        """Whom a message goes to."""
        was_locked, self.locked = self.locked, ""
        self.set_class(False, "-read-only")
        self._invitation = Content(f"Message {name}…")
        self.invite(takes_keys=self._takes_keys)
        if was_locked:
            self.refresh(layout=True)

    def refuse(self, reason: str) -> None:
        """The conversation can be read, not written in; say what is missing."""
        was_locked, self.locked = self.locked, reason
        self.set_class(True, "-read-only")
        self.placeholder = self._invitation = Content(reason)
        if was_locked != reason:
            self.refresh(layout=True)

    def invite(self, *, takes_keys: bool) -> None:
        """Ask for a message only where letters are text; elsewhere they are commands."""
        self._takes_keys = takes_keys
        words = self._invitation if takes_keys or self.locked else Content(self.elsewhere)
        if not self.locked and (room := self.content_size.width):
            words = words.truncate(room, ellipsis=True)
        self.placeholder = words

    def on_resize(self) -> None:
        """There is room for more or fewer words."""
        self.invite(takes_keys=self._takes_keys)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The rows of the text; where it is empty and nothing can be sent, those that say why."""
        height = super().get_content_height(container, viewport, width)
        if not self.locked or self.text:
            return height
        return max(height, len(self._invitation.wrap(width)))

    @property
    def whole_text(self) -> str:
        """What would be sent: the text with its folded pastes."""
        return self._folds.unfold(self.text)

    @property
    def draft(self) -> str:
        """What is being written; while an earlier prompt is looked at, what was written before."""
        text = self.whole_text
        return self.recall.unsent if self.recall.shows(text) else text

    @property
    def stays(self) -> str:
        """What is still to be written once the text is sent."""
        return self.recall.unsent if self.recall.shows(self.whole_text) else ""

    def give_up_unsent(self) -> str:
        """An earlier prompt is being changed: what was written before it came, once; else nothing."""
        if not self.recall.is_begun or self.recall.shows(self.whole_text):
            return ""
        self.recall.go_to(None)
        return self.recall.unsent

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
        self.recall.go_to(None)
        self.load_text(shown)
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        """An edit takes the sign of a folded paste as one character: half of it would stand for nothing."""
        start, end = sorted((self.within(edit.from_location), self.within(edit.to_location)))
        edit.to_location = self._beside_sign(end, after=True)
        edit.from_location = edit.to_location if start == end else self._beside_sign(start, after=False)
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

    def _recall(self, direction: int) -> None:
        """Step through earlier prompts."""
        if step := self.recall.step(direction, self.whole_text):
            place, text = step
            with self.prevent(TextArea.Changed):
                self.put(text)
            self.recall.go_to(place)
            self.post_message(TextArea.Changed(self))
            if direction < 0:
                self.move_cursor((0, 0))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell the screen alone: on its way up each container would take its turn, with each key."""
        event.stop()
        self.screen.post_message(event)

    # keys

    async def on_key(self, event: events.Key) -> None:
        """Enter sends, Ctrl+J breaks the line, ↑ and ↓ at the edges bring earlier prompts."""
        if self.absorbs(event):
            pass
        elif event.key in self.send_keys:
            self.submit()
        elif event.key in self.newline_keys:
            self.insert("\n")
        elif event.key == "up" and self._row() == 0:
            self._recall(-1)
        elif event.key == "down" and self.recall.is_begun and self._row() >= self.wrapped_document.height - 1:
            self._recall(1)
        else:
            return
        event.prevent_default()
        event.stop()

    def submit(self) -> None:
        """Send what is written, or say why it can't be."""
        if self.locked:
            self.post_message(self.Refused(self.locked))
        elif self.text.strip():
            self.post_message(self.Submitted(self.whole_text, self.key))

    async def on_paste(self, event: events.Paste) -> None:
        """A bracketed paste is one text, whatever it holds."""
        event.prevent_default()
        event.stop()
        self.end_burst()
        self.add_pasted(event.text)

    def _row(self) -> int:
        return self.wrapped_document.location_to_offset(self.cursor_location).y
