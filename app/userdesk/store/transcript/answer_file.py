"""The file of an answer that is still arriving: a line that names its turn, then a line a piece of text."""

from collections.abc import Sequence
from datetime import datetime

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import LONGEST_ANSWER, Message, Role, Status
from userdesk.files.formats import FileFormat
from userdesk.store.transcript.lines import chunk_pairs

FORMAT = FileFormat(version=1)
CUT_WORDS = "The program ended before the answer was complete"
NO_ANSWER_WORDS = "No answer was recorded; the message may have been received"


def begin_line(turn_id: str) -> bytes:
    """The first line of an answer's file."""
    return FORMAT.line({"turn": turn_id})


def piece_line(text: str, begin: int, chunks: Sequence[tuple[int, int]]) -> bytes:
    """The line of a piece that begins at so many characters of the answer; `chunks` as in a Message."""
    record: dict[str, object] = {"text": text, "from": begin}
    if chunks:
        record["chunks"] = [list(pair) for pair in chunks]
    return FORMAT.line(record)


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
                texts, chunks = ["".join(texts)[:begin]], _first(chunks, begin)
                length = len(texts[0])
            texts.append(record["text"])
            length += len(record["text"])
            chunks.extend(chunk_pairs(record.get("chunks")))
    text = "".join(texts)[:LONGEST_ANSWER]
    return Message(
        role=Role.ASSISTANT,
        text=text,
        at=at,
        status=Status.INTERRUPTED,
        failure=Failure(
            FailureKind.INTERRUPTED,
            CUT_WORDS if text else NO_ANSWER_WORDS,
            may_have_arrived=True,
        ),
        chunks=tuple(chunks),
    )


def _first(chunks: list[tuple[int, int]], characters: int) -> list[tuple[int, int]]:
    """The chunks that make up so many characters."""
    kept: list[tuple[int, int]] = []
    for milliseconds, count in chunks:
        if count > characters:
            break
        characters -= count
        kept.append((milliseconds, count))
    return kept
