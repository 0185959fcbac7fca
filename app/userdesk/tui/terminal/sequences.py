"""Where escape sequences end (ECMA-48, and what terminals send besides it), whatever they mean."""

import re
from enum import Enum
from typing import Final

ESC: Final = b"\x1b"
PASTE_BEGINS: Final = b"200~"
PASTE_ENDS: Final = b"\x1b[201~"
INTRODUCERS: Final = b"[O]P_^X"
"""What follows ESC where a sequence begins: CSI, SS3, and the strings OSC, DCS, APC, PM, SOS."""
LONGEST: Final = 4_096  # bytes; a longer control sequence is none, and is left out to its end

CONTROL = re.compile(
    rb"\x1b\[("
    rb"\[[ -~]"  # the Linux console's F1 to F5
    rb"|M[^\x1b]{3}"  # an X10 mouse report: three bytes of any value
    rb"|\d\d?\$"  # rxvt's keys with Shift, whose ending ECMA-48 knows as the middle of a sequence
    rb"|(?![M\[])[ -?]*[@-~])"
)
CONTROL_BEGINNING = re.compile(rb"\x1b\[(?:\[|M[^\x1b]{0,2}|[ -?]*)\Z")
CONTROL_BODY = re.compile(rb"\x1b\[[M\[]?[ -?]*")
OVERLONG = re.compile(rb"[ -?]*[@-~]?")
SS3 = re.compile(rb"\x1bO([0-9;]*)([ A-Za-z])")
SS3_BEGINNING = re.compile(rb"\x1bO[0-9;]{0,8}\Z")

WHOLE_STRING = re.compile(rb"\x1b[]P_^X][^\x00-\x1f\x7f]*(?:\x07|\x1b\\)")
REPLY = re.compile(rb"\x1b(?:\](?:\d{1,4};|[lLI])|P[<-?]?[0-9;:]*[!-/]?(?<!P)[@-~]|_G)")
"""How the replies begin that terminals give as strings."""
REPLY_BEGINNING = re.compile(rb"\x1b(?:\]\d{0,4}|P[<-?]?[0-9;:]*[!-/]?|[_^X])\Z")
END_OF_STRING = re.compile(rb"[\x00-\x1f\x7f]")
"""BEL, the ESC of a string terminator, or a key: no reply holds any other control."""

CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x00-\xff]", re.DOTALL
)
HALF_CHARACTER = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
_ONE_KEY = (CHARACTER, CONTROL, SS3, re.compile(rb"\x1b[ -~]?"))

# A slow line may cut a report behind its first byte, an Escape that is then taken for the key. What follows
# is told from typing by what it is, and by having come in one piece: no hand types two characters in a read.
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


def is_one_key(data: bytes) -> bool:
    """Whether this is what one key press sends, and no piece of anything longer."""
    return any(pattern.fullmatch(data) for pattern in _ONE_KEY)


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
