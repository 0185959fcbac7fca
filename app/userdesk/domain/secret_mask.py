"""Keeps the API keys that this process knows out of what it shows, stores and writes.

A server, or an old transcript, may hold a key in pieces: with invisible characters or emphasis marks in
it, as entities, escapes or percent signs, in links and comments, in another case, in base64. What is
compared is therefore what is left of a text once all of that is taken away or decoded.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

SHORTEST = 4  # letters; a shorter key is masked only where it stands as a word of its own
_LONG = 12  # characters from which on a key is looked for in base64 too
_LONGEST_HELD = 4096  # characters of a stream that wait for what would make them a key

# Taken away: controls, line breaks, everything beyond ASCII, and the marks of Markdown and of quoting.
_IDLE = bytes([*range(9), *range(10, 32), 127]) + b"*_~`\\[]"
_ASCII_SIGNS = bytes(range(33, 127)).decode()
_LOWER = bytes(range(256)).lower()
_TOKEN = re.compile(
    r"<!--.{0,1000}?-->|</?[A-Za-z][^<>]{0,300}>|\]\([^()]{0,1000}\)|\]\[[^\[\]]{0,300}\]"
    r"|&(?:\#[0-9]{1,8}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}",
    re.S,
)
_TOKEN_STARTS = frozenset("<]&%\\")


class Span(NamedTuple):
    """A part of a text that is a secret, and what is shown in its place."""

    start: int
    end: int
    shown: str


class _Secret(NamedTuple):
    letters: bytes
    """What is compared, see `_letters_of`."""
    shown: str


class _Letters(NamedTuple):
    """The letters of a text that are compared, and where in the text each begins and ends."""

    letters: bytes
    starts: list[int]
    ends: list[int]


class SecretMask:
    """Secrets, and how they are taken out of a text."""

    def __init__(self) -> None:
        self._secrets: tuple[_Secret, ...] = ()
        self._begun_with: tuple[bytes, ...] = ()
        """The letters of those whose beginning is held back in a stream: all but the encoded ones."""
        self._words: tuple[tuple[re.Pattern[str], str], ...] = ()
        self.version = 0
        """Grows with each secret: what was masked before may have to be masked again."""

    def know(self, secret: str, shown: str) -> None:
        """From now on, `shown` stands where the secret would."""
        secret = secret.strip()
        forms = [_Secret(letters, shown) for letters in _forms(secret) if len(letters) >= SHORTEST]
        if new := [form for form in forms if all(form.letters != known.letters for known in self._secrets)]:
            # The longest first: one key may begin with another.
            self._secrets = tuple(sorted((*self._secrets, *new), key=lambda each: -len(each.letters)))
            self._begun_with = (*self._begun_with, new[0].letters)
            self.version += 1
        elif secret and not forms:
            word = re.compile(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])")
            if all(word.pattern != known.pattern for known, _ in self._words):
                self._words = (*self._words, (word, shown))
                self.version += 1

    def forget_all(self) -> None:
        """Know no secret any more."""
        self._secrets, self._begun_with, self._words = (), (), ()
        self.version += 1

    def __bool__(self) -> bool:
        return bool(self._secrets or self._words)

    def spans(self, text: str) -> list[Span]:
        """Where secrets stand in a text, those aside that are masked as words; they do not overlap."""
        found: list[Span] = []
        if self._are_in(_reduced(text)):
            found += self._found(_letters_of(text, decode=False))
        if _TOKEN.search(text) and self._are_in(_reduced(_decoded(text))):
            found += self._found(_letters_of(text, decode=True))
        return _apart(found) if len(found) > 1 else found

    def whole(self, text: str) -> str:
        """The text without secrets."""
        return self.without_words(self.without_long(text))

    def without_long(self, text: str) -> str:
        """The text without those secrets that are masked wherever they stand."""
        if not self._secrets or not (spans := self.spans(text)):
            return text
        parts, at = [], 0
        for start, end, shown in spans:
            parts += [text[at:start], shown]
            at = end
        return "".join((*parts, text[at:]))

    def without_words(self, text: str) -> str:
        """The text without those secrets that are so short that they are masked as words alone."""
        for word, shown in self._words:
            text = word.sub(shown, text)
        return text

    def open_end(self, text: str) -> int:
        """Where the end of a text begins that may be the beginning of a secret; its length without one."""
        size = len(text)
        # White space ends a secret, but inside a comment, a tag or a link's address.
        flat = _spaced().sub(_filled, text[-_LONGEST_HELD:]) if "<" in text or "](" in text else text
        begin = max(size - len(flat) + 1 + max(flat.rfind(" "), flat.rfind("\t")), size - _LONGEST_HELD)
        if begin >= size:
            return size
        tail = text[begin:]
        if self._words:
            return size - len(tail) + len(tail.rstrip(_ASCII_SIGNS))
        if _TOKEN_STARTS.isdisjoint(tail):
            at = self._partial(tail, decode=False)
            return size if at is None else begin + at
        token = _open_token().search(tail)
        head = tail[: token.start()] if token else tail
        starts = [at for decode in (False, True) if (at := self._partial(head, decode)) is not None]
        starts += [at for at in (self._partial(tail, False),) if at is not None]
        if token and token["letter"]:
            starts.append(token.start())
        return begin + min(starts, default=len(tail))

    def _are_in(self, text: bytes) -> bool:
        for letters, _ in self._secrets:  # noqa: SIM110  # twice as fast as any(), and asked of every row
            if letters in text:
                return True
        return False

    def _found(self, text: _Letters) -> Iterator[Span]:
        for letters, shown in self._secrets:
            at = text.letters.find(letters)
            while at >= 0:
                end = at + len(letters)
                yield Span(text.starts[at], text.ends[end - 1], shown)
                at = text.letters.find(letters, end)

    def _partial(self, text: str, decode: bool) -> int | None:
        """Where in a text its end begins that a secret begins with."""
        reduced = _reduced(_decoded(text) if decode else text)
        longest = 0
        for letters in self._begun_with:
            at = reduced.find(letters[:1], max(0, len(reduced) - len(letters) + 1))
            while at >= 0:
                if letters.startswith(reduced[at:]):
                    longest = max(longest, len(reduced) - at)
                    break
                at = reduced.find(letters[:1], at + 1)
        return _letters_of(text, decode).starts[-longest] if longest else None


class MaskedStream:
    """A text that arrives in pieces, without secrets, however it is cut."""

    def __init__(self, mask: SecretMask) -> None:
        self._mask = mask
        self._held = ""

    def feed(self, piece: str) -> str:
        """A piece without secrets; an end that may be the beginning of one waits for the next piece."""
        if not self._mask:
            return self.flush() + piece if self._held else piece
        text, self._held = self._mask.without_long(self._held + piece), ""
        end = self._mask.open_end(text)
        if end < len(text):
            text, self._held = text[:end], text[end:]
        return self._mask.without_words(text)

    def flush(self) -> str:
        """What still waited when the text ended."""
        held, self._held = self._held, ""
        return self._mask.without_words(held)


KNOWN = SecretMask()
"""The secrets of this process: every API key that it came to know."""


@cache
def _open_token() -> re.Pattern[str]:
    """A token that has begun at the end of a text; `letter` where it may stand for one."""
    return re.compile(
        r"(?:(?P<letter>&[\#0-9A-Za-z]{0,32}|%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?)"
        r"|<[^<>]{0,1000}|\](?:\([^()]{0,1000}|\[[^\[\]]{0,300})?)\Z"
    )


@cache
def _spaced() -> re.Pattern[str]:
    """What white space may stand in without ending a secret, begun or whole."""
    return re.compile(
        r"<!--.{0,1000}?(?:-->|\Z)|</?[A-Za-z][^<>]{0,300}(?:>|\Z)|\]\([^()]{0,1000}(?:\)|\Z)|\]\[[^\[\]]{0,300}(?:\]|\Z)",
        re.S,
    )


def _filled(token: re.Match[str]) -> str:
    return "." * len(token[0])


def _reduced(text: str) -> bytes:
    return text.encode("ascii", "ignore").translate(_LOWER, _IDLE)


def _decoded(text: str) -> str:
    return _TOKEN.sub(lambda found: _meaning(found[0]), text)


def _meaning(token: str) -> str:
    """What an entity or an escape stands for; nothing for a comment, a tag, a link's address."""
    match token[0]:
        case "&":
            from html import unescape  # its table of names is long, and hardly ever needed

            return unescape(token)
        case "%":
            return chr(int(token[1:], 16))
        case "\\":
            return chr(int(token[2:], 16))
    return ""


