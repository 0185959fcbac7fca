"""Asks back where a question may be about several things, and understands what is said to that."""

import re
from collections.abc import Sequence

from userdesk.demo.bot.knowledge_base import KnowledgeBase

_FIRST = r"1|one|first|yes|yeah|yep|y|former|the former"
_SECOND = r"2|two|second|latter|the latter"
_CHOICE = re.compile(
    rf"^(?:(?:i mean|i meant|it is|it's|number|no\.?|the|please)\s+)*"
    rf"(?:(?P<first>{_FIRST})|(?P<second>{_SECOND}))(?:\s+(?:one|please))*[\s.!]*$",
    re.I,
)
_MORE = re.compile(
    r"^(?:please\s+|and\s+|can you\s+|could you\s+)*(?:tell me more|more|say more|more please|go on|continue|"
    r"what else|anything else|more details?|more information|explain more|elaborate|"
    r"tell me more about (?:it|that|this))"
    r"(?:\s+please)?[\s.!?]*$",
    re.I,
)
QUESTION_LENGTH = 500
"""Characters in which a question is looked for; what is pasted behind them only takes time to read."""
_READ = 100
"""Characters of a message that are looked at: a choice is short."""


def ask_back(titles: Sequence[str]) -> str:
    """The question which of these entries is meant."""
    listed = "\n".join(f"{number}. **{title}**" for number, title in enumerate(titles, 1))
    which = "Send *1* or *2*" if len(titles) > 1 else "Send *1*"
    return f"I'm not sure what you mean. Did you mean\n\n{listed}\n\n{which}, or say it in other words."


def follow_up(message: str, said: Sequence[str], base: KnowledgeBase) -> str | None:
    """The answer to a message that is about the question before it; None to any other."""
    if _MORE.match(_short(message)):
        return _more(_last_title(said, base), base)
    title = _chosen(message, said, base)
    return base.text(title) if title else None


def _chosen(message: str, said: Sequence[str], base: KnowledgeBase) -> str | None:
    """What is taken of the entries that the question before was asked back with."""
    chosen = _CHOICE.match(_short(message))
    offered = base.look_up(said[-1][:QUESTION_LENGTH]).instead if said and chosen else ()
    return offered[0 if chosen["first"] else -1] if chosen and offered else None


def _last_title(said: Sequence[str], base: KnowledgeBase) -> str | None:
    """The entry that was answered last, by a question or by a choice."""
    if not said:
        return None
    return _chosen(said[-1], said[:-1], base) or base.look_up(said[-1][:QUESTION_LENGTH]).title


def _short(message: str) -> str:
    return " ".join(message.split()) if len(message) <= _READ else ""


def _more(title: str | None, base: KnowledgeBase) -> str:
    if title is None:
        return "More of what? Ask me about something you want to do here; *what can I ask?* gives you ideas."
    one, other = base.near(title)[:2]
    return (
        f"That is all I know about **{title}**. Near to it are **{one}** and **{other}**: ask me about "
        "these, or press **F1** for the whole help."
    )
