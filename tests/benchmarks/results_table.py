"""The figures of a run in one table: a row a measure, a column a program, medians with their spread."""

import re
from collections import defaultdict
from itertools import groupby
from statistics import median

FLOOR = "minimal app"


class Table:
    """Collects figures while the benchmarks run."""

    def __init__(self) -> None:
        self._figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self._bounds: dict[str, str] = {}

    def add(self, measure: str, program: str, figure: float, bound: str = "") -> None:
        """One figure; `measure` names its unit, `bound` what is promised."""
        self._figures[measure][program].append(figure)
        self._bounds[measure] = bound or self._bounds.get(measure, "")

    def __bool__(self) -> bool:
        return bool(self._figures)

    def lines(self) -> list[str]:
        """All of it as one table in Markdown, its columns aligned."""
        rows = self._rows(list(self._figures))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return _drawn([[cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in rows])

    def document(self) -> list[str]:
        """The same as tables of measures that follow each other and have the same columns."""
        lines: list[str] = []
        for _, measures in groupby(self._figures, self._columns):
            lines += [*_drawn(_filled(self._rows(list(measures)))), ""]
        return lines[:-1]

    def _columns(self, measure: str) -> list[str]:
        return sorted(self._figures[measure])

    def _rows(self, measures: list[str]) -> list[list[str]]:
        programs = list(dict.fromkeys(name for measure in measures for name in self._figures[measure]))
        rows = [["measure", *programs, f"to the {FLOOR}", "promised"]]
        for measure in measures:
            row = self._figures[measure]
            cells = [_cell(row.get(program, [])) for program in programs]
            rows.append([measure, *cells, _ratio(row), self._bounds[measure]])
        return rows


def _drawn(rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + "|".join("-" * (len(cell) + 2) for cell in rows[0]) + "|", *lines[1:]]


def _filled(rows: list[list[str]]) -> list[list[str]]:
    """The columns in which anything stands, and that of what is promised; what has marks stands as it is."""
    last = len(rows[0]) - 1
    kept = [column for column in range(last) if any(row[column] for row in rows[1:])] + [last]
    return [[re.sub(r"[\[\]*`|!_<>]|(?<=\])\(", r"\\\g<0>", row[column]) for column in kept] for row in rows]


def _cell(metrics: list[float]) -> str:
    if not metrics:
        return ""
    middle = _number(median(metrics))
    return middle if len(metrics) == 1 else f"{middle} ({_number(min(metrics))} to {_number(max(metrics))})"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def _ratio(row: dict[str, list[float]]) -> str:
    own = next((metrics for name, metrics in row.items() if name.startswith("userdesk")), None)
    floor = row.get(FLOOR)
    return f"{median(own) / median(floor):.2f} x" if own and floor and median(floor) else ""
