"""What a key types, and what a field of one line makes of text."""

import re

from textual import events

from userdesk.domain.safe_text import clean_typed

_WITH_MODIFIER = re.compile(r"(?:^|\+)(?:alt|ctrl|super|hyper|meta)\+")


def is_text(character: str) -> bool:
    """Whether a character is text: any that is not a control, a line break or half of a surrogate pair.

    `str.isprintable`, which the framework asks, is false of blanks but U+0020, of joiners, of private
    characters and of those that Python's Unicode tables do not know yet.
    """
    if character.isprintable():
        return True
    from unicodedata import category  # seldom needed

    return category(character) not in ("Cc", "Cs", "Zl", "Zp")


def text_of(event: events.Key) -> str:
    """The text that a key types; empty where it types none, as with Ctrl or Alt."""
    return event.character or "" if types_text(event.key, event.character) else ""


def types_text(key: str, character: str | None) -> bool:
    """Whether a key of this name types its character."""
    return bool(character and not _WITH_MODIFIER.search(key) and all(map(is_text, character)))


def one_line(text: str) -> str:
    """The user's own text as one line: its lines, without the blanks round them, joined by a blank."""
    lines = clean_typed(text).replace("\t", " ").split("\n")
    return lines[0] if len(lines) == 1 else " ".join(filter(None, (line.strip() for line in lines)))
