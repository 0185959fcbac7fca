"""Keeps the API keys that this process knows out of what it shows, stores and writes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from userdesk.domain.secret_letters import (
    ESCAPE,
    OPEN_ESCAPE,
    OPEN_TOKEN,
    SPACED,
    TOKEN,
    TOKEN_START,
    Letters,
    decoded,
    encoded,
    letters_of,
    reduced,
)

SHORTEST = 4  # letters; a shorter key is masked only where it stands as a word of its own
_FEWEST_ENCODED = 4  # letters of an encoded key with which a stream is held back: fewer begin many a word
_GIVEN_KEPT = 8  # characters of a stream that were given out, in which an encoded key may begin
_LONGEST_HELD = 4096  # characters of a stream that wait for what would make them a key

_ASCII_SIGNS = bytes(range(33, 127)).decode()
_READINGS = (None, ESCAPE, TOKEN)
"""How a text may be read: letter by letter, with its escapes decoded, and without tags and addresses too."""


class Span(NamedTuple):
    """A part of a text that is a secret, and what is shown in its place."""

    start: int
    end: int
    shown: str


class _Secret(NamedTuple):
    letters: bytes
    """What is compared (`secret_letters.reduced`)."""
    shown: str


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
        plain = reduced(secret)
        forms = [_Secret(letters, shown) for letters in (plain, *encoded(secret)) if len(letters) >= SHORTEST]
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
        if self._are_in(reduced(text)):
            found += self._found(letters_of(text, None))
        if TOKEN_START.search(text) and TOKEN.search(text):
            for tokens in (ESCAPE, TOKEN):
                if self._are_in(reduced(decoded(text, tokens))):
                    found += self._found(letters_of(text, tokens))
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
        flat = text
        if "<" in text or "](" in text:
            flat = re.sub(SPACED, lambda token: "." * len(token[0]), text[-_LONGEST_HELD:])
        begin = max(size - len(flat) + 1 + max(flat.rfind(" "), flat.rfind("\t")), size - _LONGEST_HELD)
        if begin >= size:
            return size
        tail = text[begin:]
        if self._words:
            return size - len(tail) + len(tail.rstrip(_ASCII_SIGNS))
        if not TOKEN_START.search(tail):
            at = self._partial(tail, None)
            return size if at is None else begin + at
        heads, starts = [tail], []
        if token := re.search(OPEN_TOKEN, tail):
            heads.append(tail[: token.start()])
        if escape := re.search(OPEN_ESCAPE, tail):
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

    def _found(self, text: Letters) -> Iterator[Span]:
        for letters, shown in self._secrets:
            at = text.letters.find(letters)
            while at >= 0:
                end = at + len(letters)
                yield Span(text.starts[at], text.ends[end - 1], shown)
                at = text.letters.find(letters, end)

    def _partial(self, text: str, tokens: re.Pattern[str] | None) -> int | None:
        """Where in a text its end begins that a secret begins with."""
        letters = reduced(decoded(text, tokens))
        for size in range(min(len(letters), self._longest_beginning), 0, -1):
            if letters[-size:] in self._beginnings:
                return letters_of(text, tokens).starts[-size]
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
