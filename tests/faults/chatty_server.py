"""A service whose answers follow from the questions, so that every word of them can be checked."""

import asyncio
import uuid

from scripted_server import LAST_CHUNK, Connection, ScriptedServer, chunk, head, whole

WORDS = 30


def answer_to(question: str) -> str:
    """The whole answer that `chatty` streams."""
    return "".join(f"{question} → wörd {number}; " for number in range(WORDS))


def chatty(pause: float) -> ScriptedServer:
    """Creates conversations and streams `answer_to` each message, `pause` seconds between the words."""

    async def script(connection: Connection) -> None:
        request = server.received[-1]
        if request.target.endswith("/conversation"):
            reply = {"success": True, "conversationId": str(uuid.uuid4()), "response": "Welcome"}
            await whole(200, reply)(connection)
            return
        data = answer_to(request.fields["message"]).encode()
        await connection.write(head(200, "Transfer-Encoding: chunked", "Content-Type: text/plain"))
        size = -(-len(data) // WORDS)
        for start in range(0, len(data), size):
            await connection.write(chunk(data[start : start + size]))
            await asyncio.sleep(pause)
        await connection.write(LAST_CHUNK)

    server = ScriptedServer(script)
    return server
