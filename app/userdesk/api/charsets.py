"""Bytes of an answer into text: UTF-8, or the charset that is stated or plain to see where they are not."""

import codecs
import re
from codecs import IncrementalDecoder
from typing import Any

_STATED = re.compile(r"""charset\s*=\s*["']?([^\s"';]+)""", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_BOM = 4  # bytes
# As every browser reads them (WHATWG, Encoding): what calls itself Latin-1 is what Windows writes, and wide
# characters without a byte order mark begin with the low byte.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_SEVEN_BIT = ("iso2022", "hz", "utf-7")  # charsets whose letters beyond ASCII are valid ASCII too
_ASCII = bytes((9, 10, 13, *range(32, 126)))


def stated_charset(content_type: str) -> str:
    """The codec of the charset that a Content-Type states; empty where it states none that is known."""
    found = _STATED.search(content_type)
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1]).name
        name = _MEANT.get(name, name)
        b"".decode(name)  # refuses codecs that are no charsets
        codecs.getincrementaldecoder(name)("replace").decode(_ASCII, True)
    except (LookupError, ValueError, TypeError):
        return ""
    return "" if name == "utf-8" else name


def needs_more(charset: str, beginning: bytes) -> bool:
    """Whether the first bytes may be part of a byte order mark, or of a wide character."""
    return len(beginning) < LONGEST_BOM and (
        b"\0" in beginning or _is_wide(charset) or any(bom.startswith(beginning) for bom, _ in _BOMS)
    )


def decoder_for(charset: str, beginning: bytes) -> IncrementalDecoder:
    """What decodes a body with this stated charset, or none, and these first bytes."""
    for bom, name in _BOMS:
        if beginning.startswith(bom):
            return _incremental(name)
    # UTF-16, where two letters of ASCII or Latin-1 show it by their zero bytes.
    zeros = "".join("0" if byte == 0 else "x" for byte in beginning[:LONGEST_BOM])
    if wide := {"x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros):
        return _incremental(wide)
    if not charset:
        return _incremental("utf-8")
    if charset.startswith(_SEVEN_BIT):
        return _incremental(charset)
    if _is_wide(charset):
        return _incremental("utf-8" if _may_be_utf8(beginning) else charset)
    return _Utf8OrStated(charset)


class _Utf8OrStated(IncrementalDecoder):
    """UTF-8 up to the first byte that cannot be, from there on the stated charset."""

    def __init__(self, charset: str) -> None:
        super().__init__()
        self._charset = charset
        self._decoder: IncrementalDecoder = codecs.getincrementaldecoder("utf-8")("strict")

    def decode(self, input: Any, final: bool = False) -> str:
        try:
            return self._decoder.decode(input, final)
        except UnicodeDecodeError as error:
            valid, rest = error.object[: error.start], error.object[error.start :]
        self._decoder = _incremental(self._charset)
        return valid.decode() + self._decoder.decode(rest, final)

    def getstate(self) -> tuple[bytes, int]:
        return self._decoder.getstate()


def _is_wide(charset: str) -> bool:
    return bool(charset) and _ASCII.decode(charset, "replace") != _ASCII.decode()


def _incremental(name: str) -> IncrementalDecoder:
    return codecs.getincrementaldecoder(name)("replace")


def _may_be_utf8(beginning: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(beginning)
    except UnicodeDecodeError:
        return False
    return True
