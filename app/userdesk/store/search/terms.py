"""The words by which the index finds pieces of transcripts, and what must be among them for a query.

A query's words match anywhere in a text, within its words too. So a text is cut where no query needs to
match across, by what each character is and by nothing around it: a part of a query's word that is cut the
same way then stands inside one of the text's terms. Terms only propose; the text itself decides.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from userdesk.domain.safe_text import clean
from userdesk.domain.text_folding import plain_bytes

_WINDOW = 64  # bytes of the longest term; longer runs are kept as windows that overlap by half
_STEP = _WINDOW // 2
# Scripts that put no spaces between words, by their first and last characters.
_UNSPACED = (
    r"\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_WORDS = re.compile(rf"((?:(?![{_UNSPACED}])\w)+)")
_LETTERS = b"0123456789abcdefghijklmnopqrstuvwxyz"
# What of ASCII is no letter only separates. What is not ASCII is told apart where it was found.
_SEPARATED = bytes(code if code >= 0x80 or code in _LETTERS else 0x20 for code in range(256))

_FOREIGN = re.compile(rb"[\x80-\xff]")


def terms_of(text: str) -> set[bytes]:
    """The terms of a text, in plain letters (`text_folding`), in UTF-8."""
    plain = plain_bytes(clean(text).encode("utf-8", "replace")).translate(_SEPARATED)
    terms = set(plain.split())
    if plain.isascii() and max(map(len, terms), default=0) <= _WINDOW:
        return terms
    special = {term for term in terms if len(term) > _WINDOW} | set(_foreign(plain))
    terms -= special
    for term in special:
        terms.update(_cut_short(term) if len(term) <= _WINDOW else _cut(term))
    return terms


def _foreign(plain: bytes) -> Iterator[bytes]:
    """The runs in which something is not ASCII: few in most texts, so that they are looked for by that."""
    end = 0
    while found := _FOREIGN.search(plain, end):
        begin = plain.rfind(b" ", end, found.start()) + 1 or end
        end = plain.find(b" ", found.end())
        end = len(plain) if end < 0 else end
        yield plain[begin:end].strip()


def needles_of(words: Iterable[str]) -> list[bytes]:
    """What must each stand inside some term of a text for all the words to be in it, the most telling first.

    Nothing where the words say too little, as a sign of ASCII or one letter.
    """
    needles: set[bytes] = set()
    for word in words:
        for run in word.encode("utf-8", "replace").translate(_SEPARATED).split():
            needles.update(part[:_STEP] for part in _parts(run))
    return sorted((each for each in needles if len(each) > 1), key=len, reverse=True)


def _cut(run: bytes) -> tuple[bytes, ...]:
    return tuple(
        part[begin : begin + _WINDOW]
        for part in _parts(run)
        for begin in range(0, max(1, len(part) - _STEP), _STEP)
    )


_cut_short = lru_cache(1 << 12)(_cut)


def _parts(run: bytes) -> Iterable[bytes]:
    """Words, and of runs of what has no words each two characters side by side."""
    if run.isascii():
        yield run
        return
    for number, part in enumerate(_WORDS.split(run.decode("utf-8", "replace"))):
        if number % 2 or len(part) == 1:
            yield part.encode()
        else:
            yield from (part[at : at + 2].encode() for at in range(len(part) - 1))
