"""Where a paragraph that grows too long is cut."""

from userdesk.markdown.layout.cells import width_of


def cut_position(text: str, limit: int) -> tuple[int, bool]:
    """Where to cut a text of more than `limit` characters, and whether that is within a line.

    Depends on the first `limit` + 1 characters alone, so a text is cut alike however it arrives. A cut within
    a line is behind a space; one at a line's end is the newline itself.
    """
    at = _last_break(text, limit, balanced=True) or _last_break(text, limit, balanced=False)
    if at:
        return (at, False) if text[at] == "\n" else (at + 1, True)
    at = limit
    while at > limit - 32 and not width_of(text[at]):
        at -= 1
    return at, True


def _last_break(text: str, limit: int, *, balanced: bool) -> int:
    """The last space or newline in the second half; where asked for, one with no mark open before it."""
    at = limit
    while True:
        at = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
        if at < limit // 2:
            return 0
        if not balanced or not _marks_open(text[:at]):
            return at


def _marks_open(text: str) -> bool:
    return (
        text.count("*") % 2 == 1
        or text.count("**") % 2 == 1
        or text.count("`") % 2 == 1
        or text.count("~~") % 2 == 1
        or text.count("[") > text.count("]")
        or text.count("(") > text.count(")")
    )
