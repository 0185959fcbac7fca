"""No word of an answer is dropped: each stands in a row or in a link's address, whatever stands around it.

Only what names something else is not shown: the label of a reference that is a link, where it is defined; a
tag that is set as what it means; the number of an item behind a list's first one, since lists count by one.
"""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.markdown.document import whole

FRAGMENTS = (
    *(
        "W ",
        "W",
        "W\n",
        "*W*",
        "**W",
        "W**",
        "_W ",
        "`W`",
        "`W ",
        "``W` ",
        "~~W~~",
        "~W ",
        "\\W",
        "&W;",
        "&amp;W",
    ),
    *(
        "[W](http://e.x/W)",
        '[W](<W> "W")',
        "[W](W 'W')",
        "[W](W ",
        "![W](http://e.x/W)",
        "[W][L]",
        "[W][W]",
        "![W][L] ",
        "[L][] ",
        "[W",
    ),
    *(
        "[W]: http://e.x/W\n",
        "[W]: W 'W'\n",
        '[L]: http://e.x/W "W"\n',
        "[L]: W\n",
        "[W]:\n",
        "](W)",
        "[L]",
    ),
    *(
        "<b>W</b>",
        "<b>",
        "</b>",
        "<W>",
        "<W",
        "<http://e.x/W>",
        "<!-- W -->",
        "<!-- W",
        "<sub>W</sub>",
        "<br>",
    ),
    *("<details>W", "<details>\n", "<summary>W</summary>", "</details>\n", "<i>*W</i>*", "<sup>2W</sup>"),
    *(
        "| W | W |\n",
        "|---|---|\n",
        "| W | `W | W` | W |\n",
        "|W",
        "| W\n|---\n",
        "```W W\n",
        "~~~W\n",
        "```\n",
    ),
    *(
        "    W\n",
        "# W #\n",
        "W\n===\n",
        "W\n---\n",
        "> W\n",
        ">W",
        "- W\n",
        "- [ ] W\n",
        "* ",
        "1. W\n",
        "---\n",
    ),
    *(r"\(W_1\)", r"\(W", r"\[ W", "\\[\nW\n", "\\]", "$W$", "$$W\n", "$$\nW = W\n", "$$ W\n", "$5W "),
    *("http://e.x/W ", "www.W.com ", "W@e.org ", "東京W", "**「W」**", "https://e.x/W。W", "W\u200d", "🚀W"),
    *("\n", "\n\n", "  ", "\t", "\\", "!", "[", "]", "(", ")", "|", "<", ">", "`", "*", "\\\n"),
)


def with_words(fragments: list[str]) -> tuple[str, list[str]]:
    """The fragments together and their words: one of its own for each `W`, one of three for each `L`."""
    words: list[str] = []

    def word(match: re.Match[str]) -> str:
        words.append(f"x{len(words):04}y" if match[0] == "W" else f"l{len(words) % 3:04}y")
        return words[-1]

    return re.sub("[WL]", word, "".join(fragments)), words


def dropped(text: str, words: list[str]) -> list[str]:
    layout = whole(text, 400)
    parts = [row.text for row in layout.rows]
    parts += [run.href for row in layout.rows for run in row.runs]
    parts += ["".join(run.text for row in layout.rows for run in row.runs[row.prefix :])]
    parts += [layout.line_text(line) for line in range(layout.line_count)]
    seen = "\n".join(parts)
    return [word for word in words if word not in seen and not (word[0] == "l" and f"[{word}]: " in text)]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_every_word_is_shown(fragments: list[str]) -> None:
    text, words = with_words(fragments)
    assert dropped(text, words) == [], repr(text)


@pytest.mark.parametrize("seed", range(4))
def test_every_word_of_a_long_text_is_shown(seed: int) -> None:
    text, words = with_words(random.Random(seed).choices(FRAGMENTS, k=800))
    assert dropped(text, words) == []


@pytest.mark.parametrize("number", ["0", "7", "042", "123456789"])
@pytest.mark.parametrize("before", ["", "words\n\n", "- a\n", "> ", "3) a\n"])
def test_the_number_that_a_list_begins_with_is_shown(number: str, before: str) -> None:
    rows = [row.text for row in whole(f"{before}{number}. one\n5. two\n", 60).rows]
    assert any(f"{int(number)}. one" in row for row in rows)
