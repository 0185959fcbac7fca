"""What the user thinks of an answer: good or bad, and why; and how such answers are asked for in a filter."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.safe_text import clean_line

Kinds = frozenset[str]
"""What can be asked for of a judged answer: `good`, `bad`, `note`."""
NO_KINDS: Kinds = frozenset()
FILTERS = {"is:bad": "bad", "is:good": "good", "has:note": "note"}
"""What is typed into a filter, and the kind that it asks for."""
LONGEST_NOTE = 4_096
"""Characters of a note, as a field takes them, that are shown and exported."""


class Verdict(StrEnum):
    """Whether an answer is as it should be."""

    GOOD = "good"
    BAD = "bad"


_SIGNS = {Verdict.GOOD: "✓", Verdict.BAD: "✗"}


class Judgement(NamedTuple):
    """What is said of one answer now."""

    verdict: Verdict | None
    """None where there is only a note."""
    note: str
    """One line, not yet made safe to show; empty for none."""
    at: datetime
    """When it was last changed, with a time zone."""

    @property
    def name(self) -> str:
        """The verdict with a sign, `✓ good`, so that it is told without colour; `note` without one."""
        return f"{_SIGNS[self.verdict]} {self.verdict}" if self.verdict else "note"

    @property
    def headline(self) -> str:
        """Verdict and note in one safe line: `✗ bad · too dear`."""
        return " · ".join(filter(None, (self.name, clean_line(self.note, LONGEST_NOTE))))

    @property
    def kinds(self) -> Kinds:
        """What it can be found by."""
        said = [*([self.verdict.value] if self.verdict else []), *(["note"] if self.note else [])]
        return frozenset(said)


JudgedConversations = Mapping[ConversationKey, Collection[Kinds]]
"""What can be asked for of each judged answer, by the key of its conversation."""
NO_VERDICTS: Mapping[int, Judgement] = MappingProxyType({})
"""Of a conversation in which no answer is judged: judgements by the place of the message."""


def split_filter(typed: str) -> tuple[str, Kinds]:
    """The words of a filter, and the kinds of judged answers that it asks for: `price is:bad`."""
    words = typed.split()
    kinds = frozenset(FILTERS[word.lower()] for word in words if word.lower() in FILTERS)
    return " ".join(word for word in words if word.lower() not in FILTERS) if kinds else typed, kinds
