"""Answers that are still arriving: kept beside the transcript, so that a kill costs half a second of text.

The file of one has a line that names its turn, then a line a piece of text.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import LONGEST_ANSWER, Message, Role, Status
from userdesk.domain.timestamps import moment_at
from userdesk.files.atomic import NotConfirmed, append_line, ensure_folder
from userdesk.files.formats import FileFormat
from userdesk.files.reading import read_bytes
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.locks.locking import take_lock
from userdesk.store.problems import ConversationGone, LockHeld, StoreError, reason, saving
from userdesk.store.transcript.lines import chunk_pairs, is_answer_of
from userdesk.store.transcript.transcript import Transcript

if TYPE_CHECKING:
    from filelock import BaseFileLock

FORMAT = FileFormat(version=1)
_ANSWER = ".answer"
_OWNER = ".owner"
_LAST_LINES = 1000
_STALE = 24 * 3600.0  # s
_CUT = "userdesk ended before the answer was complete"
_NO_ANSWER = "No answer was saved; the message may have been received"


class InFlight:
    """One answer while it arrives. Its owner lock is free as soon as this process has ended."""

    def __init__(
        self, folder: DataFolder, transcript: Transcript, key: ConversationKey, turn_id: str
    ) -> None:
        self.turn_id = turn_id
        self._folder = folder
        self._transcript = transcript
        self._path = folder.answer(key, turn_id)
        self._appended = False
        self._closed = False
        self._kept = 0  # characters of the answer that are in the file
        self._writing = threading.Lock()
        folder.may_write()
        with saving("The answer", self._path):
            ensure_folder(folder.transcripts)
            self.owner = _take_ownership(self._path)
            """The lock by which others know that the process that receives the answer is alive."""
            try:
                with suppress(NotConfirmed):  # it is there for a kill; the answer's line is synced for itself
                    append_line(self._path, FORMAT.line({"turn": turn_id}), durable=folder.durable)
            except OSError:
                with suppress(OSError):  # an empty one would be taken for an answer that was cut
                    self._path.unlink(missing_ok=True)
                _release(self.owner, self._path)
                raise

    def append(self, text: str, chunks: Sequence[tuple[int, int]] = ()) -> None:
        """Keep the next piece of the answer durably. Raises StoreError: pass the piece again then.

        Each piece says where it begins, so that one that is in the file twice is read once.
        """
        pace = {"chunks": list(map(list, chunks))} if chunks else {}
        line = FORMAT.line({"text": text, "from": self._kept, **pace})
        with self._writing, saving("The answer", self._path):
            if self._closed:  # a late checkpoint must not bring the file back
                return
            try:
                append_line(self._path, line, create=False, durable=self._folder.durable)
            except FileNotFoundError:
                with self._transcript.creating():
                    append_line(self._path, line, durable=self._folder.durable)
            self._kept += len(text)

    def finish(self, message: Message, *, entry: Conversation | None = None, is_new: bool = False) -> int:
        """Append the answer to the transcript; its index. Raises StoreError, and may be called again then.

        Where the conversation was removed for good meanwhile nothing is left of the answer.
        """
        index = len(self._transcript) - 1
        if not self._appended:
            try:
                index = self._transcript.append(message, self.turn_id, entry=entry, is_new=is_new)
            except ConversationGone:
                self.discard()
                raise
            self._appended = True
        self.discard()
        return index

    def discard(self) -> None:
        """Forget the answer, as where nothing was sent. Raises StoreError."""
        with self._writing, saving("The end of the answer", self._path):
            self._closed = True
            self._path.unlink(missing_ok=True)
        _release(self.owner, self._path)


def _take_ownership(answer: Path) -> "BaseFileLock":
    return take_lock(answer.with_suffix(_OWNER), 0)


def _release(owner: "BaseFileLock", answer: Path) -> None:
    # The answer goes before its lock: whoever gets the lock later finds nothing to recover.
    with suppress(OSError):
        answer.with_suffix(_OWNER).unlink(missing_ok=True)
    with suppress(OSError):
        owner.release()


def answer_names(names: Iterable[str]) -> list[str]:
    """The names of files that have to do with answers in flight."""
    return [name for name in names if name.endswith((_ANSWER, _OWNER))]


def recover_answers(folder: DataFolder, names: Sequence[str], tell: Callable[[Path, str], None]) -> None:
    """Turn answers whose owners are gone into messages, and `tell` of those that could not be.

    `names` are the files in the folder of transcripts.
    """
    for name in names:
        path = folder.transcripts / name
        parts = name.split(".")
        if name.endswith(_OWNER) and name.removesuffix(_OWNER) + _ANSWER not in names:
            _remove_stale(path)
        if len(parts) != 3 or parts[2] != _ANSWER[1:] or not all(map(is_safe_key, parts[:2])):
            continue
        try:
            owner = _take_ownership(path)
            try:
                if _recover(folder, path, ConversationKey(parts[0]), parts[1]):
                    path.unlink(missing_ok=True)
            finally:
                if path.exists():
                    owner.release()
                else:
                    _release(owner, path)
        except LockHeld:
            continue  # its owner lives
        except (OSError, StoreError) as error:
            why = reason(error) if isinstance(error, OSError) else error.message
            tell(path, f"An interrupted answer could not be recovered: {why}")


def _recover(folder: DataFolder, path: Path, key: ConversationKey, turn_id: str) -> bool:
    """Append what arrived of an answer, unless that was done before; False where it is no file any more."""
    data = read_bytes(path)
    if data is None:
        return False
    transcript = Transcript(folder.transcript(key), folder.trashed_transcript(key))
    newest = len(transcript) - 1
    lines = map(transcript.raw_line, range(newest, max(-1, newest - _LAST_LINES), -1))
    if not any(is_answer_of(line, turn_id) for line in lines):
        arrived = moment_at(int(path.stat().st_mtime))
        transcript.append(interrupted(data, arrived), turn_id)
    return True


def _remove_stale(path: Path) -> None:
    # A younger one may be an owner's that is about to begin its answer. A clock may be wrong, a lock is not.
    with suppress(OSError):
        if time.time() - os.stat(path).st_mtime > _STALE:
            lock = take_lock(path, 0)
            path.unlink(missing_ok=True)
            lock.release()


def interrupted(data: bytes, at: datetime) -> Message:
    """The interrupted message that an answer's file holds; a torn line is left out."""
    texts: list[str] = []
    chunks: list[tuple[int, int]] = []
    length = 0
    for line in data.split(b"\n"):
        record = FORMAT.parse(line)
        if record is not None and isinstance(record.get("text"), str):
            begin = record.get("from", length)
            if isinstance(begin, int) and begin < length:  # a failed write that is in the file all the same
                texts = ["".join(texts)[:begin]]
                length = len(texts[0])
                totals = accumulate(count for _, count in chunks)
                chunks = [chunk for chunk, total in zip(chunks, totals, strict=True) if total <= begin]
            texts.append(record["text"])
            length += len(record["text"])
            chunks.extend(chunk_pairs(record.get("chunks")))
    text = "".join(texts)[:LONGEST_ANSWER]
    return Message(
        role=Role.ASSISTANT,
        text=text,
        at=at,
        status=Status.INTERRUPTED,
        failure=Failure(FailureKind.INTERRUPTED, _CUT if text else _NO_ANSWER, may_have_arrived=True),
        chunks=tuple(chunks),
    )
