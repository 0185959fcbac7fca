from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chat_place import OpenPlace, Place
from scripted_server import Script, ScriptedServer
from userdesk.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "data", durable=False)
    assert opened.open() == []
    return opened


@pytest.fixture
async def place(store: Store) -> AsyncIterator[OpenPlace]:
    """Opens a chat service whose server answers by scripts; everything is closed at the end of the test."""
    async with AsyncExitStack() as stack:

        @asynccontextmanager
        async def open_place(*scripts: Script, **options: Any) -> AsyncIterator[Place]:
            async with ScriptedServer(*scripts) as server:
                opened = Place(options.pop("store", store), server, **options)
                stack.push_async_callback(opened.service.aclose)
                yield opened

        yield open_place
