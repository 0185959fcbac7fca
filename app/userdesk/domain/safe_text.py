"""Makes text that is not ours safe to show in a terminal.

Server answers, error bodies, ids, titles and hand-written files pass through here once,
at the border to whatever shows them.
"""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What the terminal, or a reader's eye, could be misled with and that has a line's meaning.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Invisible formatting: nothing is lost to the eye when it is left out. The joiners
# U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\u115f\u1160\u3164\uffa0]"
)
# Controls, bidi overrides and isolates, and lone surrogates (which cannot be encoded).
_HOSTILE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Fold every line break into a newline, drop invisible formatting, replace controls.

    Newline and tab are the only control characters in the result.
    """
    if not _SUSPECT.search(text):
        return text
    text = _LINE_BREAKS.sub("\n", text)
    return _HOSTILE.sub(REPLACEMENT, _INVISIBLE.sub("", text))


def clean_line(text: str, limit: int = 200) -> str:
    """One safe line of at most `limit` characters, white space folded, `…` where it was cut."""
    line = " ".join(clean(text[: limit * 8]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


class Cleaner:
    """`clean` for text that arrives in pieces: a CR LF cut in two stays one line break."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The safe text of this piece; a carriage return at its end waits for the next one."""
        text = self._held + piece
        self._held = ""
        if text.endswith("\r"):
            text, self._held = text[:-1], "\r"
        return clean(text)

    def flush(self) -> str:
        """What was still held when the text ended."""
        held, self._held = self._held, ""
        return clean(held)
