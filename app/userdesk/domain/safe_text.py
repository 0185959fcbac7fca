"""Makes text that is not ours safe to show in a terminal.

Server answers, error bodies, ids, titles and hand-written files pass through here once,
at the border to whatever shows them. API keys that the process knows are masked here too,
after cleaning: what is not seen must not hide one.
"""

import re
from functools import cache, lru_cache

from userdesk.domain.secret_mask import KNOWN, MaskedStream
from userdesk.domain.unicode_ranges import (
    DEFAULT_IGNORABLE,
    JOINING_SCRIPTS,
    NONCHARACTERS,
    OTHER_FORMATS,
    PICTOGRAPHS,
    character_class,
)

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Controls but newline and tab, and lone surrogates, which cannot be encoded.
_CONTROLS = r"\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff"
_BIDI_CONTROLS = r"\u202a-\u202e\u2066-\u2069"
_BREAKS = r"\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
# Unicode has no property for what is drawn as nothing though it is a letter, a sign or a mark: the blank
# Braille cell and the blank hieroglyphs have a width, the Khitan filler and the empty notehead have none.
_BLANKS = r"\u2800\U00013441\U00013442"
_EMPTY = r"\U00016fe4\U0001d159"
# Looked at in their place: joiners, and the two selectors of how an emoji is drawn.
_NEEDED = r"\u200c\u200d\ufe0e\ufe0f"
_SELECTORS = ("\ufe0e", "\ufe0f")
_KEYCAPS = "#*0123456789"
_SHORT = 32  # characters of a run whose safe text is kept

# What every start needs is compiled at once, the rest when a text first holds more than ASCII.
_SUSPECT_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NEEDED_RUN = re.compile(f"[{_NEEDED}]+")
_LINE_BREAK = f"\r\n|[{_BREAKS}]"


def clean(text: str) -> str:
    """Fold every line break into a newline, drop what is not seen, replace controls.

    Newline and tab are the only control characters in the result. No character stays that is drawn as
    nothing (Unicode's Default_Ignorable_Code_Point, format characters), but where an emoji or a script
    needs one to be drawn as it is meant: joiners between emoji and beside letters that join, and the
    selectors of presentation right behind an emoji. Blanks become spaces. Known secrets are masked.
    """
    if not _is_plain(text):
        cleaned = _cleaned(text, "")
        text = text if cleaned == text else cleaned  # of one object it is soon told that nothing has changed
    return KNOWN.whole(text)


