"""Times as text, always UTC, for people and for programs; and times that come from elsewhere."""

from datetime import UTC, datetime

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is missing or that no calendar has."""


def moment(at: datetime) -> str:
    """A time for people: `2026-11-21 20:54 UTC`."""
    return f"{_utc(at).isoformat(' ', 'minutes')[:16]} UTC"


def timestamp(at: datetime) -> str:
    """A time for programs: `2026-11-21T20:54:00Z`."""
    return _utc(at).isoformat().replace("+00:00", "Z")


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError, OSError):  # the first or last day of the calendar
        return at.replace(tzinfo=UTC)


def moment_at(seconds: float) -> datetime:
    """Seconds since 1970 as a time; BEGINNING where a file system gives what no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return BEGINNING


def moment_in(value: object, fallback: datetime) -> datetime:
    """The time that a JSON value gives, with a time zone; `fallback` where it gives none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else fallback
    except ValueError:
        return fallback
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
