"""A report as JSON; it can be the baseline of a later run."""

import json
from datetime import UTC

from userdesk.domain.failure import Failure
from userdesk.domain.secret_mask import KNOWN
from userdesk.questions.outcome import Check, Comparison, Outcome, Report, Result

VERSION = 1
"""Of the form that is written; what is only added to it does not change it."""


def json_report(report: Report) -> str:
    """One indented JSON object."""
    counts = {outcome.value.replace(" ", "_"): report.count(outcome) for outcome in Outcome}
    document: dict[str, object] = {
        "version": VERSION,
        "title": report.questions.title,
        "chatbot": report.chatbot,
        "started": report.started.astimezone(UTC).isoformat().replace("+00:00", "Z"),
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
    if metrics := result.metrics:
        record["figures"] = {
            "first_text": None if metrics.first_text is None else round(metrics.first_text, 3),
            "total": round(metrics.total, 3),
            "characters": metrics.characters,
        }
    if result.diff is not None:
        record["diff"] = list(result.diff)
    return record


def _check(check: Check) -> dict[str, object]:
    record: dict[str, object] = {
        "kind": check.kind,
        "wanted": check.wanted,
        "held": check.held,
        "found": check.found,
    }
    if check.trouble:
        record["trouble"] = check.trouble
    return record


def _error(failure: Failure) -> dict[str, object]:
    error: dict[str, object] = {"status": failure.status, "message": failure.words}
    if failure.detail:
        error["detail"] = failure.detail
    return error
