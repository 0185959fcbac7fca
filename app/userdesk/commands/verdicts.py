"""`userdesk verdicts`: which answers were judged good or bad and why, as a list or a table in a file."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import chatbot_name, known_api_keys, newest_first, open_store, settings_for_saved
from userdesk.commands.streams import warn, write_out
from userdesk.domain.conversation import Conversation
from userdesk.domain.durations import parse_duration
from userdesk.domain.message import Message
from userdesk.domain.quoting import quoted
from userdesk.domain.safe_text import clean_line, encodable
from userdesk.domain.verdict import Judgement, Verdict
from userdesk.export.redaction import redacted
from userdesk.export.subject import Subject
from userdesk.export.verdict_table import FORMATS, Row, as_text, rows_of
from userdesk.files.private_files import open_named
from userdesk.settings import Options, Settings, SettingsError
from userdesk.store.problems import reason
from userdesk.store.verdicts import Judged, judged_in, question_of

WIDTH = 100
"""Characters of the longest line of the list."""


class Request(NamedTuple):
    """What `userdesk verdicts` was asked for."""

    bad: bool = False
    good: bool = False
    """Of answers with a verdict only such; with neither also those that have only a note."""
    since: str = ""
    """Judged within that time, `7d`, or since that day, `2026-11-01`."""
    output: Path | None = None
    """The file to write; its ending names the format."""
    redact: bool = False


def verdicts(request: Request, options: Options) -> int:
    """Print or write what was judged; the exit status. Raises SettingsError, and BrokenPipeError."""
    if request.output and request.output.suffix.lower() not in FORMATS:
        expected = f"expected a name that ends with {', '.join(FORMATS)}"
        raise SettingsError(f"--output {clean_line(str(request.output), 200)}: {expected}")
    since = _seconds_of(request.since) if request.since else 0.0
    settings, bot = settings_for_saved(options)
    table = _Table(settings, request, since, bot)
    if request.output:
        _write(table, request.output)
    else:
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        for lines in as_text(table.rows(), width):
            write_out(lines)
    for problem in table.store.folder.take_problems():
        warn(problem.located)
    if table.lost:
        warn(f"left out, since the answer is not in its transcript any more: {table.lost}")
    if not table.counts:
        warn("no judged answers were found")
    elif not request.output:
        write_out(f"{table.summary}\n")
    elif sys.stderr.isatty():
        warn(f"wrote {request.output}: {table.summary}")
    return ExitStatus.DONE


class _Table:
    """The judged answers that are wanted, the most recent conversations first, read as they are asked for."""

    def __init__(self, settings: Settings, request: Request, since: float, bot: str | None) -> None:
        self.store = open_store(settings)
        self.counts: Counter[str] = Counter()
        self.lost = 0
        """Verdicts whose answer is gone."""
        self._settings = settings
        self._request = request
        self._api_keys = known_api_keys(settings)
        self._since = since
        self._bot = bot

    def rows(self) -> Iterator[Row]:
        """One conversation after the other, so that those of a year need no more memory than one."""
        for conversation, _ in newest_first(self.store, self._bot):
            judged = [
                each for each in self.store.verdicts.of(conversation.key) if self._wants(each.judgement)
            ]
            for row in rows_of(self._subject(conversation, judged)) if judged else ():
                self.counts[row.judgement.verdict or "with a note alone"] += 1
                yield row

    @property
    def summary(self) -> str:
        """How many of each: `3 bad, 1 good`."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items()))

    def _wants(self, judgement: Judgement) -> bool:
        wanted = [verdict for verdict in Verdict if getattr(self._request, verdict.value)]
        return judgement.at.timestamp() >= self._since and (not wanted or judgement.verdict in wanted)

    def _subject(self, conversation: Conversation, judged: list[Judged]) -> Subject:
        """Of a conversation the judged answers, each behind its question."""
        transcript = self.store.transcript(conversation.key)
        found = judged_in(transcript, judged)
        self.lost += len(judged) - len(found)
        messages: list[Message] = []
        verdicts: dict[int, Judgement] = {}
        for place in sorted(found):
            messages += filter(None, [question_of(transcript, place)])
            verdicts[len(messages)] = found[place].judgement
            before = (transcript[at] for at in range(place, -1, -1))
            messages.append(transcript[place].evolve(conversation_id=conversation.id_of_turn(before)))
        subject = Subject.of(conversation, messages, chatbot_name(self._settings, conversation), verdicts)
        return redacted(subject, self._settings.user, self._api_keys) if self._request.redact else subject


def _write(table: _Table, path: Path) -> None:
    try:
        with open_named(path) as file:
            for lines in FORMATS[path.suffix.lower()](table.rows()):
                file.write(encodable(lines).encode())
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise SettingsError(f"--output {clean_line(str(path), 200)}: could not be written: {why}") from error


def _seconds_of(typed: str) -> float:
    """The moment that `--since` means, in seconds since 1970. Raises SettingsError."""
    if duration := parse_duration(typed):
        return time.time() - duration
    try:
        return datetime.fromisoformat(typed).timestamp()
    except (ValueError, OverflowError, OSError):
        shown = quoted(typed)
        raise SettingsError(
            f"--since {shown}: expected a time such as 12h or 7d, or a day, 2026-11-01"
        ) from None
