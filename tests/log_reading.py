"""Reading the message log in tests: its rows as they stand on the screen, conversations to open."""

import json
from collections.abc import Iterable
from pathlib import Path

from rich.cells import cell_len
from textual.strip import Strip

from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.message_log.message_log import MessageLog


def strips(chat: ChatScreen) -> list[Strip]:
    """The log's lines as the compositor has them."""
    region = chat.log_view.region
    rendered = chat._compositor.render_strips()[region.y : region.bottom]
    return [strip.crop(region.x, region.right) for strip in rendered]


def rows(chat: ChatScreen) -> list[str]:
    """The log's lines as text, without the scroll bar's column."""
    return [strip.text[:-1].rstrip() for strip in strips(chat)]


def cell_of(chat: ChatScreen, words: str) -> tuple[int, int]:
    """Where some words begin on the screen: column and row."""
    region = chat.log_view.region
    for y, row in enumerate(strips(chat)):
        if (at := row.text.find(words)) >= 0:
            return region.x + cell_len(row.text[:at]), region.y + y
    raise AssertionError(f"{words!r} is not in view")


def laid_out(log: MessageLog) -> int:
    """How many bubbles are kept in memory."""
    return len(log.bubbles)


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


def long_talk(count: int) -> Iterable[tuple[str, str]]:
    """So many messages of several heights, each with its number."""
    for number in range(count):
        if number % 2 == 0:
            yield "user", f"question {number:05d}"
        else:
            more = "".join(f"\n\nparagraph {n} of it" for n in range(number % 5))
            yield "assistant", f"answer {number:05d} with **some** words{more}"
