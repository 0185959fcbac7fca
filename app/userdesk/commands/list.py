"""`userdesk list`: the saved conversations, newest first, as a table, as tab-separated lines or as JSON."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.output import JsonOutput
from userdesk.commands.saved import (
    chatbot_name,
    known_api_keys,
    newest_first,
    open_store,
    settings_for_saved,
    telling_lengths,
)
from userdesk.commands.streams import warn, write_out
from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.safe_text import clean_line
from userdesk.domain.timestamps import BEGINNING, moment, moment_at, timestamp
from userdesk.settings import Options, Settings, SettingsError
from userdesk.store import Store
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import MessageSearch

_LONGEST = 1_000  # characters of a value in a pipe
_WIDEST = 20  # cells of a column of the table, but the title's
_TITLE = 12  # cells that a title has at least, or other columns go
_Dated: TypeAlias = tuple[Conversation, float]  # with when something last happened, in seconds since 1970


class Request(NamedTuple):
    """What `userdesk list` was asked for."""

    search: Sequence[str] = ()
    """Words that the title or a message must hold."""
    json: bool = False
    limit: int | None = None


class Row(NamedTuple):
    """One saved conversation, safe to show."""

    key: str
    id: str
    """Its conversationId; empty where it has none yet."""
    chatbot: str
    title: str
    last: str
    """When something last happened in it."""


def list(request: Request, options: Options) -> int:
    """Print them; the exit status. Raises SettingsError, and BrokenPipeError."""
    try:
        return _list(request, options)
    except SettingsError as error:
        if not request.json:
            raise
        output = JsonOutput()
        output.error(str(error))
        output.close()
        return ExitStatus.USAGE


def _list(request: Request, options: Options) -> int:
    settings, bot = settings_for_saved(options)
    store = open_store(settings)
    known_api_keys(settings)
    chosen: Iterable[_Dated] = newest_first(store, bot)
    if is_table := sys.stdout.isatty() and not request.json:
        chosen = [*chosen]  # its columns are as wide as all of them need
    found = islice(_found(store, chosen, SearchQuery(" ".join(request.search))), request.limit)
    if request.json:
        print(json.dumps([_as_json(settings, each, at) for each, at in found]), flush=True)
        return ExitStatus.DONE
    lines = _table(settings, store, chosen, found) if is_table else _tab_separated(settings, found)
    is_empty = True
    for line in lines:
        is_empty = False
        write_out(f"{line}\n")
    if is_empty:
        warn("no saved conversations were found")
    return ExitStatus.DONE


def _found(store: Store, chosen: Iterable[_Dated], query: SearchQuery) -> Iterator[_Dated]:
    """Those whose title or messages hold what is looked for: all of them where that is nothing."""
    search = MessageSearch(store.folder.path, kept=0)
    for each, at in chosen:
        if query.are_in(clean_line(each.title)) or search.holds(query, each.key):
            yield each, at


def _row(settings: Settings, conversation: Conversation, last: str) -> Row:
    return Row(
        clean_line(conversation.key, _LONGEST),
        clean_line(conversation.id or "", _LONGEST),
        clean_line(chatbot_name(settings, conversation), _LONGEST),
        clean_line(conversation.title, _LONGEST) or UNTITLED,
        last,
    )


def _as_json(settings: Settings, conversation: Conversation, at: float) -> dict[str, str | None]:
    row = _row(settings, conversation, timestamp(moment_at(int(at))))
    return row._asdict() | {"id": row.id or None, "bot": clean_line(conversation.bot, _LONGEST)}


def _tab_separated(settings: Settings, found: Iterable[_Dated]) -> Iterator[str]:
    return ("\t".join(_row(settings, each, timestamp(moment_at(int(at))))) for each, at in found)


def _table(
    settings: Settings, store: Store, chosen: Iterable[_Dated], found: Iterable[_Dated]
) -> Iterator[str]:
    """Lines as wide as the terminal: ids and keys by their shortest beginnings, titles cut.

    The widths are those that all of `chosen` need, so that each line is there as soon as it is found.
    """
    lengths = {"": 0} | telling_lengths(store.conversations())
    widths = dict.fromkeys(Row._fields, 0) | {
        "key": max((lengths[each.key] for each, _ in chosen), default=0),
        "id": max((lengths[each.id or ""] for each, _ in chosen), default=0),
        "chatbot": max((cell_len(chatbot_name(settings, each)) for each, _ in chosen), default=0),
        "last": cell_len(moment(BEGINNING)),
    }
    widths = {name: min(_WIDEST, max(width, len(name))) for name, width in widths.items()}
    for spare in ("", "id", "chatbot", "last"):
        widths.pop(spare, 0)
        others = sum(width + 2 for name, width in widths.items() if name != "title")
        widths["title"] = max(1, shutil.get_terminal_size().columns - others)
        if widths["title"] >= _TITLE:
            break
    for number, (each, at) in enumerate(found):
        row = _row(settings, each, moment(moment_at(at)))
        row = row._replace(key=row.key[: lengths[each.key]], id=row.id[: lengths[each.id or ""]])
        for line in (Row(*map(str.upper, Row._fields)), row) if not number else (row,):
            yield "  ".join(_fitted(getattr(line, name), width) for name, width in widths.items()).rstrip()


def _fitted(text: str, width: int) -> str:
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)
