"""An earlier report, and how the answers differ from it: shown, never a failure, since answers vary."""

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import TypeGuard

from userdesk.domain.safe_text import clean, clean_line
from userdesk.files.user_files import UnreadableFile, decode_text
from userdesk.questions.model import QuestionsError
from userdesk.questions.outcome import Comparison, Outcome, Report
from userdesk.questions.report_json import VERSION
from userdesk.questions.user_file import failed, name_of, read_file

LARGEST = 64_000_000
"""Bytes of the largest report that is read."""
MOST_MATCHED = 5000
"""Lines of the longest answer of which a diff tells what moved where."""
_EXPECTED = "a report that --report FILE.json wrote"
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
    raw = read_file(path, LARGEST)
    try:
        text = decode_text(raw)
        document = json.loads(text)
    except UnreadableFile as error:
        raise failed(path, error) from None
    except json.JSONDecodeError as error:
        reason = _foreign(text) or f"expected {_EXPECTED}; this is no JSON"
        raise _wrong(path, f":{error.lineno}: {reason}") from None
    except RecursionError:
        raise _wrong(path, f": expected {_EXPECTED}; this is nested too deeply") from None
    except ValueError:  # a number of thousands of digits
        raise _wrong(path, f": expected {_EXPECTED}; a number in it is too large") from None
    return Baseline(_entries(path, document))


def _foreign(text: str) -> str:
    """What a file that is no JSON seems to be instead."""
    begin = text.lstrip()[:200]
    if begin.startswith("<"):
        return f"this is XML or HTML: expected {_EXPECTED}"
    if begin.startswith("#"):
        return f"this is Markdown: expected {_EXPECTED}"
    return ""


def _entries(path: Path, document: object) -> list[tuple[str, str | None]]:
    if not isinstance(document, dict) or "questions" not in document:
        raise _wrong(path, f": expected {_EXPECTED}: an object with questions")
    version = document.get("version", VERSION)
    if not _is_number(version):
        raise _wrong(path, ": version: expected a whole number")
    if version > VERSION:
        raise _wrong(path, f": is of version {version}, of a newer program: this one knows version {VERSION}")
    entries = document["questions"]
    if not isinstance(entries, list) or not entries:
        raise _wrong(path, ": questions: expected a list of them")
    return [_entry(path, number, entry) for number, entry in enumerate(entries, 1)]


def _entry(path: Path, number: int, entry: object) -> tuple[str, str | None]:
    where = f": question {number}: "
    if not isinstance(entry, dict):
        raise _wrong(path, f"{where}expected an object")
    if not _is_number(entry.get("number", number)):
        raise _wrong(path, f"{where}number: expected a whole number")
    ask, answer, outcome = entry.get("ask"), entry.get("answer"), entry.get("outcome")
    if not isinstance(ask, str) or not ask.strip():
        raise _wrong(path, f"{where}ask: expected the question as text")
    if not isinstance(answer, str):
        raise _wrong(path, f"{where}answer: expected text")
    if outcome not in list(Outcome):
        raise _wrong(path, f"{where}outcome: expected one of {', '.join(Outcome)}")
    return ask, clean(answer) if outcome in _ANSWERED else None


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(path: Path, words: str) -> QuestionsError:
    return QuestionsError(f"{name_of(path)}{clean_line(words, 300)}")
