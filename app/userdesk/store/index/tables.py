"""One entry of conversations.toml: what its table means, and the table and text of a conversation."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import NOTHING
from userdesk.domain.safe_text import encodable
from userdesk.domain.timestamps import BEGINNING

_KNOWN = frozenset(
    ("key", "id", "bot", "chatbot_id", "base_url", "title", "created", "pinned", "previous_ids")
)
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Entry(NamedTuple):
    """What conversations.toml says of a conversation."""

    table: dict[str, Any]
    """As it was read, unknown keys included; never changed."""
    conversation: Conversation
    """What it means."""


def entry_of(table: dict[str, Any]) -> Entry:
    """The entry of a table that has a key which can name a file."""
    return Entry(table, _conversation(table))


def entry_for(conversation: Conversation, old: Entry | None) -> Entry:
    """The entry of a changed conversation; what did not change keeps the value that stood in the file."""
    return Entry(_table(conversation, old), conversation)


def entry_text(table: Mapping[str, Any]) -> str:
    """The lines of an entry, with the empty one that stands before each."""
    return f"\n[[conversation]]\n{toml_lines(table)}"


def _conversation(table: dict[str, Any]) -> Conversation:
    previous = table.get("previous_ids")
    extra = {name: value for name, value in table.items() if name not in _KNOWN}
    return Conversation(
        key=table["key"],
        bot=_text(table, "bot") or "",
        created=moment_of(table.get("created")),
        id=_text(table, "id") or None,
        title=_text(table, "title") or "",
        chatbot_id=_text(table, "chatbot_id"),
        base_url=_text(table, "base_url"),
        pinned=table.get("pinned") is True,
        previous_ids=tuple(x for x in previous if isinstance(x, str)) if isinstance(previous, list) else (),
        extra=extra or NOTHING,
    )


def _text(table: dict[str, Any], name: str) -> str | None:
    value = table.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "chatbot_id":
        return str(value)  # a number written by hand without quotes
    return value if isinstance(value, str) else None


def moment_of(value: object) -> datetime:
    """A time as TOML or a hand may give it, in UTC; BEGINNING where it is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return BEGINNING
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return BEGINNING
    try:
        return value.astimezone(UTC)  # TOML calls a time without zone a local one
    except (OverflowError, ValueError, OSError):
        return BEGINNING


def wrong_values(entry: Entry) -> list[str]:
    """The names of the values that can't be used."""
    table, conversation = entry
    wrong: list[str] = [
        name
        for name in ("id", "bot", "chatbot_id", "base_url", "title")
        if name in table and _text(table, name) is None
    ]
    if "created" in table and conversation.created == BEGINNING:
        wrong.append("created")
    if not isinstance(table.get("pinned", False), bool):
        wrong.append("pinned")
    if table.get("previous_ids", []) != list(conversation.previous_ids):
        wrong.append("previous_ids")
    return wrong


def _table(conversation: Conversation, old: Entry | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "key": conversation.key,
        "id": conversation.id,
        "bot": conversation.bot,
        "chatbot_id": conversation.chatbot_id,
        "base_url": conversation.base_url,
        "title": conversation.title,
        # In UTC: TOML knows no seconds in zones.
        "created": moment_of(conversation.created) if conversation.created != BEGINNING else None,
        "pinned": conversation.pinned or None,
        "previous_ids": list(conversation.previous_ids) or None,
    }
    if old is not None:
        for name in values:
            if name in old.table and getattr(old.conversation, name) == getattr(conversation, name):
                values[name] = old.table[name]
    table = {name: value for name, value in values.items() if value is not None}
    return {**table, **{name: value for name, value in conversation.extra.items() if name not in _KNOWN}}


def toml_lines(table: Mapping[str, Any]) -> str:
    """`key = value` lines of a table; tables inside it are written inline."""
    return "".join(f"{_key(key)} = {_literal(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _literal(key)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return f'"{value}"'
        value = encodable(value)
    elif isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    elif isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_literal(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    elif isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    from tomli_w import dumps  # only needed by what is rare: a start writes nothing

    return dumps({"v": value})[len("v = ") : -1]
