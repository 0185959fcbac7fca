"""Many conversations whose answers come at the same time: no limit of ours keeps any of them waiting."""

import asyncio
from pathlib import Path

from chat_place import Place, created
from scripted_server import LAST_CHUNK, Connection, ScriptedServer, chunk, head
from userdesk.domain.message import Status
from userdesk.store import Store

CONVERSATIONS = 30
PIECES = 20


class Meeting:
    """Answers whose second words come when as many are under way as are expected."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._under_way = 0
        self._all_here = asyncio.Event()
        self.most = 0
        """Answers that were under way at the same time."""

    async def __call__(self, connection: Connection) -> None:
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        await connection.write(head(200, "Transfer-Encoding: chunked", "Content-Type: text/plain"))
        await connection.write(chunk(b"First, "))
        if self._under_way == self._expected:
            self._all_here.set()
        await self._all_here.wait()
        for number in range(PIECES):
            await connection.write(chunk(b"%d " % number))
        await connection.write(chunk(b"last.") + LAST_CHUNK)
        self._under_way -= 1


async def test_thirty_answers_come_at_the_same_time_and_each_is_saved(tmp_path: Path) -> None:
    store = Store(tmp_path / "data", durable=False)
    assert store.open() == []
    meeting = Meeting(CONVERSATIONS)
    ids = [created(f"c{number}") for number in range(CONVERSATIONS)]
    async with ScriptedServer(*ids, meeting) as server:
        at = Place(store, server)
        keys = [at.begin() for _ in range(CONVERSATIONS)]
        for key in keys:
            await at.service.create(key)
        turns = [at.service.send(key, f"Question {number}") for number, key in enumerate(keys)]
        async with asyncio.timeout(30):
            for turn in turns:
                await turn.wait_ended()
        answer = f"First, {''.join(f'{number} ' for number in range(PIECES))}last."
        assert {turn.outcome and (turn.outcome.status, turn.outcome.text) for turn in turns} == {
            (Status.COMPLETE, answer)
        }
        assert meeting.most == CONVERSATIONS
        for number, key in enumerate(keys):
            assert at.kept(key) == [("user", f"Question {number}"), ("assistant", answer)]
        await at.service.aclose()
