"""Metrics of a watch in Prometheus' text format."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from userdesk.domain.message import Metrics
from userdesk.questions.model import Question, QuestionSet
from userdesk.questions.outcome import Outcome, Result, Run
from userdesk.questions.prometheus import metrics_page
from userdesk.questions.report import Report


def report(chatbot: str) -> Report:
    questions = (Question(ask='Say "\\n"\nplease'), Question(ask="Who?"), Question(ask="Why?"))
    runs = (
        Run(outcome=Outcome.HELD, metrics=Metrics(0.25, 2.0, 9)),
        Run(outcome=Outcome.NOT_HELD, metrics=Metrics(0.75, 4.0, 9)),
        Run(outcome=Outcome.FAILED),
    )
    results = [
        Result(number=number, question=question, runs=(run,))
        for number, (question, run) in enumerate(zip(questions, runs, strict=True), 1)
    ]
    started = datetime(2026, 11, 21, tzinfo=UTC)
    return Report(
        questions=QuestionSet("Hours", questions),
        chatbot=chatbot,
        started=started,
        seconds=6.5,
        results=results,
    )


def test_each_figure_is_a_sample() -> None:
    lines = metrics_page([report("Acme")]).splitlines()
    whose = 'chatbot="Acme",set="Hours"'
    for line in (
        f'userdesk_check_questions{{{whose},outcome="not held"}} 1',
        f'userdesk_check_question_held{{{whose},number="1",ask="Say \\"\\\\n\\" please"}} 1',
        f'userdesk_check_question_held{{{whose},number="3",ask="Why?"}} 0',
        f'userdesk_check_first_text_seconds{{{whose},quantile="0.95"}} 0.75',
        f"userdesk_check_answer_seconds_sum{{{whose}}} 6.0",
        f"userdesk_check_answer_seconds_count{{{whose}}} 2",
        f"userdesk_check_last_pass_timestamp_seconds{{{whose}}} 1795219200",
        f"userdesk_check_duration_seconds{{{whose}}} 6.5",
    ):
        assert line in lines


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus' own checker is not installed")
def test_prometheus_takes_the_metrics_of_two_chatbots() -> None:
    page = metrics_page([report("Acme"), report("Acme, neu")]).encode()
    done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
