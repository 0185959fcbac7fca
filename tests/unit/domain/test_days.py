"""Days in words."""

from datetime import date, timedelta

import pytest

from userdesk.domain.days import day_name, short_day

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        *((-1, "Today"), (0, "Today"), (1, "Yesterday"), (2, "Thursday"), (6, "Sunday")),
        *((7, "November 14"), (324, "January 1"), (325, "December 31, 2025")),
    ],
)
def test_day_is_named_by_its_distance(days: int, name: str) -> None:
    assert day_name(TODAY - timedelta(days), TODAY) == name


def test_year_is_said_where_it_is_another() -> None:
    assert short_day(date(2026, 11, 3), TODAY) == "Nov 3"
    assert short_day(date(2025, 11, 3), TODAY) == "Nov 3, 2025"
