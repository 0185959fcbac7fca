"""What the embedded chatbot knows, from the Markdown files in `knowledge/`, and what visitors are told."""

import copy
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from userdesk.demo.bot.commands import command_table
from userdesk.demo.bot.matching import Matcher

SURE = 0.35
"""How far ahead of half the next entry's nearness an entry must be for a question to be about it."""
NEAR = 0.57
"""How near an entry must be to be asked back with."""
NEXT = 1.03
"""How many times nearer than the next an entry must be; otherwise it is asked which is meant."""


class KnowledgeBase:
    """Entries of Markdown, each found by the ways in which people ask for it.

    In the files an entry is a heading `## Title`, a line `asked: one way | another way` and the answer.
    """

    def __init__(self, topics: Sequence[str], everyday: Sequence[str] = ()) -> None:
        self._answers: dict[str, str] = {}
        self._elsewhere: frozenset[str] = frozenset()
        self._matcher = Matcher((phrase for topic in topics for phrase in self._read(topic)), everyday)

    @property
    def titles(self) -> list[str]:
        """The titles of all entries."""
        return list(self._answers)

    def look_up(self, question: str) -> list[str]:
        """The title of the entry that a question is about; two where it may be either, or none."""
        near = [*self._matcher.nearest(question), ("", 0.0), ("", 0.0)]
        (first, best), (second, following) = near[:2]
        if best - following / 2 >= SURE and best >= NEXT * following:
            return [first]
        return [first, second] if second and best >= NEAR else []

    def find(self, question: str) -> str | None:
        """The title of the entry that a question is about; None where that is not sure."""
        titles = self.look_up(question)
        return titles[0] if len(titles) == 1 else None

    def near(self, question: str, least: float = 0.0) -> list[str]:
        """Titles of the entries that are at least so near to a question or to another title."""
        return [name for name, near in self._matcher.nearest(question) if near >= least and name != question]

    def related(self, title: str) -> list[str]:
        """Titles of the other entries that have an answer of their own, the nearest first."""
        nearest = dict.fromkeys([*self.near(title), *self._answers])
        return [name for name in nearest if name not in self._elsewhere and name != title]

    def for_others(self, answers: str) -> "KnowledgeBase":
        """The same entries for people who are told something else: what they get is asked for alike.

        Under the title of an entry stands their answer to it; nothing where it is everybody's. The first
        answer stands under a title of its own, and is that of all entries that are not named.
        """
        (_, otherwise), *named = map(_entry, _sections(answers))
        told = dict(named)
        other = copy.copy(self)
        other._elsewhere = frozenset(self._answers.keys() - told.keys())
        other._answers = {title: told.get(title, otherwise) or text for title, text in self._answers.items()}
        return other

    def text(self, title: str) -> str:
        """The answer of an entry, in Markdown."""
        return self._answers[title]

    def _read(self, topic: str) -> Iterator[tuple[str, str]]:
        for title, text in map(_entry, _sections(topic)):
            asked, _, told = text.partition("\n")
            yield title, title
            yield from ((title, phrase) for phrase in asked.removeprefix("asked:").split("|"))
            self._answers[title] = told.strip().replace("{commands}", command_table())


def _sections(topic: str) -> list[str]:
    return ("\n" + topic).split("\n## ")[1:]


def _entry(section: str) -> tuple[str, str]:
    title, _, text = section.partition("\n")
    return title, text.strip()


@cache
def knowledge() -> KnowledgeBase:
    """All there is to know, read once."""
    folder = files("userdesk.demo.bot") / "knowledge"
    topics = sorted(file.name for file in folder.iterdir() if file.name.endswith(".md"))
    everyday = (folder / "everyday.txt").read_text("utf-8").split()
    return KnowledgeBase([(folder / topic).read_text("utf-8") for topic in topics], everyday)


@cache
def knowledge_for_visitors() -> KnowledgeBase:
    """What visitors of `userdesk serve` are told, by what they have."""
    answers = files("userdesk.demo.bot") / "knowledge_for_visitors.md"
    return knowledge().for_others(answers.read_text("utf-8"))
