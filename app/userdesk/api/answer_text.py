"""The bytes of an answer into its text, whatever form the service gave it (userdesk-api.md, Tolerances).

The documented form is raw text, and that is how a body is read as soon as its beginning can be nothing else:
from there on each piece costs one call of the decoder. What may still be the JSON of a reply or a web page is
held back until it is known; the framing of events and of JSON lines is undone as they come.
"""

import json
import re
from codecs import IncrementalDecoder
from collections.abc import Callable
from typing import NamedTuple

from userdesk.api.charsets import decoder_for, needs_more, stated_charset
from userdesk.api.envelope import (
    FIELDS,
    UnusableId,
    conversation_id_of,
    is_envelope,
    is_error,
    is_refusal,
    parsed,
    spelling,
    text_of,
)
from userdesk.api.framing import Framing, framing_of, may_be_framed, piece_text
from userdesk.api.json_extent import JsonExtent
from userdesk.api.server_words import words_in
from userdesk.api.web_page import LARGEST, is_page, may_be_page, title_of
from userdesk.domain.failure import FailureKind
from userdesk.domain.safe_text import encodable

# What services send to keep a connection alive, and marks of order: before the first text they are no text.
_NO_TEXT = " \t\r\n\v\f\0\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u200b\u3000\ufeff"
_FIRST_FIELD = re.compile(r'\{\s*"((?:[^"\\]|\\.)*)"')
_MOST_HELD_OF_OTHER_JSON = 8 * 1024  # characters; an answer that is an example of JSON is shown as it comes
_PARTIAL_RESPONSE = re.compile(r'"response"\s*:\s*"((?:[^"\\]|\\(?:u[0-9a-fA-F]{4}|[^u]))*)')


class Fault(NamedTuple):
    """What is wrong with an answer whose body came whole; `message` is the server's, raw, or ours."""

    kind: FailureKind
    message: str = ""


class Ending(NamedTuple):
    """What is known once a body has ended: its last text, and what was wrong with it."""

    text: str = ""
    fault: Fault | None = None


