"""Assertions of promptfoo as expectations of ours.

Their names and meanings are those of promptfoo's documentation, "Assertions & metrics".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from userdesk.questions.model import Pattern, Question


class NotTaken(Exception):
    """An assertion has no counterpart here; the text says why, in a few words."""


def with_assertion(question: Question, kind: str, value: object, threshold: object = None) -> Question:
    """The question with one more expectation. Raises NotTaken."""
    is_negated = kind.startswith("not-")
    name = kind.removeprefix("not-")
    if name == "latency" and not is_negated:
        return replace(question, within=_seconds(threshold))
    if name not in _PATTERNS:
        raise NotTaken(f"{kind} has no counterpart in a question set")
    patterns = _PATTERNS[name](_texts(kind, value))
    if is_negated and name.endswith("-all"):  # not all of them: one pattern that finds them in any order
        patterns = ["(?s)" + "".join(f"(?=.*{pattern})" for pattern in map(_without_flags, patterns))]
    added = tuple(map(Pattern, patterns))
    if is_negated:
        return replace(question, forbid=question.forbid + added)
    return replace(question, expect=question.expect + added)


def _seconds(threshold: object) -> float:
    """Of a threshold in milliseconds."""
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or threshold <= 0:
        raise NotTaken("latency: expected a threshold in milliseconds")
    return threshold / 1000


def _texts(kind: str, value: object) -> list[str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and kind.endswith(("-all", "-any")):
        value = [part.strip() for part in value.split(",")]
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or not all(texts):
        raise NotTaken(f"{kind}: expected text as its value")
    if any(re.match(r"(?:file|python|javascript|package)://?", text) for text in texts) or not texts:
        raise NotTaken(f"{kind}: its value stands in another file")
    if any("{{" in text for text in texts):
        raise NotTaken(f"{kind}: its value is a template")
    return texts


def literal(text: str) -> str:
    """A pattern that finds this text; `re.escape` would escape spaces too, and people are to read it."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)


def _literal(texts: Sequence[str]) -> list[str]:
    return [literal(text) for text in texts]


def _ignoring_case(texts: Sequence[str]) -> list[str]:
    return [f"(?i){literal(text)}" for text in texts]


def _any(texts: Sequence[str]) -> list[str]:
    return ["|".join(_literal(texts))]


def _without_flags(pattern: str) -> str:
    return f"(?i:{pattern[4:]})" if pattern.startswith("(?i)") else f"(?:{pattern})"


_PATTERNS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "equals": lambda texts: [rf"\A\s*{literal(text.strip())}\s*\Z" for text in texts],
    "contains": _literal,
    "icontains": _ignoring_case,
    "contains-all": _literal,
    "icontains-all": _ignoring_case,
    "contains-any": _any,
    "icontains-any": lambda texts: [f"(?i){_any(texts)[0]}"],
    "starts-with": lambda texts: [rf"\A{literal(text)}" for text in texts],
    "regex": lambda texts: list(texts),
}
