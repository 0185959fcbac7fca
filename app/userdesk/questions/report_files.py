"""A report as a file: Markdown, HTML, CSV, JSON or JUnit XML, by the file's ending."""

from pathlib import Path

from userdesk.files.private_files import write_named
from userdesk.files.writable import file_trouble
from userdesk.questions.model import QuestionsError
from userdesk.questions.report import Report
from userdesk.questions.report_csv import csv_report
from userdesk.questions.report_html import html_report
from userdesk.questions.report_json import json_report
from userdesk.questions.report_junit import junit_report
from userdesk.questions.report_markdown import markdown_report

FORMATS = {
    ".md": markdown_report,
    ".html": html_report,
    ".json": json_report,
    ".xml": junit_report,
    ".csv": csv_report,
}
"""By the ending of a file's name."""


def check_report_file(path: Path) -> None:
    """Raises QuestionsError where no report could be written there: better before than after the run."""
    if path.suffix.lower() not in FORMATS:
        raise QuestionsError(f"--report {path}: expected a name that ends with {', '.join(FORMATS)}")
    check_file("--report", path)


def check_file(flag: str, path: Path) -> None:
    """Raises QuestionsError where no file of that name can be written."""
    if trouble := file_trouble(path):
        raise QuestionsError(f"{flag} {path}: {trouble}")


def write_report(report: Report, path: Path) -> None:
    """Write the report in the format that the file's ending names, for its owner alone. Raises OSError."""
    write_named(path, FORMATS[path.suffix.lower()](report).encode("utf-8", "replace"))
