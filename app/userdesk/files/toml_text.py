"""Parses TOML that a person wrote: whatever is wrong with it is told by line, in our own words."""

import re
import sys
from typing import Any

from userdesk.files.user_files import UnreadableFile

_DEEPEST_KEY = 500  # parts of one dotted key; tomllib's time grows with their square
_NESTED = 100  # brackets in a row; more than the parser's recursion is the only reason to look for them
_ENDLESS = "0[xob][0-9A-Fa-f_]{1000}"
_TOO_LARGE = "expected TOML: a number with fewer digits"
_LONG_LINE = 2 * _DEEPEST_KEY
_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_PLACE = r" \(at (?:line (\d+), column \d+|end of document)\)$"
# tomllib's messages, some of which quote what stands there: each by its beginning, in our words.
_WORDS: tuple[tuple[str | tuple[str, ...], str], ...] = (
    ("Expected '=' after", 'a name, "=" and a value, such as name = "value"'),
    ("Invalid statement", 'a line such as name = "value" or [table]'),
    ("Invalid initial character for a key", 'a name before "="'),
    ("Expected newline", "one value per line, with nothing after it but a comment"),
    ("Invalid value", "a value: text in quotes, a number, true, false, a date or a list"),
    ("Invalid hex value", "hexadecimal digits after \\u or \\U"),
    ("Invalid date", "a date that exists"),
    ("Cannot declare", "each table once; this one is a duplicate"),
    (("Cannot ", "Duplicate"), "each name once; this one is a duplicate"),
    ("Unclosed array", 'a "]" that ends the list'),
    ("Unclosed inline table", 'a "}" that ends the table'),
    (("Unterminated string", "Expected '\"", "Expected \"'"), "quotes that end the text"),
    ("Unescaped", "a backslash as \\\\, or the text in 'single quotes'"),
    ("Escaped character", "the code of a character after \\u or \\U"),
    ("Found invalid character", "text without control characters"),
    ("Illegal character", "text without control characters, on one line"),
    ("Expected ']", '"]" at the end of a table\'s name'),
)


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises UnreadableFile, with the line wherever it can be known."""
    import tomllib

    for number, line in enumerate(text.split("\n"), 1) if len(text) > _LONG_LINE else ():
        if len(line) > _LONG_LINE and re.match(rf"\s*\[*\s*(?:{_PART}\s*\.\s*){{{_DEEPEST_KEY}}}", line):
            raise UnreadableFile("expected TOML: a name with fewer dots", number)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, place = str(error), re.search(_PLACE, str(error))
        expected = (ours for theirs, ours in _WORDS if words.startswith(theirs))
        line_of_error = int(place[1]) if place and place[1] else text.count("\n") + (not text.endswith("\n"))
        raise UnreadableFile(f"expected TOML: {next(expected, 'valid syntax')}", line_of_error) from None
    except RecursionError:
        nested = re.search(rf"(?:[\[{{]\s*(?:{_PART}\s*=\s*)?){{{_NESTED}}}", text)
        raise UnreadableFile("expected TOML: less deeply nested values", _line(text, nested)) from None
    except (ValueError, OverflowError):  # what Python's own types refuse; most digits come first
        most = sys.get_int_max_str_digits() or 4300
        number_there = re.search(rf"[0-9](?:_?[0-9]){{{most}}}", text)
        raise UnreadableFile(_TOO_LARGE, _line(text, number_there)) from None
    # Python reads hexadecimal numbers of any length, and then refuses to write them.
    if (hexadecimal := re.search(_ENDLESS, text)) and _holds_endless(tables):
        raise UnreadableFile(_TOO_LARGE, _line(text, hexadecimal))
    return tables


def _holds_endless(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_endless, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int) and value.bit_length() > 64


def _line(text: str, match: re.Match[str] | None) -> int | None:
    return text.count("\n", 0, match.start()) + 1 if match else None
