"""Answers what the user told in this conversation: a name, things to remember, earlier messages."""

import re
from collections.abc import Sequence

_THINGS = (
    r"name|birthday|city|country|town|dog|cat|pet|job|company|team|hobby|language|"
    r"(?:favou?rite|lucky|preferred) \w+"
)
_TELLS_NAME = re.compile(r"\b(?:my name is|my name's|call me|i am called)\s+([^.,!?;:\n]{1,60})", re.I)
_INTRODUCES = re.compile(r"^(?i:(?:hi|hello|hey)\b[,!. ]*)?(?:[Ii] am|[Ii]'m)\s+([A-Z][\w'-]{1,30})\s*[.!]*$")
_DENIES_NAME = re.compile(
    r"\b(?:my name is|my name's|i am|i'm)\s+not\s+([A-Z][\w'-]*)\b|\bmy name is not\b", re.I
)
_TELLS = re.compile(rf"\bmy ({_THINGS})(?: is called| is|'s| =)\s+([^.!?\n]{{1,80}})", re.I)
_TO_REMEMBER = re.compile(r"^(?:please\s+)?remember(?: that)?[:,]?\s+(.{1,300})$", re.I | re.S)
_FORGETS = re.compile(
    rf"^(?:please\s+)?forget\s+(?:(?:about\s+)?my ({_THINGS})|(?:everything|all|that|it|what i)\b.*)[\s.!]*$",
    re.I,
)
_ASKS = re.compile(
    rf"\b(?:what|whats|what's|which|who|when|where|know|remember|tell)\b.*\bmy ({_THINGS})\b", re.I
)
_ASKS_HOW = re.compile(
    r"^(?:how|can|could|does|do i|should|where (?:do|can|is|are)|(?:what|which|who|when|where) should)\b"
    r"(?!.*\b(?:you|u) (?:know|remember|tell)\b)|"
    r"\b(?:set|change|enter|sent|stored|saved|config\w*|settings?)\b",
    re.I,
)
_ASKS_WHO = re.compile(r"\bwho am i\b\W*$|\bdo you know (?:me|who i am)\b", re.I)
_ASKS_REMEMBERED = re.compile(r"\bwhat (?:did|do|should) (?:i|you) .*remember\b|\bwhat .*to remember\b", re.I)
_SAID = r"(?:ask|asked|say|said|write|wrote|tell you|told you|talk about|send|sent)"
_TALKED = rf"\b(?:what|which)\b.*\bdid (?:i|we)\b.*\b{_SAID}\b"
_MY = r"\b(?:what|whats|what's|which|repeat|quote)\b.*\bmy"
_ASKS_FIRST = re.compile(
    rf"\bfirst\b.*\b(?:i|we|my)\b.*\b{_SAID}\b|{_TALKED}.*\bfirst\b|{_MY} first (?:question|message)\b", re.I
)
_ASKS_LAST = re.compile(
    rf"{_TALKED}|"
    rf"^(?:(?:tell me|repeat|so|and|do you (?:know|remember)) )*what (?:have )?i (?:have )?{_SAID}\b|"
    rf"{_MY} (?:last|previous|earlier) (?:question|message)s?\b",
    re.I,
)
_ASKS_COUNT = re.compile(r"\bhow many (?:messages|questions|things)\b", re.I)
_NO_NAME = frozenset(
    """
    a again an any anybody anything as asap at back before by early empty for from hidden if important in it
    just later long maybe missing never no nobody none not now nothing of on once only secret shown so
    somebody something soon stored that the this to today tomorrow tonight too unknown what when whenever
    whatever which who with wrong you your
    """.split()  # noqa: SIM905 - words, as in a text
)
"""What does not begin a name: call me *when* you are ready."""
_NO_VALUE = _NO_NAME - {"a", "an", "the", "no", "in", "on"}
_READ = 500
"""Characters of a message that are looked at: what is pasted behind them is no question."""
_QUOTED = 200
_LISTED = 5
_LONGEST_NAME = 5
"""Words."""


def recall(message: str, said: Sequence[str], user_name: str | None = None) -> str | None:
    """The answer to a message that tells or asks something personal; None to any other message."""
    text = _line(message)
    return _asked(text, said, user_name) or _told(text)


