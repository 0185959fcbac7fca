"""Answers what the user told in this conversation: a name, things to remember, earlier messages."""

import re
from collections.abc import Sequence

from userdesk.demo.bot.words import stem, words_of
from userdesk.domain.safe_text import clean_line

_THING = (
    r"(name|birthday|city|country|town|dog|cat|pet|job|company|team|hobby|language|"
    r"(?:favou?rite|lucky|preferred) \w+)"
)
_TELLS_NAME = re.compile(r"\b(?:my name is|my name's|call me|i am called)\s+([^.,!?;:]{1,60})", re.I)
_INTRODUCES = re.compile(r"^(?i:(?:hi|hello|hey)\b[,!. ]*)?(?:[Ii] am|[Ii]'m)\s+([A-Z][\w'-]{1,30})\s*[.!]*$")
_DENIES_NAME = re.compile(r"\bmy name(?: is|'s) not\b|\b(?:i am|i'm)\s+not\s+(?-i:[A-Z])", re.I)
_TELLS = re.compile(rf"\bmy {_THING}(?: is called| is|'s| =)\s+([^.!?]{{1,80}})", re.I)
_NOTES = re.compile(r"(?:please\s+)?remember(?: that)?[:,]?\s+(.{1,300})", re.I)
_FORGETS = re.compile(
    rf"(?:please\s+)?forget\s+(?:(?:about\s+)?my {_THING}|(?:everything|all|that|it|what i)\b.*)[\s.!]*", re.I
)
_ASKS = re.compile(
    rf"\b(?:what|whats|what's|which|who|when|where|know|remember|tell)\b.*\bmy {_THING}\b|"
    r"\bwho am i\b\W*$|\bdo you know (?:me|who i am)\b",
    re.I,
)
_ASKS_HOW = re.compile(
    r"^(?:how|can|could|does|do i|should|where (?:do|can|is|are)|(?:what|which|who|when|where) should)\b"
    r"(?!.*\b(?:you|u) (?:know|remember|tell)\b)|"
    r"\b(?:set|change|enter|sent|stored|saved|config\w*|settings?)\b",
    re.I,
)
_ASKS_NOTES = re.compile(r"\bwhat (?:did|do|should) (?:i|you) .*remember\b|\bwhat .*to remember\b", re.I)
_SAID = r"(?:ask|asked|say|said|write|wrote|tell you|told you|talk about|send|sent)"
_ASKS_EARLIER = re.compile(
    rf"\b(?:what|which)\b.*\bdid (?:i|we)\b.*\b{_SAID}\b|"
    rf"^(?:(?:tell me|repeat|so|and|do you (?:know|remember)) )*what (?:have )?i (?:have )?{_SAID}\b|"
    r"\b(?:what|whats|what's|which|repeat|quote)\b.*\bmy (?:first|last|previous|earlier) "
    r"(?:question|message)s?\b|"
    rf"\bfirst\b.*\b(?:i|we)\b.*\b{_SAID}\b",
    re.I,
)
_ASKS_COUNT = re.compile(r"\bhow many (?:messages|questions|things)\b.*\b(?:i|have we|so far)\b", re.I)
_NO_NAME = frozenset(
    """
    a again an any anything as asap at back before by early for from if in it just later maybe never no nobody
    not nothing on once only so something soon that the this to today tomorrow tonight too what when whatever
    """.split()  # noqa: SIM905 - words, as in a text
)
"""What does not begin a name: call me *when* you are ready."""
_NO_VALUE = _NO_NAME - {"a", "an", "the", "no", "in", "on"}
_LISTED = 5


def recall(message: str, said: Sequence[str], user_name: str | None = None) -> str | None:
    """The answer to a message that tells or asks something personal; None to any other message."""
    text = _line(message)
    if _ASKS_NOTES.search(text):
        listed = "\n".join(f"- {clean_line(note)}" for note in _told(said)[1])
        nothing = "You have not asked me to remember anything yet. Say *remember that …*."
        return f"You asked me to remember:\n\n{listed}" if listed else nothing
    if (asks := _ASKS.search(text)) and not _TELLS.search(text) and not _ASKS_HOW.search(text):
        return _known((asks[1] or "name").lower(), said, user_name)
    if _ASKS_COUNT.search(text):
        return f"This is message **{len(said) + 1}** from you in this conversation."
    if _ASKS_EARLIER.search(text):
        return _earlier(said, first="first" in text.lower())
    return _confirmed(text)


def _told(said: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """What the messages told of the user, by the stem of the thing, and what they asked to remember."""
    facts: dict[str, str] = {}
    notes: list[str] = []
    for line in map(_line, said):
        if (forgets := _FORGETS.fullmatch(line)) and not forgets[1]:
            facts.clear()
            notes.clear()
        elif forgets or _DENIES_NAME.search(line):
            facts.pop(_stem(forgets[1] if forgets else "name"), None)
        elif note := _NOTES.fullmatch(line):
            notes.append(note[1])
        facts |= {_stem(thing): value for thing, value in _facts(line).items()}
    return facts, notes


def _facts(line: str) -> dict[str, str]:
    """What a message tells of the user, by the name of the thing."""
    if "?" in line:
        return {}
    told = {
        thing.lower(): value.strip()
        for thing, value in _TELLS.findall(line)
        if value.split()[0].lower() not in _NO_VALUE
    }
    told.pop("name", None)
    found = _TELLS_NAME.search(line) or _INTRODUCES.match(line)
    name = re.split(r"\s+(?:and|but|so|please|from now on)\b", found[1])[0].split() if found else []
    if name and name[0].lower() not in _NO_NAME:
        told["name"] = " ".join(name)
    return told


def _known(thing: str, said: Sequence[str], user_name: str | None) -> str:
    if value := _told(said)[0].get(_stem(thing)):
        return f"Your {thing} is **{value}**; you told me so."
    if thing == "name" and user_name:
        return f"Your name is **{user_name}**: your settings say so, and it comes with your messages."
    return (
        f"You have not told me your {thing} in this conversation. Say *my {thing} is …* and I'll remember it."
    )


def _confirmed(text: str) -> str | None:
    """What is said to a message that tells something."""
    if _DENIES_NAME.search(text):
        return "Then I don't know your name. Say *my name is …* and I'll remember it."
    if forgets := _FORGETS.fullmatch(text):
        what = f"your {forgets[1].lower()}" if forgets[1] else "what you told me"
        return f"I have forgotten {what}. The words stay in this conversation until you delete it."
    told = _facts(text)
    if name := told.get("name"):
        return f"Nice to meet you, **{name}**! I'll remember your name in this conversation."
    if note := _NOTES.fullmatch(text):
        return f"I'll remember it:\n\n> {note[1]}\n\nAsk me later *what I should remember*."
    for thing, value in told.items():
        return f"Good to know: your {thing} is **{value}**. I'll remember it."
    return None


def _earlier(said: Sequence[str], *, first: bool) -> str:
    if not said:
        return "Nothing yet: this is your first message in this conversation."
    if first:
        return f"Your first message was:\n\n> {clean_line(said[0])}"
    since = max(0, len(said) - _LISTED)
    latest = "\n".join(f"{number}. {clean_line(text)}" for number, text in enumerate(said[since:], since + 1))
    return f"Your latest messages, the last one at the end:\n\n{latest}"


def _line(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _stem(thing: str) -> str:
    return " ".join(map(stem, words_of(thing)))
