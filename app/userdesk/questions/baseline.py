"""An earlier report, and how the answers differ from it: shown, never a failure, since answers vary."""

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from userdesk.domain.safe_text import clean
from userdesk.questions.model import QuestionsError
from userdesk.questions.outcome import Outcome, Result

LARGEST = 64_000_000
"""Bytes of the largest report that is read."""


class Baseline:
    """The answers of an earlier JSON report, by their questions."""

    def __init__(self, answers: Sequence[tuple[str, str]]) -> None:
        self._answers: dict[str, deque[str]] = defaultdict(deque)
        for ask, answer in answers:
            self._answers[ask].append(answer)

    def compared(self, results: Sequence[Result]) -> list[Result]:
        """The results, each answered one with its diff; a question asked twice meets its own answers."""
        left = {ask: deque(answers) for ask, answers in self._answers.items()}
        compared = []
        for result in results:
            earlier = left.get(result.question.ask)
            before = earlier.popleft() if earlier else None
            if before is not None and result.outcome in (Outcome.HELD, Outcome.NOT_HELD):
                result = replace(result, diff=line_diff(before, result.answer))
            compared.append(result)
        return compared


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
    answers = []
    for entry in entries:
        match entry:
            case {"ask": str(ask), "answer": str(answer), "outcome": "held" | "not held"}:
                answers.append((ask, clean(answer)))
    return Baseline(answers)