def _told(text: str) -> str | None:
    if _DENIES_NAME.search(text):
        return "Then I know no name of yours. Say *my name is …* and I'll know it."
    if found := _FORGETS.match(text):
        return (
            f"I have forgotten {f'your {found[1].lower()}' if found[1] else 'what you told me'}. The words "
            "themselves stay in this conversation, until you delete it."
        )
    if name := _name_in(text):
        return f"Nice to meet you, **{name}**! I'll remember your name in this conversation."
    if found := _TO_REMEMBER.match(text):
        return f"I'll remember it:\n\n> {found[1]}\n\nAsk me later *what I should remember*."
    if "?" not in text and (found := _TELLS.search(text)) and _says_something(found[2]):
        return f"Good to know: your {found[1].lower()} is **{found[2].strip()}**. I'll remember it."
    return None


def _asked(text: str, said: Sequence[str], user_name: str | None) -> str | None:
    if _ASKS_WHO.search(text):
        return _known("name", said, user_name)
    if _ASKS_REMEMBERED.search(text):
        return _remembered(said)
    if (found := _ASKS.search(text)) and not _TELLS.search(text) and not _ASKS_HOW.search(text):
        return _known(found[1].lower(), said, user_name)
    if _ASKS_COUNT.search(text) and re.search(r"\bI\b|\bhave we\b|\bso far\b", text, re.I):
        sent = len(said) + 1
        return f"This is your **{_ordinal(sent)} message** in this conversation."
    if _ASKS_FIRST.search(text):
        return f"Your first message was:\n\n> {_quoted(said[0])}" if said else _NOTHING_YET
    if _ASKS_LAST.search(text):
        return _earlier(said)
    return None


_NOTHING_YET = "Nothing yet: this is your first message in this conversation."


def _known(thing: str, said: Sequence[str], user_name: str | None) -> str:
    for earlier in reversed(said):
        line = _line(earlier)
        if _takes_back(line, thing):
            break
        if thing == "name" and (name := _name_in(line)):
            return f"Your name is **{name}**; you told me so."
        for told in _TELLS.finditer(line):
            if _same(told[1], thing) and _says_something(told[2]):
                return f"Your {thing} is **{told[2].strip()}**; you told me so."
    if thing == "name" and user_name:
        return f"Your name is **{user_name}**: your settings say so, and it comes with your messages."
    return f"You have not told me your {thing} in this conversation. Say *my {thing} is …* and I'll know."


def _takes_back(line: str, thing: str) -> bool:
    if thing == "name" and _DENIES_NAME.search(line):
        return True
    found = _FORGETS.match(line)
    return found is not None and (found[1] is None or _same(found[1], thing))


def _remembered(said: Sequence[str]) -> str:
    notes: list[str] = []
    for line in map(_line, said):
        if (forgets := _FORGETS.match(line)) and not forgets[1]:
            notes.clear()
        elif told := _TO_REMEMBER.match(line):
            notes.append(told[1])
    if not notes:
        return "You have not asked me to remember anything yet. Say *remember that …*."
    return "You asked me to remember:\n\n" + "\n".join(f"- {_quoted(note)}" for note in notes)


def _earlier(said: Sequence[str]) -> str:
    if not said:
        return _NOTHING_YET
    if len(said) == 1:
        return f"You wrote:\n\n> {_quoted(said[0])}"
    latest = "\n".join(f"{len(said) - back}. {_quoted(said[-1 - back])}" for back in _latest(said))
    return f"Your latest messages, the last one at the end:\n\n{latest}"


def _latest(said: Sequence[str]) -> range:
    return range(min(_LISTED, len(said)) - 1, -1, -1)


def _name_in(text: str) -> str | None:
    found = _TELLS_NAME.search(text) or _INTRODUCES.match(text)
    if not found or "?" in text:
        return None
    name = re.split(r"\s+(?:and|but|so|please|from now on)\b", found[1])[0].strip()
    words = name.lower().split()
    return None if not words or len(words) > _LONGEST_NAME or words[0] in _NO_NAME else name


def _says_something(value: str) -> bool:
    return value.split(None, 1)[0].lower() not in _NO_VALUE if value.strip() else False


def _line(text: str) -> str:
    return " ".join(text[:_READ].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _same(told: str, asked: str) -> bool:
    return _british(told) == _british(asked)


def _british(thing: str) -> str:
    return thing.lower().replace("favorite", "favourite").replace("color", "colour")


def _quoted(text: str) -> str:
    line = " ".join(text[: _QUOTED * 8].split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
