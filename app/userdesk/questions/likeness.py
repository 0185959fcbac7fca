"""How alike two answers are, word for word, and what changed between them."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, groupby
from statistics import fmean

from rapidfuzz.distance import Indel

from userdesk.questions.outcome import Change

MOST_MATCHED = 5000
"""Words of the longest answer of which a diff tells what moved where: it takes memory by their product."""
_WORDS = re.compile(r"\w+|[^\w\s*_`#>|~]")
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


def likeness(before: str, after: str) -> int:
    """0 to 100: the share of words that both have in the same order; 100 only where all words are the same.

    Punctuation marks are words of their own; spaces and the marks of Markdown do not count.
    """
    return _likeness(_WORDS.findall(before), _WORDS.findall(after))


def _likeness(before: Sequence[str], after: Sequence[str]) -> int:
    return int(100 * Indel.normalized_similarity(before, after)) if before != after else 100


def likeness_among(answers: Iterable[str]) -> int | None:
    """The mean likeness of each two of some answers; None where there are fewer than two."""
    words = [_WORDS.findall(answer) for answer in answers]
    among = [_likeness(*pair) for pair in combinations(words, 2)]
    return int(fmean(among)) if among else None


def word_diff(before: str, after: str) -> tuple[Change, ...]:
    """What changed, in pieces that give both answers when joined by sign; none where they are equal."""
    if before == after:
        return ()
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(old), len(new)) > 2 * MOST_MATCHED:
        return tuple(Change(sign, text) for sign, text in (("-", before), ("+", after)) if text)
    pieces: list[Change] = []
    opcodes = list(Indel.opcodes(old, new))
    for at, code in enumerate(opcodes):
        gone, come = old[code.src_start : code.src_end], new[code.dest_start : code.dest_end]
        same = "".join(gone) if code.tag == "equal" else ""
        if same.isspace() and 0 < at < len(opcodes) - 1:  # between two changed words: one change
            pieces += [Change("-", same), Change("+", same)]
        elif same:
            pieces.append(Change(" ", same))
        else:
            pieces += [Change("-", word) for word in gone]
            pieces += [Change("+", word) for word in come]
    return tuple(_gathered(pieces))


def _gathered(pieces: Iterable[Change]) -> Iterable[Change]:
    """The pieces of one sign in one, what is gone before what is new."""
    for is_same, group in groupby(pieces, key=lambda piece: piece.sign == " "):
        changed = list(group)
        for sign in " " if is_same else "-+":
            if text := "".join(piece.text for piece in changed if piece.sign == sign):
                yield Change(sign, text)
