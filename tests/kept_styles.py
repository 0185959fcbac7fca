"""Stylesheets that are parsed once for all applications of a process.

Each application parses its own and those of all widgets when it starts: a sixth of the start, and the same
rules every time.
"""

from collections.abc import Iterable
from typing import Any

from textual.css import stylesheet
from textual.css.model import RuleSet

_parse, _tokenize = stylesheet.parse, stylesheet.tokenize_values
_tables: dict[frozenset[tuple[str, str]], dict[str, Any]] = {}
"""Variables as tokens, by the variables."""
_parsed: dict[tuple[Any, ...], tuple[object, list[RuleSet]]] = {}
"""Rules by all that they follow from; with the table of variables, which is one of them by its identity."""


def tokenize_values(values: dict[str, str]) -> dict[str, Any]:
    """The framework's own function, asked once for the same variables."""
    key = frozenset(values.items())
    if key not in _tables:
        _tables[key] = _tokenize(values)
    return _tables[key]


def parse(*text: Any, variable_tokens: dict[str, Any], **how: Any) -> Iterable[RuleSet]:
    """The framework's own function, asked once for the same stylesheet."""
    key = (*text, id(variable_tokens), *sorted(how.items()))
    if key not in _parsed:
        _parsed[key] = variable_tokens, list(_parse(*text, variable_tokens=variable_tokens, **how))
    return _parsed[key][1]


def keep_styles() -> None:
    """Have every application from now on parse only what none before it has."""
    stylesheet.parse, stylesheet.tokenize_values = parse, tokenize_values
