"""Pieces of text and spans over them to runs, line by line."""

from functools import lru_cache
from typing import NamedTuple

from userdesk.markdown.layout.rows import Run

_ORDER = (
    *("strong", "em", "strike", "underline", "mark", "image", "link", "link-address"),
    *("comment", "math", "code"),
)


class Span(NamedTuple):
    """A style over pieces first..last, the last not included."""

    style: str
    first: int
    last: int
    href: str = ""


def lines_of(pieces: list[str], spans: list[Span], base: str) -> list[list[Run]]:
    """The runs of every line; a piece that is a newline ends one."""
    line: list[Run] = []
    lines = [line]
    changes: dict[int, list[tuple[int, Span]]] = {}
    for span in spans:
        if span.first < span.last:
            changes.setdefault(span.first, []).append((1, span))
            changes.setdefault(span.last, []).append((-1, span))
    active: dict[str, int] = dict.fromkeys(_ORDER, 0)
    hrefs: list[str] = []
    style, href = base, ""
    for index, piece in enumerate(pieces):
        if index in changes:
            for change, span in changes[index]:
                active[span.style] += change
                if span.href:
                    (hrefs.append if change > 0 else hrefs.remove)(span.href)
            style = _joined(base, tuple(active.values()))
            href = hrefs[-1] if hrefs else ""
        if piece == "\n":
            line = []
            lines.append(line)
        elif piece:
            if line and (last := line[-1]).style == style and last.href == href:
                line[-1] = Run(last.text + piece, style, href)
            else:
                line.append(Run(piece, style, href))
    return lines


@lru_cache(512)
def _joined(base: str, counts: tuple[int, ...]) -> str:
    names = [name for name, count in zip(_ORDER, counts, strict=True) if count]
    return " ".join([base, *names] if base else names)
