"""From a selection on the screen to the text that is copied."""

from collections.abc import Callable

from textual.selection import Selection

from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.highlight_spans import selection_y, split_y


def selected_text(selection: Selection, view: ConversationView, laid_out: Callable[[int], Bubble]) -> str:
    """What a selection holds: whole messages as their source, parts without wraps, borders and padding.

    Only the messages in which it begins and ends are laid out, however many lie between.
    """
    start, end = selection.start, selection.end
    first = split_y(start.y)[0] if start is not None else 0  # the very first place is false
    last = split_y(end.y)[0] if end is not None else len(view) - 1
    parts = []
    for index in range(max(0, first), min(last, len(view) - 1) + 1):
        after_start = index > first or start is None
        before_end = index < last or end is None
        inside = after_start and before_end
        parts.append(view.entry(index).text if inside else _part(selection, laid_out(index)))
    return "\n".join(part for part in parts if part)


def _part(selection: Selection, bubble: Bubble) -> str:
    lines: list[str] = []
    whole = True
    for line in bubble.lines():
        text = bubble.line_text(line)
        span = selection.get_span(selection_y(bubble.index, line))
        if span is None:
            whole = False
            continue
        start, end = span
        whole = whole and start <= 0 and (end == -1 or end >= len(text))
        lines.append(text[start:] if end == -1 else text[start:end])
    return bubble.source if whole and lines else "\n".join(lines)
