"""Turns, their scripts and messages, where controllers are tried apart from the screen."""

import asyncio

from controllers_apart import Apart
from scripted_server import LAST_CHUNK, Connection, Script, chunk, head
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, now

FAILURE = Failure(FailureKind.SERVER_ERROR, status=500)


def message(role: Role, text: str = "x", **fields: object) -> Message:
    """A message of now."""
    return Message(**({"role": role, "text": text, "at": now()} | fields))  # type: ignore[arg-type]


def begun(at: Apart) -> str:
    """A new conversation on the screen, for which no id was asked yet."""
    key = at.at.begin()
    at.conversations.open(key)
    return key


def held(first: str, release: asyncio.Event, rest: str) -> Script:
    """Answers with the first part, and with the rest once it is released."""

    async def script(connection: Connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked"))
        if first:
            await connection.write(chunk(first.encode()))
        await release.wait()
        await connection.write(chunk(rest.encode()) + LAST_CHUNK)

    return script
