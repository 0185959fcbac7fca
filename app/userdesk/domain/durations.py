"""Durations as people type them: `90s`, `5m`, `1h30m`, `7d`."""

import re

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_TYPED = re.compile("".join(rf"(?:(?P<{unit}>\d{{1,9}}){unit})?" for unit in _UNITS), re.ASCII)


def parse_duration(text: str) -> int | None:
    """The seconds of weeks, days, hours, minutes and seconds, in that order; None where it is no duration."""
    typed = _TYPED.fullmatch(text.strip().lower())
    seconds = sum(int(number) * _UNITS[unit] for unit, number in typed.groupdict("0").items()) if typed else 0
    return seconds or None
