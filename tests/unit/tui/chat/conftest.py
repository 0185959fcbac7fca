from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chat_place import Place
from controllers_apart import Apart
from scripted_server import Script, ScriptedServer
from userdesk.store import Store

OpenApart = Callable[..., AbstractAsyncContextManager[Apart]]


@pytest.fixture
async def apart(tmp_path: Path) -> AsyncIterator[OpenApart]:
    """Opens the controllers over a scripted service; everything is closed at the end of the test."""
    async with AsyncExitStack() as stack:

        @asynccontextmanager
        async def open_apart(*scripts: Script, **options: Any) -> AsyncIterator[Apart]:
            store = Store(tmp_path / "data", durable=False)
            assert store.open() == []
            async with ScriptedServer(*scripts) as server:
                place = Place(store, server, read_timeout=options.pop("read_timeout", 60.0))
                opened = Apart(place, **options)
                stack.push_async_callback(place.service.aclose)
                yield opened
                await place.service.aclose()
                await opened.settle()

        yield open_apart
