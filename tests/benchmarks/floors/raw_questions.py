"""The floor of `userdesk check`: as many questions in as many conversations, and nothing checked."""

import asyncio
import os
import sys
from collections.abc import Iterator

import httpx


async def work(client: httpx.AsyncClient, segments: Iterator[int], length: int) -> None:
    for _ in segments:
        created = await client.post("/conversation", json={})
        for number in range(length):
            body = {
                "message": f"Question {number}",
                "stream": True,
                "conversationId": created.json()["conversationId"],
            }
            async with client.stream("POST", "/message", json=body) as response:
                response.raise_for_status()
                "".join([piece async for piece in response.aiter_text()])


async def main(segments: int, length: int, jobs: int) -> None:
    base = f"{os.environ['USERDESK_BASE_URL']}/v1/chatbot/bench"
    headers = {"Authorization": "Bearer bench"}
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60, trust_env=False) as client:
        left = iter(range(segments))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(jobs):
                tasks.create_task(work(client, left, length))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
