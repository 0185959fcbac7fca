"""What a section measures, the table of all sections, and the figures that must not fall."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

RECORDED = Path(__file__).with_name("recorded.toml")
_HEAD = """\
# Percents below which `make conformance` fails; `make conformance ARGS=--record` writes them anew.
"""


class Figure(NamedTuple):
    """How many of a section's cases came out alike, and what the others are."""

    section: str
    alike: int
    total: int
    on_purpose: int = 0
    """Cases that differ for a reason that is written down."""
    differences: tuple[str, ...] = ()
    """One line for each other case."""

    @property
    def percent(self) -> float:
        """Of what should be alike; rounded down to a tenth, so that only all of it is 100."""
        total = self.total - self.on_purpose
        return self.alike * 1000 // total / 10 if total else 0.0


def table(figures: Iterable[Figure], recorded: dict[str, float]) -> list[str]:
    """The figures as a table in Markdown."""
    rows = [("section", "alike", "on purpose", "of", "percent", "recorded")]
    for figure in figures:
        before = recorded.get(figure.section)
        rows.append(
            (
                *(figure.section, str(figure.alike), str(figure.on_purpose or ""), str(figure.total)),
                f"{figure.percent:.1f}",
                "" if before is None else f"{before:.1f}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        f"| {row[0].ljust(widths[0])} | "
        + " | ".join(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        + " |"
        for row in rows
    ]
    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return [lines[0], rule, *lines[1:]]


def read_recorded() -> dict[str, float]:
    """The percents on record by section."""
    return tomllib.loads(RECORDED.read_text()) if RECORDED.exists() else {}


def record(figures: Iterable[Figure]) -> None:
    """Put these percents on record."""
    RECORDED.write_text(_HEAD + "".join(f'"{f.section}" = {f.percent:.1f}\n' for f in figures))


def fallen(figures: Iterable[Figure], recorded: dict[str, float]) -> list[str]:
    """The sections that are below their record, and those that could not be measured."""
    measured = {figure.section: figure.percent for figure in figures}
    return [name for name, percent in recorded.items() if measured.get(name, 0.0) < percent]
