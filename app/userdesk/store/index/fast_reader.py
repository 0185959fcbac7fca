"""Reads conversations.toml fast where it has the form we write it in; the TOML parser reads everything else.

The first screen and its first key wait for neither. But the thread that reads holds up all keys that come
after them, and a command waits for the whole list. Measured on two noisy cores, the standard library's parser
in brackets:

    conversations                        1,000       5,000         20,000
    processor time, ms                   3 (43)      30 (240)      86 (1,050)
    longest echo of a key, ms            114 (207)   334 (770)     932 (1,904)
    start until the list is shown, s     1.08 (1.14) 1.25 (1.60)   1.56 (2.50)

It knows the form of version 1 alone.
"""

import re
from datetime import datetime
from typing import Any

from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile

_HEAD = "version = 1\n"
_PLAIN = r'"([^"\\\x00-\x1f\x7f]*)"'
_TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
_OURS = re.compile(
    rf"\n\[\[conversation\]\]\nkey = {_PLAIN}\n(?:id = {_PLAIN}\n)?bot = {_PLAIN}\n"
    rf"(?:chatbot_id = {_PLAIN}\n)?"
    rf"(?:base_url = {_PLAIN}\n)?title = {_PLAIN}\ncreated = {_TIME}\n(?:pinned = (true)\n)?(?=\n\[\[|\Z)"
)
_NAMES = ("key", "id", "bot", "chatbot_id", "base_url", "title", "created", "pinned")
_NEXT = "\n\n[[conversation]]\n"


def document_of(text: str) -> dict[str, Any]:
    """The tables of a conversations.toml. Raises UnreadableFile."""
    if text.startswith(_HEAD):
        entries = _entries(text)
        if entries is not None:
            return {"version": 1, "conversation": entries}
    return parse_toml(text)


def _entries(text: str) -> list[dict[str, Any]] | None:
    entries: list[dict[str, Any]] = []
    position = len(_HEAD)
    while position < len(text):
        match = _OURS.match(text, position)
        if match is not None:
            entry = {
                name: value for name, value in zip(_NAMES, match.groups(), strict=True) if value is not None
            }
            try:
                entry["created"] = datetime.fromisoformat(match[7])
            except ValueError:
                return None
            if match[8]:
                entry["pinned"] = True
            entries.append(entry)
            position = match.end()
            continue
        end = text.find(_NEXT, position + 1)
        end = len(text) if end < 0 else end + 1
        try:
            # A boundary inside of a string of several lines leaves that string open here: no TOML.
            document = parse_toml(text[position:end])
        except UnreadableFile:
            return None
        tables = document.pop("conversation", None)
        if document or not isinstance(tables, list) or len(tables) != 1 or not isinstance(tables[0], dict):
            return None
        entries.append(tables[0])
        position = end
    return entries
