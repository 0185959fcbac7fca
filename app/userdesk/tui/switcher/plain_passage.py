"""A passage of a message as the log shows it: without the marks of its Markdown."""

from bisect import bisect_left

from userdesk.markdown.document import whole
from userdesk.store.search.query import Span

_ONE_ROW = 1_000  # cells, more than a passage has


def plain_passage(line: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """The line as plain text, and where the parts that were found stand in it.

    A line of which a found part is no text, as the number of a list's item, is left as it is.
    """
    layout = whole(line, _ONE_ROW)
    plain = " ".join(layout.line_text(number) for number in range(layout.line_count)).strip()
    origins: list[int] = []  # where in the line each character of the plain text stands
    at = 0
    for character in plain:
        found = line.find(character, at)
        if found >= 0 and not any(map(str.isalnum, line[at:found])):
            at = found
        origins.append(at)
        at += found == at
    moved = tuple((bisect_left(origins, start), bisect_left(origins, end)) for start, end in spans)
    if any(plain[a:b] != line[start:end] for (a, b), (start, end) in zip(moved, spans, strict=True)):
        return line, spans
    return (plain, moved) if plain else (line, spans)
