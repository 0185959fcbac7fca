"""What the embedded chatbot knows, from the Markdown files in `knowledge/`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from userdesk.demo.bot.commands import command_table
from userdesk.demo.bot.matching import KnowledgeMatch, Matcher, Phrased

TOPICS = (
    "chatting",
    "log",
    "conversations",
    "sidebar",
    "keys",
    "configuration",
    "files",
    "failures",
    "commands",
    "checking",
    "showing",
    "around",
)
SMALL_TALK = "smalltalk"
WORDS = ("everyday", "elsewhere")
"""Lists of words that say little about a question, and that say that it is about something else."""
CONFIDENT = ((0.85, 1.01), (0.56, 1.04), (0.4, 1.25))
"""How near an entry must be for a question to be about it, and how many times nearer than the next one."""
LEAST_COVERAGE = 0.35
"""Of a question's words that an entry must have: with one of three it may be about anything."""
POSSIBLE = 0.36
"""Below this a question is about something else."""
NEARLY_THE_SAME = 0.85
TALK_LENGTH = 8
"""Small talk is meant only by a short message that says nothing else; in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question was found to be about: an entry, or what it may be about, or nothing."""

    title: str | None = None
    instead: tuple[str, ...] = ()
    """Titles to ask back with."""


class KnowledgeBase:
    """Entries of Markdown, each found by the ways in which people ask for it.

    In the files an entry is a heading `## Title`, lines `asked: one way | another way`
    and the answer.
    """

    def __init__(
        self,
        topics: Sequence[str],
        small_talk: str = "",
        everyday: Sequence[str] = (),
        elsewhere: Sequence[str] = (),
    ) -> None:
        self._answers: dict[str, str] = {}
        entries = [entry for topic in topics for entry in self._read(topic)]
        self._topics = Matcher(entries, everyday, elsewhere)
        self._small_talk = Matcher(self._read(small_talk), everyday, elsewhere)

    @property
    def titles(self) -> list[str]:
        """The titles of all entries."""
        return list(self._answers)

    def look_up(self, question: str) -> Found:
        """What a question is about, and how sure that is."""
        near = self._topics.nearest(question)[:2]
        talk = self._small_talk.nearest(question)[:1]
        if (
            len(question.split()) <= TALK_LENGTH
            and talk
            and talk[0].nearness >= max(NEARLY_THE_SAME, near[0].nearness if near else 0.0)
        ):
            return Found(talk[0].name)
        if not near or near[0].nearness < POSSIBLE:
            return Found()
        if _is_sure(near):
            return Found(near[0].name)
        return Found(instead=tuple(each.name for each in near))

    def find(self, question: str) -> str | None:
        """The title of the entry that a question asks for; None where that is not sure."""
        return self.look_up(question).title

    def near(self, title: str) -> list[str]:
        """Titles of the entries that have most to do with an entry."""
        return [each.name for each in self._topics.nearest(title) if each.name != title]

    def text(self, title: str) -> str:
        """The answer of an entry, in Markdown."""
        return self._answers[title]

    def _read(self, source: str) -> list[Phrased]:
        entries = []
        for section in ("\n" + source).split("\n## ")[1:]:
            title, *lines = section.split("\n")
            phrases = []
            while lines and lines[0].startswith("asked:"):
                phrases += lines.pop(0).removeprefix("asked:").split("|")
            entries.append(Phrased(title, phrases))
            self._answers[title] = "\n".join(lines).strip().replace("{commands}", command_table())
        return entries


def _is_sure(near: Sequence[KnowledgeMatch]) -> bool:
    best = near[0].nearness
    ahead = best / near[1].nearness if len(near) > 1 else math.inf
    return near[0].coverage >= LEAST_COVERAGE and any(
        best >= enough and ahead >= by for enough, by in CONFIDENT
    )


@cache
def knowledge() -> KnowledgeBase:
    """All there is to know, read once."""
    folder = files("userdesk.demo.bot") / "knowledge"
    *topics, small_talk = ((folder / f"{topic}.md").read_text("utf-8") for topic in (*TOPICS, SMALL_TALK))
    everyday, elsewhere = ((folder / f"{name}.txt").read_text("utf-8").split() for name in WORDS)
    return KnowledgeBase(topics, small_talk, everyday, elsewhere)
