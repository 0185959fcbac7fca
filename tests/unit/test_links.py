"""Which addresses may be opened, and that no shell is asked to."""

import webbrowser
from pathlib import Path

import pytest

from userdesk.tui.links import allowed, open_link


def use(browser: webbrowser.BaseBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a browser the only one there is."""
    monkeypatch.setattr(webbrowser, "_tryorder", ["kept"])
    monkeypatch.setitem(webbrowser._browsers, "kept", [None, browser])


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a browser with a window writes what it was asked to open."""
    program, kept = tmp_path / "browser", tmp_path / "opened"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {kept}\n', "utf-8")
    program.chmod(0o700)
    use(webbrowser.GenericBrowser([str(program), "%s"]), monkeypatch)
    monkeypatch.setenv("BROWSER", str(program))
    return kept


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=c#d", "http://127.0.0.1:8080/", "mailto:ada@example.com"]
)
def test_web_and_mail_are_opened(address: str, opened: Path) -> None:
    assert allowed(address) and open_link(address)
    assert opened.read_text("utf-8") == address


def test_a_browser_that_runs_in_the_terminal_is_none(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER")
    assert not open_link("https://example.com/")
    assert not opened.exists()


def test_no_browser_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    assert not open_link("https://example.com/")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "ssh://-oProxyCommand=x",
        "vscode://x",
        "ftp://example.com/x",
        "//example.com",
        "example.com",
        "-version",
        "https://",
        "mailto:",
        "https://example.com/\r\nX: y",
        "https://exam\x1bple.com",
        "https://example.com/a b",
        "https://[::1",
        "",
    ],
)
def test_nothing_else_is(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda given: pytest.fail(f"opened {given!r}"))
    assert not allowed(address)
    assert not open_link(address)
