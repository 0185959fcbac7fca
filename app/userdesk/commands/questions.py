"""`userdesk questions`: sets out of conversations and other tools' files, and a second look at sets."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import settings_for_saved, subject_of
from userdesk.commands.streams import warn, write_out
from userdesk.files.private_files import write_named
from userdesk.files.user_files import decode_text
from userdesk.questions.importing.imported import Imported
from userdesk.questions.lint import remarks_on
from userdesk.questions.model import LARGEST, QuestionsError
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.report_files import check_file
from userdesk.questions.user_file import STANDARD_INPUT, name_of, named, read_file
from userdesk.questions.writing import Entry, entries_of, set_text
from userdesk.settings import Options, SettingsError
from userdesk.store.problems import reason


class Request(NamedTuple):
    """What `userdesk questions` was asked for."""

    what: str
    """`from`, `import` or `lint`."""
    id: str | None = None
    """The conversation to make a set of, as `subject_of` takes it; None for the most recent one."""
    files: Sequence[Path] = ()
    """What to import, or to look at."""
    output: Path | None = None
    """The file to write; None for standard output."""
    title: str | None = None
    """The set's title; None for the conversation's, or the file's name."""


def questions(request: Request, options: Options) -> int:
    """Do it; the exit status. Raises SettingsError, and BrokenPipeError."""
    try:
        if request.output:
            check_file("--output", request.output)
        match request.what:
            case "from":
                return _from(request, options)
            case "import":
                return _import(request)
        return _lint(request)
    except QuestionsError as error:
        raise SettingsError(str(error)) from error


def _from(request: Request, options: Options) -> int:
    settings, bot = settings_for_saved(options)
    subject, _ = subject_of(settings, request.id, bot)
    if not (entries := entries_of(subject.messages)):
        raise SettingsError("nothing was asked in that conversation")
    return _write(request, set_text(request.title or subject.title, entries), len(entries))


def _import(request: Request) -> int:
    (path,) = request.files
    imported = _read(path)
    with PatternMatcher() as matcher:
        entries = _with_patterns_that_work(imported, matcher)
    for line, why in sorted(imported.left_out):
        warn(f"{name_of(path)}:{line}: {why}")
    if not entries:
        raise SettingsError(f"{name_of(path)}: there is no question in it")
    return _write(request, set_text(request.title or name_of(Path(path.stem)), entries), len(entries))


def _read(path: Path) -> Imported:
    """Raises QuestionsError."""
    from userdesk.questions.importing.promptfoo import read_promptfoo
    from userdesk.questions.importing.rows import read_csv, read_jsonl

    readers = {".csv": read_csv, ".tsv": read_csv, ".jsonl": read_jsonl, ".ndjson": read_jsonl}
    readers |= {".yaml": read_promptfoo, ".yml": read_promptfoo}
    with named(path):
        text = decode_text(read_file(path, LARGEST)).replace("\r\n", "\n")
        if path == STANDARD_INPUT:
            first = text.lstrip()[:1]
            return (read_jsonl if first == "{" else read_csv)(text)
    if path.suffix.lower() not in readers:
        raise QuestionsError(f"{path}: expected a name that ends with {', '.join(readers)}")
    with named(path):
        return readers[path.suffix.lower()](text)


def _with_patterns_that_work(imported: Imported, matcher: PatternMatcher) -> list[Entry]:
    """The entries without the patterns that are none of Python's, which are noted as left out."""
    entries = []
    for entry, line in zip(imported.entries, imported.lines, strict=True):
        question, troubles = entry.question, {}
        if texts := [pattern.text for pattern in (*question.expect, *question.forbid)]:
            tried = matcher.tried(texts)
            troubles = {text: each.trouble for text, each in zip(texts, tried, strict=True) if each.trouble}
        for text, trouble in troubles.items():
            imported.leave_out(line, f"{text!r} is not a valid regular expression: {trouble}")
        kept = [
            tuple(pattern for pattern in patterns if pattern.text not in troubles)
            for patterns in (question.expect, question.forbid)
        ]
        entries.append(entry.with_patterns(*kept))
    return entries


def _lint(request: Request) -> int:
    count = 0
    with PatternMatcher() as matcher:
        for path in request.files:
            for line, message in remarks_on(read_questions(find_questions(path), matcher)):
                write_out(f"{name_of(path)}:{line}: {message}\n")
                count += 1
    return ExitStatus.EXPECTATION if count else ExitStatus.DONE


def _write(request: Request, text: str, count: int) -> int:
    if request.output is None:
        write_out(text)
        return ExitStatus.DONE
    try:
        write_named(request.output, text.encode())
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise SettingsError(f"--output {request.output}: could not be written: {why}") from error
    if sys.stderr.isatty():
        warn(f"wrote {count} question{'' if count == 1 else 's'} to {request.output}")
    return ExitStatus.DONE
