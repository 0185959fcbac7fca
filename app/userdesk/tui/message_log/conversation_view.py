"""What the log shows of one conversation: its transcript, then what came and is not known to be saved."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from userdesk.domain.message import Message, Role, now
from userdesk.domain.safe_text import Cleaner, clean
from userdesk.domain.verdict import Judgement
from userdesk.store.transcript.lines import NOT_THERE, unreadable
from userdesk.store.verdicts import Judged

PIECE = 20_000  # characters
GLANCE = 200  # characters of a text that tell at nearly no cost that something is seen of it


class SavedMessages(Protocol):
    """A transcript as the view reads it: messages are parsed when they are looked at."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Message: ...

    def size(self, index: int) -> int:
        """Bytes of the message's line."""


class ViewListener:
    """Who draws a view, told of each change; this one does nothing."""

    def message_added(self, index: int) -> None:
        """A message came at that index."""

    def message_changed(self, index: int) -> None:
        """A message got other marks."""

    def verdicts_changed(self, indices: Collection[int]) -> None:
        """Something else is said of some answers."""

    def message_removed(self, index: int) -> None:
        """A waiting message was withdrawn."""

    def answer_grew(self) -> None:
        """Text arrived for the answer being received."""

    def answer_ended(self) -> None:
        """No more text comes for the answer being received."""


