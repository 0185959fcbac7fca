"""What of a text is compared with a secret, however that is written in it.

A server, or an old transcript, may hold a key in pieces: with invisible characters or emphasis marks in
it, as entities, escapes or percent signs, in links and comments, in another case or width, with other
hyphens, in base64 or hexadecimal. What is compared is what is left once all of that is taken away or
decoded.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LONG = 12  # characters from which on a key is looked for in base64 and hexadecimal too

# Taken away: controls, line breaks, everything beyond ASCII, hyphens, which are set in many ways, and the
# marks of Markdown and of quoting.
_IDLE = bytes([*range(9), *range(10, 32), 127]) + b"-*_~`\\[]"
_LOWER = bytes(range(256)).lower()
_ESCAPES = (
    r"&(?:\#[0-9]{1,8}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
)
ESCAPE = re.compile(_ESCAPES)
"""An entity, or an escape of JSON, Python or an address: it stands for a letter."""
TOKEN = re.compile(
    r"<!---?>|<!--.{0,1000}?-->|<[!?/A-Za-z][^<>]{0,1000}>|\]\([^()]{0,1000}\)|\]\[[^\[\]]{0,300}\]"
    rf"|\x1b\[[0-?]{{0,64}}[@-~]|\x1b\][^\x07\x1b]{{0,300}}(?:\x07|\x1b\\)|{_ESCAPES}",
    re.S,
)
"""An escape, or a comment, a tag, a link's address or a terminal's sequence, which stand for nothing."""
TOKEN_START = re.compile(r"[<\]&%\\\x1b]")
# The others are compiled when a text first needs them.
_OPEN_ESCAPES = r"&[\#0-9A-Za-z]{0,32}|%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?"
OPEN_ESCAPE = rf"(?:{_OPEN_ESCAPES})\Z"
"""An escape that has begun at the end of a text."""
OPEN_TOKEN = (
    rf"(?:{_OPEN_ESCAPES}|<[^<>]{{0,1000}}|\](?:\([^()]{{0,1000}}|\[[^\[\]]{{0,300}})?"
    r"|\x1b(?:\[[0-?]{0,64}|\][^\x07\x1b]{0,300}\x1b?)?)\Z"
)
"""A token that has begun at the end of a text."""
SPACED = (
    r"(?s:<!---?>|<!--.{0,1000}?(?:-->|\Z)|<[!?/A-Za-z][^<>]{0,1000}(?:>|\Z)"
    r"|\]\([^()]{0,1000}(?:\)|\Z)|\]\[[^\[\]]{0,300}(?:\]|\Z))"
)
"""A token, begun or whole, in which white space does not end a secret."""
# Superscripts, letterlike, enclosed, full width, of mathematics.
_LETTER_FORMS = (
    r"[\xaa\xb2\xb3\xb9\xba\u017f\u02b0-\u02e4\u1d2c-\u1d6a\u2070-\u209f\u2100-\u214f\u2460-\u24ff"
    r"\ufe50-\ufe6f\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f100-\U0001f189]+"
)


class Letters(NamedTuple):
    """The letters of a text that are compared, and where in the text each begins and ends."""

    letters: bytes
    starts: list[int]
    ends: list[int]


def reduced(text: str) -> bytes:
    """The letters of a text that are compared."""
    if not text.isascii() and re.search(_LETTER_FORMS, text):
        from unicodedata import normalize

        text = re.sub(_LETTER_FORMS, lambda run: normalize("NFKC", run[0]), text)
    return text.encode("ascii", "ignore").translate(_LOWER, _IDLE)


def decoded(text: str, tokens: re.Pattern[str] | None) -> str:
    """The text with what these tokens stand for in their place."""
    return tokens.sub(lambda found: _meaning(found[0]), text) if tokens else text


def letters_of(text: str, tokens: re.Pattern[str] | None) -> Letters:
    """As `reduced` of `decoded`, with the places: slow, for a text that holds a secret or may begin one."""
    letters = bytearray()
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        token = tokens.match(text, at) if tokens and TOKEN_START.match(text, at) else None
        end = token.end() if token else at + 1
        meant = reduced(_meaning(token[0]) if token else text[at])
        letters += meant
        starts += [at] * len(meant)
        ends += [end] * len(meant)
        at = end
    return Letters(bytes(letters), starts, ends)


def _meaning(token: str) -> str:
    """What an entity or an escape stands for; nothing for comments, tags, addresses, terminal sequences."""
    match token[0]:
        case "&":
            from html import unescape  # its table of names is long, and hardly ever needed

            return unescape(token)
        case "%":
            return chr(int(token[1:], 16))
        case "\\":
            return chr(int(token[2:], 16))
    return ""


def encoded(secret: str) -> Iterator[bytes]:
    """The letters of a secret in hexadecimal, and in base64 wherever in the encoded bytes it begins."""
    if len(secret) < _LONG:
        return
    from base64 import b64encode, urlsafe_b64encode

    data = secret.encode("utf-8", "replace")
    yield data.hex().encode()
    for before in range(3):
        padded = bytes(before) + data
        for encode in (b64encode, urlsafe_b64encode):
            # The first and last characters hold bits of what stands beside the secret.
            made = encode(padded).rstrip(b"=")[(0, 2, 3)[before] :]
            yield reduced((made[:-1] if len(padded) % 3 else made).decode())
