"""Which addresses may be opened, and that no shell is asked to."""

import webbrowser

import pytest

from userdesk.tui.links import allowed, open_link


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=c#d", "http://127.0.0.1:8080/", "mailto:ada@example.com"]
)
def test_web_and_mail_are_opened(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda given: opened.append(given) or True)
    assert allowed(address) and open_link(address)
    assert opened == [address]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "ssh://-oProxyCommand=x",
        "vscode://x",
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
