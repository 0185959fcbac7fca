"""Questions out of CSV and JSON Lines: a row, or an object, for each."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from userdesk.files.user_files import UnreadableFile
from userdesk.questions.importing.assertions import NotTaken, with_assertion
from userdesk.questions.importing.imported import Imported, number_of, texts_of, whole_of
from userdesk.questions.model import LARGEST, Pattern, Question
from userdesk.questions.reading import LONGEST_WAIT
from userdesk.questions.writing import Entry

_NAMES = {
    "ask": ("ask", "question", "prompt", "input", "query", "message", "utterance", "messages"),
    "answer": ("answer", "reference", "ideal", "output", "response"),
    "contains": ("contains", "expected", "keywords"),
    "expect": ("expect", "regex", "pattern"),
    "forbid": ("forbid", "forbidden"),
    "within": ("within",),
    "meaning": ("meaning",),
    "tags": ("tags", "tag", "category", "topic", "label"),
    "repeat": ("repeat",),
    "need": ("need",),
    "likeness": ("likeness",),
    "new_conversation": ("new_conversation",),
}
_KEYS = {name: key for key, names in _NAMES.items() for name in names}
_EXPECTED = re.compile(r"__expected\d*")  # promptfoo, "Test case configuration", CSV
_ASSERTION = re.compile(r"((?:not-)?[a-z][a-z-]+)(?:\(([\d.]+)\))?(?::\s*(.*))?", re.DOTALL)


def read_csv(text: str) -> Imported:
    """A table with a head that names its columns; a single column needs none. Raises UnreadableFile."""
    rows = list(_rows(text))
    if not rows:
        raise UnreadableFile("there is no row", 1)
    (line, head), *rest = rows
    names = [_name(cell) for cell in head]
    if "ask" not in [_KEYS.get(name) for name in names]:
        if len(head) > 1:
            known, found = ", ".join(_NAMES["ask"][:-1]), ", ".join(head)
            raise UnreadableFile(f"expected a column named {known}; found {found}", line)
        names, rest = ["ask"], rows
    imported = Imported()
    for cell, name in zip(head, names, strict=True):
        if name and name not in _KEYS and not _EXPECTED.fullmatch(name):
            imported.leave_out(line, f"the column {cell} was left out")
    for at, row in rest:
        if len(row) > len(names):
            imported.leave_out(at, f"{len(row) - len(names)} cells beyond the head's columns were left out")
        _add(imported, at, {name: cell for name, cell in zip(names, row, strict=False) if cell.strip()})
    return imported


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line on which it begins."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile("expected CSV: quotes that end, and no NUL", line) from error


def read_jsonl(text: str) -> Imported:
    """An object, or a text, on each line. Raises UnreadableFile."""
    imported = Imported()
    left_out: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise UnreadableFile("expected a JSON object on each line", number) from None
        if isinstance(value, str):
            value = {"ask": value}
        if not isinstance(value, dict):
            raise UnreadableFile("expected a JSON object on each line", number)
        cells = {_name(key): each for key, each in value.items() if each not in (None, "", [])}
        for name in cells.keys() - _KEYS.keys() - left_out:
            left_out.add(name)
            imported.leave_out(number, f"{name} was left out, here and below")
        _add(imported, number, cells)
    return imported


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _add(imported: Imported, line: int, cells: Mapping[str, object]) -> None:
    keys: dict[str, object] = {}
    for name, value in cells.items():
        if key := _KEYS.get(name):
            keys.setdefault(key, value)
    ask = _asked(keys.get("ask"))
    if not ask:
        imported.leave_out(line, "left out: it asks nothing")
        return
    question = Question(
        ask=ask,
        expect=tuple(map(Pattern, texts_of(keys.get("expect", "")))),
        forbid=tuple(map(Pattern, texts_of(keys.get("forbid", "")))),
        tags=tuple(dict.fromkeys(texts_of(keys.get("tags", ""), "\n,;"))),
        new_conversation=str(keys.get("new_conversation", True)).strip().lower() not in ("false", "0", "no"),
    )
    for key, number in (
        ("within", number_of(keys.get("within"), 0.001, LONGEST_WAIT)),
        ("repeat", whole_of(keys.get("repeat"), 1)),
        ("need", whole_of(keys.get("need"), 1)),
        ("likeness", whole_of(keys.get("likeness"), 0)),
    ):
        if number is not None:
            question = replace(question, **{key: number})  # type: ignore[arg-type]
        elif key in keys:
            imported.leave_out(line, f"{key}: {keys[key]} is no number that it may have")
    if "meaning" in keys:
        imported.leave_out(line, f"meaning: needs a judge in the set: {keys['meaning']}")
    asserted = [("icontains", text) for text in texts_of(keys.get("contains", ""))]
    expected = [str(value) for name, value in cells.items() if _EXPECTED.fullmatch(name)]
    question = _with_assertions(imported, line, question, asserted, expected)
    answer = keys.get("answer")
    imported.add(Entry(question, str(answer) if answer else None), line)


def _with_assertions(
    imported: Imported, line: int, question: Question, asserted: list[tuple[str, str]], expected: list[str]
) -> Question:
    tried: list[tuple[str, str, float | None]] = [(kind, value, None) for kind, value in asserted]
    for text in expected:
        found = _ASSERTION.fullmatch(text.strip())
        if found and (found[2] or found[3] is not None):
            tried.append((found[1], found[3] or "", float(found[2]) if found[2] else None))
        else:
            tried.append(("equals", text, None))
    for kind, value, threshold in tried:
        try:
            question = with_assertion(question, kind, value, threshold)
        except NotTaken as error:
            imported.leave_out(line, str(error))
    return question


def _asked(value: object) -> str:
    """The question, also out of a list of chat messages: the last that the user wrote."""
    if isinstance(value, str):
        return value.strip()
    for message in reversed(value) if isinstance(value, list) else ():
        if (
            isinstance(message, dict)
            and message.get("role") == "user"
            and isinstance(message.get("content"), str)
        ):
            return str(message["content"]).strip()
    return ""
