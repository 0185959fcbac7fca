"""Where a conversation holds what is looked for: each place of each message, as it is drawn."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from userdesk.domain.text_folding import fold_letters
from userdesk.store.search.query import SearchQuery, Span
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView

SpansOf = Callable[[str], Sequence[Span]]
"""The parts of a line that are looked for, from left to right."""
SLICE = 0.008  # s of looking between two chances of keys to act
PART = 4_000  # characters of a line that are looked through at once
BESIDE = 300  # characters next to them that what is looked for may reach into
_DECORATION = str.maketrans("", "", "*_`~\\")
"""What may stand between the letters of a word in Markdown."""


class Match(NamedTuple):
    """One place in a conversation."""

    bubble: int
    """Its index."""
    line: int
    """The logical line of its bubble."""
    start: int
    """The character of that line."""


def matches(
    view: ConversationView,
    wanted: SearchQuery,
    spans_of: SpansOf,
    bubble_of: Callable[[int], Bubble],
    go_on: Callable[[Bubble], object],
    first: int = 0,
) -> Iterator[list[Match]]:
    """All matches from the message `first` on, the newest message first, each message's from its end.

    They come in slices between which keys act. Only messages whose source can hold all words are laid out:
    a word may be cut by emphasis there, and a phrase by a link. `bubble_of` gives a message's bubble, and
    `go_on` lays out more of a long one.
    """
    words = {word.translate(_DECORATION) for word in wanted.words}
    reach = max(map(len, words), default=1) - 1
    found: list[Match] = []
    until = time.monotonic() + SLICE
    for index in range(len(view) - 1, first - 1, -1):
        missing, before = set(words), ""
        for piece in view.entry(index).pieces():
            source = before + fold_letters(piece).translate(_DECORATION)
            missing = {word for word in missing if word not in source}
            before = source[-reach:] if reach else ""
            if not missing:
                break
            if time.monotonic() > until:
                yield found
                found, until = [], time.monotonic() + SLICE
        if missing:
            continue
        bubble = bubble_of(index)
        while not bubble.is_complete:
            yield found
            go_on(bubble)
            found, until = [], time.monotonic() + SLICE
        for part in _parts(bubble, spans_of, reversed(bubble.lines()), -1):
            found += reversed(part)
            if time.monotonic() > until:
                yield found
                found, until = [], time.monotonic() + SLICE
    yield found


def first_match(bubble: Bubble, spans_of: SpansOf) -> Iterator[Match | None]:
    """The first place in a bubble that has all of its rows; None whenever keys may act."""
    for part in _parts(bubble, spans_of, bubble.lines(), 1):
        yield part[0] if part else None


def _parts(bubble: Bubble, spans_of: SpansOf, lines: Iterable[int], step: int) -> Iterator[list[Match]]:
    """The places in a bubble, a line or a part of a long one at a time, forwards (`step` 1) or backwards."""
    for line in lines:
        for begin in range(0, bubble.line_size(line), PART)[::step]:
            spans = spans_near(bubble, line, begin, begin + PART, spans_of)
            yield [Match(bubble.index, line, at) for at, _ in spans if begin <= at < begin + PART]


def spans_near(bubble: Bubble, line: int, start: int, end: int, spans_of: SpansOf) -> list[Span]:
    """What is looked for from one character of a logical line to another, and perhaps beside them."""
    begin, text = bubble.line_part(line, start - BESIDE, end + BESIDE)
    return [(begin + first, begin + last) for first, last in spans_of(text)]
