"""The figures of a run in one table: a row a measure, a column a program, medians with their spread."""

from collections import defaultdict
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
        """The table in Markdown."""
        programs = list(dict.fromkeys(name for row in self._figures.values() for name in row))
        rows = [["measure", *programs, f"to the {FLOOR}", "promised"]]
        for measure, row in self._figures.items():
            cells = [_cell(row.get(program, [])) for program in programs]
            rows.append([measure, *cells, _ratio(row), self._bounds[measure]])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        drawn = [
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
            for row in rows
        ]
        return [drawn[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *drawn[1:]]


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
