"""The stream log: for support tickets, how each answer came, as JSON Lines; no text unless asked."""

import json
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Self

from userdesk.api import Chunk
from userdesk.domain.message import Message, now
from userdesk.files.private_files import open_named_to_append


class _Answer:
    """What is known of one answer under way; times by the monotonic clock."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.begun = self.last = time.monotonic()
        self.chunks = self.bytes = self.splits = 0
        self.longest_gap = 0.0


class StreamLog:
    """Appends a line for each request, each chunk and each end. A full disk ends the log, nothing else."""

    def __init__(self, file: FileIO, *, with_text: bool = False) -> None:
        self._file: FileIO | None = file
        self._with_text = with_text
        self._answers: dict[str, _Answer] = {}
        self._count = 0
        self.on_trouble: Callable[[str], None] = lambda text: None
        """Told in words when the log could not be written and ends."""

    @classmethod
    def open(cls, path: Path, *, with_text: bool = False) -> Self:
        """Append to a file, which its owner alone can read where it is new. Raises OSError."""
        return cls(FileIO(open_named_to_append(path), "a"), with_text=with_text)

    def begun(self, turn: str, conversation_id: str | None) -> None:
        """Log that a request leaves."""
        self._count += 1
        self._answers[turn] = _Answer(self._count)
        self._write(answer=self._count, event="request", at=now().isoformat(), conversationId=conversation_id)

    def arrived(self, turn: str, chunk: Chunk) -> None:
        """Log a chunk."""
        if not (answer := self._answers.get(turn)):
            return
        at = time.monotonic()
        gap, answer.last = at - answer.last, at
        answer.chunks += 1
        answer.bytes += chunk.size
        answer.splits += chunk.split
        answer.longest_gap = max(answer.longest_gap, gap)
        text = {"text": chunk.text} if self._with_text else {}
        self._write(
            answer=answer.number,
            event="chunk",
            at_ms=_ms(at - answer.begun),
            bytes=chunk.size,
            gap_ms=_ms(gap),
            split=chunk.split,
            **text,
        )

    def ended(self, turn: str, outcome: Message) -> None:
        """Log how an answer ended."""
        if not (answer := self._answers.pop(turn, None)):
            return
        failure = {"failure": outcome.failure.headline} if outcome.failure else {}
        self._write(
            answer=answer.number,
            event="end",
            at_ms=_ms(time.monotonic() - answer.begun),
            status=outcome.status.value,
            **failure,
            chunks=answer.chunks,
            bytes=answer.bytes,
            splits=answer.splits,
            longest_gap_ms=_ms(answer.longest_gap),
        )

    def close(self) -> None:
        """Close the file; nothing more is logged."""
        file, self._file = self._file, None
        if file:
            try:
                file.close()
            except OSError as error:
                self._tell(error)

    def _write(self, **fields: object) -> None:
        if self._file is None:
            return
        try:
            # Escaped: the log may be looked at in a terminal, and a text may hold anything.
            self._file.write(f"{json.dumps(fields)}\n".encode())
        except OSError as error:
            self._tell(error)
            self.close()

    def _tell(self, error: OSError) -> None:
        self.on_trouble(f"The stream log stopped: {error.strerror or error}")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
