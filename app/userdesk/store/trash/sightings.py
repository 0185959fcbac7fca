"""On which days deleted conversations were seen in the trash: their age, whatever a wrong clock says once."""

import time
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.timestamps import moment_at
from userdesk.files.atomic import write_atomically
from userdesk.files.formats import FileFormat

FORMAT = FileFormat(version=1)
_OUTLIERS = 4  # days of a wrong clock, too early or too late, that count for nothing
_KEPT = 2 * (_OUTLIERS + 1)  # of each conversation: the earliest and the latest days

Days = list[date]


class Sightings:
    """A file that keeps by key on which days a start of the program found a conversation in the trash."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, keys: Collection[ConversationKey]) -> dict[ConversationKey, Days]:
        """Note what is in the trash today; the days on which each of these was seen there."""
        before, today = self._read(), moment_at(time.time()).date()
        after = {key: _with(before.get(key, []), today) for key in keys}
        if after != before:
            self._write(after)
        return after

    def clear(self) -> None:
        """Forget all days: the trash is empty. Raises OSError."""
        self._path.unlink(missing_ok=True)

    def forget(self, key: ConversationKey) -> None:
        """Forget the days of a conversation that is deleted just now: those of an earlier deletion."""
        days = self._read()
        if days.pop(key, None) is not None:
            self._write(days)

    def _read(self) -> dict[ConversationKey, Days]:
        try:
            saved = FORMAT.read(self._path).items()
            return {ConversationKey(key): [*map(date.fromisoformat, days)] for key, days in saved}
        except (ValueError, TypeError):
            return {}  # then the days are counted anew, and everything stays longer

    def _write(self, days: dict[ConversationKey, Days]) -> None:
        data = FORMAT.whole({key: [day.isoformat() for day in each] for key, each in days.items()})
        with suppress(OSError):
            write_atomically(self._path, data, durable=False)


def lasted(days: Days, least: float) -> bool:
    """Whether a conversation was in the trash for so many days, though some come from a wrong clock."""
    return len(days) == _KEPT and (days[-_OUTLIERS - 1] - days[_OUTLIERS]).days >= least


def _with(days: Days, day: date) -> Days:
    ordered = sorted({*days, day})
    return ordered if len(ordered) <= _KEPT else ordered[: _KEPT // 2] + ordered[-_KEPT // 2 :]
