"""Markdown answers from a seed: prose, lists, code, tables, quotes, emoji and CJK, the same every time."""

import random
import re

KEYS = "".join(map(chr, range(0x250, 0x290)))
"""Keys that the benchmarks type, each once: letters that stand nowhere else."""

TEXT = (
    "an order can be sent back within thirty days if the parcel was not opened please write to us "
    "about it and we will send the label the same day so that nothing has to be paid by you"
)
WORDS = TEXT.split()
WIDE = ["東京の天気は晴れです。", "한국어 문장도 있습니다.", "订单已经发货。"]
EMOJI = ["🚀", "✅", "📦", "🇫🇮", "👩‍💻", "⚠️"]


class Writer:
    """Writes blocks of Markdown."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def words(self, count: int) -> str:
        """So many words, some of them marked."""
        picked = []
        for _ in range(count):
            word = self._random.choice(WORDS)
            roll = self._random.random()
            picked.append(f"**{word}**" if roll < 0.04 else f"`{word}`" if roll < 0.07 else word)
        return " ".join(picked)

    def paragraph(self) -> str:
        """Prose with wide characters."""
        wide, emoji = self._random.choice(WIDE), self._random.choice(EMOJI)
        return f"{self.words(self._random.randint(25, 60))}. {wide} {self.words(9)} {emoji}.\n\n"

    def items(self) -> str:
        """A nested list."""
        leads = ("- ", "- ", "  - ", "  - ", "- ")
        return "".join(f"{lead}{self.words(self._random.randint(6, 16))}\n" for lead in leads) + "\n"

    def code(self) -> str:
        """A code fence."""
        lines = "".join(f"    total += item * {n}  # {self.words(5)}\n" for n in range(6))
        return f"```python\ndef total_of(items):\n{lines}    return total\n```\n\n"

    def table(self) -> str:
        """A table."""
        rows = "".join(f"| {self.words(2)} | {self.words(6)} | {n} |\n" for n in range(6))
        return f"| part | note | n |\n| --- | --- | --: |\n{rows}\n"

    def quote(self) -> str:
        """A quote."""
        return f"> {self.words(16)}\n\n"


def answer(seed: int, size: int, end: str) -> str:
    """About `size` characters of every kind, with `end` as its last word."""
    writer = Writer(seed)
    kinds = [
        *(writer.paragraph, writer.items, writer.paragraph, writer.code, writer.paragraph),
        *(writer.table, writer.paragraph, writer.quote),
    ]
    blocks: list[str] = []
    while sum(map(len, blocks)) < size - 200:
        if len(blocks) % 5 == 0:
            blocks.append(f"## {writer.words(4)}\n\n")
        blocks.append(kinds[len(blocks) % len(kinds)]())
    begin = end.replace("last", "x").replace("word", "x")
    return f"{begin} " + _numbered("".join(blocks)) + f"{writer.words(12)} 最後の行です 🚀 {end}"


def _numbered(text: str) -> str:
    """A text in which every eighth plain word is a number of its own."""
    words = re.split(r"(?<= )(?=[a-z]+ )", text)
    return "".join(
        re.sub("^[a-z]+", f"m{number:04d}", word) if number % 8 == 7 else word
        for number, word in enumerate(words)
    )


def marks(text: str) -> list[str]:
    """The numbers in a text, in their order."""
    return re.findall(r"\bm\d{4}\b", text)


def cut(text: str, seed: int) -> list[bytes]:
    """Pieces of 5 to 20 bytes, cut anywhere, also inside characters."""
    raw, chance, pieces, at = text.encode(), random.Random(seed), [], 0
    while at < len(raw):
        step = chance.randint(5, 20)
        pieces.append(raw[at : at + step])
        at += step
    return pieces


def last_word(end: str) -> str:
    """The word that an answer asked for with `end` ends with; it stands nowhere else."""
    return f"last{end}word"


def first_word(end: str) -> str:
    """The word that an answer asked for with `end` begins with; it stands nowhere else."""
    return f"x{end}x"
