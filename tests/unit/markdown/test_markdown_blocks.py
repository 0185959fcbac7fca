"""What every kind of Markdown looks like, and what its rows say."""

import pytest

from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.plain import plain_layout


def drawn(text: str, width: int = 40) -> list[str]:
    return [row.text.rstrip() for row in whole(text, width).rows]


def styles(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.style) for run in whole(text, 80).rows[0].runs]


def test_blocks_are_one_row_apart() -> None:
    assert drawn("# One\ntwo\n***\nthree") == ["One", "", "two", "", "─" * 40, "", "three"]


def test_a_newline_is_a_line_break() -> None:
    assert drawn("one\ntwo  \nthree\\\nfour") == ["one", "two", "three", "four"]


def test_lists_nest_with_their_own_markers() -> None:
    text = "- a\n- b\n  - c\n    - d\n\n1. x\n1. y\n\n   z\n"
    assert drawn(text) == ["• a", "• b", "  ◦ c", "    ▪ d", "", "1. x", "2. y", "", "   z"]


def test_a_list_is_as_loose_as_its_source() -> None:
    assert drawn("- a\n- b\n\n- c") == ["• a", "• b", "", "• c"]


def test_an_empty_item_has_a_row() -> None:
    assert drawn("-\n- b\n-\n  c") == ["•", "• b", "• c"]


def test_tasks_have_boxes() -> None:
    rows = whole("- [ ] open\n- [x] done\n- [y] none", 40).rows
    assert [row.text for row in rows] == ["☐ open", "☑ done", "• [y] none"]
    assert rows[1].runs[0].style == "marker task-done"


def test_quotes_have_bars_on_every_row() -> None:
    assert drawn("> a long line of quoted text\n> > deep", 14) == [
        *("▌ a long line", "▌ of quoted", "▌ text", "▌", "▌ ▌ deep"),
    ]


def test_wrapped_rows_keep_their_indentation() -> None:
    assert drawn("1. some words that are wrapped", 16) == ["1. some words", "   that are", "   wrapped"]


def test_code_is_folded_and_filled() -> None:
    rows = whole("```sh\n\techo 123456789\n\n```", 14).rows
    assert [row.text for row in rows] == [" sh", "     echo 123", "↪456789", " "]
    assert {row.fill for row in rows} == {"code-block"}
    assert [row.line for row in rows] == [0, 0, 0, 1]


def test_code_in_nested_items_begins_behind_the_markers() -> None:
    layout = whole("* 1. ~~~\n     ab\n     cd\n     ~~~", 40)
    assert [row.text for row in layout.rows] == ["• 1.  ab", "      cd"]
    assert [layout.line_text(line) for line in (0, 1)] == ["ab", "cd"]


def test_all_words_behind_a_fence_are_shown() -> None:
    assert drawn("```py title=app.py\nx\n```", 10) == [" py title=", "app.py", " x"]


def test_inline_styles_combine() -> None:
    assert styles("# a **b *c*** `d` ~~e~~") == [
        ("a ", "heading1"),
        ("b ", "heading1 strong"),
        ("c", "heading1 strong em"),
        (" ", "heading1"),
        ("d", "heading1 code"),
        (" ", "heading1"),
        ("e", "heading1 strike"),
    ]


def test_the_address_of_a_link_can_be_read() -> None:
    row = whole("[docs](https://e.x/d) https://e.x/a_b_c. <https://e.x> www.e.x me@e.org", 200).rows[0]
    assert row.text == "docs (https://e.x/d) https://e.x/a_b_c. https://e.x www.e.x me@e.org"
    hrefs = [run.href for run in row.runs if run.style == "link"]
    assert hrefs == ["https://e.x/d", "https://e.x/a_b_c", "https://e.x", "http://www.e.x", "mailto:me@e.org"]


def test_an_image_is_named() -> None:
    assert drawn("![a *cat*](http://e.x/c.png)") == ["[image: a cat] (http://e.x/c.png)"]


@pytest.mark.parametrize(
    "text", ["&#x202e;", "&#x1b;[31m", "&#8203;", "[a](http://e.x/&#x202e;)", "[&#x9b;](/u)", "`&#x1b;`"]
)
def test_entities_cannot_bring_back_what_was_cleaned(text: str) -> None:
    for row in whole(f"a{text}b", 40).rows:
        for run in row.runs:
            assert not any(bad in run.text + run.href for bad in "\x1b\x9b\u202e\u200b")


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x", "vscode://x", "../x"),
        *("ssh://-oProxyCommand=x", "http://", "JaVaScRiPt:x"),
    ],
)
def test_only_web_and_mail_addresses_can_be_opened(address: str) -> None:
    layout = whole(f"[text](<{address}>) <{address}>", 200)
    assert not any(run.href for row in layout.rows for run in row.runs)


def test_a_line_break_in_an_address_cannot_be_opened() -> None:
    assert not any(run.href for row in whole("[text](<http://e.x/&#10;x>)", 80).rows for run in row.runs)


def test_code_can_be_listed() -> None:
    document = Document("```py\na = 1\n\nb\n```\n\n[x](http://e.x)\n")
    document.finish()
    assert [(block.text, block.language) for block in document.code_blocks()] == [("a = 1\n\nb", "py")]


def test_plain_text_is_shown_as_typed() -> None:
    layout = plain_layout("# no *Markdown*\n\n\tx", 40)
    assert [row.text for row in layout.rows] == ["# no *Markdown*", "", "    x"]
    assert layout.stable == 3


def test_code_that_is_wrapped_says_so_on_the_screen_and_not_in_copies() -> None:
    layout = whole("```py\nab = 'some words that go on'\nx = 1\n```\n", 20)
    assert [row.text for row in layout.rows] == [" py", " ab = 'some words t", "↪hat go on'", " x = 1"]
    assert [layout.line_text(line) for line in range(layout.line_count)] == [
        "ab = 'some words that go on'",
        "x = 1",
    ]
