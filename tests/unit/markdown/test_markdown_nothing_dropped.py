"""No word of an answer is dropped: each stands in a row or in a link's address, whatever stands around it.

Only what names something else is not shown: the label of a reference that is a link, a tag that is set as
what it means, the number of an item in a list.
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
        "[W][ref]",
        "[W][W]",
        "[W",
    ),
    *(
        "[W]: http://e.x/W\n",
        "[W]: W 'W'\n",
        '[ref]: http://e.x/W "W"\n',
        "[ref]: W\n",
        "[W]:\n",
        "](W)",
        "[ref]",
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
    """The fragments together, a word of its own for each `W`, and the words."""
    words: list[str] = []

    def word(_match: re.Match[str]) -> str:
        words.append(f"x{len(words):04}y")
        return words[-1]

    return re.sub("W", word, "".join(fragments)), words


def dropped(text: str, words: list[str]) -> list[str]:
    layout = whole(text, 400)
    parts = [row.text for row in layout.rows]
    parts += [run.href for row in layout.rows for run in row.runs]
    parts += ["".join(run.text for row in layout.rows for run in row.runs[row.prefix :])]
    parts += [layout.line_text(line) for line in range(layout.line_count)]
    seen = "\n".join(parts)
    return [word for word in words if word not in seen]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_every_word_is_shown(fragments: list[str]) -> None:
    text, words = with_words(fragments)
    assert dropped(text, words) == [], repr(text)


@pytest.mark.parametrize("seed", range(4))
def test_every_word_of_a_long_text_is_shown(seed: int) -> None:
    text, words = with_words(random.Random(seed).choices(FRAGMENTS, k=800))
    assert dropped(text, words) == []
