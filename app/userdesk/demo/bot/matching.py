"""Finds what a question is about, as people phrase and mistype it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from userdesk.demo.bot.spelling import Speller
from userdesk.demo.bot.vocabulary import PARTS, SAME_WORD, STOP_WORDS, meaning_of, meanings, raw_words

EVERYDAY = 0.7
"""What a word of everyday English weighs against one that belongs to this program."""
UNKNOWN = 1.4
"""What one weighs that no phrase has: the question is about something else."""
ELSEWHERE = 2.5
"""What one weighs that certainly is about something else."""
CORRECTED = 0.9
"""How sure a word is that had to be corrected."""
TITLE = 1.03
"""How much more a title counts than another phrase."""
COVERED = 0.25
"""How much it counts that all of an entry's phrases together have the question's words."""
WHOLE = 0.9
"""From here on a phrase is meant even where its words are all everyday ones."""
GENERIC_WEIGHT = 0.5
"""What less than that counts where only everyday words are shared."""


@dataclass(frozen=True, slots=True)
class Phrased:
    """Something to be found: the ways in which people ask for it."""

    name: str
    phrases: Sequence[str]


@dataclass(frozen=True, slots=True)
class KnowledgeMatch:
    """An entry and how near it is to a question: about 1 where a phrase of it was asked."""

    name: str
    nearness: float
    coverage: float
    """How many of the question's words the entry's phrases have, of 1."""


class Matcher:
    """Finds the entries whose phrases are nearest to a question."""

    def __init__(
        self, entries: Iterable[Phrased], everyday: Iterable[str] = (), elsewhere: Iterable[str] = ()
    ) -> None:
        phrases = [
            (entry.name, raw_words(phrase)) for entry in entries for phrase in (entry.name, *entry.phrases)
        ]
        everyday, elsewhere = list(everyday), list(elsewhere)
        common = _common(everyday, (word for _, words in phrases for word in words))
        self._names = [name for name, _ in phrases]
        self._titles = {
            at for at, (name, before) in enumerate(pairwise(["", *self._names])) if name != before
        }
        self._entries: dict[str, set[str]] = {}
        self._having: dict[str, list[int]] = {}
        meant = [set(meanings(words)) for _, words in phrases]
        for at, words in enumerate(meant):
            self._entries.setdefault(self._names[at], set()).update(words)
            for word in words:
                self._having.setdefault(word, []).append(at)
        names = len(self._entries)
        self._weights = {
            word: math.log(1 + names / len({self._names[at] for at in having}))
            * (EVERYDAY if word in common else 1.0)
            for word, having in self._having.items()
        }
        # What a word weighs that no phrase has.
        self._everyday, self._unknown, self._elsewhere = (
            weight * math.log(1 + names) for weight in (EVERYDAY, UNKNOWN, ELSEWHERE)
        )
        self._not_ours = {meaning_of(word) for word in elsewhere} - self._weights.keys()
        self._common = common
        self._telling = {name: words - common for name, words in self._entries.items()}
        self._lengths = [math.sqrt(sum(self._weights[word] ** 2 for word in words)) for words in meant]
        ours = dict.fromkeys(word for _, words in phrases for word in words)
        self._speller = Speller([*_forms(ours), *SAME_WORD, *PARTS, *STOP_WORDS, *everyday, *elsewhere])

    def nearest(self, question: str) -> list[KnowledgeMatch]:
        """The entries that have to do with a question, the nearest first."""
        asked, norm, count = self._asked(question)
        if not asked:
            return []
        shared: dict[int, float] = {}
        for word, sure in asked.items():
            for at in self._having[word]:
                shared[at] = shared.get(at, 0.0) + self._weights[word] ** 2 * sure
        best: dict[str, float] = {}
        for at, weight in shared.items():
            name, length = self._names[at], self._lengths[at]
            nearness = weight / (length * norm) * (TITLE if at in self._titles else 1.0)
            # The best phrase decides; others of the same entry that fit too break a tie.
            before = best.get(name, 0.0)
            best[name] = max(before, nearness) + 0.02 * min(before, nearness)
        found = []
        for name, nearness in best.items():
            words = self._entries[name] & asked.keys()
            covered = sum(self._weights[word] ** 2 * asked[word] for word in words)
            total = (1 - COVERED) * nearness + COVERED * covered / norm**2
            if nearness < WHOLE and self._telling[name].isdisjoint(asked):
                total *= GENERIC_WEIGHT
            found.append(KnowledgeMatch(name, total, len(words) / count))
        return sorted(found, key=lambda near: -near.nearness)

    def _asked(self, question: str) -> tuple[dict[str, float], float, int]:
        """The words of ours in a question, how sure each is, and the weight and number of all its words."""
        sure: dict[str, float] = {}
        corrected = []
        for word in raw_words(question):
            meant = self._known(word)
            corrected.append(meant or word)
            if meant != word:
                sure[meaning_of(meant or word)] = CORRECTED
        asked: dict[str, float] = {}
        norm = 0.0
        words = dict.fromkeys(meanings(corrected))
        for word in words:
            if word in self._weights:
                weight = self._weights[word]
                asked[word] = sure.get(word, 1.0)
            else:
                weight = self._weight_of_unknown(word)
            norm += weight**2
        return asked, math.sqrt(norm), len(words)

    def _weight_of_unknown(self, word: str) -> float:
        if word in self._not_ours:
            return self._elsewhere
        return self._everyday if word in self._common or word.isdigit() else self._unknown

    def _known(self, word: str) -> str | None:
        meaning = meaning_of(word)
        if word in self._speller or any(
            meaning in known for known in (self._weights, self._common, self._not_ours)
        ):
            return word
        return self._speller.corrected(word)


def words_of(text: str) -> list[str]:
    """The words that carry a question's meaning: lower case, without endings, keys as one word."""
    return meanings(raw_words(text))


def _common(everyday: Sequence[str], ours: Iterable[str]) -> set[str]:
    """The meanings of everyday words, but for those that our phrases have by other words: past, paste."""
    known = set(everyday)
    excess: dict[str, int] = {}
    for word in ours:
        meaning = meaning_of(word)
        excess[meaning] = excess.get(meaning, 0) + (1 if word in known else -1)
    return {meaning for word in everyday if excess.get(meaning := meaning_of(word), 1) > 0}


def _forms(words: Iterable[str]) -> Iterable[str]:
    """Words and what their endings make of them, so that a slip in one of these is seen too."""
    words = list(words)
    yield from words
    for word in words:
        if len(word) > 3 and word.isalpha():
            yield f"{word}s"
            root = word[:-1] if word.endswith("e") else word
            yield f"{root}ed"
            yield f"{root}ing"
