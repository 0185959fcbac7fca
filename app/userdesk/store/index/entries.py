"""conversations.toml: its text, and the conversations it lists. Reads what can be read, whoever wrote it."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.files.formats import FileFormat
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile
from userdesk.store.folder import is_safe_key
from userdesk.store.index.entry_list import EntryList
from userdesk.store.index.fast_reader import scan
from userdesk.store.index.tables import Entry, entry_for, entry_of, toml_lines, wrong_values

FORMAT = FileFormat(version=1, migrations={0: lambda document: document})
"""A file that names no version is of version 0, which differs in nothing else."""
_LISTED = re.compile(r"(?m)^[ \t]*\[\[[ \t]*conversation[ \t]*\]\][ \t]*(?:#.*)?\r?$")
_DIGITS = re.compile(r"\d{1,9}")
_READ_ONLY = "Conversations can be read, but nothing is saved"
_VERSION = re.compile(r"(?m)^[ \t]*version[ \t]*=[ \t]*(\d{1,9})\b")


@dataclass(slots=True, eq=False, repr=False)
class Index:
    """What conversations.toml holds."""

    head: dict[str, Any] = field(default_factory=dict)
    """Everything at the top but the version and the conversations."""
    entries: EntryList = field(default_factory=EntryList)
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
        return Index(dict(self.head), self.entries.copy(), newer=self.newer)

    def get(self, key: ConversationKey) -> Conversation | None:
        """A conversation that is listed."""
        return self.entries.conversation(key)

    def put(self, conversation: Conversation) -> None:
        """Add a conversation at the end, or replace it where it stands."""
        self.entries.put(entry_for(conversation, self.entries.get(conversation.key)))

    def says_the_same(self, other: "Index") -> bool:
        """Whether both would be written as the same file."""
        return self.head == other.head and self.entries.says_the_same(other.entries)

    def text(self) -> bytes:
        """The whole file."""
        return toml_lines({"version": FORMAT.version, **self.head}).encode() + self.entries.text()


def parse_index(data: bytes, *, whole: bool = True) -> Index:
    """What a conversations.toml holds; never raises, says what could not be read.

    Unless it is wanted `whole`, a list of the usual form is read no further than to know that it has that
    form: whether a key stands in it twice comes out the next time.
    """
    found = scan(data)
    if found is not None and not (whole and len(found.facts.numbers) < len(found)):
        index = Index(entries=EntryList(found))
        for key, entry in found.odd.items():
            _judge(index, found.number(key), entry)
        return index
    broken = ""
    try:
        document = parse_toml(data.decode("utf-8-sig"))
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
    elif key in index.entries:
        trouble = f"has the same key as another one, {key}"
    else:
        entry = entry_of(table)
        index.entries.put(entry)
        _judge(index, number, entry)
        return
    index.problems.append(f"conversation {number} {trouble}")
    index.incomplete = True


def _judge(index: Index, number: int, entry: Entry) -> None:
    if wrong := wrong_values(entry):
        key = entry.conversation.key
        index.problems.append(f"conversation {number} ({key}): {', '.join(wrong)} can't be used")


def _salvage(text: str) -> dict[str, Any]:
    """The entries of a broken file that are TOML on their own, and its version."""
    head, *parts = _LISTED.split(text)
    entries = []
    for part in parts:
        with suppress(UnreadableFile):
            entries.append(parse_toml(part))
    version = _VERSION.search(head)
    return {"version": int(version[1]) if version else FORMAT.version, "conversation": entries}
