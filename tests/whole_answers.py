"""A client that waits for whole answers, which the program follows as they come."""

from typing import NamedTuple

from userdesk.api import UserdeskClient


class Answer(NamedTuple):
    """A whole answer; the id is None where the server left it out."""

    text: str
    conversation_id: str | None


class WholeAnswersClient(UserdeskClient):
    """The program's client, with one call more."""

    async def send(self, text: str, conversation_id: str | None = None) -> Answer:
        """Send a message and wait for the whole answer; raises UserdeskError."""
        async with self.stream(text, conversation_id, streamed=False) as answer:
            pieces = [chunk.text async for chunk in answer]
        return Answer("".join(pieces), answer.conversation_id)
