"""Formats of files: their versions, how what an earlier version wrote is read, and JSON as it stands in them.

A module that reads and writes a kind of file declares its FORMAT. To change the format, raise the version and
say in `migrations` what makes the new form of the old one: files are upgraded as they are read.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from userdesk.domain.safe_text import encodable
from userdesk.files.reading import read_bytes

Document = dict[str, Any]
"""One JSON object, or the tables of a TOML file."""
Migration = Callable[[Document], Document]
_DECODER = json.JSONDecoder()


class FileFormat(NamedTuple):
    """A kind of file that the program writes, in its present version."""

    version: int
    migrations: Mapping[int, Migration] = MappingProxyType({})
    """By version, from the oldest that is read on: what makes a document of the next version of it."""

    def upgraded(self, document: Document, written_by: int | None = None) -> Document:
        """A document as the present version would have written it.

        `written_by` is its version: by default what stands under `version`, and 1 where nothing does. What a
        newer version wrote stays as it is: take what is known of it.
        """
        if not self.migrations:
            return document
        if written_by is None:
            named = document.get("version")
            written_by = named if type(named) is int else 1
        for version in range(max(written_by, min(self.migrations)), self.version):
            document = self.migrations[version](document)
        return document

    def parse(self, data: bytes) -> Document | None:
        """The JSON object that a file or a line of it holds, upgraded; None where it holds none."""
        text = data.removeprefix(BOM_UTF8).decode("utf-8", "replace")
        try:
            # What is nothing but an object, as a line of ours, is read without looking for white space.
            document, end = _DECODER.raw_decode(text) if text[:1] == "{" else (None, 0)
            if end < len(text):
                document = _DECODER.decode(text)
        except (ValueError, RecursionError):
            return None
        return self.upgraded(document) if isinstance(document, dict) else None

    def read(self, path: Path) -> Document:
        """The JSON object that a file holds, upgraded; empty where there is none or it can't be read."""
        try:
            return self.parse(read_bytes(path) or b"") or {}
        except OSError:
            return {}

    def text(self, line: bytes) -> str | None:
        """What a line has under `text`; None where that is no text, or the line can't be read."""
        text = (self.parse(line) or {}).get("text")
        return text if isinstance(text, str) else None

    def line(self, document: Mapping[str, object]) -> bytes:
        """One line of JSON Lines: UTF-8, not escaped; lone surrogates become U+FFFD."""
        text = json.dumps(self._stamped(document), ensure_ascii=False, default=str)
        return encodable(text).encode() + b"\n"

    def whole(self, document: Mapping[str, object]) -> bytes:
        """A file that is one JSON object, in ASCII."""
        return json.dumps(self._stamped(document)).encode()

    def _stamped(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """A document that names its version; those of version 1 name none."""
        return document if self.version == 1 else {"version": self.version, **document}
