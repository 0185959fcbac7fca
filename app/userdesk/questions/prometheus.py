"""Reports as metrics in Prometheus' text format, for its textfile collector."""

from collections.abc import Iterator, Sequence

from userdesk.domain.safe_text import clean_line
from userdesk.questions.outcome import Outcome
from userdesk.questions.report import Report, percentile

_QUANTILES = (0.5, 0.95)


def metrics_page(reports: Sequence[Report]) -> str:
    """The last pass of a watch, one report a chatbot: gauges, and a summary of each kind of time.

    The format is that of Prometheus' "Exposition formats", version 0.0.4.
    """
    metrics = [
        ("questions", "gauge", "Questions of the last pass, by outcome.", _questions),
        ("question_held", "gauge", "Whether a question held in the last pass.", _held),
        ("first_text_seconds", "summary", "Time to the first text of an answer.", _first_texts),
        ("answer_seconds", "summary", "Time to the end of an answer.", _totals),
        ("duration_seconds", "gauge", "How long the last pass took.", _duration),
        ("last_pass_timestamp_seconds", "gauge", "When the last pass began.", _started),
    ]
    lines: list[str] = []
    for name, kind, about, samples_of in metrics:
        lines += [f"# HELP userdesk_check_{name} {about}", f"# TYPE userdesk_check_{name} {kind}"]
        for report in reports:
            whose = {"chatbot": report.chatbot, "set": report.questions.title}
            for suffix, labels, value in samples_of(report):
                lines.append(f"userdesk_check_{name}{suffix}{_labels(whose | labels)} {value}")
    return "".join(f"{line}\n" for line in lines)


_Samples = Iterator[tuple[str, dict[str, str], float]]


def _questions(report: Report) -> _Samples:
    for outcome in Outcome:
        yield "", {"outcome": outcome.value}, report.count(outcome)


def _held(report: Report) -> _Samples:
    for result in report.results:
        labels = {"number": str(result.number), "ask": clean_line(result.question.ask, 120)}
        yield "", labels, int(result.outcome is Outcome.HELD)


def _first_texts(report: Report) -> _Samples:
    return _summary([each.first_text for each in report.measured if each.first_text is not None])


def _totals(report: Report) -> _Samples:
    return _summary([each.total for each in report.measured])


def _summary(times: list[float]) -> _Samples:
    for quantile in _QUANTILES if times else ():
        yield "", {"quantile": f"{quantile:g}"}, round(percentile(times, quantile), 3)
    yield "_sum", {}, round(sum(times), 3)
    yield "_count", {}, len(times)


def _duration(report: Report) -> _Samples:
    yield "", {}, round(report.seconds, 3)


def _started(report: Report) -> _Samples:
    yield "", {}, int(report.started.timestamp())


def _labels(labels: dict[str, str]) -> str:
    escaped = {name: value.replace("\\", r"\\").replace('"', r"\"") for name, value in labels.items()}
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped.items()) + "}"
