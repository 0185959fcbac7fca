"""Quotes what somebody typed, where it might be an API key pasted in the wrong place."""

import re

from userdesk.domain.safe_text import clean_line

SHOWN = 4
"""Characters that stay of what may be a key: enough to find the place it was pasted at."""
_LETTERS = "[A-Za-z0-9_+=~-]"
_LONGEST_WORD = 32
# In a whole message the parts of a file's path stay, and conversationIds, which users look for.
_ALONE = rf"(?<![\w/.~-]){_LETTERS}{{16,}}+(?![\w/]|\.\w)"
_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def without_keys(message: str) -> str:
    """A message that repeats what somebody typed: what may be a key is cut to its first letters."""
    return re.sub(_ALONE, lambda run: run[0] if re.fullmatch(_UUID, run[0]) else _cut(run[0]), message)


def quoted_name(text: str) -> str:
    """The name of a setting, quoted: such names are words, so any longer mix with digits may be a key."""
    return quoted(text, shortest=8)


def quoted(text: str, limit: int = 40, *, shortest: int = 16) -> str:
    """A name or value that somebody gave, as a message may quote it: a line of at most `limit` characters.

    `shortest` is how many letters what may be a key has at least.
    """
    runs = rf"{_LETTERS}{{{shortest},}}"
    return clean_line(re.sub(runs, lambda run: _cut(run[0]), text[: 8 * limit]), limit)


def _cut(word: str) -> str:
    """Letters with digits may be a key, and no end of letters."""
    is_mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    return f"{word[:SHOWN]}…" if is_mixed or len(word) >= _LONGEST_WORD else word
