"""Where a line that is not all ASCII may be broken: the rules of UAX #14, and grapheme clusters.

Characters are put into classes, one letter each, so that the rules are two regular expressions over a
text's letters. Tailored as UAX #14 allows: Korean breaks at its spaces, a dash is followed by a break but
not preceded by one, and what begins a word with a full stop or a slash may begin a row.
"""

import re
from unicodedata import category, combining, east_asian_width

from userdesk.markdown.layout.cells import WIDTHS

_CLASSES = {
    "S": " ",
    "Z": "\u200b",
    "J": "\u200d",
    "G": "\u00a0\u2007\u2011\u202f\u2060\ufeff",  # holds its neighbours together
    "H": "-\u2010",
    "/": "/",
    "I": ".,:;،۔",
    "E": "!?؛؟।॥",
    "Q": "\"'",
    "c": "、。，．｡､﹐﹑﹒︐︑︒",
    "e": "！？︕︖﹖﹗",
    # Not at a row's start: sound and repetition marks, small kana.
    "N": "：；・･ーｰ々〻ゝゞヽヾ〜゛゜ﾞﾟ‼⁇⁈⁉ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    "ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ",
    "%": "%¢‰‱°′″℃℉％￠",
    "V": "…‥⋯",
    "T": "เแโใไເແໂໃໄ",  # written before the consonant that they are spoken after
    "M": "ะาำๅๆฯະາຳໆຯ",  # written behind it
}
_BY_CATEGORY = {"Pi": "q", "Pf": "k", "Sc": "$", "Nd": "n", "Zs": "B", "Pd": "B"}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc]")
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")

_JOINING = re.compile("[MJvRT]")
_JOINED = re.compile("RR?|T[AM]?|([ADX])((?:v[MvJ]*A|[Mv]|J[ADX]?)+)")
_BREAK = re.compile(
    "(?<=S)(?<![Ooq]S)(?![SCcEe]|[Ik]+(?:[SCcEe]|$))"  # behind spaces
    "|(?<=Z)"
    "|(?<=[DdcCeENI/AXnMkHBV%])(?=D)"  # around ideographs
    "|(?<=[Dd])(?=[AXnOoq$])"
    "|(?<=[ceN])(?=[AXnOoq$])"  # behind their punctuation
    "|(?<=[AXnMCk%I])(?=o)"
    "|(?<=[BV])(?=[AXnOoq$])"
    "|(?<=[AnDdMC]H)(?=[AO])"
    "|(?<=[AnDdMC]/)(?=A)"
)
_INNER = frozenset("MdJv")  # goes on in a cluster
_NEVER_FIRST = frozenset("MdJvIcCeEkN")


class _Letters(dict[int, str]):
    """The class of every character that was met."""

    def __missing__(self, number: int) -> str:
        letter = self[number] = _class(chr(number))
        return letter


def _class(character: str) -> str:
    kind = category(character)
    if kind[0] == "M" or not WIDTHS[character]:
        return "v" if combining(character) == 9 else "M"
    is_wide = east_asian_width(character) in "WF"
    if kind in ("Ps", "Pe"):
        return ("o" if is_wide else "O") if kind == "Ps" else ("c" if is_wide else "C")
    if _FLAG_LETTERS[0] <= character <= _FLAG_LETTERS[1]:
        return "R"
    if _HANGUL.match(character):
        return "A"
    if is_wide and kind not in ("Sc", "Zs", "Pd"):
        return "D"
    return _BY_CATEGORY.get(kind) or ("A" if kind[0] in "LN" else "X")


_LETTERS = _Letters({ord(character): letter for letter, those in _CLASSES.items() for character in those})


def _held_together(match: re.Match[str]) -> str:
    """A flag, an emoji with what is joined to it, or a letter with its marks: the first one counts."""
    letters = match[0]
    first = letters[0]
    if first in "RD":
        return "D" + "d" * (len(letters) - 1)
    return first + "M" * (len(letters) - 1)


class LineBreaks:
    """The breaks of one text."""

    __slots__ = ("_letters",)

    def __init__(self, text: str) -> None:
        letters = text.translate(_LETTERS)
        if _JOINING.search(letters):
            letters = _JOINED.sub(_held_together, letters)
        self._letters = letters

    def last(self, start: int, limit: int) -> int:
        """The last place up to `limit` where the text may be broken; `start` where there is none."""
        letters = self._letters
        if limit == len(letters):
            return limit
        return next((at for at in range(limit, start, -1) if _BREAK.match(letters, at)), start)

    def fold(self, start: int, limit: int) -> int:
        """Where a row from `start` to at most `limit` is cut because it must be.

        It is not within what a reader takes for one character, nor before a closing mark, where that is
        not the whole row.
        """
        for letters in (_NEVER_FIRST, _INNER):
            at = limit
            while at > start and self._letters[at] in letters:
                at -= 1
            if at > start:
                return at
        return max(limit, start + 1)
