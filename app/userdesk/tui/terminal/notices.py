"""Notices whose time never runs backwards."""

from textual.notifications import Notification

MOMENT = 0.01  # s


class Notice(Notification):
    """A notice of the framework that stays for a moment at least.

    The framework looks whether a notice has expired, and then has it stay for the time that is left. Where
    another program had the processor in between, that is less than nothing: for such a time its timer runs
    in circles for ever, and no key is read any more.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it goes."""
        return max(MOMENT, super().time_left)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return super().time_left <= 0
