"""Writes single settings into config.toml; comments and everything else stay as they are."""

import contextlib
import stat
import tomllib
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from userdesk.domain.chatbot import USERDESK_URL, ApiKey, Chatbot
from userdesk.files.atomic import PRIVATE_FILE, NotConfirmed, write_atomically
from userdesk.settings.config_file import read_config
from userdesk.settings.model import SettingsError

_NOT_SAVED = "was not changed"


def add_bot(path: Path, chatbot: Chatbot, *, api_key: ApiKey | None = None, default: bool = False) -> None:
    """Add or replace `[bots.<name>]`; with a key the file becomes its owner's alone. Raises SettingsError."""

    def change(document: MutableMapping[str, Any]) -> None:
        import tomlkit
        from tomlkit.items import InlineTable

        bots = document.setdefault("bots", tomlkit.table(is_super_table=True))
        inline = isinstance(bots, InlineTable)
        table = bots.setdefault(chatbot.config_name, tomlkit.inline_table() if inline else tomlkit.table())
        table["name"] = chatbot.name
        table["chatbot_id"] = chatbot.chatbot_id
        if chatbot.base_url != USERDESK_URL:
            table["base_url"] = chatbot.base_url
        else:
            table.pop("base_url", None)
        if api_key is not None:
            table["api_key"] = api_key.reveal()
        if default:
            document["default_bot"] = chatbot.config_name

    _rewrite(path, change, secret=api_key is not None)


def set_plain(path: Path, name: str, value: str | bool) -> None:
    """Set a top-level key such as `theme`. Raises SettingsError where the file cannot be read or written."""
    _rewrite(path, lambda document: document.update({name: value}), secret=False)


def _rewrite(path: Path, change: Callable[[MutableMapping[str, Any]], None], *, secret: bool) -> None:
    if problem := read_config(path).problem:
        raise SettingsError(f"{problem}; the file {_NOT_SAVED}")
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    target = path.resolve()  # a link into a folder of dot files stays a link
    try:
        before = target.read_text("utf-8-sig") if target.exists() else ""
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else PRIVATE_FILE
        document = tomlkit.parse(before)
        change(document)
        after = tomlkit.dumps(document)
        change(wanted := tomllib.loads(before))
        if tomllib.loads(after) != wanted:
            raise ValueError("the edited text does not say what was meant")
        if after != before or secret:
            with contextlib.suppress(NotConfirmed):  # it is written; a power cut may bring back the old one
                write_atomically(target, after.encode(), mode=PRIVATE_FILE if secret else mode)
    except OSError as error:
        raise SettingsError(f"{path}: could not be written: {error.strerror or error}") from error
    except (TOMLKitError, AttributeError, TypeError, ValueError):
        # The chained text could quote the file, and so a key.
        raise SettingsError(f"{path}: userdesk cannot edit this file; it {_NOT_SAVED}") from None
