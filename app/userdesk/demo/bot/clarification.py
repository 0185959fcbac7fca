"""What a message means beside those before it: a choice, a question that goes on, several in one."""

import re
from collections.abc import Sequence

from userdesk.demo.bot.knowledge_base import KnowledgeBase

_CHOICE = re.compile(
    r"(?:(?:i mean|i meant|it is|it's|number|no\.?|the|please)\s+)*"
    r"(?:(?P<first>1|one|first|yes|yeah|y|former)|2|two|second|latter)(?:\s+(?:one|please))*[\s.!]*",
    re.I,
)
_MORE = re.compile(
    r"(?:(?:please|and|can you|could you)\s+)*"
    r"(?:(?:tell me|say|explain)\s+more|more|go on|continue|elaborate|(?:what|anything) else)"
    r"(?:\s+(?:please|details?|information|about (?:it|that|this)))*[\s.!?]*",
    re.I,
)
_REFERS = re.compile(
    r"(?P<goes_on>(?:and|or|but|also|only|without|why|what about|how about)\b)|"
    r".*\b(?:it|that|this|them|those|these|one)\b",
    re.I | re.S,
)
_PARTS = re.compile(
    r"[.?!;]+\s+|\s+and\s+(?=(?:how|what|where|when|why|who|can|is|are|do|does|will)\b)", re.I
)
RELATED = 0.05
"""How near a question that goes on from the one before must be by itself to what both together are about."""


def ask_back(titles: Sequence[str]) -> str:
    """The question which of two entries is meant."""
    listed = "\n".join(f"{number}. **{title}**" for number, title in enumerate(titles, 1))
    asked = "I'm not sure what you mean. Did you mean one of these?"
    return f"{asked}\n\n{listed}\n\nSend *1* or *2*, or ask in other words."


def meant(question: str, said: Sequence[str], base: KnowledgeBase) -> list[str]:
    """The titles of the entries that answer a question, given the earlier ones of its conversation.

    Two questions in one are answered by two entries; a question that goes on from the one before is looked
    up together with it.
    """
    before = said[-1] if said else ""
    if before and (chosen := _CHOICE.fullmatch(question)) and len(offered := base.look_up(before)) > 1:
        return [offered[0 if chosen["first"] else 1]]
    # A word or two alone may be about anything.
    parts = [part for part in _PARTS.split(question) if len(part.split()) > 2]
    found: Sequence[str | None] = list(map(base.find, parts))
    if parts in ([], [question]) or None in found:
        title, refers = base.find(question), _REFERS.match(question)
        if before and refers and not (title and refers["goes_on"]):
            together = base.find(f"{before} {question}")
            title = together if together in base.near(question, RELATED) else title
        found = [title] if title else found
    return list(dict.fromkeys(filter(None, found)))


def more(message: str, said: Sequence[str], base: KnowledgeBase) -> str | None:
    """The answer to a message that asks for more of the answer before; None to any other."""
    if not _MORE.fullmatch(message):
        return None
    titles = meant(said[-1], said[:-1], base) if said else ()
    if not titles:
        return "More of what? Ask me about something you want to do here; *what can I ask?* gives you ideas."
    title, (one, other, *_) = titles[-1], base.related(titles[-1])
    return (
        f"That is all I know about **{title}**. See also **{one}** and **{other}**, or press **F1** for help."
    )
