"""A report as JUnit XML: what was not held is a failure, what the service failed at an error."""

import re
from dataclasses import asdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from userdesk.domain.safe_text import REPLACEMENT, clean, clean_line
from userdesk.domain.timestamps import timestamp
from userdesk.questions.outcome import Outcome, Result, marked
from userdesk.questions.report import Report

# What XML 1.0 has no way to write, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: Report) -> str:
    """One XML document, as CI services read it."""
    counts = {
        "tests": len(report.results),
        "failures": report.count(Outcome.NOT_HELD),
        "errors": report.count(Outcome.FAILED) + report.count(Outcome.NOT_JUDGED),
        "skipped": report.count(Outcome.NOT_ASKED) + report.count(Outcome.STOPPED),
    }
    metrics = {name: str(count) for name, count in counts.items()} | {"time": f"{report.seconds:.3f}"}
    name = _text(report.questions.title)
    root = Element("testsuites", {"name": name, **metrics})
    started = timestamp(report.started)
    suite = SubElement(root, "testsuite", {"name": name, "timestamp": started, **metrics})
    about = {"chatbot": _text(report.chatbot)}
    if not report.saved:
        about["saved"] = "false"
    if report.waited:
        about["waited"] = f"{report.waited:.3f}"
    if told := report.comparison:
        figures = {name: len(numbers) for name, numbers in asdict(told).items() if name != "differing"}
        figures["differing"] = told.differing
        about |= {f"baseline.{name}": str(count) for name, count in figures.items()}
    properties = SubElement(suite, "properties")
    for each, value in about.items():
        SubElement(properties, "property", {"name": each, "value": value})
    for result in report.results:
        _case(suite, report, result)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, report: Report, result: Result) -> None:
    run = result.shown
    time = run.metrics.total if run.metrics else 0.0
    attributes = {
        "classname": _text(report.questions.title),
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
    if run.diff:
        parts.append(f"against the baseline:\n{marked(run.diff)}")
    if any(parts):
        SubElement(case, "system-out").text = _text("\n\n".join(part for part in parts if part))


def _text(text: str) -> str:
    return _NO_XML.sub(REPLACEMENT, clean(text))
