"""The words somebody looks for: where they stand in a text, and which bytes a file with them must hold."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from userdesk.domain.safe_text import clean, clean_line

Span = tuple[int, int]
"""Where a part of a line begins and ends, in characters."""
_CONTEXT = 200  # characters kept before and after a match; the screen shows what fits
# Of ASCII, what JSON never writes another way. `\/` is allowed in JSON, though nobody here writes it.
_PLAIN = frozenset(chr(code) for code in range(0x21, 0x7F)) - frozenset('"\\/')
_CASED_BLOCKS = (range(0x80, 0x3000), range(0xA640, 0xAC00), range(0xFF00, 0x10000), range(0x10400, 0x1F000))
_ANY_S = "(?:s|ſ|ß|ẞ)+".encode()
_TELLING = 3  # bytes; a shorter plain part of a word stands in too many lines to be its filter
_LONG_S = "s"  # ß folds to ss and ſ to s, so an s may stand in a file as other bytes


@dataclass(frozen=True, slots=True)
class Needle:
    """What must stand in lowered bytes for a word to be there; a filter, to be confirmed on the text."""

    exact: bytes
    """For bytes that are ASCII alone; empty where there is no such filter."""
    safe: bytes
    """For any UTF-8."""
    variants: re.Pattern[bytes] | None = None
    """For any UTF-8, where a word has letters of two cases and no run of plain ones."""

    def may_be_in(self, lowered: bytes, ascii_only: bool) -> bool:
        """Whether the word can be in a piece of a file."""
        if ascii_only:
            return self.exact in lowered
        if self.variants is not None:
            return self.variants.search(lowered) is not None
        return self.safe in lowered


class Wanted:
    """Words in any case and order, all of which a text must hold."""

    def __init__(self, typed: str) -> None:
        self.phrase = clean_line(typed, 500).casefold()
        self.words = tuple(dict.fromkeys(self.phrase.split()))
        needles = {_needle(word) for word in self.words}
        # The longest one is the rarest, and finds out soonest that a file is not worth reading on.
        self.needles = sorted(needles, key=lambda needle: -len(needle.exact))

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def is_telling(self) -> bool:
        """Whether it says enough to search messages for: more than one letter of an alphabet."""
        return len(self.phrase) > 1 or not self.phrase.isascii()

    def may_be_in(self, lowered: bytes) -> bool:
        """Whether all words can be in a piece of a file; false only where they are not."""
        ascii_only = lowered.isascii()
        return all(needle.may_be_in(lowered, ascii_only) for needle in self.needles)

    def are_in(self, text: str) -> bool:
        """Whether all words are in a text that is safe to show."""
        folded = text.casefold()
        return all(word in folded for word in self.words)

    def phrase_spans(self, line: str) -> tuple[Span, ...]:
        """Where the phrase stands in a line, from left to right."""
        folded, origins = _folded(line)
        size = len(self.phrase)
        return tuple((origins[at], origins[at + size - 1] + 1) for at in _places(folded, self.phrase))

    def spans(self, line: str) -> tuple[Span, ...]:
        """Where the phrase stands in a line, else each of the words, from left to right."""
        folded, origins = _folded(line)
        looked_for = (self.phrase,) if self.phrase in folded else self.words
        found = sorted(
            (origins[at], origins[at + len(word) - 1] + 1)
            for word in looked_for
            for at in _places(folded, word)
        )
        spans: list[Span] = []
        for start, end in found:
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return tuple(spans)

    def excerpt(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """The line of a text that holds most of what is wanted, cut round the match; the matches in it."""
        best, most = "", 0
        for line in clean(text).split("\n"):
            folded = line.casefold()
            if self.phrase in folded:
                best = line
                break
            if (count := sum(word in folded for word in self.words)) > most:
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


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _folded(line: str) -> tuple[str, range | list[int]]:
    """A line without cases, and the character of the line that each of its characters comes from."""
    folded = line.casefold()
    if len(folded) == len(line):  # folding makes a character one or more, never fewer
        return folded, range(len(line))
    origins = [at for at, character in enumerate(line) for _ in character.casefold()]
    return folded, origins


def _needle(word: str) -> Needle:
    # Bytes that are ASCII alone never hold a word that is not, and so not its own bytes either.
    exact = _longest_run(word, _PLAIN) if word.isascii() else word
    safe = _longest_run(word, _PLAIN - {_LONG_S})
    variants = None if len(safe.encode("utf-8", "replace")) >= _TELLING else _variants(word)
    return Needle(exact.encode("utf-8", "replace"), safe.encode("utf-8", "replace"), variants)


def _longest_run(word: str, plain: frozenset[str], *, cased: bool = False) -> str:
    """The longest part of a word whose bytes, or with `cased` whose cases, are known."""
    runs = [""]
    for character, after in zip(word, f"{word[1:]} ", strict=True):
        # A letter and its mark may be folded from one letter, as in ΐ.
        known = not unicodedata.combining(character) and not unicodedata.combining(after)
        if known and (character in plain or (not character.isascii() and (cased or _has_no_case(character)))):
            runs[-1] += character
        else:
            runs.append("")
    return max(runs, key=len)


def _has_no_case(character: str) -> bool:
    return unicodedata.category(character) == "Lo"


def _variants(word: str) -> re.Pattern[bytes] | None:
    """Every way to write the letters of the longest part of a word, its two cases alike."""
    parts: list[bytes] = []
    for character in _longest_run(word, _PLAIN, cased=True):
        if character == _LONG_S:
            if parts[-1:] != [_ANY_S]:
                parts.append(_ANY_S)
            continue
        ways = {character, *_unfolded().get(character, ())}
        encoded = sorted(re.escape(way.encode("utf-8", "replace").lower()) for way in ways)
        parts.append(encoded[0] if len(encoded) == 1 else b"(?:" + b"|".join(encoded) + b")")
    return re.compile(b"".join(parts)) if parts else None


@lru_cache(1)
def _unfolded() -> dict[str, list[str]]:
    """The characters that fold to one, by that one. Takes about 20 ms, so only where it is needed."""
    unfolded: dict[str, list[str]] = {}
    for code in (code for block in _CASED_BLOCKS for code in block):
        folded = chr(code).casefold()
        if len(folded) == 1 and folded != chr(code):
            unfolded.setdefault(folded, []).append(chr(code))
    return unfolded
