"""What the embedded chatbot knows, from the Markdown files in `knowledge/`."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from userdesk.demo.commands import command_table
from userdesk.demo.matching import Matcher, Phrased

TOPICS = (
    "chatting",
    "conversations",
    "keys",
    "configuration",
    "files",
    "failures",
    "commands",
    "showing",
)
SMALL_TALK = "smalltalk"
NEAR_ENOUGH = 0.45
"""Below this a question is about something else."""
NEARLY_THE_SAME = 0.8
"""Small talk is meant only by a message that says nothing else."""


class KnowledgeBase:
    """Entries of Markdown, each found by the ways in which people ask for it.

    In the files an entry is a heading `## Title`, a line `asked: one way | another way`
    and the answer.
    """

    def __init__(self, topics: Sequence[str], small_talk: str = "") -> None:
        self._answers: dict[str, str] = {}
        self._topics = Matcher([entry for topic in topics for entry in self._read(topic)])
        self._small_talk = Matcher(self._read(small_talk))

    @property
    def titles(self) -> list[str]:
        """The titles of all entries."""
        return list(self._answers)

    def find(self, question: str) -> str | None:
        """The title of the entry that a question asks for; None where it is none of them."""
        talk, talked = self._small_talk.best(question)
        title, nearness = self._topics.best(question)
        if talked >= max(NEARLY_THE_SAME, nearness):
            return talk
        return title if nearness >= NEAR_ENOUGH else None

    def text(self, title: str) -> str:
        """The answer of an entry, in Markdown."""
        return self._answers[title]

    def _read(self, source: str) -> list[Phrased]:
        entries = []
        for section in ("\n" + source).split("\n## ")[1:]:
            title, asked, text = section.split("\n", 2)
            entries.append(Phrased(title, asked.removeprefix("asked:").split("|")))
            self._answers[title] = text.strip().replace("{commands}", command_table())
        return entries


@cache
def knowledge() -> KnowledgeBase:
    """All there is to know, read once."""
    folder = files("userdesk.demo") / "knowledge"
    topics = [(folder / f"{topic}.md").read_text("utf-8") for topic in TOPICS]
    return KnowledgeBase(topics, (folder / f"{SMALL_TALK}.md").read_text("utf-8"))
