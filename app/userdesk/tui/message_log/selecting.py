"""From a selection on the screen to the text that is copied."""

from collections.abc import Callable

from textual.geometry import Offset
from textual.selection import Selection

from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.highlight_spans import split_y


def selected_text(selection: Selection, view: ConversationView, laid_out: Callable[[int], Bubble]) -> str:
    """What a selection holds: whole messages as their source, parts without wraps, borders and padding.

    Only the messages in which it begins and ends are laid out, however many lie between.
    """
    start, end = selection.start, selection.end
    first = split_y(start.y)[0] if start is not None else 0  # the very first place is false
    last = split_y(end.y)[0] if end is not None else len(view) - 1
    parts = []
    for index in range(max(0, first), min(last, len(view) - 1) + 1):
        begin = start if index == first else None
        stop = end if index == last else None
        inside = begin is None and stop is None
        parts.append(view.entry(index).text if inside else _part(laid_out(index), begin, stop))
    return "\n".join(part for part in parts if part)


def _part(bubble: Bubble, start: Offset | None, end: Offset | None) -> str:
    """What a bubble holds from one place to another; None stands for its beginning or its end."""
    last = len(bubble.lines()) - 1
    begin, first = (0, 0) if start is None else (start.x, split_y(start.y)[1])
    stop, final = (None, last) if end is None else (end.x, min(last, split_y(end.y)[1]))
    texts = [bubble.line_text(line) for line in range(first, final + 1)]
    if not texts:
        return ""
    if first == begin == 0 and final == last and (stop is None or stop >= len(texts[-1])):
        return bubble.source
    texts[-1] = texts[-1][:stop]
    texts[0] = texts[0][begin:]
    return "\n".join(texts)
