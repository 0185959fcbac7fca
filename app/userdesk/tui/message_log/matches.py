"""Where a conversation holds what is looked for: each place of each message, as it is drawn."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from userdesk.domain.text_folding import fold_letters
from userdesk.store.search.query import SearchQuery, Span
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView

SpansOf = Callable[[str], Sequence[Span]]
"""The parts of a line that are looked for, from left to right."""
SLICE = 0.008  # s of looking between two chances of keys to act
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
) -> Iterator[list[Match]]:
    """All matches, the newest message first, each message's from its end; in slices between which keys act.

    Only messages whose source can hold all words are laid out: a word may be cut by emphasis there, and
    a phrase by a link. `bubble_of` gives a message's bubble, and `go_on` lays out more of a long one.
    """
    words = {word.translate(_DECORATION) for word in wanted.words}
    reach = max(map(len, words), default=1) - 1
    found: list[Match] = []
    until = time.monotonic() + SLICE
    for index in range(len(view) - 1, -1, -1):
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
        for line in reversed(bubble.lines()):
            found += [Match(index, line, start) for start, _ in reversed(spans_of(bubble.line_text(line)))]
            if time.monotonic() > until:
                yield found
                found, until = [], time.monotonic() + SLICE
    yield found
