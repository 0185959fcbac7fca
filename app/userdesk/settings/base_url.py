"""Checks a service's base URL."""


def checked_base_url(text: str) -> str:
    """The base URL without a trailing slash; raises ValueError with words on what was expected."""
    from urllib.parse import urlsplit  # 3 ms that a start without a base URL need not spend

    expected = "expected an address such as https://api.example.com"
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise ValueError(expected)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(expected) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(expected)
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{expected}, without a user name or password")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError(f"{expected}, without ? or #")
    return text.rstrip("/")
