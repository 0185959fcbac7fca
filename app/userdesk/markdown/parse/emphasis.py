"""Emphasis and strikethrough: runs of `*`, `_` and `~~` paired as CommonMark does."""

from dataclasses import dataclass
from typing import NamedTuple

from userdesk.markdown.layout.styling import Span
from userdesk.markdown.parse.characters import OTHER, PUNCTUATION, SPACE, WIDE_PUNCTUATION, kind_of

_PUNCTUATION = (PUNCTUATION, WIDE_PUNCTUATION)


@dataclass(slots=True, eq=False)
class Delimiter:
    """A run of one mark that may open or close something."""

    mark: str
    count: int
    piece: int
    """The index of the piece of text that shows it while it is not used up."""
    opens: bool
    closes: bool
    length: int
    """Its length in the source."""
    position: int = 0
    """Where it ends in the source."""


def will_probably_close(text: str, delimiter: Delimiter) -> bool:
    """Whether a mark that is open while text grows is one that is going to be closed: none within a word."""
    if not delimiter.opens:
        return False
    start, end = delimiter.position - delimiter.length, delimiter.position
    beside_word = start > 0 and kind_of(text[start - 1]) == OTHER
    return not beside_word and not (delimiter.length == 1 and text[end : end + 1].isdigit())


def flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the run of marks at start..end may open, and may close.

    The rule is CommonMark's with the amendment for Chinese, Japanese and Korean that markdown-cjk-friendly
    specifies: punctuation of theirs hinders nothing, and letters of theirs help as white space does.
    """
    before = kind_of(text[start - 1]) if start else SPACE
    after = kind_of(text[end]) if end < len(text) else SPACE
    left = after != SPACE and (after != PUNCTUATION or before != OTHER)
    right = before != SPACE and (before != PUNCTUATION or after != OTHER)
    if text[start] == "_":
        return left and (not right or before in _PUNCTUATION), right and (not left or after in _PUNCTUATION)
    return left, right


class Pair(NamedTuple):
    """Two runs of marks with what they emphasise, and where in the source that begins and ends."""

    span: Span
    begin: int
    end: int


def paired(pieces: list[str], delimiters: list[Delimiter], bottom: int = 0) -> list[Pair]:
    """Pair the delimiters behind `bottom`; those stay that open something and found no partner."""
    pairs: list[Pair] = []
    stack: list[Delimiter] = []
    # Where no opener was found for a kind of closer, none will be later (keeps long runs linear).
    lowest: dict[tuple[str, bool, int], int] = {}
    for closer in delimiters[bottom:]:
        key = (closer.mark, closer.opens, closer.length % 3)
        while closer.closes and closer.count:
            floor = lowest.get(key, 0)
            index = len(stack) - 1
            while index >= floor and not _matches(stack[index], closer):
                index -= 1
            if index < floor:
                lowest[key] = len(stack)
                break
            opener = stack[index]
            del stack[index + 1 :]
            used = 2 if opener.count >= 2 and closer.count >= 2 else 1
            style = "strike" if closer.mark == "~" else "strong" if used == 2 else "em"
            span = Span(style, opener.piece + 1, closer.piece)
            pairs.append(Pair(span, opener.position - opener.length, closer.position))
            for mark in (opener, closer):
                mark.count -= used
                pieces[mark.piece] = mark.mark * mark.count
            if not opener.count:
                stack.pop()
            lowest = {other: min(bound, len(stack)) for other, bound in lowest.items()}
        if closer.count and closer.opens:
            stack.append(closer)
    delimiters[bottom:] = stack
    return pairs


def _matches(opener: Delimiter, closer: Delimiter) -> bool:
    if opener.mark != closer.mark:
        return False
    if closer.mark == "~":
        return opener.count == closer.count
    # CommonMark, emphasis rules 9 and 10: the "multiple of 3" rule.
    return not (
        (opener.closes or closer.opens)
        and (opener.length + closer.length) % 3 == 0
        and (opener.length % 3 or closer.length % 3)
    )
