"""The rest of a sequence whose Escape came so much earlier that it was taken for the key.

A slow line may cut a report behind its first byte. What follows is told from typing by what it is, and
by having come in one piece: no hand types two characters in one read.
"""

import re
from enum import Enum

TAIL_WITHIN = 2.0
"""Seconds after its Escape within which the rest of a sequence is looked for."""

HELD_FOR = 0.3
"""Seconds that what may be the beginning of such a rest waits for more of it; then it was typed."""

# Compiled when first asked for, which is seldom.
_REPORT = (
    rb"\[[IO]"  # focus
    rb"|\[[<?>=]\d"  # mouse, and replies about the terminal
    rb"|\[\d{1,7}(?::|;\d)"  # cursor position, window size, modified keys
    rb"|\[20[01]~"  # a paste begins or ends
    rb"|\]\d{1,4};|P(?:>\||!\||[01][+$]r)|_G"  # replies that are strings
)
_BEGINNING = rb"\[(?:[<?>=]|\d{1,7};?)?"
_AT_ONCE = (
    rb"\[(?:[A-HPQSZ]|M[ -\xff]{3}|\[[A-E]|\d{1,7}[~^$@nu])|O[A-DFHP-S]\Z"  # keys, and a status report
    rb"|\][lLI][^\x00-\x1f\x7f]*(?:\x07|\x1b\\)"  # a window's title
)


class Tail(Enum):
    """What bytes soon after an Escape are."""

    REST = "the rest of a sequence"
    MAYBE = "perhaps its beginning"
    TYPED = "text"


def judge(data: bytes, *, in_one_piece: bool) -> Tail:
    """Tell what came behind an Escape that was taken for the key; `in_one_piece`: in one read."""
    if re.match(_REPORT, data) or (in_one_piece and re.match(_AT_ONCE, data)):
        return Tail.REST
    return Tail.MAYBE if re.fullmatch(_BEGINNING, data) else Tail.TYPED
