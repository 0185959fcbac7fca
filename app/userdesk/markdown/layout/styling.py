"""Pieces of text and spans over them to runs, line by line."""

from typing import NamedTuple

from userdesk.markdown.layout.rows import Run

_ORDER = ("strong", "em", "strike", "image", "link", "link-address", "code")


class Span(NamedTuple):
    """A style over pieces first..last, the last not included."""

    style: str
    first: int
    last: int
    href: str = ""


def lines_of(pieces: list[str], spans: list[Span], base: str) -> list[list[Run]]:
    """The runs of every line; a piece that is a newline ends one."""
    lines: list[list[Run]] = [[]]
    changes: dict[int, list[tuple[int, Span]]] = {}
    for span in spans:
        if span.first < span.last:
            changes.setdefault(span.first, []).append((1, span))
            changes.setdefault(span.last, []).append((-1, span))
    active: dict[str, int] = {}
    hrefs: list[str] = []
    style = base
    text, run_style, run_href = "", base, ""
    for index, piece in enumerate(pieces):
        if found := changes.get(index):
            for change, span in found:
                active[span.style] = active.get(span.style, 0) + change
                if span.href:
                    if change > 0:
                        hrefs.append(span.href)
                    else:
                        hrefs.remove(span.href)
            names = [name for name in _ORDER if active.get(name)]
            style = " ".join([base, *names] if base else names)
        if piece == "\n":
            if text:
                lines[-1].append(Run(text, run_style, run_href))
                text = ""
            lines.append([])
        elif piece:
            href = hrefs[-1] if hrefs else ""
            if text and (style != run_style or href != run_href):
                lines[-1].append(Run(text, run_style, run_href))
                text = ""
            text, run_style, run_href = text + piece, style, href
    if text:
        lines[-1].append(Run(text, run_style, run_href))
    return lines
