"""A walk through the full-screen program over a folder: what one does in a day, each with its longest step.

Nothing is asked of a server. Each part of the walk ends when what it began is done.
"""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from textual.widgets import Input

from loop_steps import LoopSteps, Step, beat, steps_watched
from settling import key_event
from userdesk.domain.chatbot import Chatbot
from userdesk.settings import Options, Settings
from userdesk.tui.app import UserdeskApp
from userdesk.tui.start import SWITCH_INTERVAL
from userdesk.tui.switcher.result_list import ResultList

LIMIT = 120.0  # s; only a wrong program reaches it
SIZE = (120, 36)
QUIET = 6  # looks in a row at which nothing is under way, after which a part of the walk has ended
IDLE = frozenset(("preload", "search", "find", "index"))
"""Groups of workers that a part of the walk is not waited for."""

Part = Callable[[], Awaitable[None]]


class StepWalk:
    """The program over a folder, and the longest step of each thing that was done in it."""

    def __init__(self, app: UserdeskApp, steps: LoopSteps) -> None:
        self.app = app
        self.steps = steps
        self.longest: dict[str, Step] = {}
        """By what was done."""

    @property
    def chat(self) -> Any:
        """The chat screen."""
        return self.app.chat

    async def part(self, name: str, done: Callable[[], object] = lambda: True) -> None:
        """What was just begun is `name`: wait for its end, and keep its longest step."""
        deadline, quiet = time.monotonic() + LIMIT, 0
        while quiet < QUIET:
            await asyncio.sleep(0.01)
            busy = any(worker.group not in IDLE for worker in self.app.workers)
            quiet = 0 if busy or not done() else quiet + 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} did not end")
        step = self.steps.take()
        if name not in self.longest or step.held > self.longest[name].held:
            self.longest[name] = step

    async def keys(self, name: str, *keys: str, done: Callable[[], object] = lambda: True) -> None:
        """Press keys as fast as they are taken, and wait for what they led to."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.part(name, done)

    async def command(self, name: str, command_id: str, done: Callable[[], object] = lambda: True) -> None:
        """Do a command, as the palette does."""
        await self.chat.commands.run(command_id)
        await self.part(name, done)

    # what one does

    async def attach(self, conversation_id: str) -> None:
        """Open a conversation by its id."""
        self.chat.run_worker(self.chat.does.conversations.attach(conversation_id), group="attach")
        await self.part("open by its id", lambda: self.chat.does.chat.directory.current.id == conversation_id)

    async def in_sidebar(self) -> None:
        """Filter, step, pin, rename, delete, undo, restore, group: the conversation on the screen."""
        rows = self.chat.widgets.sidebar.list
        await self.command("go to the sidebar", "to_sidebar")
        await self.keys("move in the sidebar", "end", "home", "down", "down")
        await self.command("open the filter", "filter", lambda: self.app.focused is not rows)
        for key in "refund":
            await self.keys("filter, a key", key)
        await self.keys("filter, taken back", *["backspace"] * 6)
        await self.keys("filter, a burst", *"re e", done=lambda: rows.rows.wanted == "re e")
        await self.keys("leave the filter", "escape", done=lambda: not rows.rows.wanted)
        first = self.chat.state.current
        await self.keys("filter and step in a burst", "/", *"re", "f8", done=lambda: rows.rows.wanted == "re")
        await self.keys("leave the filter", "escape", done=lambda: not rows.rows.wanted)
        await self.command("step", "previous_conversation")
        await self.chat.does.conversations.read_and_open(first)
        rows.cursor = first
        await self.command("pin", "pin", lambda: self._conversation(first).pinned)
        await self.command("unpin", "pin", lambda: not self._conversation(first).pinned)
        await self.command("begin to rename", "rename", lambda: isinstance(self.app.focused, Input))
        await self.keys("rename", *"x", "enter", done=lambda: self._conversation(first).title == "x")
        rows.cursor = first
        await self.command("delete", "delete", lambda: self.chat.state.current != first)
        await self.command("undo", "undo", lambda: self.chat.state.current == first)
        rows.cursor = first
        await self.command("delete", "delete", lambda: self.chat.state.current != first)
        await self.command("look into the trash", "restore", lambda: self.app.screen is not self.chat)
        await self.keys("restore", "enter", done=lambda: self.chat.state.current == first)
        await self.command("group by chatbot", "group")
        await self.keys("filter by chatbot", "/", *"re", done=lambda: rows.rows.wanted == "re")
        await self.keys("leave the filter", "escape", done=lambda: not rows.rows.wanted)
        await self.command("pin", "pin", lambda: self._conversation(first).pinned)
        await self.command("unpin", "pin", lambda: not self._conversation(first).pinned)
        await self.command("group by day", "group")

    def _conversation(self, key: Any) -> Any:
        return self.app.service.conversation(key)

    async def elsewhere(self, folder: Path) -> None:
        """Another process renames a conversation."""
        index, key = folder / "conversations.toml", next(iter(self.app.store.entries))

        def rename() -> None:
            before, _, after = index.read_text("utf-8").partition('title = "')
            index.write_text(f'{before}title = "Elsewhere, {after}', "utf-8")

        title = self._conversation(key).title
        await asyncio.to_thread(rename)
        self.chat.does.watcher.watch()

        def told() -> bool:
            return bool(self._conversation(key).title != title)

        await self.part("another process changes the list", told)

    async def in_switcher(self) -> None:
        """Open the switcher, look for titles and messages, leave it."""
        await self.command("open the switcher", "switch", lambda: self.app.screen is not self.chat)
        results = self.app.screen.query_one(ResultList)
        await self.part("open the switcher", lambda: results.rows)
        for key in "ref":
            await self.keys("switcher, a key", key)
        await self.keys("move in the switcher", "down", "up", "pagedown")
        await self.keys("leave the switcher", "escape", done=lambda: self.app.screen is self.chat)

    async def in_conversation(self) -> None:
        """Scroll, resize, find, choose, look at figures, change the theme, export."""
        log = self.chat.widgets.log
        await self.command("go to the log", "to_log")
        await self.keys("to the start", "home")
        await self.keys("page down", "pagedown", "pagedown")
        await self.keys("choose messages", "down", "down", "down")
        await self.keys("to the end", "end", done=lambda: log.following)
        await self.keys("page up", "pageup", "pageup")
        await self.command("follow", "follow", lambda: log.following)
        await self.command("look for words", "find", lambda: isinstance(self.app.focused, Input))
        for key in "zan":
            await self.keys("look for words", key)
        await self.keys("leave find", "escape", done=lambda: not self.chat.query("#find"))
        await self.command("show figures", "figures")
        await self.command("copy the conversation", "copy_conversation")
        for kind in ("md", "html"):
            subject = self.chat.does.exports.subject()
            self.chat.run_worker(self.chat.does.exports.write(subject, kind), group="export")
            await self.part(f"export as {kind}")

    async def in_dialogs(self) -> None:
        """Open and close what there is over the chat for any folder."""
        for command in ("help", "commands", "themes", "chatbots"):
            await self.command(f"open {command}", command, lambda: self.app.screen is not self.chat)
            await self.keys(f"close {command}", "escape", done=lambda: self.app.screen is self.chat)

    async def remove(self) -> None:
        """Go as far as to the word with which everything is removed for good."""
        await self.command("what can be removed", "purge", lambda: self.app.screen is not self.chat)
        await self.keys("choose everything", "end", "enter", done=lambda: isinstance(self.app.focused, Input))
        await self.keys("remove nothing", "escape", done=lambda: self.app.screen is self.chat)

    async def look(self, pilot: Any) -> None:
        """Other widths, another theme."""
        await pilot.resize_terminal(90, 30)
        await self.part("resize")
        await pilot.resize_terminal(*SIZE)
        await self.part("resize")
        self.app.theme = next(name for name in self.app.available_themes if name != self.app.theme)
        await self.part("change the theme")


@asynccontextmanager
async def walking(folder: Path, conversation: str | None = None) -> AsyncIterator[tuple[StepWalk, Any]]:
    """The program over a folder, started, perhaps with the conversation of an id, and its pilot."""
    bot = Chatbot("env", "Bench", "1", "http://127.0.0.1:9")
    settings = Settings(
        config_file=folder / "config.toml", data_dir=folder, chatbots={"env": bot}, start_bot="env"
    )
    app = UserdeskApp(settings, Options(conversation=conversation))
    gc.unfreeze()  # what a program before left
    gc.collect()
    gc.freeze()  # what the tests hold is not the program's; the program freezes more of its own
    gc.collect()  # or it counted what is frozen, and the program's would be looked at seldom and all at once
    with as_started(), steps_watched() as steps:
        beating = asyncio.create_task(beat())
        async with app.run_test(size=SIZE) as pilot:
            walk = StepWalk(app, steps)
            how = "start with --conversation" if conversation else "start"
            await walk.part(how, lambda: app.chat.state.current)
            yield walk, pilot
        beating.cancel()


@contextmanager
def as_started() -> Iterator[None]:
    """The interpreter as the command line sets it before it starts the program."""
    interval, thresholds, collects = sys.getswitchinterval(), gc.get_threshold(), gc.isenabled()
    gc.disable()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)
        (gc.enable if collects else gc.disable)()
