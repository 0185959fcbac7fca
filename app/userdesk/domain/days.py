"""Days as people say them."""

from datetime import date


def day_name(day: date, today: date) -> str:
    """A day as a heading: Today, Yesterday, a weekday within the week, else the date."""
    age = (today - day).days
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if age < 7:
        return f"{day:%A}"
    return f"{day:%B} {day.day}" if day.year == today.year else f"{day:%B} {day.day}, {day.year}"


def short_day(day: date, today: date) -> str:
    """A date beside a time: `Nov 3`, in another year `Nov 3, 2025`."""
    return f"{day:%b} {day.day}" if day.year == today.year else f"{day:%b} {day.day}, {day.year}"
