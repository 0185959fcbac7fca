"""How a table's source rows are read."""

import re

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def is_delimiter_row(line: str) -> bool:
    """Whether a line is a table's second one: `| --- | :-: |`."""
    return ("|" in line or ":" in line or "-" in line) and bool(_DELIMITER_ROW.match(line))


def source_cells(line: str) -> list[str]:
    """The cells of a row, in source form; an escaped bar is a bar."""
    line = line.strip(" \t")
    if line.startswith("|"):
        line = line[1:]
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells = _CELL_END.split(line) if "|" in line else [line]
    if "\\|" in line:
        cells = [cell.replace("\\|", "|") for cell in cells]
    return [cell.strip(" \t") for cell in cells]


def column_count(line: str) -> int:
    """How many columns a header or delimiter row gives."""
    return len(source_cells(line))


def alignments(delimiter_row: str) -> list[str]:
    """`<`, `>` or `^` for every column, as a delimiter row asks for."""
    found = []
    for cell in source_cells(delimiter_row):
        right, both = cell.endswith(":"), cell.startswith(":") and cell.endswith(":") and len(cell) > 1
        found.append("^" if both else ">" if right else "<")
    return found