@dataclass(slots=True)
class LiveAnswer:
    """The answer being received: text made safe to show, and how long it takes."""

    clock: Callable[[], float] = time.monotonic
    begun: float = 0.0
    first_text: float | None = None
    silent_for: float = 0.0
    """Seconds without a byte that the user was told of; 0 while text comes."""
    pieces: list[str] = field(default_factory=list)
    characters: int = 0
    cleaner: Cleaner = field(default_factory=Cleaner)

    def __post_init__(self) -> None:
        self.begun = self.clock()

    def add(self, text: str) -> None:
        """One more piece as the server sent it."""
        if self.first_text is None:
            self.first_text = self.elapsed
        self.silent_for = 0.0
        safe = self.cleaner.feed(text)
        self.pieces.append(safe)
        self.characters += len(safe)

    @property
    def text(self) -> str:
        """All of it so far."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    @property
    def elapsed(self) -> float:
        """Seconds since the request was begun."""
        return self.clock() - self.begun


@dataclass(slots=True)
class ViewEntry:
    """One message of a view and what is true of it only while the program runs."""

    message: Message
    live: LiveAnswer | None = None
    waiting: bool = False
    """Whether it was sent while another answer streams, and waits its turn."""
    turn_id: str = ""
    elsewhere: bool = False
    """Whether the answer to it is arriving in another window."""
    judgement: Judgement | None = None
    """What the user thinks of it."""

    @property
    def text(self) -> str:
        """Its text, made safe to show."""
        return self.live.text if self.live else clean(self.message.text)

    @property
    def source(self) -> str:
        """Its text as it came, not made safe to show."""
        return self.live.text if self.live else self.message.text

    @property
    def is_blank(self) -> bool:
        """Whether nothing in it is seen; of a long text only the first piece that is seen is looked at."""
        return not clean(self.source[:GLANCE]).strip() and not any(piece.strip() for piece in self.pieces())

    def pieces(self) -> Iterator[str]:
        """Its text, made safe to show, in pieces that take about a millisecond each."""
        text = self.source
        if len(text) <= PIECE:
            yield self.text
            return
        cleaner = Cleaner()
        for at in range(0, len(text), PIECE):
            yield cleaner.feed(text[at : at + PIECE])
        yield cleaner.flush()


class ConversationView:
    """One conversation's entries by index; the saved part stays on disk until it is looked at.

    What comes is held in memory until it stands in the transcript, and no longer.
    """

    def __init__(self, saved: SavedMessages, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._saved = saved
        self._clock = clock
        self._base = len(saved)
        self._fresh: list[ViewEntry] = []
        self.listener = ViewListener()
        self._answered_elsewhere = False
        self.judged: Mapping[int, Judged] = {}
        """The answers that the user has judged, by index."""

    def __len__(self) -> int:
        return self._base + len(self._fresh)

    def entry(self, index: int) -> ViewEntry:
        """The entry at an index from the start."""
        judged = self.judged.get(index)
        judgement = judged.judgement if judged else None
        if index < self._base:
            try:
                elsewhere = self._answered_elsewhere and index == len(self) - 1
                return ViewEntry(self._saved[index], elsewhere=elsewhere, judgement=judgement)
            except IndexError:  # the file was shortened or removed while it is looked at
                return ViewEntry(unreadable(now(), why=NOT_THERE))
        entry = self._fresh[index - self._base]
        entry.elsewhere = self._answered_elsewhere and index == len(self) - 1
        entry.judgement = judgement
        return entry

    @property
    def ends_with_question(self) -> bool:
        """Whether nothing is known of an answer to its last message."""
        if not len(self):
            return False
        last = self.entry(len(self) - 1)
        return last.message.role is Role.USER and not last.waiting

    def is_answered_elsewhere(self, told: bool) -> None:
        """Whether the answer to its last message is arriving in another window."""
        if told != self._answered_elsewhere:
            self._answered_elsewhere = told
            self.listener.message_changed(len(self) - 1)

    def judge(self, judged: Mapping[int, Judged]) -> None:
        """What is said of its answers now, by index."""
        before, self.judged = self.judged, judged
        every = before.keys() | judged.keys()
        if changed := {index for index in every if before.get(index) != judged.get(index)}:
            self.listener.verdicts_changed(changed)

    def sizes(self) -> Sequence[int]:
        """The rough size of each message in bytes, for estimating its height."""
        saved = [self._saved.size(index) for index in range(min(self._base, len(self._saved)))]
        saved += [0] * (self._base - len(saved))
        return [*saved, *(len(entry.text) for entry in self._fresh)]

    @property
    def messages(self) -> list[Message]:
        """All of its messages, oldest first."""
        return [self.entry(index).message for index in range(len(self))]

    def back_from(self, index: int) -> Iterator[Message]:
        """Its messages from the one at an index back to the first."""
        return (self.entry(at).message for at in range(index, -1, -1))

    @property
    def has_user_message(self) -> bool:
        """Whether the user has said anything in this conversation."""
        if self._base > 1 or any(entry.message.role is Role.USER for entry in self._fresh):
            return True
        return self._base == 1 and self._saved[0].role is Role.USER

    @property
    def settled(self) -> int:
        """How many of its messages, from the first one on, neither arrive nor wait any more."""
        count = len(self._fresh)
        while count and (self._fresh[count - 1].live or self._fresh[count - 1].waiting):
            count -= 1
        return self._base + count

    @property
    def live_index(self) -> int | None:
        """Where the answer being received stands: last but for what waits behind it."""
        for offset in range(len(self._fresh) - 1, -1, -1):
            entry = self._fresh[offset]
            if entry.live:
                return self._base + offset
            if not entry.waiting:
                break
        return None

    @property
    def live(self) -> LiveAnswer | None:
        """The answer being received."""
        index = self.live_index
        return None if index is None else self._fresh[index - self._base].live

    @property
    def progress(self) -> tuple[int, int, int]:
        """Differs once anything came: messages settled, messages, characters of the answer being received."""
        live = self.live
        return self.settled, len(self), live.characters if live else 0

    # what a turn does to it

    def add(self, message: Message) -> None:
        """A message that is complete: a user's, a welcome, an outcome."""
        self._insert(ViewEntry(message))

    def queue(self, message: Message, turn_id: str) -> None:
        """A user message that waits behind the answer being received."""
        self._insert(ViewEntry(message, waiting=True, turn_id=turn_id), at_end=True)

    def start_waiting(self, turn_id: str) -> bool:
        """The turn of a waiting message has come; False if there is no such message."""
        for offset, entry in enumerate(self._fresh):
            if entry.turn_id == turn_id and entry.waiting:
                entry.waiting = False
                self.listener.message_changed(self._base + offset)
                return True
        return False

    def withdraw(self, turn_id: str) -> None:
        """A waiting message is taken back."""
        for offset, entry in enumerate(self._fresh):
            if entry.turn_id == turn_id and entry.waiting:
                del self._fresh[offset]
                self.listener.message_removed(self._base + offset)
                return

    def begin_answer(self) -> None:
        """The request is on its way: an empty bubble that says so."""
        self._insert(ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=LiveAnswer(self._clock)))

    def grow(self, text: str) -> None:
        """Text arrived for the answer being received."""
        if live := self.live:
            live.add(text)
            self.listener.answer_grew()

    def stream_ended(self) -> None:
        """The answer's last byte came: nothing is to wait for a frame any more."""
        self.listener.answer_ended()

    def stalled(self, seconds: float) -> None:
        """No byte came for so long."""
        if live := self.live:
            live.silent_for += seconds
            self.listener.answer_grew()

    def end_answer(self, outcome: Message) -> None:
        """The turn ended: the bubble keeps its text and gets its marks."""
        index = self.live_index
        if index is None:
            self.add(outcome)
            return
        self._fresh[index - self._base] = ViewEntry(outcome)
        self.listener.message_changed(index)

    def _insert(self, entry: ViewEntry, *, at_end: bool = False) -> None:
        """Add before what is waiting, for that comes after everything under way."""
        self._let_go_of_saved()
        offset = len(self._fresh)
        while not at_end and offset and self._fresh[offset - 1].waiting:
            offset -= 1
        self._fresh.insert(offset, entry)
        self.listener.message_added(self._base + offset)

    def _let_go_of_saved(self) -> None:
        """Hold no more what the transcript has at its place: it is read from there when it is looked at."""
        for entry in self._fresh[: self.settled - self._base]:
            if self._base >= len(self._saved):
                return  # it waits for the disk, or nothing is kept
            saved = self._saved[self._base]
            if (saved.role, saved.text) != (entry.message.role, entry.message.text):
                return  # another process's message stands there
            self._base += 1
            del self._fresh[0]
