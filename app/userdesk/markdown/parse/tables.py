"""How a table's source rows are read."""

import re

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BAR = re.compile(r"(?<!\\)\|")
_ROOMY = re.compile(r"[ \t]\||\|[ \t]")
_GOES_ON = re.compile(r"[^|]*\|[^\w\s|`*:-]")  # a sentence, not a cell
_CODE_OR_BAR = re.compile(r"\\\||(`++).*?(?<!`)\1(?!`)|(?P<open>`++)|\|")


def is_delimiter_row(line: str) -> bool:
    """Whether a line is a table's second one: `| --- | :-: |`."""
    return ("|" in line or ":" in line or "-" in line) and bool(_DELIMITER_ROW.match(line))


def source_cells(line: str, columns: int = 0, growing: bool = False) -> list[str]:
    """The cells of a row, in source form; an escaped bar is a bar.

    A row of more than `columns` cells (0: any number) has bars in its code: code is not split then, and what
    is still too much goes on in the last cell. While a row is `growing` its code is never split.
    """
    line = line.strip(" \t")
    if line.startswith("|"):
        line = line[1:]
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells = _BAR.split(line) if "|" in line else [line]
    if "`" in line and (growing or 0 < columns < len(cells)):
        cells = _split_outside_code(line, growing)
    if 0 < columns < len(cells):
        while len(cells) > columns and not cells[-1].strip():
            cells.pop()
        cells[columns - 1 :] = ["|".join(cells[columns - 1 :])]
    if "\\|" in line:
        cells = [cell.replace("\\|", "|") for cell in cells]
    return [cell.strip(" \t") for cell in cells]


def header_prospect(line: str) -> bool | None:
    """Whether a line that grows looks like a table's first one; None while that cannot be told.

    Its cells all have room around them or none of them has, unlike in `|x| is the absolute value`.
    """
    if not line.startswith("|"):
        return False
    inner = _CODE_OR_BAR.sub(lambda match: "|" if match[0] == "|" else "x", line.strip(" \t"))[1:]
    if inner[:1] in (" ", "\t", ""):
        return len(_ROOMY.findall(inner.rstrip("|"))) == inner.rstrip("|").count("|")
    if "|" not in inner[:-1]:
        return None
    return not _ROOMY.search(inner) and not _GOES_ON.match(inner)


def is_header(line: str, delimiter_row: str) -> bool:
    """Whether a line has as many cells as the delimiter row beneath it, its code split or not."""
    count = len(source_cells(delimiter_row))
    return count in (len(source_cells(line)), len(source_cells(line, growing=True)))


def _split_outside_code(line: str, growing: bool) -> list[str]:
    cells, begin = [], 0
    for match in _CODE_OR_BAR.finditer(line):
        if match["open"] and growing:
            break
        if match[0] == "|":
            cells.append(line[begin : match.start()])
            begin = match.end()
    return [*cells, line[begin:]]


def alignments(delimiter_row: str) -> list[str]:
    """`<`, `>` or `^` for every column, as a delimiter row asks for."""
    signs = {(True, True): "^", (False, True): ">"}
    return [
        signs.get((cell[:-1].startswith(":"), cell.endswith(":")), "<")
        for cell in source_cells(delimiter_row)
    ]
