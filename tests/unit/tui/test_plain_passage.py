"""Passages that the switcher lists: plain text, what was found marked in it."""

import pytest

from userdesk.tui.switcher.index import plain_passage


@pytest.mark.parametrize(
    ("line", "found", "plain"),
    [
        ("Choose **Security** on the left", "Security", "Choose Security on the left"),
        ("Choose **Security** on the left", "left", "Choose Security on the left"),
        ("## Refunds and *returns*", "returns", "Refunds and returns"),
        ("- run `make test` now", "make test", "run make test now"),
        ("see [the docs](https://e.x/docs) for it", "for it", "see the docs (https://e.x/docs) for it"),
        ("see [the docs](https://e.x/docs) for it", "e.x/docs", "see the docs (https://e.x/docs) for it"),
        ("plain words, 5 * 3 and snake_case", "snake", "plain words, 5 * 3 and snake_case"),
        ("…nd of **it** all…", "all", "…nd of it all…"),
    ],
)
def test_marks_are_left_out_and_what_was_found_stays_found(line: str, found: str, plain: str) -> None:
    start = line.index(found)
    text, ((first, last),) = plain_passage(line, ((start, start + len(found)),))
    assert text == plain
    assert text[first:last] == found


@pytest.mark.parametrize(
    ("line", "found"), [("3. three", "3"), ("a **b", "**"), ("```python", "python"), ("&amp; so", "amp")]
)
def test_a_line_whose_marks_were_looked_for_is_left_as_it_is(line: str, found: str) -> None:
    start = line.index(found)
    spans = ((start, start + len(found)),)
    assert plain_passage(line, spans) == (line, spans)
