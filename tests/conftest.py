"""Every test starts without the settings, keys and terminal habits of whoever runs it."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from userdesk.questions.pattern_matcher import PatternMatcher

sys.path.insert(0, str(Path(__file__).parent))  # command_runs.py, scripted_server.py

# A job in the background, or under nohup, ignores these, and so would what it starts: tests that send them
# would wait for an end that does not come. A handler that does nothing is not handed on.
for _name in ("SIGINT", "SIGHUP"):
    if (_number := getattr(signal, _name, None)) and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)

# What a busy machine takes for an example says nothing of the program.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_FOREIGN = ("USERDESK_", "TEXTUAL", "XDG_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_")
_OWN = ("USERDESK_LIVE_", "TEXTUAL_SNAPSHOT_")


def pytest_collection_finish() -> None:
    """Have no search for garbage look again at the tests and at what they import, which stay."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names for home folders. pytest would look through those of all tests before for the next number."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path]) -> Path:
    """A home of its own, no keyring, no proxy; the home folder."""
    for name in os.environ:
        if name.upper().startswith(_FOREIGN) and not name.startswith(_OWN):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    from userdesk.domain.secret_mask import KNOWN

    monkeypatch.setattr("userdesk.tui.start.KEYS_FIRST", 0.0)  # thousands of starts, in which nobody types
    KNOWN.forget_all()  # keys of other tests in this process, such as "new", are words in this one's
    home = next(homes)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def nothing_frozen() -> Iterator[None]:
    """What a program took from the collector is garbage after it, and would stay until all tests are over."""
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def matcher() -> "Iterator[PatternMatcher]":
    """What tries patterns, its process shared by the tests of a run."""
    from userdesk.questions.pattern_matcher import PatternMatcher

    with PatternMatcher() as matcher:
        yield matcher


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def login(tmp_path: Path, data_dir: Path) -> dict[str, str]:
    """The environment of a login shell with no chatbot configured."""
    from command_runs import login_environment  # imports the demo server, which few tests need

    return login_environment(tmp_path, data_dir)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What the program logs, whatever a log file that an earlier test opened has set."""
    monkeypatch.setattr(logging.getLogger("userdesk"), "propagate", True)
    caplog.set_level(logging.INFO, logger="userdesk")
    return caplog
