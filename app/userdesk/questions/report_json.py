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
from userdesk.questions.baseline import Earlier
from userdesk.questions.likeness import likeness_among
from userdesk.questions.outcome import ANSWERED, Outcome, Result, Run
from userdesk.questions.report import Report, percentile
from userdesk.questions.user_file import named, read_file

FORMAT = FileFormat(version=1)
"""What is only added to a report does not change its version."""
LARGEST = 64_000_000
"""Bytes of the largest report that is read."""
_EXPECTED = "a report that --report FILE.json wrote"


def json_report(report: Report) -> str:
    """One indented JSON object; where two chatbots were asked it is the second's, with `other`."""
    return json.dumps(report_record(report), ensure_ascii=False, indent=2) + "\n"


def report_record(report: Report) -> dict[str, object]:
    """The report as JSON has it."""
    counts = {outcome.value.replace(" ", "_"): report.count(outcome) for outcome in Outcome}
    counts["flickering"] = sum(result.flickers for result in report.results)
    return {
        "version": FORMAT.version,
        "title": report.questions.title,
        "chatbot": report.chatbot,
        "started": timestamp(report.started),
        "seconds": round(report.seconds, 3),
        "waited": round(report.waited, 3),
        "interrupted": bool(report.ended_by),
        **({} if report.saved else {"saved": False}),
        **({"notes": list(report.notes)} if report.notes else {}),
        "summary": {"questions": len(report.results), **counts, **_times(report)},
        **({"baseline": asdict(report.comparison)} if report.comparison else {}),
        "questions": [_result(result) for result in report.results],
        **({"other": report_record(report.other)} if report.other else {}),
    }


def _times(report: Report) -> dict[str, object]:
    """The median and the 95th percentile of each time, in seconds."""
    firsts = [each.first_text for each in report.measured if each.first_text is not None]
    kinds = {"first_text": firsts, "total": [each.total for each in report.measured]}
    shares = {"p50": 0.5, "p95": 0.95}
    return {
        kind: {name: round(percentile(times, share), 3) for name, share in shares.items()}
        for kind, times in kinds.items()
        if times
    }


def _result(result: Result) -> dict[str, object]:
    record: dict[str, object] = {"number": result.number, "ask": KNOWN.whole(result.question.ask)}
    record |= _run(result.shown) | {"outcome": result.outcome.value}
    if result.question.tags:
        record["tags"] = list(result.question.tags)
    if len(result.runs) > 1:
        record["held"], record["need"] = result.count(Outcome.HELD), result.need
        among = likeness_among(run.answer for run in result.runs if run.outcome in ANSWERED)
        record |= {} if among is None else {"likeness_among": among}
        record["runs"] = [_run(run) for run in result.runs]
    return record


def _run(run: Run) -> dict[str, object]:
    record: dict[str, object] = {"outcome": run.outcome.value, "answer": run.answer}
    if run.checks:
        record["checks"] = [_without(asdict(check), "trouble", "score") for check in run.checks]
    if failure := run.failure:
        told = {"status": failure.status, "message": failure.message, "detail": failure.detail}
        record["error"] = _without(told, "detail")
    if run.metrics:
        record["figures"] = run.metrics.rounded
    if run.likeness is not None:
        record["likeness"] = run.likeness
    if run.diff is not None:
        record["diff"] = [list(change) for change in run.diff]
    return record


def _without(record: Mapping[str, object], *names: str) -> dict[str, object]:
    """The record, these entries left out where they say nothing."""
    return {key: value for key, value in record.items() if value not in ("", None) or key not in names}


def read_report(path: Path) -> list[Earlier]:
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


def _answers(document: object) -> list[Earlier]:
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


def _entry(number: int, entry: object) -> Earlier:
    if not isinstance(entry, dict):
        raise UnreadableFile(f"question {number}: expected an object")
    ask, runs = entry.get("ask"), entry.get("runs", [])
    if not _is_number(entry.get("number", number)):
        raise UnreadableFile(f"question {number}: number: expected a whole number")
    if not isinstance(ask, str) or not ask.strip():
        raise UnreadableFile(f"question {number}: ask: expected the question as text")
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise UnreadableFile(f"question {number}: runs: expected a list of objects")
    outcome, _ = _outcome(number, entry)
    each = [_outcome(number, run) for run in runs or [entry]]
    flickers = {Outcome.HELD, Outcome.NOT_HELD} <= {came for came, _ in each}
    return Earlier(ask, outcome, tuple(answer for came, answer in each if came in ANSWERED), flickers)


def _outcome(number: int, entry: dict[str, object]) -> tuple[Outcome, str]:
    answer, outcome = entry.get("answer"), entry.get("outcome")
    if not isinstance(answer, str):
        raise UnreadableFile(f"question {number}: answer: expected text")
    if not isinstance(outcome, str) or outcome not in list(Outcome):
        raise UnreadableFile(f"question {number}: outcome: expected one of {', '.join(Outcome)}")
    return Outcome(outcome), clean(answer)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
