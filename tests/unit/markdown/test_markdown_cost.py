"""A text costs in proportion to its length, whatever it is made of: counted in characters parsed."""

import pytest

from userdesk.markdown.document import Document

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


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_of_a_long_text_costs_what_its_beginning_cost(kind: str) -> None:
    text = (OPENING.get(kind, "") + KINDS[kind] * (SIZE // len(KINDS[kind]) + 1))[:SIZE]
    document = Document()
    costs = []
    for at in range(0, SIZE, FLUSH):
        before = document.parsed_characters
        document.append(text[at : at + FLUSH])
        layout = document.layout(100)
        costs.append(document.parsed_characters - before)
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
def test_what_is_full_of_marks_is_parsed_in_small_parts(text: str) -> None:
    text = text * (8_000 // len(text))
    document = Document()
    for at in range(0, len(text), 100):
        document.append(text[at : at + 100])
        document.layout(100)
    assert document.parsed_characters <= 8 * len(text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_text_is_laid_out_in_small_parts(kind: str) -> None:
    text = (OPENING.get(kind, "") + KINDS[kind] * (SIZE // len(KINDS[kind]) + 1))[:SIZE]
    document = Document(text)
    document.finish()
    costs, is_all = [], False
    while not is_all:
        before = document.parsed_characters
        is_all = document.go_on(100, 0)
        costs.append(document.parsed_characters - before)
    assert max(costs) <= 6500
    before = document.parsed_characters
    assert len(document.layout(100)) > 0
    assert document.parsed_characters == before, "nothing was left to do"
