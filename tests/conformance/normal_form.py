"""Both parsers' readings of a text in one form: blocks in their containers, with styled text."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from conformance.figures import Figure
from userdesk.markdown.parse.blocks import BlockParser
from userdesk.markdown.parse.containers import Kind, Leaf, Quote
from userdesk.markdown.parse.inline import parse_inline
from userdesk.markdown.parse.tables import source_cells

Styled = list[tuple[str, frozenset[str]]]
"""Text in the same styles; a line's end is a piece of its own."""
Block = tuple[str, tuple[str, ...], object]
"""Kind, markers of the containers, content."""

COMMONMARK = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
GFM = MarkdownIt("gfm-like2", {"html": False})
ON_PURPOSE = Path(__file__).with_name("on_purpose.toml")
"""Section → text's name → why we read it in another way."""
_NAMES = {"em": "em", "strong": "strong", "s": "strike", "link": "link"}


def expected(text: str, reference: MarkdownIt = COMMONMARK) -> list[Block]:
    """How markdown-it reads a text."""
    blocks: list[Block] = []
    path: list[str] = []
    kind = ""
    row: list[Styled] | None = None
    for token in reference.parse(text):
        if token.type == "blockquote_open":
            path.append(">")
        elif token.type == "list_item_open":
            path.append(token.markup)
        elif token.type in ("blockquote_close", "list_item_close"):
            path.pop()
        elif token.type in ("paragraph_open", "heading_open"):
            kind = token.tag
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            blocks.append(("tr", tuple(path), row))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_expected_inline(token))
        elif token.type == "inline" and (kind != "p" or token.content.strip()):
            blocks.append((kind, tuple(path), _expected_inline(token)))
        elif token.type in ("fence", "code_block"):
            blocks.append(("code", tuple(path), token.content.expandtabs(4).rstrip("\n")))
        elif token.type == "hr":
            blocks.append(("hr", tuple(path), None))
    return blocks


def ours(text: str) -> list[Block]:
    """How we read it."""
    parser = BlockParser()
    for line in text.split("\n"):
        parser.line(line)
    parser.finish()
    blocks: list[Block] = []
    for leaf in parser.leaves:
        path = tuple(">" if isinstance(frame, Quote) else frame.delimiter for frame in leaf.frames)
        if leaf.kind is Kind.CODE:
            blocks.append(("code", path, "\n".join(leaf.lines).expandtabs(4).rstrip("\n")))
        elif leaf.kind is Kind.RULE:
            blocks.append(("hr", path, None))
        elif leaf.kind is Kind.TABLE:
            blocks.extend(("tr", path, row) for row in _our_rows(leaf, parser))
        elif leaf.kind not in (Kind.EMPTY, Kind.DEFINITION):
            kind = f"h{leaf.level}" if leaf.kind is Kind.HEADING else "p"
            blocks.append((kind, path, _our_inline(leaf.text.rstrip(), parser)))
    return blocks


def read_alike(section: str, texts: Iterable[tuple[str, str]], reference: MarkdownIt) -> Figure:
    """The figure of a section's texts, given with their names."""
    texts = list(texts)
    reasons = tomllib.loads(ON_PURPOSE.read_text("utf-8")).get(section, {})
    differing = [(name, text) for name, text in texts if ours(text) != expected(text, reference)]
    others = tuple(f"{name}: {text!r}" for name, text in differing if name not in reasons)
    return Figure(section, len(texts) - len(differing), len(texts), len(differing) - len(others), others)


def _merged(parts: Styled) -> Styled:
    result: Styled = []
    for text, style in parts:
        if "code" in style:  # white space at line ends within code is not shown
            text = " ".join(text.split())
        if result and result[-1][1] == style:
            result[-1] = (result[-1][0] + text, style)
        elif text:
            result.append((text, style))
    return result


def _expected_inline(token: Token) -> Styled:
    open_styles: list[str] = []
    parts = []
    for child in token.children or ():
        style = frozenset(open_styles)
        if child.type == "image":
            parts.append(("[image]", style))
        elif child.type == "code_inline":
            parts.append((child.content, style | {"code"}))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(("\n", frozenset()))
        elif child.nesting > 0:
            open_styles.append(_NAMES[child.type.removesuffix("_open")])
        elif child.nesting < 0:
            open_styles.remove(_NAMES[child.type.removesuffix("_close")])
        else:
            parts.append((child.content, style))
    return _merged(parts)


def _our_inline(text: str, parser: BlockParser) -> Styled:
    parts: Styled = []
    for number, line in enumerate(parse_inline(text, parser.references, len(parser.references)).lines):
        if number:
            parts.append(("\n", frozenset()))
        for run in line:
            style = frozenset(run.style.split())
            if "image" in style:
                parts.append(("[image]", style - {"image", "link-address"}))
            elif "link-address" not in style:
                parts.append((run.text, style))
    return _merged(parts)


def _our_rows(leaf: Leaf, parser: BlockParser) -> list[list[Styled]]:
    columns = len(source_cells(leaf.lines[1]))
    rows = []
    for line in (leaf.lines[0], *leaf.lines[2:]):
        cells = source_cells(line, columns)
        cells += [""] * (columns - len(cells))
        rows.append([_our_inline(cell, parser) for cell in cells])
    return rows
