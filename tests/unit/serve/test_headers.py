"""What a browser is told of our pages and of files."""

from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.serve.headers import attachment, headers


def test_pages_load_from_here_alone_and_are_in_no_frame() -> None:
    fields = headers("chat.example.com", is_secure=True)
    policy = fields["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' wss://chat.example.com;" in policy
    assert "script-src 'self';" in policy
    assert fields["X-Frame-Options"] == "DENY"
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Referrer-Policy"] == "no-referrer"
    assert fields["Cross-Origin-Opener-Policy"] == fields["Cross-Origin-Resource-Policy"] == "same-origin"
    assert fields["Cache-Control"] == "no-store"
    assert "ws:" not in headers()["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("talk.md", "talk.md", "talk.md"),
        ("Öl & Größe.md", "_l & Gr__e.md", "Öl & Größe.md"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("..\\evil.exe", "evil.exe", "evil.exe"),
        ('a"; filename=b.exe', "a_; filename=b.exe", 'a"; filename=b.exe'),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x", "aSet-Cookie: x"),
        (".bashrc", "bashrc", "bashrc"),
        ("", "file", "file"),
        ("\ud800", "file", "file"),
        ("\u202egpj.exe", "gpj.exe", "gpj.exe"),
    ],
)
def test_file_is_saved_under_a_harmless_name(name: str, plain: str, whole: str) -> None:
    told = attachment(name)
    assert f'filename="{plain}"' in told
    assert unquote(told.rpartition("''")[2]) == whole


@given(st.text())
def test_any_name_makes_one_header_of_ascii(name: str) -> None:
    told = attachment(name)
    assert told.isascii()
    assert told.isprintable()
    message = Message()
    message["Content-Disposition"] = told
    assert message.get_content_disposition() == "attachment"
    assert len(message.get_params(header="content-disposition") or []) == 3
