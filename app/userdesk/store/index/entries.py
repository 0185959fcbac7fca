"""conversations.toml: its text, and the conversations it lists. Reads what can be read, whoever wrote it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.message import NOTHING
from userdesk.domain.safe_text import encodable
from userdesk.domain.timestamps import BEGINNING
from userdesk.files.formats import FileFormat
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile
from userdesk.store.folder import is_safe_key
from userdesk.store.index.fast_reader import document_of

FORMAT = FileFormat(version=1, migrations={0: lambda document: document})
"""A file that names no version is of version 0, which differs in nothing else."""
_KNOWN = frozenset(
    ("key", "id", "bot", "chatbot_id", "base_url", "title", "created", "pinned", "previous_ids")
)
_ENTRY = re.compile(r"(?m)^[ \t]*\[\[[ \t]*conversation[ \t]*\]\][ \t]*(?:#.*)?\r?$")
_DIGITS = re.compile(r"\d{1,9}")
_READ_ONLY = "Conversations can be read, but nothing is saved"
_VERSION = re.compile(r"(?m)^[ \t]*version[ \t]*=[ \t]*(\d{1,9})\b")
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Index:
    """What conversations.toml holds: tables as they were read, and the conversations they mean."""

    head: dict[str, Any] = field(default_factory=dict)
    """Everything at the top but the version and the conversations."""
    tables: dict[ConversationKey, dict[str, Any]] = field(default_factory=dict)
    """By key, in the order of the file, unknown keys included."""
    conversations: dict[ConversationKey, Conversation] = field(default_factory=dict)
    newer: bool = False
    """Whether a newer version wrote it, or one that can't be told, so that it must not be written."""
    older: bool = False
    """Whether an older version wrote it, so that it is to be written anew and the original kept."""
    broken: str = ""
    """What is wrong where the text is no TOML; what could be read of it is here nevertheless."""
    problems: list[str] = field(default_factory=list)
    """Entries or values that could not be used, one line each."""
    incomplete: bool = False
    """Whether writing it would lose something that stands in the file."""
    lost: bool = False
    """Whether entries or ids that the file had are not in it any more; what is known of them is here."""

    @property
    def is_damaged(self) -> bool:
        """Whether the file says less than is known by now, so that it is to be written anew."""
        return bool(self.broken) or self.lost

    @property
    def damage(self) -> str:
        """What the name of a kept copy says of the file as it was; empty where no copy is needed."""
        if self.broken:
            return "broken"
        if self.lost:
            return "short"
        if self.incomplete:
            return "set-aside"
        return f"before-version-{FORMAT.version}" if self.older else ""

    def copy(self) -> "Index":
        """A copy that can be changed without touching this one."""
        return Index(dict(self.head), dict(self.tables), dict(self.conversations), newer=self.newer)

    def put(self, conversation: Conversation) -> None:
        """Add a conversation at the end, or replace it where it stands."""
        key = conversation.key
        self.tables[key] = _table(conversation, self.tables.get(key, {}), self.conversations.get(key))
        self.conversations[key] = conversation

    def remove(self, key: ConversationKey) -> None:
        """Take a conversation out."""
        del self.tables[key]
        del self.conversations[key]

    def text(self) -> bytes:
        """The whole file."""
        head = {"version": FORMAT.version, **self.head}
        parts = [toml_lines(head)]
        parts += [f"\n[[conversation]]\n{toml_lines(table)}" for table in self.tables.values()]
        return "".join(parts).encode()


def parse_index(data: bytes) -> Index:
    """What a conversations.toml holds; never raises, says what could not be read."""
    broken = ""
    try:
        document = document_of(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        broken = "expected UTF-8 text"
    except UnreadableFile as error:
        broken = f"line {error.line}: {error}" if error.line else str(error)
    if broken:
        document = _salvage(data.decode("utf-8-sig", "replace"))
    index = Index(broken=broken)
    version = document.pop("version", None if document else FORMAT.version)
    document = FORMAT.upgraded(document, _judged_version(index, version))
    entries = document.pop("conversation", [])
    index.head = document
    if isinstance(entries, dict):
        entries = [entries]  # [conversation] instead of [[conversation]]
    elif not isinstance(entries, list):
        index.problems.append("conversation should be a list of tables")
        index.incomplete = True
        entries = []
    for number, table in enumerate(entries, 1):
        _take(index, number, table)
    return index


def _judged_version(index: Index, version: object) -> int:
    """A file's version, noting whether an older or a newer program wrote it; None stands for none named."""
    if isinstance(version, str) and _DIGITS.fullmatch(version):
        index.problems.append(f"version should be a number, not {version!r}")
        index.incomplete = True
        version = int(version)
    if version is None:
        version = 0
    if isinstance(version, int) and not isinstance(version, bool):
        index.newer, index.older = version > FORMAT.version, version < FORMAT.version
        if index.newer:
            index.problems.append(f"from a newer version of userdesk ({version}). {_READ_ONLY}")
        return version
    index.newer = True  # not a version we know how to write
    index.problems.append(f"version should be a number, not {version!r:.40}. {_READ_ONLY} until it is one")
    return FORMAT.version


def _take(index: Index, number: int, table: object) -> None:
    key = table.get("key") if isinstance(table, dict) else None
    if not isinstance(table, dict):
        trouble = "is not a table"
    elif key is None:
        trouble = "has no key"
    elif not is_safe_key(key):
        trouble = f"has a key that can't name a file: {key!r:.40}"
    elif key in index.tables:
        trouble = f"has the same key as another one, {key}"
    else:
        index.tables[key] = table
        index.conversations[key] = conversation = _conversation(table)
        if wrong := _wrong_values(table, conversation):
            index.problems.append(f"conversation {number} ({key}): {', '.join(wrong)} can't be used")
        return
    index.problems.append(f"conversation {number} {trouble}")
    index.incomplete = True


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


def _wrong_values(table: dict[str, Any], conversation: Conversation) -> list[str]:
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


def _table(conversation: Conversation, old: dict[str, Any], was: Conversation | None) -> dict[str, Any]:
    """The table of a conversation; what did not change keeps the value that stood in the file."""
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
    if was is not None:
        for name in values:
            if name in old and getattr(was, name) == getattr(conversation, name):
                values[name] = old[name]
    table = {name: value for name, value in values.items() if value is not None}
    return {**table, **{name: value for name, value in conversation.extra.items() if name not in _KNOWN}}


def _salvage(text: str) -> dict[str, Any]:
    """The entries of a broken file that are TOML on their own, and its version."""
    head, *parts = _ENTRY.split(text)
    entries = []
    for part in parts:
        with suppress(UnreadableFile):
            entries.append(parse_toml(part))
    version = _VERSION.search(head)
    return {"version": int(version[1]) if version else FORMAT.version, "conversation": entries}


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
