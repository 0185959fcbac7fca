"""Durations as people type them."""

import pytest

from userdesk.domain.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), (" 1H30m ", 5400), ("7d", 604_800), ("2w1d", 1_296_000), ("1h0m5s", 3605)],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "5", "m", "0s", "-5m", "1.5h", "5 m", "30m1h", "٥m", "5min", "9" * 12 + "s"]
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration(text) is None
