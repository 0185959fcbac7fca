"""Times of files, and days, as a clock gives them that may be wrong."""

import time
from datetime import UTC, date, datetime

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is missing or that no calendar has."""
DAY = 86_400.0
"""Seconds."""


def moment_at(seconds: float) -> datetime:
    """Seconds since 1970 as a time; BEGINNING where a file system gives what no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return BEGINNING


def today() -> date:
    """The day in UTC, by this machine's clock."""
    return moment_at(time.time()).date()


def moment_in(value: object, fallback: datetime) -> datetime:
    """The time that a JSON value gives, with a time zone; `fallback` where it gives none."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else fallback
    except ValueError:
        return fallback
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
