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
SLICE = 0.03  # s of looking between two chances to draw
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
    view: ConversationView, wanted: SearchQuery, spans_of: SpansOf, width: int
) -> Iterator[list[Match]]:
    """All matches, the newest message first, each message's from its end; in slices, for a thread.

    Only messages whose source can hold all words are laid out: a word may be cut by emphasis there, and
    a phrase by a link.
    """
    words = [word.translate(_DECORATION) for word in wanted.words]
    found: list[Match] = []
    begun = time.monotonic()
    for index in range(len(view) - 1, -1, -1):
        entry = view.entry(index)
        source = fold_letters(entry.text).translate(_DECORATION)
        if all(word in source for word in words):
            bubble = Bubble(entry, index)
            bubble.lay_out(width, is_last=False, frame=None)
            for line in reversed(bubble.lines()):
                found += [
                    Match(index, line, start) for start, _ in reversed(spans_of(bubble.line_text(line)))
                ]
        if time.monotonic() - begun > SLICE:
            yield found
            found, begun = [], time.monotonic()
    yield found
