"""Every example of the CommonMark specification, as markdown-it-py's source archive carries them."""

import json
from typing import Any

import pytest

from conformance.specification import archived
from userdesk.markdown.document import Document, whole

WIDTHS = (20, 80)


@pytest.fixture(scope="module")
def specification() -> list[dict[str, Any]]:
    found = json.loads(archived("commonmark.json") or "[]")
    if not found:
        pytest.skip("make test could not download the source archive of markdown-it-py")
    assert len(found) > 600
    return found


def looks(document: Document, width: int) -> list[tuple[object, ...]]:
    return [(row.runs, row.prefix, row.fill, row.offsets) for row in document.layout(width).rows]


def test_every_example_streams_to_what_it_is_as_a_whole(specification: list[dict[str, Any]]) -> None:
    for example in specification:
        text, width = example["markdown"], WIDTHS[example["example"] % 2]
        document = Document()
        for character in text:
            document.append(character)
            document.layout(width)
        document.finish()
        at_once = Document(text)
        at_once.finish()
        assert looks(document, width) == looks(at_once, width), f"example {example['example']}"


def test_no_row_of_any_example_is_wider_than_the_view(specification: list[dict[str, Any]]) -> None:
    for example in specification:
        for width in (4, *WIDTHS):
            for row in whole(example["markdown"], width).rows:
                assert row.cells <= width, f"example {example['example']} at {width}"


def test_words_of_every_example_are_on_the_screen(specification: list[dict[str, Any]]) -> None:
    """No text is swallowed: plain words of plain paragraphs are drawn."""
    plain = [e for e in specification if e["section"] in ("Paragraphs", "Textual content")]
    assert plain
    for example in plain:
        drawn = " ".join(row.text for row in whole(example["markdown"], 80).rows)
        words = [word for word in example["markdown"].split() if word.isalpha()]
        assert all(word in drawn for word in words), f"example {example['example']}"
