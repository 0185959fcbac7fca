import pytest

from userdesk.settings.kinds import checked_base_url


@pytest.mark.parametrize(
    ("text", "base_url"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        (" http://127.0.0.1:8080/base// ", "http://127.0.0.1:8080/base"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_an_address_is_kept_without_its_trailing_slash(text: str, base_url: str) -> None:
    assert checked_base_url(text) == base_url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https:///path",
        "http://host:99999",
        "http://host:0",
        "http://[::1",
        "https://a b.example.com",
        "https://host/\x1b[31m",
        "https://host/?key=1",
        "https://host/#part",
        "https://ada:secret@host",
    ],
)
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected an address such as https://") as caught:
        checked_base_url(text)
    assert "secret" not in str(caught.value)
