"""A message's answer as it comes, streamed or not: its text, its size, and the conversation's id."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus

from userdesk.api.answer_text import AnswerText, Ending, Fault
from userdesk.api.envelope import UnusableId, is_error, parsed, spelling, usable_id
from userdesk.api.exchange import Reply
from userdesk.api.replies import Chunk
from userdesk.api.server_words import words_in
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.message import LONGEST_ANSWER
from userdesk.domain.safe_text import clean_line
from userdesk.domain.secret_mask import KNOWN, MaskedStream

_BREATHER = 64  # chunks that may come out of one read before others get their turn
# Characters of JSON that are held: the longest answer, each character escaped, and its envelope.
_MOST_HELD = 6 * LONGEST_ANSWER + 64 * 1024
_LONGEST_ERROR = 8 * 1024  # characters of the JSON that tells an error behind a text
_FENCES = ("```", "~~~")
_LEAVES_OPEN = (FailureKind.UNREADABLE_ANSWER, FailureKind.WEB_PAGE)


class AnswerStream:
    """The chunks of an answer, to be iterated over once; each step may raise UserdeskError."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._told_id = conversation_id_in(reply)
        self._reading = AnswerText(reply.content_type)

    @property
    def conversation_id(self) -> str | None:
        """From the body, once its end came, or from a header that spells conversation id."""
        found = self._reading.conversation_id or self._told_id
        return found and KNOWN.whole(found)

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self._read()

    async def _read(self) -> AsyncIterator[Chunk]:
        reading, mask = self._reading, MaskedStream(KNOWN)
        texts: list[str] = []
        length = 0
        ending: Ending | None = None
        failure: Failure | None = None
        try:
            async for piece, size in self._reply.pieces():
                text = reading.feed(piece)
                length += len(text)
                if length > LONGEST_ANSWER or reading.held_length > _MOST_HELD:
                    text = text[: len(text) - max(0, length - LONGEST_ANSWER)]
                    failure = _too_long()
                texts.append(text)
                yield Chunk(mask.feed(text), size, reading.is_split)
                if failure or reading.is_over or (ending := reading.end_early()):
                    break
                if not len(texts) % _BREATHER:
                    # Chunks that came in one read follow each other without the event loop in between.
                    await asyncio.sleep(0)
        except UserdeskError as error:
            failure = error.failure
            ending = Ending(reading.broken())
        if failure is None:
            ending = ending or await self._ending()
        text = ending.text if ending else ""
        if length + len(text) > LONGEST_ANSWER:
            text = text[: LONGEST_ANSWER - length]
            failure = failure or _too_long()
        texts.append(text)
        if shown_text := mask.feed(text) + mask.flush():
            yield Chunk(shown_text, 0)
        if failure := failure or self._fault(ending, texts):
            raise UserdeskError(failure)

    async def _ending(self) -> Ending:
        if self._reading.held_length < _MOST_HELD // 100:
            return self._reading.finish()
        return await asyncio.to_thread(self._reading.finish)

    def _fault(self, ending: Ending | None, texts: list[str]) -> Failure | None:
        if ending and ending.fault:
            fault = ending.fault
        elif not any(text and not text.isspace() for text in texts):
            fault = Fault(FailureKind.EMPTY_ANSWER)
        elif (message := _error_at_end(texts)) is not None:
            fault = Fault(FailureKind.ERROR_IN_ANSWER, message)
        else:
            return None
        is_unreadable = fault.kind is FailureKind.UNREADABLE_ANSWER
        return Failure(
            fault.kind,
            status=self._reply.status if is_unreadable or self._reply.status != HTTPStatus.OK else None,
            detail=clean_line(fault.message),
            may_have_arrived=fault.kind in _LEAVES_OPEN,
        )


def _too_long() -> Failure:
    message = f"The answer is longer than {LONGEST_ANSWER / 1e6:g} million characters; the rest was not read"
    return Failure(FailureKind.INTERRUPTED, message, may_have_arrived=True)


def conversation_id_in(reply: Reply) -> str | None:
    """The id in a header that spells conversation id (userdesk-api.md, Tolerances)."""
    for name, value in reply.headers.multi_items():
        if spelling(name).removeprefix("x") == "conversationid":
            try:
                if (found := usable_id(value)) and found.isascii():
                    return found
            except UnusableId:
                continue
    return None


def _error_at_end(pieces: Sequence[str]) -> str | None:
    """The words of a service, maybe none, that ends an answer by the JSON of an error; else None.

    An answer that speaks of such JSON has it in a code block, or in a sentence: there a space stands before
    it. The one of an error stands on a line of its own, close behind a word that was cut, or it came as a
    piece of its own. `pieces` are the texts as they came.
    """
    last = next((piece for piece in reversed(pieces) if piece.strip()), "")
    if not last.rstrip().endswith("}"):
        return None
    text = "".join(pieces).rstrip()
    lone_piece = len(text) - len(last.strip())
    at = len(text)
    floor = max(0, at - _LONGEST_ERROR)
    while (at := text.rfind("{", floor, at)) >= 0:
        value = parsed(text[at:])
        if isinstance(value, dict):
            is_apart = at == lone_piece or at == 0 or text[at - 1] not in " \t`'\"(:"
            return words_in(value) if is_error(value) and is_apart and not _in_code(text[:at]) else None
    return None


def _in_code(text: str) -> bool:
    return sum(line.lstrip().startswith(_FENCES) for line in text.splitlines()) % 2 == 1
