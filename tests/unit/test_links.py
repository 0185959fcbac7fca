"""Which addresses may be opened: decided in one place, and the same wherever a link is shown."""

import webbrowser
from pathlib import Path

import pytest

from userdesk.files.addresses import is_openable, spelled_out
from userdesk.markdown.document import Document
from userdesk.markdown.parse.addresses import openable
from userdesk.tui.chat.messages import open_link

OPENABLE = [
    "https://example.com/a?b=c#d",
    "HTTPS://Example.COM",
    "http://127.0.0.1:8080/",
    "http://localhost:3000",
    "https://[::1]:8443/x",
    "https://example.com./",
    "https://sub_domain.example.com/a_(b)?q=a%20b&c=%C3%A9#%25",
    "https://example.com/share?text=one%0Atwo%0D%0Athree",
    "https://example.com/a@b",
    "https://münchen.example/straße?q=größe",
    "https://例え.テスト/パス",
    "mailto:ada@example.com",
    "mailto:ada@example.com,bob@example.com?subject=Hello%20there&body=One%0D%0Atwo&cc=c@example.com",
    "MAILTO:ada@example.com?Subject=x",
]
REFUSED = [
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://example.com",
    "file:///etc/passwd",
    "data:text/html,x",
    "vbscript:x",
    "ssh://-oProxyCommand=x",
    "vscode://x",
    "ftp://example.com/x",
    "tel:+49301234",
    "//example.com",
    "/etc/passwd",
    "example.com",
    "-version",
    "https:example.com",
    "https:/example.com",
    "https:///example.com",
    "https://",
    "https://?x",
    "https://:80/",
    "https://example.com:99999/",
    "https://example.com:x/",
    "https://[::1",
    "https://::1]/",
    "https://[x]/",
    "https://a..b/",
    "https://exa mple.com/",
    "https://ex\u00a0a.com",
    "https://ex\u3000a.com/",
    "https://ex\u200ba.com/",
    "https://example.com/\u202egpj.exe",
    "https://exam\x1bple.com",
    "https://example.com/\r\nX: y",
    "https://example.com/\x7f",
    "https://example.com/a b",
    "https://example.com/\ufffd",
    "https://example.com\\@evil.example/",
    "https://google.com@evil.example/",
    "https://user:password@example.com/",
    "https://ex%61mple.com/",
    "https://example.com%2f@evil.example/",
    "https://example.com/%0d%0aSet-Cookie:x",
    "https://example.com/?a=%00",
    "https://example.com/?a=%1b[31m",
    "https://example.com/#%07",
    "https://a|b.example/",
    "https://<b>.example/",
    f"https://{'ä' * 80}.example/",
    f"https://example.com/{'a' * 9000}",
    "mailto:",
    "mailto:?subject=x",
    "mailto:-x@example.com",
    "mailto:%2Dx@example.com",
    "mailto://example.com/x",
    "mailto:a@example.com%0d%0aBcc:b@example.com",
    "mailto:a@example.com?subject=x%0d%0aBcc:b@example.com",
    "mailto:a@example.com?attach=/etc/passwd",
    "mailto:a@example.com?attachment=x",
    "mailto:a@example.com?In-Reply-To=x",
    "mailto:a@example.com?x",
    "",
    " ",
]


def use(browser: webbrowser.BaseBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a browser the only one there is."""
    monkeypatch.setattr(webbrowser, "_tryorder", ["kept"])
    monkeypatch.setattr(webbrowser, "get", lambda *_: browser)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a browser with a window writes what it was asked to open."""
    program, kept = tmp_path / "browser", tmp_path / "opened"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {kept}\n', "utf-8")
    program.chmod(0o700)
    use(webbrowser.GenericBrowser([str(program), "%s"]), monkeypatch)
    monkeypatch.setenv("BROWSER", str(program))
    return kept


@pytest.mark.parametrize("address", OPENABLE)
def test_web_and_mail_are_opened(address: str, opened: Path) -> None:
    assert is_openable(address) and open_link(address)
    assert opened.read_text("utf-8") == address
    assert openable(address) == address


def test_a_browser_that_runs_in_the_terminal_is_none(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER")
    assert not open_link("https://example.com/")
    assert not opened.exists()


def test_no_browser_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    assert not open_link("https://example.com/")


@pytest.mark.parametrize("address", REFUSED, ids=lambda address: ascii(address)[:60])
def test_nothing_else_is(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda given: pytest.fail(f"opened {given!r}"))
    assert not is_openable(address)
    assert not open_link(address)


@pytest.mark.parametrize("address", [*OPENABLE, *REFUSED], ids=lambda address: ascii(address)[:60])
@pytest.mark.parametrize("written", ["[a link](<{}>)", "<{}>", "see {} here", "[x]: <{}>\n\n[x]"])
def test_no_link_of_an_answer_leads_elsewhere(address: str, written: str) -> None:
    """On the screen and in an exported page alike: what is a link may be opened."""
    from userdesk.domain.chatbot import Chatbot
    from userdesk.domain.conversation import Conversation
    from userdesk.domain.message import Message, Role, now
    from userdesk.domain.safe_text import clean
    from userdesk.export.formats import render
    from userdesk.export.subject import Subject

    text = written.format(address)
    document = Document(clean(text))
    document.finish()
    hrefs = {run.href for row in document.layout(80).rows for run in row.runs if run.href}
    assert all(map(is_openable, hrefs))
    conversation = Conversation.start(Chatbot("b", "Acme", "1"), now())
    subject = Subject.of(conversation, [Message(role=Role.ASSISTANT, text=text, at=now())], "Acme")
    assert ("<a " in render(subject, "html")) is bool(hrefs)
    if written == "[a link](<{}>)" and address in OPENABLE:
        assert hrefs == {address}


def test_look_alike_letters_are_spelled_out() -> None:
    assert spelled_out("https://аpple.com/x?ü") == "https://xn--pple-43d.com/x?ü"
    assert spelled_out("https://apple.com/ü") == "https://apple.com/ü"
    assert spelled_out("http://münchen.example:8080/") == "http://xn--mnchen-3ya.example:8080/"
    assert is_openable(spelled_out("https://例え.テスト/パス"))
