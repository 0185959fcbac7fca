"""Plain text as Markdown that shows it as it is."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_OPENER = re.compile(r"^(\d*)([-+.)](?=\s|$)|=)")
TAB = 4


def escaped(line: str) -> str:
    """One line of plain text, with everything escaped that Markdown would take for its own."""
    text = line.lstrip(" \t")
    # Indented by spaces it would be code, and inside code nothing can be escaped.
    indent = "\N{NO-BREAK SPACE}" * len(line[: len(line) - len(text)].expandtabs(TAB))
    return indent + _OPENER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
