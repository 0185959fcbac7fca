"""When the search index is built: beside what the user does, never against it."""

import json
import os
from pathlib import Path

import pytest

from settling import until
from userdesk.tui.chat.indexing import SearchIndexing


def fill(folder: Path, megabytes: int) -> None:
    lines = (json.dumps({"role": "user", "text": f"{number} {'filler ' * 1400}"}) for number in range(100))
    text = "".join(f"{line}\n" for line in lines)
    for number in range(megabytes):
        path = folder / "transcripts" / f"old{number}.jsonl"
        path.write_text(text)
        os.utime(path, (1_750_000_000, 1_750_000_000))


async def test_it_waits_while_an_answer_arrives(apart, monkeypatch: pytest.MonkeyPatch) -> None:
    async with apart() as at:
        folder = at.service.store.folder
        fill(folder.path, 10)
        busy = {"k1"}
        monkeypatch.setattr(at.service, "busy_keys", lambda: busy)
        controller = SearchIndexing(at.chat)
        controller.begin()
        controller.begin()
        await until(lambda: controller.percent is not None, lambda: "the first look")
        assert controller.percent == 0 and not list(folder.search.glob("*.words"))
        busy.clear()
        await at.run.settle()
        assert controller.percent is None and list(folder.search.glob("*.words"))


async def test_what_a_newer_version_wrote_gets_none(apart) -> None:
    async with apart() as at:
        at.service.store.folder.read_only = True
        SearchIndexing(at.chat).begin()
        await at.run.settle()
        assert not at.service.store.folder.search.exists()