def clean_line(text: str, limit: int = 200) -> str:
    """One safe line of at most `limit` characters, white space folded, `…` where it was cut."""
    part = text[: limit * 8]
    if len(part) < len(text) and KNOWN:
        part = part[: KNOWN.open_end(part)]  # a secret that was cut is none that could be found
    line = " ".join(clean(part).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_typed(text: str) -> str:
    """What a person typed or pasted, as it is to be sent: every character that says something stays.

    Line breaks are folded into newlines; what would command the terminal or turn the text around, and
    what is no character, is replaced. Joiners, spaces of every width, direction marks, private characters
    and selectors stay wherever they stand. In pieces a text gives the same, but for a CR LF cut in two.
    """
    if _is_plain(text):
        return text
    return _hostile().sub(REPLACEMENT, re.sub(_LINE_BREAK, "\n", text))


def encodable(text: str) -> str:
    r"""The text with lone surrogates (JSON's `\ud800`) replaced, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class Cleaner:
    """`clean` for text that arrives in pieces: what depends on what follows waits for it."""

    def __init__(self) -> None:
        self._masked = MaskedStream(KNOWN)
        self._held = ""
        self._before = ""
        """The last character that was given out."""

    def feed(self, piece: str) -> str:
        """The safe text so far; a CR, joiners and what may begin a secret wait for the next piece."""
        text, self._held = self._held + piece, ""
        if not _is_plain(text):
            end = _decided(text)
            text, self._held = text[:end], _deciding(text[end:])
            text = _cleaned(text, self._before)
        self._before = text[-1:] or self._before
        return self._masked.feed(text)

    def flush(self) -> str:
        """What was still held when the text ended."""
        held, self._held = self._held, ""
        return self._masked.feed(_cleaned(held, self._before)) + self._masked.flush()


def _is_plain(text: str) -> bool:
    if text.isascii():
        return not _SUSPECT_ASCII.search(text)
    candidates, suspect = _suspects()
    # Most are emoji that need nothing: a look at each costs less than a second one at all the text.
    return not any(suspect.search(found[0]) for found in candidates.finditer(text))


def _cleaned(text: str, before: str) -> str:
    """The safe text; `before` is the safe character in front of it.

    What becomes of a character depends on its neighbours alone, up to the first that stays in any case.
    """

    if _NEEDED_RUN.match(before):  # it stays, and nothing is joined to it
        before = ""

    def safe(found: re.Match[str]) -> str:
        start, end = found.span()
        left, run, right = text[start - 1] if start else before, found[0], text[end : end + 1]
        return _short_run(left, run, right) if end - start <= _SHORT else _safe_run(left, run, right)

    return _suspects()[0].sub(safe, text)


def _safe_run(left: str, run: str, right: str) -> str:
    """What is safe of suspects side by side, between these characters."""
    text = _hostile().sub(REPLACEMENT, re.sub(_LINE_BREAK, "\n", left + run + right))
    text = re.sub(f"[{_BLANKS}]", " ", _unseen().sub("", text))
    return _NEEDED_RUN.sub(_in_place, text)[len(left) : -1 if right else None]


_short_run = lru_cache(1 << 12)(_safe_run)
"""The same emoji stand in a text again and again."""


def _in_place(found: re.Match[str]) -> str:
    """Of a run of joiners and selectors, what its neighbors need."""
    left = found.string[found.start() - 1] if found.start() else ""
    right = found.string[found.end() : found.end() + 1]
    run = _deciding(found[0])
    selector, joiner = (run[0], run[1:]) if run[0] in _SELECTORS else ("", run)
    pictograph = _class(PICTOGRAPHS)
    is_emoji = bool(pictograph.match(left))
    if not is_emoji and not (left and left in _KEYCAPS and right == "\u20e3"):
        selector = ""
    joins_emoji = joiner == "\u200d" and is_emoji and pictograph.match(right)
    return selector + (joiner if joins_emoji or _joins(left) or _joins(right) else "")


def _joins(character: str) -> bool:
    """Whether a character is a letter or a mark, or one to come, of a script whose letters join."""
    from unicodedata import category  # only for text with joiners

    return bool(_class(JOINING_SCRIPTS).match(character)) and category(character)[0] in "LMC"


def _deciding(run: str) -> str:
    """Of characters at the end of a piece, those that can count: one selector, and the first joiner."""
    if run == "\r":
        return run
    run = _unseen().sub("", run)
    selector = run[:1] if run[:1] in _SELECTORS else ""
    joiner = next((character for character in run if character not in _SELECTORS), "")
    return selector + joiner


def _decided(text: str) -> int:
    """Where the end of a text begins that depends on what follows it."""
    if text.endswith("\r"):
        return len(text) - 1
    end = len(text)
    while end and (_unseen().match(text, end - 1) or _NEEDED_RUN.match(text, end - 1)):
        end -= 1
    return end


@cache
def _suspects() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds characters that may have to be changed, side by side, and what knows one for sure.

    The first has one range beyond U+FFFF, so that it is one look into a table for most characters.
    """
    unseen = character_class(NONCHARACTERS, DEFAULT_IGNORABLE, OTHER_FORMATS) + _EMPTY
    every = f"{_CONTROLS}{_BREAKS}{_BIDI_CONTROLS}{unseen}{_BLANKS}"
    near = re.sub(r"\\U[0-9a-f]{8}(?:-\\U[0-9a-f]{8})?", "", every)
    return re.compile(rf"[{near}\U00010000-\U0010ffff]+"), re.compile(f"[{every}]")


@cache
def _hostile() -> re.Pattern[str]:
    return re.compile(f"[{_CONTROLS}{_BIDI_CONTROLS}{character_class(NONCHARACTERS)}]")


@cache
def _unseen() -> re.Pattern[str]:
    unseen = character_class(DEFAULT_IGNORABLE, OTHER_FORMATS) + _EMPTY
    return re.compile(f"(?![{_BIDI_CONTROLS}{_NEEDED}])[{unseen}]")


@cache
def _class(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{character_class(ranges)}]")
