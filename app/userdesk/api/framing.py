"""Undoes the framing of an answer that comes as server-sent events or as lines of JSON.

userdesk-api.md, Tolerances: only where the Content-Type states it. The documented answer is raw text, which
stays untouched; so does what is stated so and does not begin so.
"""

import re

from userdesk.api.envelope import UnusableId, conversation_id_of, is_error, parsed
from userdesk.api.server_words import words_in
from userdesk.domain.safe_text import encodable

_EVENT_STREAM = "text/event-stream"
_JSON_LINES = re.compile(
    r"application/(?:(?:x-)?(?:ndjson|jsonl|jsonlines)|json-lines|json-seq|stream\+json)|text/jsonl"
)
# Where the text stands in JSON pieces: Userdesk's, OpenAI's, Anthropic's, Google's and Ollama's forms.
_TEXT_FIELDS = ("choices", "candidates", "delta", "text", "content", "response", "message", "parts")
_DEEPEST = 6  # levels of them
_FIELD = re.compile(r"(data|event|id|retry)(?::|\r|\n|$)|:", re.I)
_FIELD_BEGINNINGS = ("data:", "event:", "id:", "retry:")
_LINE_END = re.compile(r"\r\n|\n|\r")
_SIGNS_OF_LIFE = frozenset({"ping", "heartbeat", "keepalive", "keep-alive"})
_ENDS = frozenset({"done", "end", "close", "complete", "finish"})
_MOST_UNREAD = 64 * 1024  # characters


class Pieces:
    """What the pieces of an answer hold: its text, the conversation's id, an error."""

    def __init__(self) -> None:
        self.conversation_id: str | None = None
        self.unusable_id = ""
        """Why an id was not taken; empty where none was refused."""
        self.error: str | None = None
        """The server's words of an error, which may be empty; None where there was none."""
        self.unread = ""
        """Pieces of JSON in which no text was found."""
        self._texts: list[str] = []
        self.length = 0
        """Characters of all texts."""
        self._ended = False

    @property
    def is_over(self) -> bool:
        """Whether a piece said that the answer has ended."""
        return self._ended or self.error is not None

    def take(self, data: str, event: str = "") -> str:
        """The text of one piece."""
        if self.is_over or event in _SIGNS_OF_LIFE:
            return ""
        if data.strip() == "[DONE]":
            self._ended = True
            return ""
        value = parsed(data) if data.lstrip()[:1] in ("{", "[", '"') else None
        if event == "error" or (
            isinstance(value, dict) and (is_error(value) or value.get("type") == "error")
        ):
            self.error = words_in(value) if value is not None else data
            return ""
        if value is None:
            return "" if event in _ENDS else self._taken(data)
        try:
            found = conversation_id_of(value) if isinstance(value, dict) else None
            self.conversation_id = found or self.conversation_id
        except UnusableId as error:
            self.unusable_id = str(error)
        text = piece_text(value)
        if text is None:
            self.unread = f"{self.unread}{data}\n"[:_MOST_UNREAD]
            return ""
        return self._taken(encodable(text))

    def _taken(self, text: str) -> str:
        # Some services repeat the whole answer in their last piece.
        if len(self._texts) > 1 and len(text) == self.length and text == "".join(self._texts):
            return ""
        if text:
            self._texts.append(text)
            self.length += len(text)
        return text


def piece_text(value: object, levels: int = _DEEPEST) -> str | None:
    """The text in a decoded piece of JSON; None where no field of it is known."""
    if isinstance(value, str):
        return value
    if levels == 0:
        return None
    if isinstance(value, list):
        texts = [text for item in value if (text := piece_text(item, levels - 1)) is not None]
        return "".join(texts) if texts or not value else None
    if isinstance(value, dict):
        for field in _TEXT_FIELDS:
            inside = value.get(field)
            if field in ("choices", "candidates") and isinstance(inside, list):
                inside = inside[:1]  # the others are other answers to the same
            if field == "message" and not isinstance(inside, dict):
                continue  # a notice
            if (text := piece_text(inside, levels - 1)) is not None:
                return text
    return None


class Framing:
    """Text in pieces into whole lines, and these into the pieces of an answer."""

    def __init__(self) -> None:
        self.pieces = Pieces()
        self._parts: list[str] = []

    def feed(self, text: str) -> str:
        """The text of the pieces that became whole; a CR at the end waits, since its LF may follow."""
        if "\n" not in text and "\r" not in text and not (self._parts and self._parts[-1].endswith("\r")):
            self._parts.append(text)
            return ""
        text = "".join(self._parts) + text
        held = text.endswith("\r")
        *lines, rest = _LINE_END.split(text[:-1] if held else text)
        self._parts = [rest + ("\r" if held else "")]
        return "".join([self._line(line) for line in lines])

    def finish(self) -> str:
        """The text of a last line without an end."""
        rest, self._parts = "".join(self._parts).rstrip("\r"), []
        return self._line(rest) if rest else ""

    def _line(self, line: str) -> str:
        raise NotImplementedError


class EventStream(Framing):
    """Server-sent events (WHATWG HTML, section 9.2): their data are the pieces; the last may lack its end."""

    def __init__(self) -> None:
        super().__init__()
        self._data: list[str] = []
        self._event = ""

    def finish(self) -> str:
        """The text of an event that the end of the body ended."""
        return super().finish() + self._line("")

    def _line(self, line: str) -> str:
        if not line:
            data, event = "\n".join(self._data), self._event.strip().lower()
            has_data, self._data, self._event = bool(self._data), [], ""
            return self.pieces.take(data, event) if has_data or event == "error" else ""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name.lower():
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
        return ""  # a comment, an id, or how long to wait before connecting again


class JsonLines(Framing):
    """JSON texts in lines of their own; a line that is none is text."""

    def _line(self, line: str) -> str:
        line = line.strip("\x1e \t")
        return self.pieces.take(line) if line else ""


def framing_of(media_type: str, beginning: str) -> Framing | None:
    """What undoes the framing of a body of this type that begins so; None where it is not framed."""
    if _JSON_LINES.fullmatch(media_type) and beginning[0] in '{["\x1e':
        return JsonLines()
    if media_type == _EVENT_STREAM and _FIELD.match(beginning):
        return EventStream()
    return None


def may_be_framed(media_type: str, beginning: str) -> bool:
    """Whether a beginning is too short to tell."""
    begun = beginning.lower()
    return media_type == _EVENT_STREAM and any(field.startswith(begun) for field in _FIELD_BEGINNINGS)
