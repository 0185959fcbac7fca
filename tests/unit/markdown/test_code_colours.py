"""Code: Pygments' colours when its block is complete, and much the same, line by line, before."""

from time import thread_time

import pytest

from userdesk.markdown.document import Document, whole
from userdesk.markdown.highlight.blocks import LONGEST_BLOCK, LONGEST_LINE, block_runs
from userdesk.markdown.highlight.code import CodeHighlighter
from userdesk.markdown.highlight.syntax import syntax_of
from userdesk.markdown.layout.rows import Row

SAMPLES = [
    ("python", "return 1  # why", "return: code-keyword", "1: code-number", "# why: code-comment"),
    ("python", "x = 'a' if y", "'a': code-string", "if: code-keyword"),
    ("js", "const a = /`/g, b = null", "const: code-keyword", "/`/g: code-string", "null: code-keyword"),
    ("sql", "SELECT 'C:\\'", "SELECT: code-keyword"),
    ("json", '{"a": 1}', '"a": code-name', "1: code-number"),
    ("yaml", "key: don't", "key: code-name", ": don't: "),
    ("html", "<p>Don't</p>", "p: code-name", ">Don't</: "),
    ("php", "echo 1;", "echo: code-keyword"),
    ("diff", "+ new", "+ new: code-inserted"),
    ("diff", "- old", "- old: code-deleted"),
    ("rust", "fn f<'a>(x: &'a str) {}", "fn: code-keyword", "str: code-keyword"),
    ("C#", 'var a = @"C:\\";', '@"C:\\": code-string'),
    ("jsonc", "true", "true: code-keyword"),
    ("kts", "val x = 1", "val: code-keyword"),
    ("unknown", "return 1", "return 1: "),
]


def kinds(row: Row) -> list[str]:
    return [f"{run.text}: {run.style.removeprefix('code-block').strip()}" for run in row.runs[row.prefix :]]


@pytest.mark.parametrize(("language", "line", "expected"), [(s[0], s[1], s[2:]) for s in SAMPLES])
def test_a_complete_block_is_coloured_by_its_language(
    language: str, line: str, expected: tuple[str, ...]
) -> None:
    assert set(expected) <= set(kinds(whole(f"```{language}\n{line}\n```", 60).rows[1]))


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        (
            "python",
            ["return f('a')  # it's"],
            ["return: code-keyword", "'a': code-string", "# it's: code-comment"],
        ),
        ("python", ['x = """a', 'b"""'], ['b""": code-string']),
        ("js", ["/* it's", "b */ var"], ["b */: code-comment", "var: code-keyword"]),
        ("js", ["x.replace(/`/g)", "var"], ["var: code-keyword"]),
        ("go", ["x := `C:\\`", "var"], ["var: code-keyword"]),
        ("html", ["<!-- it's", "b --> <a href='x'>"], ["b -->: code-comment", "'x': code-string"]),
        ("rust", ["fn f<'a>(x: &'a str)", "let c = '\"'; if"], ["'\"': code-string", "if: code-keyword"]),
        ("yaml", ["a: don't", "b: 'x'"], ["b: code-name", "'x': code-string"]),
        ("bash", ["${x##*/} 'a'"], ["'a': code-string"]),
        ("SQL", ["select SELECT"], ["select: code-keyword", "SELECT: code-keyword"]),
        ("diff", ["+ new"], ["+ new: code-inserted"]),
        ("unknown", ["return 'a'"], ["return 'a': "]),
    ],
)
def test_an_open_block_is_coloured_line_by_line(language: str, lines: list[str], expected: list[str]) -> None:
    syntax_of(language).result()
    document = Document(f"```{language}\n" + "".join(f"{line}\n" for line in lines))
    assert set(expected) <= set(kinds(document.layout(60).rows[len(lines)]))


def test_rows_change_their_colours_once_when_the_block_is_complete() -> None:
    lines = ('x = """a', "b", 'c"""', "def f(): return 1  # done", "@g")
    syntax_of("python").result()
    document = Document("before\n\n```python\n")
    seen: list[Row] = []
    for line in lines:
        document.append(line + "\n")
        rows = document.layout(60).rows
        assert rows[: len(seen)] == seen
        seen = list(rows)
    document.append("```\nafter\n")
    layout = document.layout(60)
    assert layout.changed_from == len(seen)
    assert layout.recoloured == [n for n, row in enumerate(seen) if layout.rows[n] != row]
    assert [layout.rows[n].text.strip() for n in layout.recoloured] == ["def f(): return 1  # done"]
    assert [row.text for row in layout.rows[: len(seen)]] == [row.text for row in seen]
    document.finish()
    assert document.layout(60).rows == whole(document.text, 60).rows


def test_a_block_that_would_cost_too_much_keeps_the_colours_of_its_lines(monkeypatch) -> None:
    monkeypatch.setattr(
        "userdesk.markdown.highlight.blocks.thread_time", lambda: 0.0
    )  # however slow it is here
    assert block_runs(["x = 1"] * (LONGEST_BLOCK // 6), "python")
    for lines in (["x = 1"] * (LONGEST_BLOCK // 6 + 1), ["x" * (LONGEST_LINE + 1)]):
        assert block_runs(lines, "python") is None
        text = "\n".join(["```python", *lines, "```"])
        streamed = Document()
        for at in range(0, len(text), 700):
            streamed.append(text[at : at + 700])
            streamed.layout(60)
        streamed.finish()
        assert streamed.layout(60).rows == whole(text, 60).rows


@pytest.mark.parametrize(
    ("language", "unit"),
    [("css", "a-"), ("yaml", "-"), ("js", "/"), ("ini", "\t"), ("html", "a:"), ("json", '"'), ("sql", "'\\")],
)
def test_colours_of_a_line_cost_what_its_length_is(language: str, unit: str) -> None:
    syntax_of(language).result()
    text = unit * (20_000 // len(unit))

    def taken() -> float:
        begun = thread_time()
        assert "".join(run.text for run in CodeHighlighter(language).line(text)) == text
        return thread_time() - begun

    # 0.01 to 0.03 s; 3 s where it goes with the square. Once, a collection of garbage may come in between.
    assert min(taken() for _ in range(3)) < 0.5


def test_hostile_code_is_left_to_the_colours_of_its_lines() -> None:
    """Pygments looks for the end of what may be a method's head, again from each line."""
    lines = ["a"] * 4500
    assert block_runs(lines, "csharp") is None
