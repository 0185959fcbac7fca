"""What tests change for the program that they run: nothing goes by itself, other processes are seen soon."""

import gc

import pytest
from textual.drivers.headless_driver import HeadlessDriver

LOOKS_EVERY = 0.2  # s
SELDOM = (50_000, 10, 10)
POINTER_SHAPE = "\x1b]22;"
MODULES_WITH_TODAY = (
    "userdesk.tui.chat.directory",
    "userdesk.tui.switcher.screen",
    "userdesk.tui.message_log.bubble",
)
"""Where the program asks for the date."""


def let_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes by itself would be gone before a busy machine has looked for it."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("userdesk.tui.widgets.status_bar.StatusBar.NEWS_FOR", 60.0)
    monkeypatch.setattr("userdesk.tui.widgets.toast.STAYS", 60.0)
    monkeypatch.setattr("userdesk.tui.chat.trash.UNDO_FOR", 60.0)


def watch_folder_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program look every LOOKS_EVERY seconds at what other processes did."""
    monkeypatch.setattr("userdesk.tui.chat.screen.WATCH_EVERY", LOOKS_EVERY)


def collect_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for garbage less often than the program does for its keys' sake; its own choice stays unheard."""
    gc.set_threshold(*SELDOM)
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)


def record_terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program writes to its terminal beside its screen and the pointer's shape."""
    written: list[str] = []

    def write(driver: HeadlessDriver, data: str) -> None:
        if not data.startswith(POINTER_SHAPE):
            written.append(data)

    monkeypatch.setattr(HeadlessDriver, "write", write)
    return written
