"""A streamed answer: bytes into text as they come, and the conversation's id where it is told."""

import asyncio
import codecs
import re
from collections.abc import AsyncIterator

from userdesk.api.exchange import Reply
from userdesk.api.failures import shown, unreadable
from userdesk.api.key_mask import KeyMask, masked_answer, masked_id
from userdesk.api.replies import Chunk, UndocumentedReply, read_answer
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.failure import UserdeskError

_BREATHER = 64  # chunks that may come out of one read before others get their turn
_USABLE_ID = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")


class AnswerStream:
    """Iterates over the chunks of an answer, once; each step may raise UserdeskError.

    The documented reply to a streamed message is the answer itself in raw UTF-8. A service
    that answers with the documented JSON all the same gives one chunk of the whole text.
    """

    def __init__(self, reply: Reply, key: ApiKey | None) -> None:
        self._reply = reply
        self._key = key
        self.conversation_id = masked_id(_conversation_id_in(reply), key)
        """From a header that spells conversation id, or from JSON once its chunk has come."""
        whole = reply.status != 200 or _is_json(reply.headers.get("content-type", ""))
        self._chunks = self._whole() if whole else self._pieces()

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self._chunks

    async def _pieces(self) -> AsyncIterator[Chunk]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        mask = KeyMask(self._key)
        until_breather = _BREATHER
        try:
            async for piece, size in self._reply.pieces():
                yield Chunk(mask.feed(decoder.decode(piece)), size, bool(decoder.getstate()[0]))
                until_breather -= 1
                if not until_breather:
                    # Chunks that came in one read follow each other without the event loop in between.
                    await asyncio.sleep(0)
                    until_breather = _BREATHER
        except UserdeskError:
            if rest := mask.flush():
                yield Chunk(rest, 0)
            raise
        if rest := mask.feed(decoder.decode(b"", True)) + mask.flush():
            yield Chunk(rest, 0)

    async def _whole(self) -> AsyncIterator[Chunk]:
        body = await self._reply.read()
        try:
            answer = read_answer(body)
        except UndocumentedReply as error:
            raise UserdeskError(unreadable(self._reply.status, shown(error.words, self._key))) from error
        answer = masked_answer(answer, self._key)
        self.conversation_id = answer.conversation_id or self.conversation_id
        yield Chunk(answer.text, len(body))


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _conversation_id_in(reply: Reply) -> str | None:
    for name, value in reply.header_lines():
        letters = re.sub("[^a-z]", "", name.lower())
        if letters.removeprefix("x") == "conversationid" and _USABLE_ID.fullmatch(value.strip()):
            return value.strip()
    return None
