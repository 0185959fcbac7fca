"""Times as text: always UTC, for people and for programs."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """A time for people: `2026-11-21 20:54 UTC`."""
    return _utc(at).strftime("%Y-%m-%d %H:%M UTC")


def timestamp(at: datetime) -> str:
    """A time for programs: `2026-11-21T20:54:00Z`."""
    return _utc(at).isoformat().replace("+00:00", "Z")


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError, OSError):  # the first or last day of the calendar
        return at.replace(tzinfo=UTC)
