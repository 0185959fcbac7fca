"""An earlier report, and how the answers differ from it: shown, never a failure, since answers vary."""

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from userdesk.domain.safe_text import clean
from userdesk.questions.model import QuestionsError
from userdesk.questions.outcome import Comparison, Outcome, Report

LARGEST = 64_000_000
"""Bytes of the largest report that is read."""
_ANSWERED = (Outcome.HELD, Outcome.NOT_HELD)


class Baseline:
    """The questions of an earlier JSON report, each with its answer or None where it had none."""

    def __init__(self, entries: Sequence[tuple[str, str | None]]) -> None:
        self._entries = entries

    def compared(self, report: Report) -> Report:
        """The report, each answered question with its diff; one asked twice meets its own answers."""
        left: dict[str, deque[str | None]] = defaultdict(deque)
        for ask, answer in self._entries:
            left[ask].append(answer)
        results, new = [], []
        for result in report.results:
            earlier = left[result.question.ask]
            if not earlier:
                new.append(result.number)
            elif (before := earlier.popleft()) is not None and result.outcome in _ANSWERED:
                result = replace(result, diff=line_diff(before, result.answer))
            results.append(result)
        gone = tuple(clean(ask) for ask, answers in left.items() for _ in answers)
        differing = sum(bool(result.diff) for result in results)
        comparison = Comparison(differing=differing, new=tuple(new), gone=gone)
        return replace(report, results=tuple(results), comparison=comparison)


def line_diff(before: str, after: str) -> tuple[str, ...]:
    """A unified diff of two answers, line by line, without the heading that would name files."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return tuple(lines)[2:]


def read_baseline(path: Path) -> Baseline:
    """The answers of a report that `--report FILE.json` wrote. Raises QuestionsError."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise QuestionsError(f"{path}: is too large for a report")
        document = json.loads(raw)
    except (OSError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "nested too deeply"
        raise QuestionsError(f"{path}: could not be read: {reason}") from None
    except ValueError:  # no JSON, no UTF-8, a NUL in the name
        raise QuestionsError(f"{path}: expected a report that --report FILE.json wrote") from None
    match document:
        case {"questions": list(entries)}:
            pass
        case _:
            raise QuestionsError(f"{path}: expected a report that --report FILE.json wrote")
    asked: list[tuple[str, str | None]] = []
    for entry in entries:
        match entry:
            case {"ask": str(ask), "answer": str(answer), "outcome": "held" | "not held"}:
                asked.append((ask, clean(answer)))
            case {"ask": str(ask)}:
                asked.append((ask, None))
    return Baseline(asked)
