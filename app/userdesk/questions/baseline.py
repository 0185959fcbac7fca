"""An earlier report, and how the answers differ from it: shown, never a failure, since answers vary."""

from collections import defaultdict, deque
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from userdesk.domain.safe_text import clean
from userdesk.questions.outcome import ANSWERED, Comparison, Report
from userdesk.questions.report_json import Answers, read_report

MOST_MATCHED = 5000
"""Lines of the longest answer of which a diff tells what moved where."""


class Baseline:
    """The questions of an earlier JSON report, each with its answer or None where it had none."""

    def __init__(self, entries: Answers) -> None:
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
            elif (before := earlier.popleft()) is not None and result.outcome in ANSWERED:
                result = replace(result, diff=line_diff(before, result.answer))
            results.append(result)
        gone = tuple(clean(ask) for ask, answers in left.items() for _ in answers)
        differing = sum(bool(result.diff) for result in results)
        comparison = Comparison(differing=differing, new=tuple(new), gone=gone)
        return replace(report, results=tuple(results), comparison=comparison)


def line_diff(before: str, after: str) -> tuple[str, ...]:
    """A unified diff of two answers, line by line, without the heading that would name files.

    Beyond so many lines each, they are not matched with one another: that takes time by their product.
    """
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return ()
    if max(len(old), len(new)) > MOST_MATCHED:
        return (
            f"@@ -1,{len(old)} +1,{len(new)} @@",
            *(f"-{line}" for line in old),
            *(f"+{line}" for line in new),
        )
    return tuple(unified_diff(old, new, lineterm="", n=1))[2:]


def read_baseline(path: Path) -> Baseline:
    """The answers of a report that `--report FILE.json` wrote. Raises QuestionsError."""
    return Baseline(read_report(path))
