"""A text costs in proportion to its length, whatever it is made of: counted in characters parsed."""

from collections.abc import Callable
from typing import Any

import pytest

from userdesk.markdown.document import Document
from userdesk.markdown.layout import builder
from userdesk.markdown.parse.blocks import BlockParser

WORDS = "the system reads **one** part of `each` request and then plans a short answer "
KINDS = {
    "a paragraph": WORDS,
    "lines": WORDS + "\n",
    "paragraphs": WORDS + "\n\n",
    "a list": f"- {WORDS}\n",
    "a nested list": f"- {WORDS}\n  - {WORDS}\n    1. {WORDS}\n",
    "a list item": f"  {WORDS}\n\n",
    "a table": f"| one | {WORDS} | 3 |\n",
    "a table's row": f"| {WORDS}",
    "a fence": "    return total  # all of it\n",
    "a quote": f"> {WORDS}\n",
    "a word": "x",
    "stars": "*",
    "brackets": "[",
    "links": "[a]",
    "backticks": "`",
    "quote marks": ">",
    "definitions": "[a]: /b\n",
    "headings": "# a\n",
}
OPENING = {
    "a list item": "- x\n",
    "a table": "| a | b | c |\n|---|---|---|\n",
    "a table's row": "| a | b |\n|---|---|\n",
    "a fence": "```python\n",
}
SIZE = 60_000
FLUSH = 500


class Parsed:
    """How many characters were parsed so far, repetitions counted: what texts have cost."""

    characters = 0


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    parsed = Parsed()

    def counted(parse: Callable[..., object], at: int) -> Callable[..., object]:
        def call(*given: Any, **more: Any) -> object:
            parsed.characters += len(given[at])
            return parse(*given, **more)

        return call

    monkeypatch.setattr(BlockParser, "line", counted(BlockParser.line, 1))
    monkeypatch.setattr(BlockParser, "glue", counted(BlockParser.glue, 1))
    monkeypatch.setattr(builder, "parse_inline", counted(builder.parse_inline, 0))
    return parsed


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_of_a_long_text_costs_what_its_beginning_cost(parsed: Parsed, kind: str) -> None:
    text = (OPENING.get(kind, "") + KINDS[kind] * (SIZE // len(KINDS[kind]) + 1))[:SIZE]
    document = Document()
    costs = []
    for at in range(0, SIZE, FLUSH):
        before = parsed.characters
        document.append(text[at : at + FLUSH])
        layout = document.layout(100)
        costs.append(parsed.characters - before)
    quarter = len(costs) // 4
    first, last = sum(costs[quarter : 2 * quarter]), sum(costs[-quarter:])
    assert last <= 1.5 * first
    assert sum(costs) <= 12 * SIZE
    assert max(costs) <= 8000
    # Only the open end is set anew.
    assert len(layout) - layout.stable <= 120


@pytest.mark.parametrize(
    "text", ["http://a.b ", "[a](b", "[a](b) ", "a@b.co ", "*a* ", "`a` ", "\\(", "[", "a\n", "www.a.b "]
)
def test_what_is_full_of_marks_is_parsed_in_small_parts(parsed: Parsed, text: str) -> None:
    text = text * (8_000 // len(text))
    document = Document()
    for at in range(0, len(text), 100):
        document.append(text[at : at + 100])
        document.layout(100)
    assert parsed.characters <= 8 * len(text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_text_is_laid_out_in_small_parts(parsed: Parsed, kind: str) -> None:
    text = (OPENING.get(kind, "") + KINDS[kind] * (SIZE // len(KINDS[kind]) + 1))[:SIZE]
    document = Document(text)
    document.finish()
    costs, is_all = [], False
    while not is_all:
        before = parsed.characters
        is_all = document.go_on(100, 0)
        costs.append(parsed.characters - before)
    assert max(costs) <= 6500
    before = parsed.characters
    assert len(document.layout(100)) > 0
    assert parsed.characters == before, "nothing was left to do"
