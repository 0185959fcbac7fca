"""Our parser reads Markdown as markdown-it does: containers, blocks and inline styles, on generated texts.

Left out are the places where we differ on purpose: wide punctuation, bare addresses, tasks, numbered-entity
white space, tables and definitions at the border of containers (markdown-it departs from CommonMark there).
"""

import random

import pytest

from conformance.normal_form import expected, ours

BLOCK_PIECES = (
    *("a", "b ", "word ", "*", "**", "`", "```", "```py\n", "~~~\n", "\n", "\n", "\n\n", "===", "---", "***"),
    *("- ", "* ", "+ ", "1. ", "2) ", "0. ", "> ", ">", "# ", "## ", " ", "  ", "   ", "    ", ".", ":"),
)
INLINE_PIECES = (
    *("a", "b ", "c", " ", "*", "**", "***", "_", "__", "`", "``", "~~", "[", "]", "](/u)", '](/u "t")'),
    *(
        "![",
        "(",
        ")",
        "](<x y>)",
        "[ref]",
        "[ref][]",
        "][ref]",
        "\\",
        "&amp;",
        "<x:y>",
        "é",
        "…",
        '"',
        ".",
        "\n",
    ),
)
EXAMPLES = (
    "Title\n=====\n\nSecond *line*\nof it\n---\n\ntext",
    "1.  one\n\n        code\n\n    > quote\nlazy\n\n2. two",
    "- a\n - b\n  - c\n   - d\n    - e",
    "> ```\n> code\n\n> - a\n>   b\nc\n\n    x\n\n\n    y\n",
    "\tcode\n\n-\t\tcode\n\n>\t\tcode\n\n- a\n\n\tb",
    "[a]: /one 'title'\n[b]:\n  <two three>\n\n[a], [b], [A][], [x][a] and [c]",
    "***both** em*, **a*b*c**, _snake_case_, a*b*c, __init__, *(*a*)*",
    "`` a ` b `` ` c` \\` d ` [e](</f g> 'h') [i](j(k)l) ![m [n](o)](p)",
    "[a [b](/c) d](/e) [f `](/g)` <h:i> \\[j](k) [l](m\nn) [o]\n(p)",
    "~~a **b~~ c** ~~~~ ~~d~~e",
)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_read_alike(text: str) -> None:
    assert ours(text) == expected(text)


@pytest.mark.parametrize("seed", range(10))
def test_generated_blocks_are_read_alike(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(150):
        text = "".join(source.choices(BLOCK_PIECES, k=source.randint(1, 16))) + "\n"
        assert ours(text) == expected(text), repr(text)


@pytest.mark.parametrize("seed", range(10))
def test_generated_inline_text_is_read_alike(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(150):
        text = "".join(source.choices(INLINE_PIECES, k=source.randint(1, 14))).strip()
        text = text.replace("~~~~", "~~ ~~")  # we take runs of two only
        text = "x " + text.replace("\n", "\ny ") + " z\n\n[ref]: /url\n"
        assert ours(text) == expected(text), repr(text)
