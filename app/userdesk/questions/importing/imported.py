"""What was read of another tool's file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from userdesk.domain.safe_text import clean_line
from userdesk.questions.model import MOST_REPEATS
from userdesk.questions.writing import Entry


class LeftOut(NamedTuple):
    """Something that could not be taken."""

    line: int
    """Where it stands, from 1."""
    why: str
    """One safe line."""


@dataclass(slots=True)
class Imported:
    """The questions of a file, and what of it was left out."""

    entries: list[Entry] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """Where each question stands, from 1."""
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, entry: Entry, line: int) -> None:
        """One more question."""
        self.entries.append(entry)
        self.lines.append(line)

    def leave_out(self, line: int, why: str) -> None:
        """Note something that was not taken; `why` may quote the file."""
        self.left_out.append(LeftOut(line, clean_line(why, 200)))


def texts_of(value: object, separators: str = "\n") -> list[str]:
    """A cell or a list as texts; a cell holds several on lines of their own, or between `separators`."""
    if isinstance(value, str):
        for separator in separators[1:]:
            value = value.replace(separator, "\n")
        return [part.strip() for part in value.split("\n") if part.strip()]
    return [str(part) for part in value if str(part).strip()] if isinstance(value, Sequence) else [str(value)]


def number_of(value: object, least: float, most: float) -> float | None:
    """A number within bounds; None where it is none."""
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if least <= number <= most else None


def whole_of(value: object, least: int, most: int = MOST_REPEATS) -> int | None:
    """A whole number within bounds; None where it is none."""
    number = number_of(value, least, most)
    return int(number) if number is not None and number == int(number) else None
