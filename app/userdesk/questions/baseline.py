"""An earlier report, and how the answers differ from it: shown, never a failure, since answers vary."""

from collections import defaultdict, deque
from dataclasses import replace
from difflib import unified_diff

from userdesk.domain.safe_text import clean
from userdesk.questions.outcome import ANSWERED, Comparison, Report
from userdesk.questions.report_json import Answers

MOST_MATCHED = 5000
"""Lines of the longest answer of which a diff tells what moved where."""


def compared(report: Report, earlier: Answers) -> Report:
    """The report, each answered question with its diff; one asked twice meets its own earlier answers."""
    left: dict[str, deque[str | None]] = defaultdict(deque)
    for ask, answer in earlier:
        left[ask].append(answer)
    results, new = [], []
    for result in report.results:
        answers_before = left[result.question.ask]
        if not answers_before:
            new.append(result.number)
        elif (before := answers_before.popleft()) is not None and result.outcome in ANSWERED:
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
