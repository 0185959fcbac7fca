"""Finds what a question is about, as people phrase and mistype it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_KEY_NAMES = re.compile(r"\b(ctrl|control|shift|alt|strg)\s*[-+ ]\s*(\w+)\b|\^(\w)\b")
_WORD = re.compile(r"\w+(?:\+\w+)*")
_STOP_WORDS = frozenset(
    """
    a an and any as at be been but by can could d did do does doing for from get gets had has have how i
    if in into is it its just let like ll m me my of on one or our please re s say says shall should so
    some t than that the their them then there these they this to ve want was way we were what whats
    when which will with would you your im about am are not dont doesnt cant tell show possible need go
    use using make made
    """.split()  # noqa: SIM905 - a list of eighty quoted words is no easier to read
)
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "s", "e")
_SAME_WORD = {
    "chat": "conversation",
    "session": "conversation",
    "thread": "conversation",
    "discussion": "conversation",
    "bot": "chatbot",
    "cancel": "stop",
    "abort": "stop",
    "halt": "stop",
    "remove": "delete",
    "erase": "delete",
    "exit": "quit",
    "close": "quit",
    "reply": "answer",
    "response": "answer",
    "config": "configuration",
    "configure": "configuration",
    "settings": "configuration",
    "setting": "configuration",
    "color": "colour",
    "colors": "colour",
    "directory": "folder",
    "shortcut": "keys",
    "shortcuts": "keys",
    "hotkey": "keys",
    "hotkeys": "keys",
    "linebreak": "newline",
    "mail": "email",
    "store": "saved",
    "stored": "saved",
    "stores": "saved",
    "save": "saved",
    "kept": "saved",
    "broke": "break",
    "broken": "break",
}


@dataclass(frozen=True, slots=True)
class Phrased:
    """Something to be found: the ways in which people ask for it."""

    name: str
    phrases: Sequence[str]


class Matcher:
    """Finds the entry whose phrases are nearest to a question."""

    def __init__(self, entries: Iterable[Phrased]) -> None:
        self._phrases = [
            (entry.name, Counter(words_of(phrase)))
            for entry in entries
            for phrase in (entry.name, *entry.phrases)
        ]
        spread: dict[str, set[str]] = {}
        for name, words in self._phrases:
            for word in words:
                spread.setdefault(word, set()).add(name)
        names = len({name for name, _ in self._phrases})
        self._weights = {word: math.log(1 + names / len(found)) for word, found in spread.items()}
        # A word that no phrase has says more than a known one: the question is about something else.
        self._unknown = 1.5 * math.log(1 + names)
        # What a mistyped word may have been meant to be, with the word of ours that it stands for.
        self._spellings = {word: word for word in self._weights if len(word) > 2 and not word[0].isdigit()}
        for other, word in _SAME_WORD.items():
            if _stem(word) in self._weights:
                self._spellings.setdefault(_stem(other), _stem(word))

    def best(self, question: str) -> tuple[str | None, float]:
        """The name of the nearest entry and how near it is, from 0 to 1."""
        asked: dict[str, float] = {}
        norm = 0.0
        for word in words_of(question):
            known, nearness = self._known(word)
            if known is None and _is_mistyped_stop_word(word):
                continue
            weight = self._weights.get(known, self._unknown) if known else self._unknown
            norm += weight**2
            if known:
                asked[known] = max(asked.get(known, 0.0), nearness)
        found: tuple[str | None, float] = (None, 0.0)
        if not asked:
            return found
        totals: dict[str, float] = {}
        for name, words in self._phrases:
            shared = sum(self._weights[word] ** 2 * asked[word] for word in words if word in asked)
            if not shared:
                continue
            length = math.sqrt(sum(self._weights[word] ** 2 for word in words))
            nearness = shared / (length * math.sqrt(norm))
            # The best phrase decides; others of the same entry that fit too break a tie.
            before = totals.get(name, 0.0)
            totals[name] = max(before, nearness) + 0.05 * min(before, nearness)
        for name, nearness in totals.items():
            if nearness > found[1]:
                found = (name, nearness)
        return found[0], min(1.0, found[1])

    def _known(self, word: str) -> tuple[str | None, float]:
        """The word of ours that is meant, and how sure that is."""
        if word in self._weights:
            return word, 1.0
        allowed = _allowed_slips(word)
        best: tuple[str | None, int] = (None, allowed + 1)
        for spelling, known in self._spellings.items() if allowed else ():
            slips = _slips(word, spelling, allowed)
            if slips < best[1]:
                best = (known, slips)
        return best[0], 1.0 - 0.15 * best[1]


def words_of(text: str) -> list[str]:
    """The words that carry a question's meaning: lower case, without endings, keys as one word."""
    lowered = text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    lowered = _KEY_NAMES.sub(_as_key, lowered)
    words = _WORD.findall(lowered)
    # "How are you?" consists of stop words alone: then they are all there is to go by.
    telling = [word for word in words if word not in _STOP_WORDS] or words
    return [_stem(_SAME_WORD.get(word, word)) for word in telling]


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


def _allowed_slips(word: str) -> int:
    if any(letter.isdigit() or letter == "+" for letter in word):
        return 0
    return 0 if len(word) < 3 else 1 if len(word) < 7 else 2


def _slips(word: str, spelling: str, limit: int) -> int:
    # People rarely mistype the first letter, but they do swap it with the second.
    if word[0] not in spelling[:2] or spelling[0] not in word[:2] or abs(len(spelling) - len(word)) > limit:
        return limit + 1
    return slips_between(word, spelling, limit)


def _is_mistyped_stop_word(word: str) -> bool:
    return len(word) > 2 and any(len(stop) > 2 and _slips(word, stop, 1) <= 1 for stop in _STOP_WORDS)


def _as_key(found: re.Match[str]) -> str:
    modifier, key, caret = found.groups()
    if caret:
        return f"ctrl+{caret}"
    return f"{ {'control': 'ctrl', 'strg': 'ctrl'}.get(modifier, modifier) }+{key}"


def _stem(word: str) -> str:
    if "+" in word or word[-1:].isdigit():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            if ending in ("ies", "ied"):
                return stem + "y"
            # stopping, deleted, … : one consonant of a doubled pair belongs to the ending
            return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and "ing" in ending else stem
    return word
