"""The words of questions: keys as one word, endings cut off, one word for those that mean the same."""

import re
from collections.abc import Container
from importlib.resources import files
from itertools import combinations
from string import ascii_lowercase

_KEY = re.compile(r"(?:\b(ctrl|control|alt|shift) ?[-+ ] ?|\^)(\w+)\b", re.I)
_NOT = re.compile(r"\b(can|do|does|did|is|are|was|could|would|should|has|have)n?t\b", re.I)
_WORD = re.compile(r"\w+(?:\+\w+)*")
# "theme" keeps its ending: "them" is another word.
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?<!\bthem)(?:y?ings?|ies|ied|y|ed|es|s|e)$")


def words_of(text: str) -> list[str]:
    """The words as they were written, in lower case but for keys such as `Y`."""
    text = _NOT.sub(r"\1 not", re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]", "", text))
    text = _KEY.sub(lambda key: f"{(key[1] or 'ctrl').lower().replace('control', 'ctrl')}+{key[2]}", text)
    words = [word if len(word) == 1 and word not in "AI" else word.lower() for word in _WORD.findall(text)]
    return [word for word in words if word not in ("please", "pls", "plz")]


def stem(word: str) -> str:
    """What stands for a word in all of its forms and synonyms: stop for stopping, conversation for chats."""
    cut = _without_ending(word)
    return _MEANINGS.get(cut, cut)


def corrected(word: str, known: Container[str]) -> list[str]:
    """The known words that are one slip away: two letters swapped, one left out, added or mistaken."""
    if not word.isalpha() or len(word) < 3:
        return []
    # The shorter a word, the more others are one slip away.
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    slips = [
        word[:one] + word[other] + word[one + 1 : other] + word[one] + word[other + 1 :]
        for one, other in combinations(range(len(word)), 2)
    ]
    if len(word) >= 4:
        slips += [before + letter + after for before, after in cuts for letter in ascii_lowercase]
    if len(word) >= 5:
        slips += [before[:-1] + after for before, after in cuts]
        slips += [before[:-1] + letter + after for before, after in cuts for letter in ascii_lowercase]
    return [slip for slip in slips if slip in known]


def _without_ending(word: str) -> str:
    cut = _ENDING.sub("", word)
    # stopping, stopped: one consonant of a doubled pair belongs to the ending.
    return cut if cut == word else re.sub(r"(?<=..)([^aeiouls])\1$", r"\1", cut)


_MEANINGS = {
    _without_ending(word): _without_ending(group.split()[0])
    for group in (files("userdesk.demo.bot") / "knowledge" / "synonyms.txt").read_text("utf-8").splitlines()
    for word in group.split()
}
