"""Question sets as TOML, out of conversations and out of other tools' files."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from stat import S_IMODE
from typing import NamedTuple

import tomli_w

from userdesk.domain.message import Message, Role, Status
from userdesk.domain.safe_text import clean, clean_line
from userdesk.files.atomic import PRIVATE_FILE, NotConfirmed, write_atomically
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import MissingFile, UnreadableFile, decode_text, read_user_file
from userdesk.questions.model import LARGEST, Pattern, Question

OFFERED_LIKENESS = 80
"""What is offered, commented out, for a question whose answer is known."""
LONGEST_COMMENT = 20_000
"""Characters of an answer that are written beside its question."""


class Entry(NamedTuple):
    """A question as it is to be written."""

    question: Question
    answer: str | None = None
    """What was answered, for a comment; None where it was not asked yet."""

    def with_patterns(self, expect: tuple[Pattern, ...], forbid: tuple[Pattern, ...]) -> "Entry":
        """The entry with these patterns in place of its own."""
        return self._replace(question=replace(self.question, expect=expect, forbid=forbid))


def set_text(title: str, entries: Iterable[Entry]) -> str:
    """A whole question set."""
    parts = [tomli_w.dumps({"title": clean_line(title)}), *map(entry_text, entries)]
    return "\n".join(parts)


def entry_text(entry: Entry) -> str:
    """One `[[question]]`, the answer below it as a comment."""
    text = "[[question]]\n" + "".join(
        f"{key} = {_value(value)}\n" for key, value in _keys(entry.question).items()
    )
    if entry.answer is None:
        return text
    comment = [f"likeness = {OFFERED_LIKENESS}  # how alike to a baseline's answer it must be, 0 to 100"]
    comment += ["", "It was answered:", *clean(entry.answer[:LONGEST_COMMENT]).splitlines()]
    return text + "".join(f"# {line}".rstrip() + "\n" for line in comment)


def _keys(question: Question) -> dict[str, object]:
    keys: dict[str, object] = {
        "ask": clean(question.ask),
        "expect": [pattern.text for pattern in question.expect],
        "forbid": [pattern.text for pattern in question.forbid],
        "within": question.within,
        "meaning": question.meaning,
        "tags": list(question.tags),
        "repeat": question.repeat,
        "need": question.need,
        "likeness": question.likeness,
        "new_conversation": question.new_conversation,
    }
    return {key: value for key, value in keys.items() if value or (key == "likeness" and value == 0)}


def _value(value: object) -> str:
    """As people write it: lists on one line, and no doubled backslashes where quotes can do without."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return tomli_w.dumps({"value": value}, multiline_strings=True).removeprefix("value = ").rstrip("\n")


def appended(text: str, entry: Entry) -> str:
    """A question set with one more question at its end; the rest stays as it is.

    Raises UnreadableFile where the text is no set that one can be added to so.
    """
    before = parse_toml(text).get("question", [])
    more = f"{text.rstrip()}\n\n{entry_text(entry)}"
    try:
        after = parse_toml(more)["question"]
    except UnreadableFile:
        after = []
    if not isinstance(before, list) or len(after) != len(before) + 1:
        raise UnreadableFile("expected a question set with [[question]], in double brackets")
    return more


def add_to_set(path: Path, entry: Entry) -> int:
    """Add a question at the end of a set, made where it is missing; how many it has then.

    Blocks; raises UnreadableFile where the file is no set, OSError where it cannot be written.
    """
    path = path.resolve()
    if not path.parent.is_dir():
        raise UnreadableFile(f"there is no folder {path.parent}")
    try:
        file = read_user_file(path, largest=LARGEST)
    except MissingFile:
        text, mode = tomli_w.dumps({"title": clean_line(path.stem)}), PRIVATE_FILE
    else:
        text, mode = decode_text(file.data), S_IMODE(file.status.st_mode)
    more = appended(text, entry)
    with suppress(NotConfirmed):
        write_atomically(path, more.encode(), mode=mode)
    return len(parse_toml(more)["question"])


def entries_of(messages: Iterable[Message]) -> list[Entry]:
    """The questions of a conversation, each with its answer where that is whole; the first starts afresh."""
    entries: list[Entry] = []
    for message in messages:
        if message.role is Role.USER and message.text.strip():
            question = Question(ask=message.text.strip(), new_conversation=not entries)
            entries.append(Entry(question))
        elif entries and message.role is Role.ASSISTANT and message.status is Status.COMPLETE:
            entries[-1] = entries[-1]._replace(answer=message.text)
    return entries
