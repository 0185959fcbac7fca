"""Reads conversations.toml fast where it has the form we write it in; the TOML parser reads everything else.

What it gains is in docs/decisions/toml-and-json-lines.md. It knows the form of version 1 alone.
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
    if text.startswith(_HEAD) and (entries := _entries(text)) is not None:
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
