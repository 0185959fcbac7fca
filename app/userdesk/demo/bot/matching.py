"""Finds what a question is about, as people phrase and mistype it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from userdesk.demo.bot.words import corrected, stem, words_of

PAIR = 0.6
"""What two words in a row weigh against one word that is as rare."""
UNKNOWN = 0.03
"""How many entries are taken to have a word that none has: it weighs much, and against them all."""
UNKNOWN_PAIR = 7
"""The same for a pair of words, of which most are new."""
OTHER_PHRASES = 0.1
"""How much each further phrase of an entry counts that has words of the question, against its best one."""
COVERED = 0.4
"""How much it counts, of 1, which of the question's words an entry's phrases have together."""


class Matcher:
    """Finds the entries whose phrases are nearest to a question, by words and pairs of words.

    `phrases` are pairs of an entry's name and a way in which people ask for it. The fewer entries have a
    word or a pair, the more it weighs (TF-IDF, cosine). `others` are words that are no slips of ours.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]], others: Iterable[str] = ()) -> None:
        words = [(name, words_of(phrase)) for name, phrase in phrases]
        self._known = Counter(word for _, phrase in words for word in phrase)
        self._meaning = lru_cache(2_000)(self._meaning_of)
        self._right = {*others, *map(stem, self._known)}
        self._phrases = [(name, self._features(phrase)) for name, phrase in words]
        self._having: dict[str, list[int]] = defaultdict(list)
        names: dict[str, set[str]] = defaultdict(set)
        for at, (name, features) in enumerate(self._phrases):
            for feature in features:
                self._having[feature].append(at)
                names[feature].add(name)
        self._entries = len({name for name, _ in words})
        self._weights = {feature: self._squared(feature, len(having)) for feature, having in names.items()}
        self._lengths = [math.sqrt(self._weight(features)) for _, features in self._phrases]

    def nearest(self, question: str) -> list[tuple[str, float]]:
        """The entries that have to do with a question, the nearest first; 1 is a whole phrase or more."""
        asked = self._features(words_of(question))
        total = self._weight(asked)
        shared: dict[int, float] = defaultdict(float)
        covered: dict[str, dict[str, None]] = defaultdict(dict)
        for feature in asked:
            for at in self._having.get(feature, ()):
                shared[at] += self._weights[feature]
                covered[self._phrases[at][0]][feature] = None
        best: dict[str, float] = defaultdict(float)
        for at in sorted(shared):
            name, like = self._phrases[at][0], shared[at] / (self._lengths[at] * math.sqrt(total))
            best[name] = max(best[name], like) + OTHER_PHRASES * min(best[name], like)
        found = [
            (name, (1 - COVERED) * like + COVERED * self._weight(covered[name]) / total)
            for name, like in best.items()
        ]
        return sorted(found, key=lambda near: -near[1])

    def _features(self, words: Sequence[str]) -> dict[str, None]:
        stems = list(map(self._meaning, words))
        return dict.fromkeys([*stems, *map(" ".join, pairwise(stems))])

    def _meaning_of(self, word: str) -> str:
        """The stem of a word, or of the word that was mistyped in it."""
        if word in self._right or stem(word) in self._right:
            return stem(word)
        # Of several the one with the same first letter, and of these the commonest.
        slips = corrected(word, self._known)
        return stem(max(slips, key=lambda each: (each[0] == word[0], self._known[each]), default=word))

    def _weight(self, features: Iterable[str]) -> float:
        return sum(self._weights.get(feature) or self._squared(feature) for feature in features)

    def _squared(self, feature: str, entries: int = 0) -> float:
        """The weight of a word or a pair that so many entries have, squared as the cosine wants it."""
        pair = " " in feature
        having = entries or (UNKNOWN_PAIR if pair else UNKNOWN)
        return (math.log(1 + self._entries / having) * (PAIR if pair else 1)) ** 2
