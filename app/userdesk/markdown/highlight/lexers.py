"""Pygments' lexers by the name behind a fence's marks, and the styles of their tokens."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Protocol

PLAIN = "code-block"
COMMENT, STRING, NUMBER, KEYWORD, OPERATOR, NAME, INSERTED, DELETED = (
    f"{PLAIN} code-{kind}"
    for kind in ("comment", "string", "number", "keyword", "operator", "name", "inserted", "deleted")
)
# Names that have a colour; any other looks as plain code does.
_COLOURED = "Attribute Builtin Class Constant Decorator Entity Exception Function Namespace Property Tag"
# Pygments' types of tokens; one that is not here has the style of the nearest above it.
_STYLES = {
    **{"Comment": COMMENT, "Literal.String": STRING, "Literal.Number": NUMBER, "Keyword": KEYWORD},
    **{"Operator.Word": OPERATOR, "Generic.Inserted": INSERTED, "Generic.Deleted": DELETED},
    **{f"Name.{kind}": NAME for kind in _COLOURED.split()},
}
# What chatbots write and Pygments does not know.
_ALSO = {
    **{"bash-session": "console", "shellsession": "console", "terminal": "console", "node": "javascript"},
    **{"conf": "ini", "dotenv": "ini", "env": "ini", "gql": "graphql", "html5": "html", "svelte": "html"},
    **{"jsonc": "json", "plsql": "sql", "sqlite": "sql", "tcss": "css"},
}


class Lexer(Protocol):
    """What is used of a lexer of Pygments."""

    aliases: list[str]

    def get_tokens_unprocessed(self, text: str) -> Iterable[tuple[int, tuple[str, ...], str]]:
        """Offset, type and text of each token."""


@lru_cache(256)
def lexer_of(language: str, php: bool = False) -> Lexer | None:
    """The lexer that a fence's name or a file's extension stands for, imported when it is first needed.

    `php`: PHP's code comes without its opening tag.
    """
    from pygments.lexers import find_lexer_class

    name = language.lower().strip("{}.")
    display = _lexer_names().get(_ALSO.get(name, name))
    return find_lexer_class(display)(startinline=php) if display else None


@cache
def style_of(token: tuple[str, ...]) -> str:
    """The style of a Pygments token type."""
    parents = (".".join(token[:size]) for size in range(len(token), 0, -1))
    return next((_STYLES[name] for name in parents if name in _STYLES), PLAIN)


@cache
def _lexer_names() -> dict[str, str]:
    """Alias or extension → what Pygments calls the lexer. Plugins are not asked: looking for them is slow."""
    from pygments.lexers import get_all_lexers

    lexers = list(get_all_lexers(plugins=False))
    extensions = [(p.removeprefix("*."), name) for name, _, patterns, _ in lexers for p in patterns]
    aliases = [(alias, name) for name, aliases, _, _ in lexers for alias in aliases]
    return {name.lower(): lexer for name, lexer in reversed(aliases + extensions)}
