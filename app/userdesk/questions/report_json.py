"""A report as JSON, and back: it can be the baseline of a later run."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeGuard

from userdesk.domain.safe_text import clean
from userdesk.domain.secret_mask import KNOWN
from userdesk.domain.timestamps import timestamp
from userdesk.files.formats import FileFormat
from userdesk.files.user_files import UnreadableFile, decode_text
from userdesk.questions.outcome import ANSWERED, Outcome, Report, Result
from userdesk.questions.user_file import named, read_file

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
        "interrupted": bool(report.ended_by),
        **({} if report.saved else {"saved": False}),
        "summary": {"questions": len(report.results), **counts},
        **({"baseline": asdict(report.comparison)} if report.comparison else {}),
        "questions": [_result(result) for result in report.results],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _result(result: Result) -> dict[str, object]:
    record: dict[str, object] = {
        "number": result.number,
        "ask": KNOWN.whole(result.question.ask),
        "outcome": result.outcome.value,
        "answer": result.answer,
    }
    if result.checks:
        record["checks"] = [_without(asdict(check), "trouble") for check in result.checks]
    if failure := result.failure:
        told = {"status": failure.status, "message": failure.message, "detail": failure.detail}
        record["error"] = _without(told, "detail")
    if result.metrics:
        record["figures"] = result.metrics.rounded
    if result.diff is not None:
        record["diff"] = list(result.diff)
    return record


def _without(record: Mapping[str, object], name: str) -> dict[str, object]:
    """The record, that entry left out where it is empty."""
    return {key: value for key, value in record.items() if value or key != name}


def read_report(path: Path) -> Answers:
    """The questions of a report that json_report wrote, with their answers. Raises QuestionsError."""
    with named(path):
        text = decode_text(read_file(path, LARGEST))
        try:
            return _answers(json.loads(text))
        except json.JSONDecodeError as error:
            raise UnreadableFile(_foreign(text), error.lineno) from None
        except RecursionError:
            raise UnreadableFile(f"expected {_EXPECTED}; this is nested too deeply") from None
        except ValueError:  # a number of thousands of digits
            raise UnreadableFile(f"expected {_EXPECTED}; a number in it is too large") from None


def _foreign(text: str) -> str:
    """What a file that is no JSON seems to be instead."""
    kind = {"<": "XML or HTML", "#": "Markdown"}.get(text.lstrip()[:1])
    return f"this is {kind}: expected {_EXPECTED}" if kind else f"expected {_EXPECTED}; this is not JSON"


def _answers(document: object) -> Answers:
    if not isinstance(document, dict) or "questions" not in document:
        raise UnreadableFile(f"expected {_EXPECTED}: an object with questions")
    version = document.get("version", 1)
    if not _is_number(version):
        raise UnreadableFile("version: expected a whole number")
    if version > (known := FORMAT.version):
        raise UnreadableFile(f"has version {version}, from a newer program: this one reads version {known}")
    entries = FORMAT.upgraded(document)["questions"]
    if not isinstance(entries, list) or not entries:
        raise UnreadableFile("questions: expected a list")
    return [_entry(number, entry) for number, entry in enumerate(entries, 1)]


def _entry(number: int, entry: object) -> tuple[str, str | None]:
    if not isinstance(entry, dict):
        raise UnreadableFile(f"question {number}: expected an object")
    ask, answer, outcome = entry.get("ask"), entry.get("answer"), entry.get("outcome")
    for is_right, expected in (
        (_is_number(entry.get("number", number)), "number: expected a whole number"),
        (isinstance(ask, str) and ask.strip(), "ask: expected the question as text"),
        (isinstance(answer, str), "answer: expected text"),
        (outcome in list(Outcome), f"outcome: expected one of {', '.join(Outcome)}"),
    ):
        if not is_right:
            raise UnreadableFile(f"question {number}: {expected}")
    return entry["ask"], clean(entry["answer"]) if outcome in ANSWERED else None


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
