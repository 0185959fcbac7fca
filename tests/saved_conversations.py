"""Conversations to open in tests, as other programs write them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def save(data_dir: Path, messages: Iterable[tuple[str, str]], *, key: str = "saved") -> None:
    """Write a conversation as another program might: an entry in conversations.toml, a line a message."""
    (data_dir / "transcripts").mkdir(parents=True, exist_ok=True)
    index = data_dir / "conversations.toml"
    head = index.read_text("utf-8") if index.exists() else "version = 1\n"
    entry = f'\n[[conversation]]\nkey = "{key}"\nid = "id-{key}"\nbot = "env"\ntitle = "{key}"\n'
    index.write_text(f"{head}{entry}created = 2025-01-01T00:00:00Z\n", "utf-8")
    lines = [
        json.dumps({"role": role, "text": text, "at": "2025-01-01T00:00:00Z", "status": "complete"})
        for role, text in messages
    ]
    (data_dir / "transcripts" / f"{key}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def save_titles(data_dir: Path, titles: Iterable[str]) -> None:
    """Write conversations of which only the list knows, the first title's the newest."""
    data_dir.mkdir(parents=True, exist_ok=True)
    day = datetime(2025, 1, 1, tzinfo=UTC)
    entries = [
        f'\n[[conversation]]\nkey = "k{number}"\nid = "c{number}"\nbot = "env"\ntitle = "{title}"\n'
        f"created = {day - timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}\n"
        for number, title in enumerate(titles)
    ]
    (data_dir / "conversations.toml").write_text("version = 1\n" + "".join(entries), "utf-8")


def long_talk(count: int) -> Iterable[tuple[str, str]]:
    """So many messages of several heights, each with its number."""
    for number in range(count):
        if number % 2 == 0:
            yield "user", f"question {number:05d}"
        else:
            more = "".join(f"\n\nparagraph {n} of it" for n in range(number % 5))
            yield "assistant", f"answer {number:05d} with **some** words{more}"
