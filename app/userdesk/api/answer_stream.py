"""A message's answer as it comes, streamed or not: its text, its size, and the conversation's id."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

from userdesk.api.answer_text import AnswerText, Ending, Fault
from userdesk.api.envelope import UnusableId, spelling, usable_id
from userdesk.api.error_at_end import error_at_end
from userdesk.api.exchange import Reply
from userdesk.api.replies import Chunk
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.message import LONGEST_ANSWER
from userdesk.domain.safe_text import clean_line
from userdesk.domain.secret_mask import KNOWN, MaskedStream

_BREATHER = 64  # chunks that may come out of one read before others get their turn
# Characters of JSON that are held: the longest answer, each character escaped, and its envelope.
_MOST_HELD = 6 * LONGEST_ANSWER + 64 * 1024
_LEAVES_OPEN = (FailureKind.UNREADABLE_ANSWER, FailureKind.WEB_PAGE)


class AnswerStream:
    """Iterates over the chunks of an answer, once; each step may raise UserdeskError.

    What arrived comes first, whatever its end says of it.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._told_id = _conversation_id_in(reply)
        self._reading = AnswerText(reply.content_type)
        self._chunks = self._read()

    @property
    def conversation_id(self) -> str | None:
        """From the body, once its end came, or from a header that spells conversation id."""
        found = self._reading.conversation_id or self._told_id
        return found and KNOWN.whole(found)

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self._chunks

    async def _read(self) -> AsyncIterator[Chunk]:
        reading, mask = self._reading, MaskedStream(KNOWN)
        texts: list[str] = []
        length = 0
        until_breather = _BREATHER
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
                until_breather -= 1
                if not until_breather:
                    # Chunks that came in one read follow each other without the event loop in between.
                    await asyncio.sleep(0)
                    until_breather = _BREATHER
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
        if failure is None and (fault := self._fault(ending, texts)):
            failure = self._told(fault)
        if failure:
            raise UserdeskError(failure)

    async def _ending(self) -> Ending:
        if self._reading.held_length < _MOST_HELD // 100:
            return self._reading.finish()
        return await asyncio.to_thread(self._reading.finish)

    def _fault(self, ending: Ending | None, texts: list[str]) -> Fault | None:
        if ending and ending.fault:
            return ending.fault
        if not any(text and not text.isspace() for text in texts):
            return Fault(FailureKind.EMPTY_ANSWER)
        if (message := error_at_end(texts)) is not None:
            return Fault(FailureKind.ERROR_IN_ANSWER, message)
        return None

    def _told(self, fault: Fault) -> Failure:
        is_unreadable = fault.kind is FailureKind.UNREADABLE_ANSWER
        return Failure(
            fault.kind,
            status=self._reply.status if is_unreadable or self._reply.status != HTTPStatus.OK else None,
            detail=clean_line(fault.message),
            may_have_arrived=fault.kind in _LEAVES_OPEN,
        )


def _too_long() -> Failure:
    message = f"The answer is longer than {LONGEST_ANSWER / 1e6:g} million characters; reading was ended"
    return Failure(FailureKind.INTERRUPTED, message, may_have_arrived=True)


def _conversation_id_in(reply: Reply) -> str | None:
    for name, value in reply.header_lines():
        if spelling(name).removeprefix("x") == "conversationid":
            try:
                if (found := usable_id(value)) and found.isascii():
                    return found
            except UnusableId:
                continue
    return None
