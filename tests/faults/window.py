"""The full-screen program in this process, as a test of faults sees it, and the files it leaves."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from settling import is_idle, press, until, whole_lines
from userdesk.tui.app import UserdeskApp


class Window:
    """One running program: its screen as text and what lies in its data folder."""

    def __init__(self, app: UserdeskApp, pilot: Pilot[Any], data_dir: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.data_dir = data_dir

    @property
    def text(self) -> str:
        """The screen, row by row."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def toast(self) -> str:
        """The toast's words on the screen, its wrapping undone; empty where there is none."""
        toast = self.app.chat.toast
        if not toast.display or self.app.screen is not self.app.chat:
            return ""
        return self._words_in(toast.region)

    @property
    def notices(self) -> str:
        """The words of the notices on the screen ("Please check"), their wrapping undone."""
        notices = [toast for toast in self.app.screen.query(Toast) if toast.is_on_screen]
        return "\n".join(self._words_in(toast.region) for toast in notices)

    def _words_in(self, region: Region) -> str:
        strips = self.app.screen._compositor.render_strips()[region.y : region.bottom]
        rows = [strip.crop(region.x, region.right).text.strip(" │╭╮╰╯─") for strip in strips]
        return " ".join(row for row in rows if row)

    async def toasts(self, *words: str) -> None:
        await self.until(lambda: all(word in self.toast for word in words), f"a toast with {words!r}")

    async def until(self, condition: Callable[[], object], what: str) -> None:
        await until(condition, lambda: f"{what}; the screen:\n{self.text}")

    async def sees(self, *words: str) -> None:
        await self.until(lambda: all(word in self.text for word in words), repr(words))

    async def misses(self, *words: str) -> None:
        await self.until(lambda: not any(word in self.text for word in words), f"the end of {words!r}")

    async def write(self, text: str) -> None:
        """Put a text into the input bar, as far as the program is concerned by hand."""
        self.app.chat.input_bar.put(text)
        await self.until(lambda: self.app.chat.board.drafts.get(self.key) == text, "the draft")

    async def say(self, text: str) -> None:
        """Send a message."""
        await self.write(text)
        self.app.chat.input_bar.focus()
        await self.press("enter")

    async def press(self, *keys: str) -> None:
        """Press keys and wait until the program has acted on them; not for workers that they start."""
        await press(self.pilot, *keys)

    async def idle(self) -> None:
        await self.until(lambda: is_idle(self.app), "the end of every turn")

    @property
    def key(self) -> str:
        return self.app.chat.board.current

    def index(self) -> list[dict[str, Any]]:
        return saved_conversations(self.data_dir)

    def messages(self, key: str = "") -> list[dict[str, Any]]:
        return transcript_lines(self.data_dir, key or self.key)


def saved_conversations(data_dir: Path) -> list[dict[str, Any]]:
    """conversations.toml as any reader of TOML sees it."""
    path = data_dir / "conversations.toml"
    return list(tomllib.loads(path.read_text("utf-8")).get("conversation", ())) if path.exists() else []


def transcript_lines(data_dir: Path, key: str) -> list[dict[str, Any]]:
    """The lines of a transcript."""
    path = data_dir / "transcripts" / f"{key}.jsonl"
    return [json.loads(line) for line in whole_lines(path.read_text("utf-8"))] if path.exists() else []
