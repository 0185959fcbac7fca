"""Plain text as Markdown that shows it as it is."""

import re

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]")
_OPENER = re.compile(r"(\d*)(?:[-+.)](?=\s|$)|=)")
TAB = 4


def escaped(line: str) -> str:
    """One line of plain text, with everything escaped that Markdown would take for its own."""
    text = line.lstrip(" \t")
    # Indented by spaces it would be code, and inside code nothing can be escaped.
    indent = "\N{NO-BREAK SPACE}" * len(line[: len(line) - len(text)].expandtabs(TAB)) if text != line else ""
    text = _SPECIAL.sub(_with_backslash, text)
    if opener := _OPENER.match(text):
        text = f"{opener[1]}\\{text[opener.end(1) :]}"
    return indent + text


def _with_backslash(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
