"""The words somebody looks for: where they stand in a text, and which bytes a file with them must hold."""

import re
from collections.abc import Iterable, Iterator, Sequence

from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.text_folding import fold_letters, plain_letter

Span = tuple[int, int]
"""Where a part of a line begins and ends, in characters."""
_CONTEXT = 200  # characters kept before and after a match; the screen shows what fits
_LONG = 256 * 1024  # characters from which a text is looked through in parts
_PART = 64 * 1024  # characters
# What a file may write another way than a text has it: JSON's escapes, and what is not safe to show.
_WRITTEN_OTHERWISE = re.compile(r'["\\/\ufffd]')


class SearchQuery:
    """Words in any case and order, with and without accents, all of which a text must hold."""

    def __init__(self, typed: str) -> None:
        self.phrase = fold_letters(clean_line(typed, 500)).strip()
        self.words = tuple(dict.fromkeys(self.phrase.split()))
        # The longest one is the rarest, and finds out soonest that a file is not worth reading on.
        parts = {max(_WRITTEN_OTHERWISE.split(word), key=len) for word in self.words}
        self.fragments = sorted((part.encode("utf-8", "replace") for part in parts), key=len, reverse=True)

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def is_telling(self) -> bool:
        """Whether it says enough to search messages for: more than one letter of an alphabet."""
        return len(self.phrase) > 1 or not self.phrase.isascii()

    def may_be_in(self, plain: bytes) -> bool:
        """Whether all words can be in a piece of a file, in plain letters; false only where they are not."""
        return all(fragment in plain for fragment in self.fragments)

    def are_in(self, text: str) -> bool:
        """Whether all words are in a text that is safe to show."""
        plain = fold_letters(text)
        return all(word in plain for word in self.words)

    def phrase_spans(self, line: str) -> tuple[Span, ...]:
        """Where the phrase stands in a line, from left to right."""
        plain, origins = with_origins(line)
        return tuple(_span(origins, at, len(self.phrase)) for at in _places(plain, self.phrase))

    def spans(self, line: str) -> tuple[Span, ...]:
        """Where the phrase stands in a line, else each of the words, from left to right."""
        plain, origins = with_origins(line)
        looked_for = (self.phrase,) if self.phrase in plain else self.words
        found = sorted(_span(origins, at, len(word)) for word in looked_for for at in _places(plain, word))
        spans: list[Span] = []
        for start, end in found:
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return tuple(spans)

    def is_in(self, text: str) -> bool:
        """Whether all words are in a text as it came; a long one is read as far as needed."""
        if len(text) <= _LONG:
            return self.are_in(clean(text))
        missing = set(self.words)
        for part in _parts(text):
            plain = fold_letters(part)
            missing = {word for word in missing if word not in plain}
            if not missing:
                return True
        return False

    def found_in(self, text: str) -> tuple[str, tuple[Span, ...]] | None:
        """`excerpt` of a text as it came, if all words are in it."""
        if not self.is_in(text):
            return None
        if len(text) <= _LONG:
            return self.excerpt(text)
        return self._excerpt(line for part in _parts(text) for line in part.split("\n"))

    def excerpt(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """The line of a text that holds most of what is wanted, cut round the match; the matches in it."""
        return self._excerpt(clean(text).split("\n"))

    def _excerpt(self, lines: Iterable[str]) -> tuple[str, tuple[Span, ...]]:
        best, most = "", 0
        for line in lines:
            plain = fold_letters(line)
            if self.phrase in plain:
                best = line
                break
            if (count := sum(word in plain for word in self.words)) > most:
                best, most = line, count
        if len(best) > 8 * _CONTEXT:
            first = self.spans(best)[:1]
            begin = max(0, first[0][0] - 2 * _CONTEXT) if first else 0
            best = ("…" if begin else "") + best[begin : begin + 4 * _CONTEXT]
        line = " ".join(best.split())
        spans = self.spans(line)
        begin = max(0, spans[0][0] - _CONTEXT) if spans else 0
        if begin:
            line = "…" + line[begin:]
        return (cut := clean_line(line, 2 * _CONTEXT)), self.spans(cut) if begin or cut != line else spans


def _parts(text: str) -> Iterator[str]:
    """A text, safe to show, in parts of whole lines."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + _PART)
        end = len(text) if end < 0 else end
        yield clean(text[begin:end])
        begin = end + 1


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def with_origins(line: str) -> tuple[str, Sequence[int]]:
    """A line in plain letters; the character of it that each of them comes from, and where it ends."""
    if line.isascii():
        return line.lower(), range(len(line) + 1)
    letters = [plain_letter(character) for character in line]
    return "".join(letters), [*(at for at, plain in enumerate(letters) for _ in plain), len(line)]


def _span(origins: Sequence[int], at: int, size: int) -> Span:
    """The characters of some plain letters, with the accents that stand behind the last one."""
    return origins[at], max(origins[at + size - 1] + 1, origins[at + size])
