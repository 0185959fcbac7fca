"""Every test starts without the settings, keys and terminal habits of whoever runs it."""

import os
from pathlib import Path

import pytest

_FOREIGN = ("USERDESK_", "TEXTUAL", "XDG_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_")
_OWN = ("USERDESK_LIVE_", "TEXTUAL_SNAPSHOT_")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own, no keyring, no proxy; the home folder."""
    for name in os.environ:
        if name.upper().startswith(_FOREIGN) and not name.startswith(_OWN):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home
