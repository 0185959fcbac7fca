import pytest

from log_apart import Looks, Paces
from userdesk.tui.message_log import log_view, view_follower


@pytest.fixture
def log_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of looks that carry their names, and of a pacer that draws at once."""
    monkeypatch.setattr(log_view, "StyleCache", Looks)
    monkeypatch.setattr(view_follower, "Pacer", Paces)