class AnswerText:
    """Reads one body. `feed` gives the text of each piece, `finish` or `broken` what was held back."""

    def __init__(self, content_type: str) -> None:
        self._charset = stated_charset(content_type)
        self._media_type = content_type.partition(";")[0].strip().lower()
        self._is_json = self._media_type == "application/json" or self._media_type.endswith("+json")
        self._is_html = self._media_type in ("text/html", "application/xhtml+xml")
        self._decoder: IncrementalDecoder | None = None
        self._bytes = b""
        self._held: list[str] = []
        self.held_length = 0
        """How many characters are held back."""
        self._extent: JsonExtent | None = None
        self._framing: Framing | None = None
        self.conversation_id: str | None = None
        """The id that the body told."""
        self.feed: Callable[[bytes], str] = self._begin
        """The text of one more piece of the body; empty where it has to wait."""

    @property
    def is_over(self) -> bool:
        """Whether the answer has ended, so that what follows is not read."""
        return self._framing is not None and self._framing.pieces.is_over

    @property
    def is_split(self) -> bool:
        """Whether the last piece ended inside a character."""
        return bool(self._decoder and self._decoder.getstate()[0])

    def finish(self) -> Ending:
        """End a body that came whole."""
        text = self._decode(b"", final=True)
        if self._framing:
            return self._end_of_framing(text)
        if self._decoder and self.feed == self._decoder.decode:
            return Ending(text)
        held = self._take_held(text).lstrip(_NO_TEXT)
        if not held:
            return Ending()
        if self._extent:
            return self._end_of_json(held)
        if held.startswith("<") and is_page(held, stated=self._is_html):
            return Ending(fault=Fault(FailureKind.WEB_PAGE, title_of(held)))
        return Ending(held)

    def broken(self) -> str:
        """End a body whose connection was lost; the text held back so far, taken out of a reply's JSON."""
        text = self._decode(b"", final=True)
        if self._framing:
            return self._framing.feed(text) + self._framing.finish()
        held = self._take_held(text)
        if self._extent and (answer := _partial_response(held)) is not None:
            return answer
        return "" if held.startswith("<") and is_page(held, stated=self._is_html) else held

    def end_early(self) -> Ending | None:
        """End a body that is a page for certain, being so long; None where more must be read."""
        if self._extent is None and self._framing is None and self.held_length > LARGEST:
            return self.finish()
        return None

    # while the beginning is read

    def _begin(self, data: bytes) -> str:
        text = self._decode(data)
        if not self.held_length:
            text = text.lstrip(_NO_TEXT)
        if not text:
            return ""
        self._held.append(text)
        self.held_length += len(text)
        if self._extent:
            return self._hold_json(text)
        beginning = "".join(self._held)
        if may_be_framed(self._media_type, beginning):
            return ""
        if framing := framing_of(self._media_type, beginning):
            self._framing = framing
            self.feed = lambda data: framing.feed(self._decode(data))
            return framing.feed(self._take_held())
        if beginning[0] == "{" or (self._is_json and beginning[0] == '"'):
            self._extent = JsonExtent()
            return self._hold_json(beginning)
        if beginning[0] == "<" and may_be_page(beginning, stated=self._is_html):
            return ""
        return self._open()

    def _hold_json(self, text: str) -> str:
        assert self._extent
        if not self._extent.feed(text):
            return self._open()
        if self.held_length > _MOST_HELD_OF_OTHER_JSON and not self._is_json:
            first = _FIRST_FIELD.match("".join(self._held[:64]))
            if first and spelling(first[1]) not in FIELDS:
                return self._open()
        return ""

    def _open(self) -> str:
        """From here on it is raw text, as documented."""
        self._extent = None
        assert self._decoder
        self.feed = self._decoder.decode
        return self._take_held()

    def _decode(self, data: bytes, *, final: bool = False) -> str:
        if self._decoder is None:
            self._bytes += data
            if self._bytes.startswith(b"\0\0"):
                self._bytes = self._bytes.lstrip(b"\0")  # signs of life
            if not self._bytes or (needs_more(self._charset, self._bytes) and not final):
                return ""
            self._decoder = decoder_for(self._charset, self._bytes)
            data, self._bytes = self._bytes, b""
        return self._decoder.decode(data, final)

    def _take_held(self, more: str = "") -> str:
        held, self._held = "".join((*self._held, more)), []
        self.held_length = 0
        return held

    # at the end

    def _end_of_framing(self, text: str) -> Ending:
        assert self._framing
        pieces = self._framing.pieces
        text = self._framing.feed(text) + self._framing.finish()
        self.conversation_id = pieces.conversation_id
        if pieces.error is not None:
            return Ending(text, Fault(FailureKind.ERROR_IN_ANSWER, pieces.error))
        if pieces.unread and not pieces.length:
            return Ending(pieces.unread, Fault(FailureKind.UNREADABLE_ANSWER, "its events contain no text"))
        fault = Fault(FailureKind.UNREADABLE_ANSWER, pieces.unusable_id) if pieces.unusable_id else None
        return Ending(text, fault)

    def _end_of_json(self, held: str) -> Ending:
        reply = parsed(held.rstrip(_NO_TEXT))
        if isinstance(reply, str):
            return Ending(encodable(reply))
        if not isinstance(reply, dict):
            return self._end_of_damaged_json(held)
        if self._media_type == "application/problem+json" or is_error(reply):
            answer = "" if is_refusal(reply) else text_of(reply, "response") or ""
            told = {name: value for name, value in reply.items() if not answer or name != "response"}
            return Ending(answer, Fault(FailureKind.ERROR_IN_ANSWER, words_in(told)))
        if not is_envelope(reply):
            found = piece_text(reply) if self._is_json else None
            return Ending(held if found is None else encodable(found))
        response = text_of(reply, "response")
        try:
            self.conversation_id = conversation_id_of(reply)
        except UnusableId as error:
            return Ending(response or "", Fault(FailureKind.UNREADABLE_ANSWER, str(error)))
        if response is not None:
            return Ending(response)
        if "response" not in reply:
            is_bare = all(spelling(name) in FIELDS for name in reply)
            message = words_in(reply) or "the response is missing"
            return Ending("" if is_bare else held, Fault(FailureKind.UNREADABLE_ANSWER, message))
        if (value := reply["response"]) is None:
            return Ending()
        # Numbers are their digits; what has parts is shown as it is written, and told.
        no_text = Fault(FailureKind.UNREADABLE_ANSWER, "the response is not text")
        text = encodable(json.dumps(value, ensure_ascii=False))
        return Ending(text, None if isinstance(value, int | float) else no_text)

    def _end_of_damaged_json(self, held: str) -> Ending:
        """The body came whole, and its JSON is cut or is none: what is read of the reply in it is kept."""
        first = _FIRST_FIELD.match(held)
        is_reply = bool(first and spelling(first[1]) in FIELDS)
        if not self._is_json and not is_reply:
            return Ending(held)
        text = _partial_response(held) or ("" if is_reply else held)
        return Ending(text, Fault(FailureKind.UNREADABLE_ANSWER, "its JSON is not valid"))


def _partial_response(held: str) -> str | None:
    """The text of a reply's JSON as far as it came; None where it had not begun."""
    found = _PARTIAL_RESPONSE.search(held)
    return encodable(str(parsed(f'"{found[1]}"') or "")) if found else None
