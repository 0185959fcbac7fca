"""Long addresses: shortened where they are drawn, whole where they lead and in what is copied."""

import pytest

from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.rows import Layout

ADDRESS = "https://www.example.com/" + "path-or/" * 30 + "end.html?x=1"
SHOWN = "https://www.example.com/path-or/path-or/…ath-or/end.html?x=1"


def drawn(layout: Layout) -> list[str]:
    return [row.text for row in layout.rows]


def test_an_address_is_shortened_in_the_middle() -> None:
    layout = whole(f"See [the docs]({ADDRESS}) first.", 80)
    (row, _) = layout.rows
    assert row.text == f"See the docs ({SHOWN})"
    assert {run.href for run in row.runs if "link" in run.style} == {ADDRESS}
    assert layout.line_text(0) == f"See the docs ({ADDRESS}) first."
    assert row.spans(0, 3) == [(0, 3)]
    assert layout.rows[1].start == len(f"See the docs ({ADDRESS}) ")


@pytest.mark.parametrize(
    "source", [ADDRESS, f"<{ADDRESS}>", f"[text]({ADDRESS})", f"[text]({ADDRESS} 'Title')"]
)
@pytest.mark.parametrize("width", [8, 20, 40, 80])
def test_no_address_fills_the_screen(source: str, width: int) -> None:
    layout = whole(f"one {source} two", width)
    assert all(row.cells <= width for row in layout.rows)
    assert len(layout.rows) < 9
    assert ADDRESS in layout.line_text(0)
    assert "".join(drawn(layout)).endswith("two")


def test_in_a_table_too() -> None:
    layout = whole(f"| a | b |\n|---|---|\n| {ADDRESS} | one |\n", 60)
    assert len(layout) == 3
    assert layout.line_text(1) == f"{ADDRESS}\tone"


@pytest.mark.parametrize(
    "source", ["[x](ftp://e.x/" + "y" * 99 + ")", "https://e.x/" + "y" * 30, "[" + "y" * 99 + "](http://e.x)"]
)
def test_what_no_link_leads_to_is_drawn_whole(source: str) -> None:
    assert "".join(drawn(whole(source, 50))).count("y") == source.count("y")


def test_in_a_long_paragraph_that_comes_in_parts() -> None:
    text = f"some words [link]({ADDRESS}) and more " * 40
    layout = whole(text, 70)
    assert all(not row.text.startswith(("path", "or")) for row in layout.rows)
    assert (
        layout.line_text(0)
        == f"some words link ({ADDRESS}) and more " * 39 + f"some words link ({ADDRESS}) and more"
    )
    document = Document()
    for begin in range(0, len(text), 333):
        document.append(text[begin : begin + 333])
        document.layout(70)
    document.finish()
    assert document.layout(70).rows == layout.rows
    assert document.layout(70).line_text(0) == layout.line_text(0)


def test_a_column_is_what_an_address_in_it_is_shortened_to() -> None:
    address = ADDRESS[:40]
    layout = whole(f"| when it changed | where it is |\n|---|---|\n| 2026-11-29 at noon | {address} |\n", 48)
    assert drawn(layout)[2:] == ["2026-11-29 at noon │ https://www.exa…ath-or/"]
    assert layout.rows[2].runs[-1].href == address
    assert layout.line_text(1) == f"2026-11-29 at noon\t{address}"


WHERE = (
    "see {} now",
    "[a link]({})",
    "<{}>",
    "![x]({})",
    "# {}",
    "| a |\n|---|\n| {} |",
    "[x]: {}\n\n[x]",
    "- see {}",
)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("part", ["a", "path/", "a_b&c@"])
@pytest.mark.parametrize("size", [1500, 2100, 9000])
def test_an_address_is_a_link_to_all_of_it_or_none(where: str, part: str, size: int) -> None:
    address = "https://e.x/?next=https://e.y/" + (part * size)[:size]
    text = where.format(address)
    document = Document()
    for begin in range(0, len(text), 700):
        document.append(text[begin : begin + 700])
        document.layout(70)
    document.finish()
    for layout in (document.layout(70), whole(text, 70)):
        links = {run.href for row in layout.rows for run in row.runs if run.href}
        assert links == ({address} if size < 1600 else set())
        assert all("link" not in run.style.split() or run.href for row in layout.rows for run in row.runs)


def test_an_address_behind_one_that_is_cut_is_a_link() -> None:
    layout = whole(f"https://e.x/{'a' * 3000} https://e.y [x](https://e.z)", 70)
    assert {run.href for row in layout.rows for run in row.runs} == {"", "https://e.y", "https://e.z"}