def _letters_of(text: str, decode: bool) -> _Letters:
    """As `_reduced`, with the places: slow, and only for a text that holds a secret or may begin one."""
    letters = bytearray()
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at) if decode and text[at] in _TOKEN_STARTS else None
        end = token.end() if token else at + 1
        meant = _reduced(_meaning(token[0]) if token else text[at])
        letters += meant
        starts += [at] * len(meant)
        ends += [end] * len(meant)
        at = end
    return _Letters(bytes(letters), starts, ends)


def _forms(secret: str) -> Iterator[bytes]:
    """The letters of a secret, as it is and in base64, wherever in the encoded bytes it begins."""
    yield _reduced(secret)
    if len(secret) >= _LONG:
        from base64 import b64encode, urlsafe_b64encode

        for before in range(3):
            data = bytes(before) + secret.encode("utf-8", "replace")
            for encode in (b64encode, urlsafe_b64encode):
                # The first and last characters hold bits of what stands beside the secret.
                encoded = encode(data).rstrip(b"=")[(0, 2, 3)[before] :]
                yield _reduced((encoded[:-1] if len(data) % 3 else encoded).decode())


def _apart(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    spans = sorted(spans)
    apart = spans[:1]
    for span in spans[1:]:
        last = apart[-1]
        if span.start >= last.end:
            apart.append(span)
        elif span.end > last.end:
            apart[-1] = last._replace(end=span.end)
    return apart
