"""A report as JUnit XML: what was not held is a failure, what the service failed at an error."""

import re
from dataclasses import asdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from userdesk.domain.safe_text import REPLACEMENT, clean, clean_line
from userdesk.domain.timestamps import timestamp
from userdesk.questions.outcome import Outcome, Result
from userdesk.questions.report import Report
from userdesk.questions.report_facts import changed_lines, facts, run_lines

# What XML 1.0 has no way to write, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: Report) -> str:
    """One XML document, as CI services read it; a suite for each of two chatbots."""
    reports = [report.other, report] if report.other else [report]
    counted = [_counts(each) for each in reports]
    total = {name: sum(counts[name] for counts in counted) for name in counted[0]}
    name = _text(report.questions.title)
    root = Element("testsuites", {"name": name, **_figures(total, report)})
    for each, counts in zip(reports, counted, strict=True):
        called = f"{name} · {_text(each.chatbot)}" if report.other else name
        suite = SubElement(
            root,
            "testsuite",
            {"name": called, "timestamp": timestamp(each.started), **_figures(counts, each)},
        )
        properties = SubElement(suite, "properties")
        for known, value in _about(each).items():
            SubElement(properties, "property", {"name": known, "value": value})
        for result in each.results:
            _case(suite, called, each, result)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _counts(report: Report) -> dict[str, int]:
    return {
        "tests": len(report.results),
        "failures": report.count(Outcome.NOT_HELD),
        "errors": report.count(Outcome.FAILED) + report.count(Outcome.NOT_JUDGED),
        "skipped": report.count(Outcome.NOT_ASKED) + report.count(Outcome.STOPPED),
    }


def _figures(counts: dict[str, int], report: Report) -> dict[str, str]:
    return {name: str(count) for name, count in counts.items()} | {"time": f"{report.seconds:.3f}"}


def _about(report: Report) -> dict[str, str]:
    about = {"chatbot": _text(report.chatbot)}
    if not report.saved:
        about["saved"] = "false"
    if report.waited:
        about["waited"] = f"{report.waited:.3f}"
    if told := report.comparison:
        figures = {name: len(numbers) for name, numbers in asdict(told).items() if name != "differing"}
        figures["differing"] = told.differing
        about |= {f"baseline.{name}": str(count) for name, count in figures.items()}
    return about


def _case(suite: Element, name: str, report: Report, result: Result) -> None:
    run = result.shown
    time = run.metrics.total if run.metrics else 0.0
    attributes = {
        "classname": name,
        "name": f"{result.number}. {_text(clean_line(result.question.ask))}",
        "time": f"{time:.3f}",
    }
    case = SubElement(suite, "testcase", attributes)
    broken = [check for check in run.checks if not check.held]
    match result.outcome:
        case Outcome.NOT_HELD:
            kinds = ", ".join(dict.fromkeys(check.kind for check in broken))
            words = [check.message for check in broken]
            told = SubElement(case, "failure", {"type": kinds, "message": _text("; ".join(words))})
            told.text = _text("\n".join(words))
        case Outcome.FAILED if run.failure:
            kind, message = run.failure.kind.value, _text(run.failure.headline)
            told = SubElement(case, "error", {"type": kind, "message": message})
            told.text = _text(run.failure.detail)
        case Outcome.NOT_JUDGED:
            words = [check.message for check in run.checks if check.trouble]
            told = SubElement(case, "error", {"type": "judge", "message": _text("; ".join(words))})
        case Outcome.NOT_ASKED | Outcome.STOPPED:
            SubElement(case, "skipped", {"message": result.outcome.value})
    parts = [run.answer]
    parts.append("\n".join([*facts(report, result), *run_lines(result)]))
    if run.diff:
        parts.append("\n".join([f"against {report.compared_with}:", *changed_lines(run.diff)]))
    if any(parts):
        SubElement(case, "system-out").text = _text("\n\n".join(part for part in parts if part))


def _text(text: str) -> str:
    return _NO_XML.sub(REPLACEMENT, clean(text))
