r"""Formulas stand as they are written, and money is none."""

import pytest

from userdesk.markdown.document import Document, whole


def styled(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.style) for row in whole(text, 80).rows for run in row.runs]


@pytest.mark.parametrize(
    "formula",
    [
        r"\(a_1\)",
        r"\[ E = mc^2 \]",
        r"$\mathbf{x}_{i} \cdot \mathbf{y}_{j}$",
        "$a*b*c$",
        "$x$",
        "$f(x)$",
        "$x + y$",
        r"$a\$b$",
        "$$x*y*z$$",
        r"$2\pi r$",
        r"\( n \)",
    ],
)
def test_a_formula_is_one_run(formula: str) -> None:
    assert styled(f"so *a* {formula}, **b**") == [
        *(("so ", ""), ("a", "em"), (" ", ""), (formula, "math"), (", ", ""), ("b", "strong")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "$20,000 and USD$30,000",
        "$5 or 10$",
        "$5-$10",
        "$HOME/$USER and ${a}${b}",
        "$PATH is set, $HOME too",
        "$5 a month = $60 a year",
        "$",
        "$$",
        "$$$",
        "US$5$ x",
    ],
)
def test_money_and_variables_are_text(text: str) -> None:
    assert styled("so " + text) == [("so " + text, "")]


def test_escaped_brackets_stay_escaped_brackets() -> None:
    assert styled(r"\[not\] \(note\) \[x\](y) \[1\] \\(x)") == [(r"[not] (note) [x](y) [1] \(x)", "")]


@pytest.mark.parametrize("lead", ["", "A line:\n"])
@pytest.mark.parametrize(("begin", "end"), [("$$", "$$"), (r"\[", r"\]")])
def test_a_formula_of_several_lines(lead: str, begin: str, end: str) -> None:
    lines = [begin, r"x_1 &= 2 \\", "- c &= d", "=", "# e", end]
    parts = styled(lead + "\n".join(lines) + "\nThen *a*")
    assert [text for text, style in parts if style == "math"] == lines
    assert parts[-1] == ("a", "em")


def test_an_open_formula_ends_with_its_paragraph() -> None:
    assert styled("$$\nstray_1\n\nnext **b**")[-1] == ("b", "strong")
    assert styled("$$ is cash\nand **more**")[-1] == ("more", "strong")


@pytest.mark.parametrize(
    "text", [r"so \(a_1\) b", r"so $\mathbf{x}_{i} \cdot \mathbf{y}$ b", "so $a*b*c$ b", "so $x$ b"]
)
def test_a_formula_is_never_drawn_as_anything_else(text: str) -> None:
    final = [(character, style) for part, style in styled(text) for character in part]
    for end in range(1, len(text)):
        rows = Document(text[:end]).layout(80).rows
        drawn = [(character, run.style) for row in rows for run in row.runs for character in run.text]
        assert drawn == final[: len(drawn)]


def test_a_long_formula_is_laid_out_in_parts() -> None:
    document = Document("$$\n")
    for number in range(300):
        document.append(f"x_{number}\n")
        layout = document.layout(40)
        assert len(layout) - layout.stable <= 70
    assert {run.style for row in layout.rows for run in row.runs} == {"math"}
