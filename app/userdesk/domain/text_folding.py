"""Letters that are alike to somebody who looks for them: in any case, with and without accents."""

import re
import unicodedata
from functools import lru_cache

_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_UNSEEN = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""What joins emoji and letters, and says how an emoji looks: drawn or not, the word is the same."""
_WITHOUT_PARTS = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
"""Letters that Unicode does not take for a letter with an accent."""
_SHORT = 32  # bytes; runs up to here are few and come again
_FEW = 24  # letters, each of which is replaced in a text at once
_ASCII = bytes(range(128))


def plain_letter(character: str) -> str:
    """A character without case and accents: usually one, two of `ß`, none of an accent of its own."""
    return _table[ord(character)]


def fold_letters(text: str) -> str:
    """A text without case and accents, character by character."""
    return text.lower() if text.isascii() else text.translate(_table)


def plain_bytes(text: bytes) -> bytes:
    """`fold_letters` of text in UTF-8; invalid bytes become U+FFFD."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    try:
        lowered.decode()
        foreign = set(lowered.translate(None, _ASCII).decode())
    except UnicodeDecodeError:
        return _FOREIGN.sub(_plain_run, lowered)
    changes = [(letter, plain) for letter in foreign if (plain := _table[ord(letter)]) != letter]
    if len(changes) > _FEW:
        return _FOREIGN.sub(_plain_run, lowered)
    # In most texts a few letters come again and again. What they become stays as it is, in whichever order.
    for letter, plain in changes:
        lowered = lowered.replace(letter.encode(), plain.encode())
    return lowered


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def _plain(character: str) -> str:
    if character in _ACCENTS or character in _UNSEEN:
        return ""
    folded = character.casefold()
    parts = unicodedata.normalize("NFD", folded)
    # Other parts are no accents: those of Hangul are letters, those of kana make another letter.
    bare = "".join(part for part in parts if part not in _ACCENTS)
    plain = bare if unicodedata.normalize("NFC", bare) == bare else folded
    return "".join(_WITHOUT_PARTS.get(letter, letter) for letter in plain)


_table = _Table()
_FOREIGN = re.compile(rb"[\x80-\xff]+")


def _plain_run(found: re.Match[bytes]) -> bytes:
    run = found[0]
    return _plain_short(run) if len(run) <= _SHORT else _plain_foreign(run)


def _plain_foreign(run: bytes) -> bytes:
    return run.decode("utf-8", "replace").translate(_table).encode("utf-8", "replace")


_plain_short = lru_cache(1 << 14)(_plain_foreign)
