"""Finds the entries of a conversations.toml that has the form we write it in, and no other.

Nothing is made of an entry before somebody asks for it: until then it stays text. What that gains is in
docs/decisions/toml-and-json-lines.md. It knows the form of version 1 alone.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile
from userdesk.store.folder import is_safe_key
from userdesk.store.index.facts import Facts, facts_of
from userdesk.store.index.tables import Entry, entry_of

_HEAD = b"version = 1\n"
_STRING = rb'"[^"\\\x00-\x1f\x7f]*+(?:\\["\\][^"\\\x00-\x1f\x7f]*+)*+"'
_DATE = (
    rb"(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_OURS = re.compile(
    (
        rb'(?:\n\[\[conversation\]\]\nkey = "[A-Za-z0-9_-]{1,100}+"\n(?:id = %(string)s\n)?'
        rb'bot = "[^"\\\x00-\x1f\x7f]*+"\n(?:chatbot_id = %(string)s\n)?(?:base_url = %(string)s\n)?'
        rb"title = %(string)s\ncreated = %(date)sT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ\n(?:pinned = true\n)?"
        rb"(?:previous_ids = \[%(string)s(?:, %(string)s)*+\]\n)?(?=\n\[\[|\Z))*+"
    )
    % {b"string": _STRING, b"date": _DATE}
)
"""As many entries of our form as follow one another."""
_BEGIN = b"\n[[conversation]]\n"
_NEXT = b"\n" + _BEGIN
_KEY = _BEGIN + b'key = "'
_LINE = re.compile(r"(?m)^([a-z_]+) = (.*)$")
_ESCAPED = re.compile(r"\\(.)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SLICE = 64 * 1024  # bytes read at a time: the interpreter serves no other thread meanwhile


class Piece(NamedTuple):
    """A part of the file: entries of our form, or one of another form, which is read whole."""

    begin: int
    end: int
    odd: Entry | None = None


class Scan:
    """The entries of a file, which nobody changes."""

    def __init__(self, source: bytes, pieces: list[Piece]) -> None:
        self.source = source
        self.begin = pieces[0].begin if pieces else len(source)
        """Where the first entry begins."""
        self._pieces = pieces
        self.odd = {piece.odd.conversation.key: piece.odd for piece in pieces if piece.odd}
        """The entries of another form, by key."""
        self._places: dict[ConversationKey, tuple[int, int] | None] = {
            piece.odd.conversation.key: piece[:2] for piece in pieces if piece.odd
        }

    @property
    def has_entries(self) -> bool:
        """Whether there are any."""
        return bool(self._pieces)

    @cached_property
    def facts(self) -> Facts:
        """What all entries are told apart and put in order by: takes its time where they are many."""
        return facts_of(self.source, self._pieces)

    @cached_property
    def conversations(self) -> list[Conversation]:
        """All of them made, in the order of the file: from then on the same ones each time."""
        return [self.entry(key).conversation for key in self.facts.keys]

    @property
    def has_facts(self) -> bool:
        """Whether they are known, so that asking for one entry by its key costs nothing."""
        return "facts" in self.__dict__

    def __len__(self) -> int:
        return len(self.facts.keys)

    def place(self, key: ConversationKey) -> tuple[int, int] | None:
        """Where an entry begins and ends in the source; None where the key is not listed."""
        if self.has_facts:
            number = self.facts.numbers.get(key)
            return None if number is None else (self.facts.starts[number], self.facts.starts[number + 1])
        if key not in self._places:
            self._places[key] = self._look_for(key)
        return self._places[key]

    def _look_for(self, key: ConversationKey) -> tuple[int, int] | None:
        if not is_safe_key(key):
            return None
        at = self.source.find(_KEY + key.encode() + b'"\n')
        while any(each and each[0] <= at < each[1] for each in map(self._places.get, self.odd)):
            at = self.source.find(_KEY + key.encode() + b'"\n', at + 1)  # that is in another one's text
        return None if at < 0 else (at, self._end(at))

    def _end(self, begin: int) -> int:
        end = self.source.find(_NEXT, begin + 1)
        return len(self.source) if end < 0 else end + 1

    def text(self, key: ConversationKey) -> bytes:
        """An entry as it stands in the file. Raises KeyError."""
        if (place := self.place(key)) is None:
            raise KeyError(key)
        return self.source[place[0] : place[1]]

    def entry(self, key: ConversationKey) -> Entry:
        """What an entry says. Raises KeyError."""
        return self.odd.get(key) or entry_of(_table(self.text(key).decode()))

    def conversation(self, key: ConversationKey) -> Conversation:
        """The conversation of an entry. Raises KeyError."""
        if "conversations" in self.__dict__:
            return self.conversations[self.facts.numbers[key]]
        return self.entry(key).conversation

    def number(self, key: ConversationKey) -> int:
        """How many entries stand up to that of a key, itself included. Raises KeyError."""
        if (place := self.place(key)) is None:
            raise KeyError(key)
        return self.source.count(_BEGIN, 0, place[0] + len(_BEGIN))

    def mentioning(self, text: str) -> Iterator[ConversationKey]:
        """The keys of entries in which a string begins so; some may come more than once."""
        yield from self.odd
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        wanted = b'"' + escaped.encode("utf-8", "replace")
        at = self.source.find(wanted, self.begin)
        while at >= 0:
            begin = self.source.rfind(_KEY, 0, at + 1)
            if begin >= 0:
                key = self.source[begin + len(_KEY) : self.source.find(b'"', begin + len(_KEY))]
                yield ConversationKey(key.decode("utf-8", "replace"))
            at = self.source.find(wanted, at + 1)


def last_entries(end: bytes) -> list[Conversation]:
    """The conversations of the end of a conversations.toml, from the first one that begins in it.

    None where any of them is not of our form.
    """
    parts = [_BEGIN + part for part in end.split(_BEGIN)[1:]]
    try:
        texts = [part.decode() for part in parts if _OURS.fullmatch(part)]
    except UnicodeDecodeError:
        return []
    return [entry_of(_table(text)).conversation for text in texts] if len(texts) == len(parts) else []


def scan(data: bytes) -> Scan | None:
    """The entries of a conversations.toml; None where it has to be read by the TOML parser.

    Works in slices, so that other threads get their turn.
    """
    if not data.startswith(_HEAD):
        return None
    pieces = list[Piece]()
    position, size = len(_HEAD), len(data)
    try:
        while position < size:
            end = data.find(_NEXT, position + _SLICE)
            end = size if end < 0 else end + 1
            part = data[position:end]
            str(part, "utf-8")  # whether it is
            pieces += _pieces(part, position)
            position = end
    except (ValueError, UnreadableFile):  # no UTF-8, no entry: whatever it is, the parser tells
        return None
    return Scan(data, pieces)


def _pieces(part: bytes, offset: int) -> Iterator[Piece]:
    """The pieces of some entries, whose place in the file is given. Raises ValueError, UnreadableFile."""
    position = 0
    while position < len(part):
        run = _OURS.match(part, position)
        if run and run.end() > position:
            yield Piece(offset + position, offset + run.end())
            position = run.end()
            continue
        end = part.find(_NEXT, position + 1)
        end = len(part) if end < 0 else end + 1
        # A boundary inside of a string of several lines leaves that string open here: no TOML.
        match document := parse_toml(part[position:end].decode()):
            case {"conversation": [{"key": key} as table]} if len(document) == 1 and is_safe_key(key):
                yield Piece(offset + position, offset + end, entry_of(table))
            case _:
                raise UnreadableFile("expected one conversation")
        position = end


def _table(text: str) -> dict[str, Any]:
    """The table of an entry of our form."""
    table: dict[str, Any] = {}
    for name, value in _LINE.findall(text):
        if name == "created":
            table[name] = datetime.fromisoformat(value)
        elif name == "pinned":
            table[name] = True
        elif name == "previous_ids":
            table[name] = [_ESCAPED.sub(r"\1", each) for each in _QUOTED.findall(value)]
        else:
            inner = value[1:-1]
            table[name] = _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner
    return table
