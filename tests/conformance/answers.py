"""Answers as chatbots write them, one character at a time: read as a whole, and calm on the way there."""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from conformance.figures import Figure
from conformance.normal_form import GFM, read_alike
from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.rows import Layout, Row

ANSWERS = Path(__file__).with_name("answers")
WIDTH = 80
_MARKS = "*_~`[]()|<>$\\"

Word = tuple[int, int]
"""Number of the logical line, number of the word in it."""


def answers() -> dict[str, str]:
    """The text of every answer by its name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(ANSWERS.glob("*.md"))}


def figures() -> Iterator[Figure]:
    """Answers read alike, cut at random, that change a row's look twice, that grow shorter."""
    yield read_alike("Answers: as markdown-it reads them", answers().items(), GFM)
    alike, restless, shrunk = [], [], []
    rows = 0
    for name, text in answers().items():
        expected = whole(text, WIDTH)
        rows += len(expected)
        alike += [name] * (_streamed(text, random.Random(name)) == expected.rows)
        watch = Watch()
        for end in range(1, len(text) + 1):
            watch.show(text[end - 1])
        watch.finish()
        restless += [f"{name}: {line}" for line in watch.restless_rows()]
        shrunk += [f"{name}: {line}" for line in watch.shrunk]
    total = len(answers())
    others = tuple(name for name in answers() if name not in alike)
    yield Figure("Answers: in random pieces as the whole", len(alike), total, differences=others)
    yield Figure(
        "Answers: rows that change their look once at most",
        rows - len(restless),
        rows,
        differences=tuple(restless),
    )
    yield Figure("Answers: never shorter", total - len(shrunk), total, differences=tuple(shrunk))


def _streamed(text: str, chance: random.Random) -> list[Row]:
    document, at = Document(), 0
    while at < len(text):
        size = chance.randint(1, 30)
        document.append(text[at : at + size])
        document.layout(WIDTH)
        at += size
    document.finish()
    return document.layout(WIDTH).rows


class Watch:
    """What a reader sees of one answer that arrives by characters."""

    def __init__(self) -> None:
        self.shrunk: list[str] = []
        """Where the answer first had fewer rows than before."""
        self._document = Document()
        self._height = 0
        self._looks: dict[Word, tuple[str, str]] = {}
        self._changes: dict[Word, int] = defaultdict(int)
        self._layout: Layout | None = None

    def show(self, text: str) -> None:
        """More of it arrives and is drawn."""
        self._document.append(text)
        self._look(self._document.layout(WIDTH))

    def finish(self) -> None:
        """It is complete."""
        self._document.finish()
        self._look(self._document.layout(WIDTH))

    def restless_rows(self) -> list[str]:
        """The final rows in which a word changed its look more than once."""
        assert self._layout is not None
        lines = {line for (line, _), count in self._changes.items() if count > 1}
        return [row.text for row in self._layout.rows if row.line in lines and not row.start]

    def _look(self, layout: Layout) -> None:
        self._layout = layout
        if len(layout) < self._height and not self.shrunk:
            self.shrunk.append(repr(self._document.text[-60:]))
        self._height = len(layout)
        if layout.changed_from >= len(layout):
            return
        first = layout.rows[layout.changed_from].line
        for number in range(first, layout.line_count):
            for index, (word, style) in enumerate(_words(layout, number)):
                key = (number, index)
                before = self._looks.get(key)
                if before and before[1] != style and word.startswith(before[0]):
                    self._changes[key] += 1
                self._looks[key] = (word, style)


def _words(layout: Layout, line: int) -> Iterator[tuple[str, str]]:
    """The words of a logical line without marks, and each one's style."""
    text, styles = "", []
    for index in range(layout.first_row(line), len(layout)):
        row = layout.rows[index]
        if row.line != line or row.fill:  # code has a measure of its own
            break
        for at, run in enumerate(row.runs):
            if row.offsets[at] >= 0 if row.offsets else at >= row.prefix:
                text += run.text
                styles += [run.style] * len(run.text)
        text += " "
        styles.append("")
    at = 0
    for word in text.split(" "):
        bare = word.strip(_MARKS)
        if bare:
            yield bare, styles[at + word.index(bare)]
        at += len(word) + 1
