"""Where escape sequences end (ECMA-48, and what terminals send besides it), whatever they mean."""

import re
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


def is_one_key(data: bytes) -> bool:
    """Whether this is what one key press sends, and no piece of anything longer."""
    return any(pattern.fullmatch(data) for pattern in _ONE_KEY)
