"""TOML text of tables, each value on one line; the standard library only reads TOML."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def toml_lines(table: Mapping[str, Any]) -> str:
    """`key = value` lines of a table; tables inside it are written inline."""
    return "".join(f"{_key(key)} = {_literal(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _literal(key)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return f'"{value}"'
        if _SURROGATE.search(value):
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    elif isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    elif isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_literal(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    elif isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    from tomli_w import dumps  # only needed by what is rare: a start writes nothing

    return dumps({"v": value})[len("v = ") : -1]
