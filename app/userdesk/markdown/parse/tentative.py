"""Which beginnings of a line say nothing yet: while text streams in they are held back."""

import re

_UNDECIDED_LINE = re.compile(
    r"[ \t>]*"
    r"(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*"
    r"(?:[-+*][ \t]*(?:\[[ xX]?\]?[ \t]*)?"  # a bullet, a task
    r"|\d{1,9}[.)]?[ \t]*(?:\[[ xX]?\]?[ \t]*)?"  # a number
    r"|\#{1,6}[ \t]*"
    r"|`{1,2}|`{3,}[^`]{0,40}|~{1,2}|~{3,}.{0,40}"  # a fence and its language
    r"|\[[^\]\[]{0,60}(?:\](?::[ \t]*\S{0,200}(?:[ \t]+(?:[\"'(].{0,60})?)?)?)?"  # a definition
    r"|\$\$?[ \t]*|\\\[?[ \t]*"  # a formula
    r"|</?\w{0,10}>?[ \t]*"  # an HTML tag
    r"|[-=_*:|+ \t]+"  # a rule, an underline, a table's second line
    r")?$"
)
_UNDECIDED_IN_FENCE = re.compile(r"[ \t>]*(?:`+|~+)?[ \t]*$")
_LONGEST = 300  # characters of such a line


def is_undecided(line: str, in_fence: bool) -> bool:
    """Whether a line that is not complete may still become anything, so that it is not shown yet."""
    if len(line) > _LONGEST:
        return False
    return bool((_UNDECIDED_IN_FENCE if in_fence else _UNDECIDED_LINE).match(line))
