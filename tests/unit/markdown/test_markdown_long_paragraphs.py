"""A paragraph of any length is read as a short one: a stray mark costs itself, not what follows it."""

import random

import pytest

from conformance.normal_form import Styled, expected
from userdesk.markdown.document import whole

WORDS = [
    "an",
    "order",
    "can",
    "be",
    "sent",
    "back",
    "within",
    "thirty",
    "days",
    "unless",
    "it",
    "was",
    "opened",
]
STYLES = frozenset(("em", "strong", "strike", "code", "link"))


def paragraph(seed: int, stray: str) -> str:
    """2,000 to 7,000 characters of prose with marks, and a stray one in its first half."""
    chance = random.Random(seed)
    parts = []
    for _ in range(chance.randint(200, 600)):
        words = " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))
        forms = (f"**{words}**", f"`{words}`", f"[{words}](http://e.x/y)", f"*{words}*")
        parts.append(chance.choice(forms) if chance.random() < 0.2 else chance.choice(WORDS))
    parts.insert(chance.randint(0, len(parts) // 2), stray)
    return " ".join(parts)


def styled_words(parts: Styled) -> list[tuple[str, frozenset[str]]]:
    return [(word, style) for text, style in parts for word in text.split()]


def shown(text: str) -> Styled:
    runs = [run for row in whole(text, 100_000).rows for run in row.runs if run.style != "link-address"]
    return [(run.text, STYLES.intersection(run.style.split())) for run in runs]


@pytest.mark.parametrize(
    "stray", ["5 * 3", "per month*", "2 ** 3", ":(", "[x", "~~", "it*s", "*", "**bold", "_"]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_stray_mark_in_a_long_paragraph_changes_nothing_behind_it(stray: str, seed: int) -> None:
    text = paragraph(seed, stray)
    ((_kind, _path, content),) = expected(text)
    assert isinstance(content, list)
    assert styled_words(shown(text)) == styled_words(content)


def test_ideographs_without_spaces_are_not_cut_within_what_is_marked() -> None:
    text = "東京の天気は**晴れのち曇り**で`気温`は二十度です。" * 200
    runs = [run for row in whole(text, 100_000).rows for run in row.runs]
    assert {run.text for run in runs if run.style == "strong"} == {"晴れのち曇り"}
    assert {run.text for run in runs if run.style == "code"} == {"気温"}
    assert not set("*`") & set("".join(run.text for run in runs))


@pytest.mark.parametrize("before", range(0, 1700, 100))
def test_long_emphasis_is_emphasis_at_any_place(before: int) -> None:
    words = " ".join(WORDS * 50)
    text = f"{words[:before].strip()} **{words[:1150].strip()}** {words[:1500]}"
    parts = shown(text)
    assert "".join(part for part, style in parts if "strong" in style) == words[:1150].strip()
    assert not any("*" in part for part, _style in parts)
