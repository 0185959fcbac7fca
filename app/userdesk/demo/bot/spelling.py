"""Finds the word that a mistyped one was meant to be."""

from collections.abc import Iterable, Sequence

_KEPT = 2_000
"""Corrections that are remembered."""


_VOWELS = str.maketrans("aeiouy", "a" * 6)


class Speller:
    """Corrects what is no known word; short words are known or they are not.

    The first words given are preferred where two are equally near.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._by_first: dict[str, list[tuple[str, int]]] = {}
        self._found: dict[str, str | None] = {}
        for word in words:
            if word in self._words:
                continue
            self._words.add(word)
            if len(word) > 2 and word.isalpha():
                self._by_first.setdefault(word[0], []).append((word, _letters(word)))

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def corrected(self, word: str) -> str | None:
        """The known word that is meant; None where there is none such."""
        if word in self._words:
            return word
        if word not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[word] = self._nearest(word)
        return self._found[word]

    def _nearest(self, word: str) -> str | None:
        limit = allowed_slips(word)
        if not limit:
            return None
        letters = _letters(word)
        best, fewest = None, limit + 1.0
        # People rarely mistype the first letter, but they do swap it with the second, or leave it out.
        for first in dict.fromkeys(word[:2]):
            for known, known_letters in self._by_first.get(first, ()):
                if abs(len(known) - len(word)) > limit or (letters ^ known_letters).bit_count() > 2 * limit:
                    continue
                if word[0] not in known[:2]:
                    continue
                mixed = letters == known_letters and sorted(word) == sorted(known)
                if len(word) < 4 and not mixed:
                    continue
                # The same letters in another order are likelier than other letters: remane, rename.
                most = 2 if mixed and len(word) > 4 else limit
                slips = slips_between(word, known, most)
                if slips > most or (len(word) == len(known) < 6 and not mixed and not _alike(word, known)):
                    continue
                cost = slips - (0.5 * slips if mixed else 0.4 if letters == known_letters else 0.0)
                if cost < fewest:
                    best, fewest = known, cost
        return best


def slips_between(first: str, second: str, limit: int) -> int:
    """How many letters were dropped, added, changed or swapped; `limit + 1` where it is more."""
    before: Sequence[int] = ()
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        current = [i]
        for j, other in enumerate(second, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, row = row, current
    return row[-1]


def allowed_slips(word: str) -> int:
    """How many slips a word of that length may have; in three letters only two that were swapped."""
    if not word.isalpha() or len(word) < 3:
        return 0
    return 1 if len(word) < 8 else 2


def _alike(word: str, known: str) -> bool:
    """Whether only vowels differ: proxi is proxy, post is not port; most short words are near others."""
    return word.translate(_VOWELS) == known.translate(_VOWELS)


def _letters(word: str) -> int:
    bits = 0
    for code in word.encode("utf-8"):
        bits |= 1 << (code & 31)
    return bits
