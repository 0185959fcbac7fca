"""Every example in pieces: at the end its rows are those of the whole text, however it was cut."""

import random
from collections.abc import Iterator

from conformance.figures import Figure
from conformance.specification import commonmark, extensions
from userdesk.markdown.document import Document

WIDTHS = (20, 80)


def figures() -> Iterator[Figure]:
    """One figure: cuttings that came out as the whole text."""
    chance = random.Random(1)
    alike = total = 0
    differences = []
    for _section, name, text in (*commonmark(), *extensions()):
        for width in WIDTHS:
            total += 1
            if _rows(text, width, chance) == _rows(text, width, None):
                alike += 1
            else:
                differences.append(f"{name} at {width}")
    yield Figure("Streamed as the whole", alike, total, differences=tuple(differences))


def _rows(text: str, width: int, chance: random.Random | None) -> list[object]:
    document, at = Document(), 0
    while at < len(text):
        size = chance.randint(1, 9) if chance else len(text)
        document.append(text[at : at + size])
        if chance:
            document.layout(width)
        at += size
    document.finish()
    return list(document.layout(width).rows)
