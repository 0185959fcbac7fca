"""Breaks logical lines into rows: at spaces, between wide characters, inside a word only when it must."""

from userdesk.markdown.layout.cells import width_of
from userdesk.markdown.layout.rows import Run

# Not at a row's start or end where another break is near (a small part of the Japanese kinsoku rules).
_NO_START = frozenset("、。，．・：；！？）」』】〉》〕］｝ー々…’”%‰℃")
_NO_END = frozenset("（「『【〈《〔［｛‘“")

Slices = list[tuple[int, int]]
"""(start, end) of every row's text; what lies between two of them is spaces, not drawn."""


def wrapped(text: str, width: int) -> Slices:
    """Where the rows of a line begin and end, words whole where they fit in `width` cells (2 at least)."""
    size = len(text)
    if not (text.isascii() and text.isprintable()):
        return _wrapped_wide(text, width)
    if size <= width:
        return [(0, size)]
    slices, at = [], 0
    while size - at > width:
        cut = text.rfind(" ", at, at + width + 1)
        end = len(text[at : max(cut, at)].rstrip(" ")) + at
        if end == at:  # no space but leading ones: the word is folded
            slices.append((at, at + width))
            at += width
            continue
        slices.append((at, end))
        at = cut + 1
        while at < size and text[at] == " ":
            at += 1
    if at < size:
        slices.append((at, size))
    return slices


def folded(text: str, width: int) -> Slices:
    """Rows filled to the last cell, no character left out: how code is wrapped."""
    size = len(text)
    if text.isascii() and text.isprintable():
        return [(at, min(at + width, size)) for at in range(0, size, width)] or [(0, 0)]
    slices, start, column = [], 0, 0
    for index, character in enumerate(text):
        cells = width_of(character)
        if column + cells > width:
            slices.append((start, index))
            start, column = index, 0
        column += cells
    slices.append((start, size))
    return slices


def _wrapped_wide(text: str, width: int) -> Slices:
    slices: Slices = []
    size, start, index, column = len(text), 0, 0, 0
    end = following = 0  # the best break so far in this row: its text's end, the next row's start
    previous = 1
    while index < size:
        character = text[index]
        cells = width_of(character)
        if character == " ":
            if column and text[index - 1] != " ":
                end, following = index, index + 1
            elif following == index:
                following += 1
        elif (
            index > start
            and cells
            and (cells == 2 or previous == 2)
            and character not in _NO_START
            and text[index - 1] not in _NO_END
            and text[index - 1] != " "
        ):
            end = following = index
        if column + cells > width and cells:
            if character == " " and end > start:
                while following < size and text[following] == " ":
                    following += 1
            elif end <= start:
                end = following = index
            slices.append((start, end))
            start = index = following
            end, column, previous = start, 0, 1
            continue
        column += cells
        if cells:
            previous = cells
        index += 1
    if start < size or not slices:
        slices.append((start, size))
    return slices


def cut(runs: list[Run], slices: Slices) -> list[list[Run]]:
    """The runs of every slice of the line that `runs` make up together."""
    if len(slices) == 1 and slices[0] == (0, sum(len(run.text) for run in runs)):
        return [runs]
    if len(runs) == 1:
        text, style, href = runs[0]
        return [[Run(text[start:end], style, href)] if end > start else [] for start, end in slices]
    rows: list[list[Run]] = []
    index, base = 0, 0  # the run being cut, and where its text begins in the line
    for start, end in slices:
        row: list[Run] = []
        while start < end:
            text, style, href = runs[index]
            size = len(text)
            if base + size <= start:
                base += size
                index += 1
                continue
            piece_end = min(end - base, size)
            row.append(Run(text[start - base : piece_end], style, href))
            start = base + piece_end
        rows.append(row)
    return rows
