"""Keeps the API keys that this process knows out of what it shows, stores and writes.

A server, or an old transcript, may hold a key in pieces: with invisible characters or emphasis marks in
it, as entities, escapes or percent signs, in links and comments, in another case or width, with other
hyphens, in base64 or hexadecimal. What is compared is therefore what is left of a text once all of that
is taken away or decoded.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

SHORTEST = 4  # letters; a shorter key is masked only where it stands as a word of its own
_LONG = 12  # characters from which on a key is looked for in base64 and hexadecimal too
_FEWEST_ENCODED = 4  # letters of an encoded key with which a stream is held back: fewer begin many a word
_GIVEN_KEPT = 8  # characters of a stream that were given out, in which an encoded key may begin
_LONGEST_HELD = 4096  # characters of a stream that wait for what would make them a key

# Taken away: controls, line breaks, everything beyond ASCII, hyphens, which are set in many ways, and the
# marks of Markdown and of quoting.
_IDLE = bytes([*range(9), *range(10, 32), 127]) + b"-*_~`\\[]"
_ASCII_SIGNS = bytes(range(33, 127)).decode()
_LOWER = bytes(range(256)).lower()
_ESCAPES = (
    r"&(?:\#[0-9]{1,8}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
)
_ESCAPE = re.compile(_ESCAPES)
_TOKEN = re.compile(
    r"<!---?>|<!--.{0,1000}?-->|<[!?/A-Za-z][^<>]{0,1000}>|\]\([^()]{0,1000}\)|\]\[[^\[\]]{0,300}\]"
    rf"|\x1b\[[0-?]{{0,64}}[@-~]|\x1b\][^\x07\x1b]{{0,300}}(?:\x07|\x1b\\)|{_ESCAPES}",
    re.S,
)
_TOKEN_START = re.compile(r"[<\]&%\\\x1b]")
_READINGS = (None, _ESCAPE, _TOKEN)
"""How a text may be read: letter by letter, with its escapes decoded, and without tags and addresses too."""


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
        self._beginnings: set[bytes] = set()
        """What a stream that ends with it is held back for."""
        self._longest_beginning = 0
        self._run: re.Pattern[bytes] = re.compile(b"(?!)")
        """Letters without a space, as many as each secret has at least: most texts hold none so long."""
        self._words: tuple[tuple[re.Pattern[str], str], ...] = ()
        self.version = 0
        """Grows with each secret: what was masked before may have to be masked again."""

    def know(self, secret: str, shown: str) -> None:
        """From now on, `shown` stands where the secret would."""
        secret = secret.strip()
        plain = _reduced(secret)
        forms = [
            _Secret(letters, shown) for letters in (plain, *_encoded(secret)) if len(letters) >= SHORTEST
        ]
        if new := [form for form in forms if all(form.letters != known.letters for known in self._secrets)]:
            self._secrets = (*self._secrets, *new)
            for letters, _ in new:
                fewest = 1 if letters == plain else _FEWEST_ENCODED
                self._beginnings.update(letters[:size] for size in range(fewest, len(letters)))
                self._longest_beginning = max(self._longest_beginning, len(letters) - 1)
            shortest = min(max(map(len, each.letters.split())) for each in self._secrets)
            self._run = re.compile(rb"[^ \t]{%d}" % shortest)
            self.version += 1
        elif secret and not forms:
            word = re.compile(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])")
            if all(word.pattern != known.pattern for known, _ in self._words):
                self._words = (*self._words, (word, shown))
                self.version += 1

    def forget_all(self) -> None:
        """Know no secret any more."""
        self._secrets, self._words = (), ()
        self._beginnings, self._longest_beginning = set(), 0
        self.version += 1

    def __bool__(self) -> bool:
        return bool(self._secrets or self._words)

    def spans(self, text: str) -> list[Span]:
        """Where secrets stand in a text, those aside that are masked as words; they do not overlap."""
        found: list[Span] = []
        if self._are_in(_reduced(text)):
            found += self._found(_letters_of(text, None))
        if _TOKEN_START.search(text) and _TOKEN.search(text):
            for tokens in (_ESCAPE, _TOKEN):
                if self._are_in(_reduced(_decoded(text, tokens))):
                    found += self._found(_letters_of(text, tokens))
        return _apart(found) if len(found) > 1 else found

    def whole(self, text: str) -> str:
        """The text without secrets."""
        return self.without_words(self.without_long(text))

    def without_long(self, text: str, given: int = 0) -> str:
        """The text without those secrets that are masked wherever they stand; `given` characters less."""
        if not self._secrets or not (spans := self.spans(text)):
            return text[given:]
        parts, at = [], given
        for start, end, shown in spans:
            if end > given:
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
        if not _TOKEN_START.search(tail):
            at = self._partial(tail, None)
            return size if at is None else begin + at
        heads, starts = [tail], []
        if token := _open_token().search(tail):
            heads.append(tail[: token.start()])
        if escape := _open_escape().search(tail):
            heads.append(tail[: escape.start()])
            starts.append(escape.start())
        for head in heads:
            starts += [at for tokens in _READINGS if (at := self._partial(head, tokens)) is not None]
        return begin + min(starts, default=len(tail))

    def _are_in(self, text: bytes) -> bool:
        if not self._run.search(text):
            return False
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

    def _partial(self, text: str, tokens: re.Pattern[str] | None) -> int | None:
        """Where in a text its end begins that a secret begins with."""
        reduced = _reduced(_decoded(text, tokens) if tokens else text)
        for size in range(min(len(reduced), self._longest_beginning), 0, -1):
            if reduced[-size:] in self._beginnings:
                return _letters_of(text, tokens).starts[-size]
        return None


class MaskedStream:
    """A text that arrives in pieces, without secrets, however it is cut."""

    def __init__(self, mask: SecretMask) -> None:
        self._mask = mask
        self._held = ""
        self._given = ""
        """The last characters that were given out."""

    def feed(self, piece: str) -> str:
        """A piece without secrets; an end that may be the beginning of one waits for the next piece."""
        if not self._mask:
            return self.flush() + piece if self._held else piece
        given = len(self._given)
        text, self._held = self._mask.without_long(self._given + self._held + piece, given), ""
        end = max(0, self._mask.open_end(self._given + text) - given)
        if end < len(text):
            text, self._held = text[:end], text[end:]
        self._given = (self._given + text)[-_GIVEN_KEPT:]
        return self._mask.without_words(text)

    def flush(self) -> str:
        """What still waited when the text ended."""
        held, self._held = self._held, ""
        return self._mask.without_words(held)


KNOWN = SecretMask()
"""The secrets of this process: every API key that it came to know."""


@cache
def _open_token() -> re.Pattern[str]:
    """A token that has begun at the end of a text."""
    return re.compile(
        r"(?:&[\#0-9A-Za-z]{0,32}|%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?"
        r"|<[^<>]{0,1000}|\](?:\([^()]{0,1000}|\[[^\[\]]{0,300})?"
        r"|\x1b(?:\[[0-?]{0,64}|\][^\x07\x1b]{0,300}\x1b?)?)\Z"
    )


@cache
def _open_escape() -> re.Pattern[str]:
    """A token that has begun at the end of a text, and may stand for a letter."""
    return re.compile(r"(?:&[\#0-9A-Za-z]{0,32}|%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?)\Z")


@cache
def _spaced() -> re.Pattern[str]:
    """What white space may stand in without ending a secret, begun or whole."""
    return re.compile(
        r"<!---?>|<!--.{0,1000}?(?:-->|\Z)|<[!?/A-Za-z][^<>]{0,1000}(?:>|\Z)|\]\([^()]{0,1000}(?:\)|\Z)|\]\[[^\[\]]{0,300}(?:\]|\Z)",
        re.S,
    )


@cache
def _letter_forms() -> re.Pattern[str]:
    """Letters of another width or face: superscripts, letterlike, enclosed, full width, of mathematics."""
    return re.compile(
        r"[\xaa\xb2\xb3\xb9\xba\u017f\u02b0-\u02e4\u1d2c-\u1d6a\u2070-\u209f\u2100-\u214f\u2460-\u24ff"
        r"\ufe50-\ufe6f\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f100-\U0001f189]+"
    )


def _plain_letters(run: re.Match[str]) -> str:
    from unicodedata import normalize

    return normalize("NFKC", run[0])


def _filled(token: re.Match[str]) -> str:
    return "." * len(token[0])


def _reduced(text: str) -> bytes:
    if not text.isascii() and _letter_forms().search(text):
        text = _letter_forms().sub(_plain_letters, text)
    return text.encode("ascii", "ignore").translate(_LOWER, _IDLE)


def _decoded(text: str, tokens: re.Pattern[str]) -> str:
    return tokens.sub(lambda found: _meaning(found[0]), text)


def _meaning(token: str) -> str:
    """What an entity or an escape stands for; nothing for comments, tags, addresses, terminal sequences."""
    match token[0]:
        case "&":
            from html import unescape  # its table of names is long, and hardly ever needed

            return unescape(token)
        case "%":
            return chr(int(token[1:], 16))
        case "\\":
            return chr(int(token[2:], 16))
    return ""


def _letters_of(text: str, tokens: re.Pattern[str] | None) -> _Letters:
    """As `_reduced`, with the places: slow, and only for a text that holds a secret or may begin one."""
    letters = bytearray()
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        token = tokens.match(text, at) if tokens and _TOKEN_START.match(text, at) else None
        end = token.end() if token else at + 1
        meant = _reduced(_meaning(token[0]) if token else text[at])
        letters += meant
        starts += [at] * len(meant)
        ends += [end] * len(meant)
        at = end
    return _Letters(bytes(letters), starts, ends)


def _encoded(secret: str) -> Iterator[bytes]:
    """The letters of a secret in hexadecimal, and in base64 wherever in the encoded bytes it begins."""
    if len(secret) < _LONG:
        return
    from base64 import b64encode, urlsafe_b64encode

    data = secret.encode("utf-8", "replace")
    yield data.hex().encode()
    for before in range(3):
        padded = bytes(before) + data
        for encode in (b64encode, urlsafe_b64encode):
            # The first and last characters hold bits of what stands beside the secret.
            encoded = encode(padded).rstrip(b"=")[(0, 2, 3)[before] :]
            yield _reduced((encoded[:-1] if len(padded) % 3 else encoded).decode())


def _apart(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one, shown as the first: of several at one place the longest."""
    spans = sorted(spans, key=lambda span: (span.start, -span.end))
    apart = spans[:1]
    for span in spans[1:]:
        last = apart[-1]
        if span.start >= last.end:
            apart.append(span)
        elif span.end > last.end:
            apart[-1] = last._replace(end=span.end)
    return apart
