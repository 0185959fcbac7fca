"""What a character is to the marks beside it."""

import unicodedata
from functools import lru_cache

SPACE, PUNCTUATION, IDEOGRAPH, WIDE_PUNCTUATION, OTHER = range(5)
"""White space; punctuation and signs; letters and punctuation of Chinese, Japanese and Korean; all else."""

_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_EMOJI = (("\u231a", "\u2bff"), ("\U0001f000", "\U0001faff"))
"""Where wide characters are emoji."""


@lru_cache(4096)
def kind_of(character: str) -> int:
    """One of the kinds above."""
    if character.isspace():
        return SPACE
    if character.isascii():
        return PUNCTUATION if character in _ASCII_PUNCTUATION else OTHER
    marks = unicodedata.category(character)[0] in "PS"
    if is_cjk(character):
        return WIDE_PUNCTUATION if marks else IDEOGRAPH
    return PUNCTUATION if marks else OTHER


def is_cjk(character: str) -> bool:
    """Whether it is written in Chinese, Japanese or Korean, where no spaces stand between words and marks."""
    if character < "\u1100" or any(first <= character <= last for first, last in _EMOJI):
        return False
    return unicodedata.east_asian_width(character) in "WFH" or "\u1100" <= character <= "\u11ff"
