"""A report as JSON, and back: it can be the baseline of a later run."""

import json
from pathlib import Path
from typing import TypeGuard

from userdesk.domain.failure import Failure
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.secret_mask import KNOWN
from userdesk.domain.timestamps import timestamp
from userdesk.files.formats import FileFormat
from userdesk.files.user_files import UnreadableFile, decode_text
from userdesk.questions.model import QuestionsError
from userdesk.questions.outcome import ANSWERED, Check, Comparison, Outcome, Report, Result
from userdesk.questions.user_file import failed, name_of, read_file

FORMAT = FileFormat(version=1)
"""What is only added to a report does not change its version."""
LARGEST = 64_000_000
"""Bytes of the largest report that is read."""
_EXPECTED = "a report that --report FILE.json wrote"

Answers = list[tuple[str, str | None]]
"""Questions in the order of a report, with None for one that had no answer."""


def json_report(report: Report) -> str:
    """One indented JSON object."""
    counts = {outcome.value.replace(" ", "_"): report.count(outcome) for outcome in Outcome}
    document: dict[str, object] = {
        "version": FORMAT.version,
        "title": report.questions.title,
        "chatbot": report.chatbot,
        "started": timestamp(report.started),
        "seconds": round(report.seconds, 3),
        "waited": round(report.waited, 3),
        "interrupted": report.interrupted,
        **({} if report.saved else {"saved": False}),
        "summary": {"questions": len(report.results), **counts},
        **_baseline(report.comparison),
        "questions": [_result(result) for result in report.results],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _baseline(comparison: Comparison | None) -> dict[str, object]:
    if comparison is None:
        return {}
    new, gone = list(comparison.new), list(comparison.gone)
    return {"baseline": {"differing": comparison.differing, "new": new, "gone": gone}}


def _result(result: Result) -> dict[str, object]:
    record: dict[str, object] = {
        "number": result.number,
        "ask": KNOWN.whole(result.question.ask),
        "outcome": result.outcome.value,
        "answer": result.answer,
    }
    if result.checks:
        record["checks"] = [_check(check) for check in result.checks]
    if result.failure:
        record["error"] = _error(result.failure)
    if result.metrics:
        record["figures"] = result.metrics.rounded
    if result.diff is not None:
        record["diff"] = list(result.diff)
    return record


def _check(check: Check) -> dict[str, object]:
    record = {"kind": check.kind, "wanted": check.wanted, "held": check.held, "found": check.found}
    return record | ({"trouble": check.trouble} if check.trouble else {})


def _error(failure: Failure) -> dict[str, object]:
    detail = {"detail": failure.detail} if failure.detail else {}
    return {"status": failure.status, "message": failure.message, **detail}


def read_report(path: Path) -> Answers:
    """The questions of a report that json_report wrote, with their answers. Raises QuestionsError."""
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
    return _answers(path, document)


def _foreign(text: str) -> str:
    """What a file that is no JSON seems to be instead."""
    begin = text.lstrip()[:200]
    if begin.startswith("<"):
        return f"this is XML or HTML: expected {_EXPECTED}"
    if begin.startswith("#"):
        return f"this is Markdown: expected {_EXPECTED}"
    return ""


def _answers(path: Path, document: object) -> Answers:
    if not isinstance(document, dict) or "questions" not in document:
        raise _wrong(path, f": expected {_EXPECTED}: an object with questions")
    version = document.get("version", 1)
    if not _is_number(version):
        raise _wrong(path, ": version: expected a whole number")
    if version > (known := FORMAT.version):
        raise _wrong(path, f": is of version {version}, of a newer program: this one knows version {known}")
    entries = FORMAT.upgraded(document)["questions"]
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
    return ask, clean(answer) if outcome in ANSWERED else None


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(path: Path, message: str) -> QuestionsError:
    return QuestionsError(f"{name_of(path)}{clean_line(message, 300)}")
