"""Judged answers as a table for those who mend them: CSV, JSON, Markdown, or lines on a terminal."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from userdesk.domain.message import Role
from userdesk.domain.plain_in_markdown import escaped
from userdesk.domain.safe_text import clean_line
from userdesk.domain.timestamps import moment, timestamp
from userdesk.domain.verdict import Judgement
from userdesk.domain.wording import MARKERS
from userdesk.export.subject import Subject
from userdesk.files.csv_lines import csv_lines

COLUMNS = ("question", "answer", "verdict", "note", "time", "chatbot", "conversationId")
"""The names under which programs read a row."""


class Row(NamedTuple):
    """One judged answer, safe to show."""

    question: str
    """What the answer was given to; empty where nothing was asked, as before a welcome message."""
    answer: str
    judgement: Judgement
    chatbot: str
    conversation_id: str

    @property
    def columns(self) -> dict[str, str]:
        """What a program reads of it, by name."""
        verdict, note, at = self.judgement
        values = (
            self.question,
            self.answer,
            verdict or "",
            note,
            timestamp(at),
            self.chatbot,
            self.conversation_id,
        )
        return dict(zip(COLUMNS, values, strict=True))

    @property
    def source(self) -> str:
        """Whose answer it is, and when it was judged."""
        return " · ".join(filter(None, (self.chatbot, moment(self.judgement.at), self.conversation_id)))


def rows_of(subject: Subject) -> Iterator[Row]:
    """The judged answers of a conversation, in its order; each says which conversationId it belongs to."""
    question = ""
    for place, message in enumerate(subject.messages):
        if message.role is Role.USER:
            question = message.text
        elif judgement := subject.verdicts.get(place):
            conversation_id = "" if subject.is_redacted else message.conversation_id or ""
            yield Row(question, message.text, judgement, subject.chatbot, conversation_id)


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """A header and a record for each."""
    yield from csv_lines(_records(rows))


def _records(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [*COLUMNS]
    for row in rows:
        yield list(row.columns.values())


def as_json(rows: Iterable[Row]) -> Iterator[str]:
    """An array with an object for each, a line each; null where there is nothing."""
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(
            {name: value or None for name, value in row.columns.items()}, ensure_ascii=False
        )
    yield "\n]\n"


def as_markdown(rows: Iterable[Row]) -> Iterator[str]:
    """A section for each; texts are quoted, so that no heading or open code block takes over the page."""
    yield "# Judged answers\n"
    for row in rows:
        asked = "\n".join(f"> {escaped(line)}  " if line else ">" for line in row.question.split("\n"))
        answered = "\n".join(f"> {line}" if line else ">" for line in row.answer.split("\n"))
        question = f"**{MARKERS[Role.USER]} Question**\n\n{asked}\n\n" if row.question else ""
        answer = f"**{MARKERS[Role.ASSISTANT]} Answer**\n\n{answered}\n"
        yield f"\n## {escaped(row.judgement.headline)}\n\n{escaped(row.source)}\n\n{question}{answer}"


def as_text(rows: Iterable[Row], width: int) -> Iterator[str]:
    """A few lines of at most `width` characters for each."""
    for row in rows:
        said = [(MARKERS[Role.USER], row.question), (MARKERS[Role.ASSISTANT], row.answer)]
        lines = [f"  {marker} {clean_line(text, width - 4)}\n" for marker, text in said if text]
        headline, source = clean_line(row.judgement.headline, width), clean_line(row.source, width - 2)
        yield f"{headline}\n{''.join(lines)}  {source}\n\n"


FORMATS: Mapping[str, Callable[[Iterable[Row]], Iterator[str]]] = {
    ".csv": as_csv,
    ".json": as_json,
    ".md": as_markdown,
}
"""By the ending of a file's name."""
