"""Undoes gzip and deflate piece by piece, and tells where a body was cut.

httpx's own decoders take a compressed body that ends too early for a whole one, and
inflate a piece of any size at once.
"""

import zlib
from collections.abc import Iterator

_LARGEST_PIECE = 64 * 1024  # bytes out of one step, whatever a few bytes in may blow up to
_GZIP_START = 0x1F
_GZIP = 16 + zlib.MAX_WBITS
_COMPRESSIONS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz"})
_WINDOWS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class CodingError(Exception):
    """The body cannot be decoded: a coding that we don't know, or damaged data."""


class Inflater:
    """Decodes one body of a given Content-Encoding; raises CodingError."""

    def __init__(self, coding: str) -> None:
        if coding not in _WINDOWS:
            raise CodingError(f"content encoding {coding}")
        self._coding = coding
        self._inflate = zlib.decompressobj(_WINDOWS[coding])
        self._started = False
        self._as_it_is = False
        """Whether the body is not coded at all, whatever its header says."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded bytes of a piece, in steps of bounded size."""
        if data and not self._started:
            self._started = True
            self._as_it_is = self._coding != "deflate" and data[0] != _GZIP_START
            if self._coding == "deflate" and not _has_zlib_header(data):
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # as some servers send it
        if self._as_it_is:
            if data:
                yield data
            return
        while data:
            if self._inflate.eof:
                if self._coding == "deflate" or data[0] != _GZIP_START:
                    return  # padding after the end, which other clients ignore too
                self._inflate = zlib.decompressobj(_GZIP)  # a further gzip member
            decoded = self._step(data)
            data = self._inflate.unused_data or self._inflate.unconsumed_tail
            if decoded:
                yield decoded
        # Output that one full step left inside has no input to come with it.
        while not self._inflate.eof and (decoded := self._step(b"")):
            yield decoded

    def _step(self, data: bytes) -> bytes:
        try:
            return self._inflate.decompress(data, _LARGEST_PIECE)
        except zlib.error as error:
            raise CodingError(f"damaged {self._coding} data") from error

    def finish(self) -> None:
        """Check that the body was whole; raises CodingError."""
        if self._started and not self._as_it_is and not self._inflate.eof:
            raise CodingError(f"{self._coding} data that ends early")


def inflater_for(content_encoding: str) -> Inflater | None:
    """What decodes a body with this header, None where nothing needs to be; raises CodingError."""
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding in _COMPRESSIONS]  # not what is none, such as utf-8
    return Inflater(", ".join(codings)) if codings else None


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 0x0F == 8 and (len(data) == 1 or (data[0] << 8 | data[1]) % 31 == 0)
