"""Code in many languages: the colours of its rows against Pygments' classes of tokens, by character."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String

from conformance.figures import Figure
from userdesk.markdown.document import CodeBlock, Document

SNIPPETS = ("snippets.md", "snippets_held_out.md")
NEEDED = 0.97
"""The share of a language's characters that have to have Pygments' class."""
NAMES = "Attribute Builtin Class Constant Decorator Entity Exception Function Namespace Property Tag"
"""The kinds of names that have a colour of their own."""
CLASSES = {
    **{"comment": (Comment,), "string": (String,), "number": (Number,), "keyword": (Keyword,)},
    "name": tuple(getattr(Name, kind) for kind in NAMES.split()),
}
"""Style → what Pygments calls that class; a class is written as its place in this table, the rest as `-`."""
WIDTH = 200
"""Cells, so that no line wraps."""


def figures() -> Iterator[Figure]:
    """Languages that have Pygments' colours, and rows that change theirs once at most."""
    blocks = [block for name in SNIPPETS for block in snippets(name)]
    shares = {block.language: share(block) for block in blocks}
    yield Figure(
        "Code: languages in Pygments' colours",
        sum(value >= NEEDED for value in shares.values()),
        len(shares),
        differences=tuple(f"{name}: {100 * value:.1f} %" for name, value in shares.items() if value < NEEDED),
    )
    counts = {block.language: changes(block) for block in blocks}
    yield Figure(
        "Code: rows that change once at most",
        sum(count < 2 for each in counts.values() for count in each),
        sum(map(len, counts.values())),
        differences=tuple(name for name, each in counts.items() if max(each) > 1),
    )


def snippets(name: str) -> list[CodeBlock]:
    """The code blocks of a file beside this one."""
    return Document(Path(__file__).with_name(name).read_text("utf-8")).code_blocks()


def share(block: CodeBlock) -> float:
    """The share of a complete block's characters that are drawn in the class that Pygments gives them."""
    document = Document(fenced(block))
    document.finish()
    drawn = "\n".join(drawn_classes(document))
    text = block.text.expandtabs(4)
    expected = ""
    for _at, token, part in get_lexer_by_name(block.language).get_tokens_unprocessed(f"{text}\n"):
        kind = next(
            (
                str(place)
                for place, kinds in enumerate(CLASSES.values())
                if any(token in kind for kind in kinds)
            ),
            "-",
        )
        expected += "".join("\n" if character == "\n" else kind for character in part)
    expected = expected.removesuffix("\n")
    assert len(drawn) == len(expected) == len(text)
    return sum(map(str.__eq__, drawn, expected)) / len(text)


def changes(block: CodeBlock) -> list[int]:
    """How often the colours of each line changed after it was complete, the block's end included."""
    document = Document()
    seen: list[str] = []
    counts: dict[int, int] = defaultdict(int)
    for line in fenced(block).splitlines(keepends=True):
        document.append(line)
        now = drawn_classes(document)
        for number, (before, after) in enumerate(zip(seen, now, strict=False)):
            counts[number] += before != after
        seen = now
    return list(counts.values())


def drawn_classes(document: Document) -> list[str]:
    """For each line of the one block of a document, the classes of its characters."""
    lines = []
    for row in document.layout(WIDTH).rows:
        if code := row.runs[row.prefix :]:
            lines.append("".join(_class(run.style) * len(run.text) for run in code))
        elif row.prefix == 1 and row.runs[0].text == " ":
            lines.append("")
    return lines


def fenced(block: CodeBlock) -> str:
    """The block as Markdown."""
    return f"`````{block.language}\n{block.text}\n`````\n"


def _class(style: str) -> str:
    return next((str(place) for place, name in enumerate(CLASSES) if f"code-{name}" in style.split()), "-")
