"""What the user thinks of answers: a file a conversation, of lines that are appended and never changed.

A line says one thing of one answer, so that two processes that judge the same answer lose nothing: of each
thing the last line counts.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import Message, Role
from userdesk.domain.safe_text import encodable
from userdesk.domain.timestamps import BEGINNING, moment_in, timestamp
from userdesk.domain.verdict import JudgedConversations, Judgement, Kinds, Verdict
from userdesk.files.atomic import append_line
from userdesk.files.formats import FileFormat
from userdesk.files.reading import read_bytes, signature
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.problems import Problem, reason, saving
from userdesk.store.transcript.transcript import Transcript

FORMAT = FileFormat(version=1)
_ENDING = ".jsonl"
_REACH = 1000  # messages before and after its old place among which an answer is looked for
_VERDICTS = (None, *Verdict)

Change = Mapping[str, str | None]
"""What is said of an answer: `verdict` or `note`, None where it is taken back."""
_Answers = dict[tuple[int, str], "Judged"]


class Judged(NamedTuple):
    """A judgement and what its answer is known by: its place, and the text that must stand there.

    Where it stands elsewhere, since somebody changed the transcript, the time tells it from equal ones.
    """

    place: int
    """The number of its line in the transcript, from 0."""
    digest: str
    """The beginning of the text's SHA-256, in hexadecimal."""
    at: str
    """When the answer came, as its line of the transcript has it."""
    judgement: Judgement = Judgement(None, "", BEGINNING)

    @classmethod
    def of(cls, place: int, answer: Message) -> "Judged":
        """An answer of which nothing is said yet, by its place in the transcript."""
        return cls(place, _digest(answer), timestamp(answer.at))

    def changed(self, change: Change, at: datetime) -> "Judged":
        """The same answer with something else said of it."""
        verdict, note = change.get("verdict", self.judgement.verdict), change.get("note", self.judgement.note)
        judgement = Judgement(Verdict(verdict) if verdict else None, note or "", max(at, self.judgement.at))
        return self._replace(judgement=judgement)

    def is_of(self, message: Message) -> bool:
        """Whether a message is the answer, as far as its text tells."""
        return message.role is Role.ASSISTANT and _digest(message) == self.digest


class Verdicts:
    """The verdicts and notes of a data folder. Its methods block on the disk."""

    def __init__(
        self, folder: DataFolder, creating: Callable[[ConversationKey], AbstractContextManager[object]]
    ) -> None:
        """`creating` gives the context that a conversation's file is made in."""
        self._folder = folder
        self._creating = creating
        self._told: set[ConversationKey] = set()
        self._kinds: dict[ConversationKey, tuple[object, frozenset[Kinds]]] = {}

    def add(self, key: ConversationKey, answer: Judged, change: Change, at: datetime) -> None:
        """Keep durably what is said of an answer. Raises StoreError, ConversationGone."""
        self._folder.may_write()
        record = {"message": answer.place, "at": answer.at, "sha256": answer.digest}
        line = FORMAT.line({**record, **change, "time": timestamp(at)})
        path, durable = self._path(key), self._folder.durable
        with saving("The verdict", path):
            try:
                append_line(path, line, create=False, durable=durable)
            except FileNotFoundError:
                with self._creating(key):
                    append_line(self._path(key), line, durable=durable)

    def of(self, key: ConversationKey) -> list[Judged]:
        """Every answer of a conversation of which something is said; what is damaged is told once."""
        answers: _Answers = {}
        unreadable = 0
        try:
            lines = (read_bytes(self._path(key)) or b"").split(b"\n")
        except OSError as error:
            self._tell(key, f"could not be read: {reason(error)}")
            return []
        for line in lines:
            if line.strip() and not _take(answers, line):
                unreadable += 1
        if unreadable:
            count = "one line" if unreadable == 1 else f"{unreadable} lines"
            self._tell(key, f"{count} can't be read and stayed unchanged", lasting=True)
        return [each for each in answers.values() if each.judgement.kinds]

    def signature(self, key: ConversationKey) -> object:
        """What differs once something else is said in a conversation; None where nothing is."""
        with suppress(OSError):
            return signature(self._path(key))
        return None

    def kinds(self) -> JudgedConversations:
        """What the judged answers of each conversation can be found by; files that changed are read."""
        kinds: dict[ConversationKey, tuple[object, frozenset[Kinds]]] = {}
        with suppress(OSError):
            for name in os.listdir(self._folder.verdicts):
                key = ConversationKey(name.removesuffix(_ENDING))
                if name.endswith(_ENDING) and is_safe_key(key):
                    seen, known = self.signature(key), self._kinds.get(key)
                    if known is None or known[0] != seen:
                        known = seen, frozenset(each.judgement.kinds for each in self.of(key))
                    kinds[key] = known
        self._kinds = kinds
        return {key: found for key, (_, found) in kinds.items() if found}

    def _path(self, key: ConversationKey) -> Path:
        live, trashed = self._folder.verdicts_of(key), self._folder.trashed_verdicts(key)
        return trashed if not live.exists() and trashed.exists() else live

    def _tell(self, key: ConversationKey, what: str, *, lasting: bool = False) -> None:
        if key not in self._told:
            self._told.add(key)
            path = self._folder.verdicts_of(key)
            self._folder.tell(Problem(path, f"The verdicts in {path.name}: {what}", lasting))


def judged_in(transcript: Transcript, judged: Iterable[Judged]) -> dict[int, Judged]:
    """The judged answers by where in a transcript they stand; those that are gone are left out. Blocks."""
    places = ((_place(transcript, each), each) for each in judged)
    return {index: each for index, each in places if index is not None}


def question_of(transcript: Transcript, place: int) -> Message | None:
    """The message that an answer was given to; None for a welcome message. Blocks on the disk."""
    before = (transcript[at] for at in range(place - 1, -1, -1))
    return next((message for message in before if message.role is Role.USER), None)


def _place(transcript: Transcript, judged: Judged) -> int | None:
    count, at = len(transcript), judged.place
    if at < count and judged.is_of(transcript[at]):
        return at
    near = sorted(range(max(0, at - _REACH), min(count, at + _REACH)), key=lambda index: abs(index - at))
    return next((index for index in near if _is_moved_to(transcript[index], judged)), None)


def _is_moved_to(message: Message, judged: Judged) -> bool:
    return timestamp(message.at) == judged.at and judged.is_of(message)


def _take(answers: _Answers, line: bytes) -> bool:
    """Take in a line; whether it could be read."""
    record = FORMAT.parse(line) or {}
    place, digest, note = record.get("message"), record.get("sha256"), record.get("note")
    if type(place) is not int or place < 0 or not isinstance(digest, str):
        return False
    if record.get("verdict") not in _VERDICTS or not isinstance(note, str | None):
        return False
    known = answers.get((place, digest)) or Judged(place, digest, str(record.get("at")))
    change: Change = {name: record[name] for name in ("verdict", "note") if name in record}
    answers[place, digest] = known.changed(change, moment_in(record.get("time"), BEGINNING))
    return True


def _digest(message: Message) -> str:
    from hashlib import sha256  # which no start needs

    return sha256(encodable(message.text).encode()).hexdigest()[:16]
