import pytest

from log_apart import Clock, Looks, Paces
from userdesk.tui.message_log import log_view, view_follower


@pytest.fixture
def log_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of looks that carry their names, of a pacer that draws at once and a clock."""
    monkeypatch.setattr(log_view, "StyleCache", Looks)
    monkeypatch.setattr(view_follower, "Pacer", Paces)
    monkeypatch.setattr(view_follower, "Ticker", Clock)
