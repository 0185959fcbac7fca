"""What the log shows of one conversation: its transcript, then what came and is not known to be saved."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Protocol, overload

from userdesk.domain.message import Message, Role, now
from userdesk.domain.safe_text import Cleaner, clean
from userdesk.domain.timestamps import BEGINNING
from userdesk.domain.verdict import Judgement
from userdesk.store.transcript.lines import NOT_THERE, unreadable
from userdesk.store.verdicts import Judged

PIECE = 20_000  # characters
NOTHING_LEFT = unreadable(BEGINNING, why=NOT_THERE)
"""In the place of a saved message whose file was shortened or removed meanwhile."""
GLANCE = 200  # characters of a text that tell at nearly no cost that something is seen of it


class SavedMessages(Protocol):
    """A transcript as the view reads it: messages are parsed when they are looked at."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Message: ...

    def __iter__(self) -> Iterator[Message]: ...

    def bytes_before(self, index: int) -> int:
        """About how many bytes lie before a message; its end for the number of all. Never raises."""


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


@dataclass(slots=True, eq=False, repr=False)
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


@dataclass(slots=True, eq=False, repr=False)
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


class MessagesNow(Sequence[Message]):
    """The messages of a view at one time, of which the saved ones stay on the disk."""

    def __init__(self, saved: SavedMessages, base: int, fresh: Sequence[Message]) -> None:
        self._saved = saved
        self._base = base
        self._fresh = fresh

    def __len__(self) -> int:
        return self._base + len(self._fresh)

    @overload
    def __getitem__(self, at: int) -> Message: ...
    @overload
    def __getitem__(self, at: slice) -> list[Message]: ...
    def __getitem__(self, at: int | slice) -> Message | list[Message]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        index = range(len(self))[at]
        return saved_message(self._saved, index) if index < self._base else self._fresh[index - self._base]

    def __iter__(self) -> Iterator[Message]:
        yield from islice(chain(self._saved, repeat(NOTHING_LEFT)), self._base)
        yield from self._fresh


def saved_message(saved: SavedMessages, index: int) -> Message:
    """A saved message, or what stands for one whose file was shortened or removed meanwhile."""
    try:
        return saved[index]
    except IndexError:
        return NOTHING_LEFT


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
            elsewhere = self._answered_elsewhere and index == len(self) - 1
            return ViewEntry(saved_message(self._saved, index), elsewhere=elsewhere, judgement=judgement)
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

    @property
    def saved(self) -> int:
        """How many of its messages were saved when it was made; they come first."""
        return self._base

    def bytes_before(self, index: int) -> int:
        """About how many bytes the messages before one have, for estimating their heights."""
        saved = self._saved.bytes_before(min(index, self._base)) if self._base else 0
        return saved + sum(self.fresh_sizes()[: max(0, index - self._base)])

    def fresh_sizes(self) -> Sequence[int]:
        """The characters of each message that came since it was made, for the same."""
        return [entry.live.characters if entry.live else len(entry.source) for entry in self._fresh]

    @property
    def messages(self) -> Sequence[Message]:
        """All of its messages as they are now, oldest first; saved ones are read as they are looked at.

        May be gone through in a thread, as is to be done where there may be thousands.
        """
        return MessagesNow(self._saved, self._base, [entry.message for entry in self._fresh])

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
