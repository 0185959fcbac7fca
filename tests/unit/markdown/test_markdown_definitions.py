"""Link reference definitions: shown as text where nothing before them waits for them, and never lost."""

import pytest

from userdesk.markdown.document import Document, whole

SOURCES = "Opening hours are 9 to 5.\n\nSources:\n\n[1]: https://example.com/hours\n[2]: https://example.com/contact\n"


def texts(text: str) -> list[str]:
    return [row.text.rstrip() for row in whole(text, 60).rows]


def links(text: str) -> list[str]:
    return [run.href for row in whole(text, 60).rows for run in row.runs if run.href]


def heights(text: str) -> list[int]:
    """After every character, and at the end."""
    document, found = Document(), []
    for character in text:
        document.append(character)
        found.append(len(document.layout(60)))
    document.finish()
    return [*found, len(document.layout(60))]


def test_a_definition_that_nothing_refers_to_is_text_with_a_link() -> None:
    assert texts(SOURCES)[-2:] == ["[1]: https://example.com/hours", "[2]: https://example.com/contact"]
    assert links(SOURCES) == ["https://example.com/hours", "https://example.com/contact"]
    assert texts("[Important]: https://example.com") == ["[Important]: https://example.com"]


def test_what_was_on_the_screen_stays() -> None:
    grown = heights(SOURCES)
    assert grown == sorted(grown)


def test_a_definition_that_text_before_it_waits_for_is_shown_there() -> None:
    text = "See [docs] and [this][1].\n\n- [docs]: https://e.x/docs\n- b\n\n[1]: https://e.x/1\n\nEnd\n"
    assert texts(text) == ["See docs (https://e.x/docs) and this (https://e.x/1).", "", "• b", "", "End"]
    assert heights(text) == sorted(heights(text))


def test_behind_its_definition_a_reference_is_a_link_and_the_definition_stays() -> None:
    assert texts("[docs]: https://e.x/docs\n\nSee [docs].") == [
        *("[docs]: https://e.x/docs", "", "See docs (https://e.x/docs)."),
    ]


def test_a_second_definition_and_a_title_are_text() -> None:
    text = "[a] [b]\n\n[a]: https://e.x/1\n[a]: https://e.x/2\n[b]: https://e.x/3 'Third'\n"
    assert texts(text)[2:] == ["[a]: https://e.x/2", "[b]: https://e.x/3 'Third'"]
    assert texts("[a](https://e.x 'Title')") == ['a (https://e.x "Title")']


@pytest.mark.parametrize("filling", ["", "word " * 12_000 + "\n\n"])
@pytest.mark.parametrize("early", [True, False])
def test_addresses_are_there_at_any_length(filling: str, early: bool) -> None:
    definition = "[docs]: https://e.x/docs\n\n"
    text = "See [docs].\n\n" + (definition + filling if early else filling + definition) + "End"
    assert links(text) == ["https://e.x/docs"] * len(links(text)) != []
    document = Document()
    for at in range(0, len(text), 997):
        document.append(text[at : at + 997])
        document.layout(60)
    document.finish()
    assert document.layout(60).rows == whole(text, 60).rows
