"""The one driver of the full-screen program in tests: its keys, its screen as text, its state, its files.

Tests say what they mean by the names here; what the program is made of is known to this module alone.
"""

import asyncio
import contextlib
import json
import re
import time
import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.color import Color
from textual import color as css
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import AwaitMount, Widget

from demo_server import DemoServer
from settling import is_idle, press, until, whole_lines
from userdesk.chat import ChatService
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure
from userdesk.settings import Options, Settings
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Store
from userdesk.tui.app import UserdeskApp
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.dialogs.chatbots import ChatbotsScreen
from userdesk.tui.dialogs.help import HelpScreen
from userdesk.tui.dialogs.palette import Palette
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import Mark
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.widgets.toast import Offer

WIDTH, HEIGHT = 120, 36
LOOKS_EVERY = 0.2  # s
BRIEF = frozenset(("turns", "find", "search", "continue", "default"))
"""Groups of workers that end by themselves and change the screen."""
POINTER_SHAPE = "\x1b]22;"
WELCOME = "Hello! I'm the assistant of **Acme**. Ask me about orders, invoices and your account."
WHEN = re.compile(r" +(\d\d:\d\d|\d{4}|\w{3} \d{1,2}|(Mon|Tue|Wed|Thu|Fri|Sat|Sun))$")
"""The aside of the sidebar's rows: a time, a day, a year."""
MODULES_WITH_TODAY = (
    "userdesk.tui.chat.directory",
    "userdesk.tui.switcher.screen",
    "userdesk.tui.message_log.bubble",
)
"""Where the program asks for the date."""


class ProgramDriver:
    """The program in a test's hands.

    Parameters: the app, its pilot, its data folder, and the embedded server where answers are scripted.
    """

    def __init__(
        self, app: UserdeskApp, pilot: Pilot[Any], data_dir: Path, server: DemoServer | None = None
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.data_dir = data_dir
        self._server = server
        self._frames = 0
        """How often the screen was drawn."""
        self._looking = False
        """Whether a condition is looked at again and again: what is seen changes from frame to frame only."""
        self._seen: tuple[object, list[Strip]] = (None, [])
        app.post_display_hook = self._drawn  # type: ignore[method-assign]

    def _drawn(self) -> None:
        self._frames += 1

    @property
    def server(self) -> DemoServer:
        """The server that answers."""
        assert self._server is not None
        return self._server

    @property
    def chat(self) -> ChatScreen:
        """The chat screen, whatever lies over it."""
        return self.app.chat

    # what is seen

    def strips(self, region: Region | None = None) -> list[Strip]:
        """The screen's rows as the terminal would show them, or those of a part of it."""
        frame = (self._frames, self.app.screen)
        if not (self._looking and self._seen[0] == frame):
            self._seen = frame, self.app.screen._compositor.render_strips()
        rows = self._seen[1]
        if region is None:
            return rows
        return [strip.crop(region.x, region.right) for strip in rows[region.y : region.bottom]]

    def words_in(self, region: Region) -> str:
        """The words in a part of the screen, their wrapping undone and borders left out."""
        rows = [strip.text.strip(" │╭╮╰╯─") for strip in self.strips(region)]
        return " ".join(row for row in rows if row)

    @property
    def lines(self) -> list[str]:
        """The screen, row by row."""
        return [strip.text for strip in self.strips()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def toast(self) -> str:
        """The toast's words on the screen, its wrapping undone; empty where there is none."""
        toast = self.chat.widgets.toast
        return self.words_in(toast.region) if toast.display and self.on_chat else ""

    @property
    def notices(self) -> str:
        """The words of the notices on the screen ("Please check"), their wrapping undone."""
        notices = [toast for toast in self.screen.query("Toast") if toast.is_on_screen]
        return "\n".join(self.words_in(toast.region) for toast in notices)

    @property
    def log(self) -> str:
        """The message log's part of the screen, its wrapping undone."""
        rows = [strip.text.strip() for strip in self.log_strips]
        return "\n".join(row for row in rows if row)

    @property
    def log_strips(self) -> list[Strip]:
        """The message log's rows on the screen."""
        return self.strips(self.log_view.region) if self.on_chat else []

    @property
    def log_rows(self) -> list[str]:
        """The message log's rows as text, without the scroll bar's column."""
        return [strip.text[:-1].rstrip() for strip in self.log_strips]

    def cell_of(self, words: str) -> tuple[int, int]:
        """Where some words of the log begin on the screen: column and row."""
        region = self.log_view.region
        for y, row in enumerate(self.log_strips):
            if (at := row.text.find(words)) >= 0:
                return region.x + cell_len(row.text[:at]), region.y + y
        raise AssertionError(f"{words!r} is not in view")

    @property
    def sidebar(self) -> list[str]:
        """The sidebar's rows under its title, without the times at their right end."""
        rows = [strip.text.strip() for strip in self.strips(self.chat.widgets.sidebar.region)]
        return [WHEN.sub("", row) for row in rows if row][1:]

    @property
    def title(self) -> str:
        """What stands over the log."""
        return self.words_in(self.app.screen.query_one("#title").region)

    @property
    def news(self) -> str:
        """What the status bar's row says."""
        return self.lines[-1]

    # the parts of the screen

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""
        return self.app.screen

    @property
    def on_chat(self) -> bool:
        """Whether nothing lies over the chat screen."""
        return self.app.screen is self.app.chat

    @property
    def focused(self) -> Widget | None:
        """The widget that takes keys on the screen on top."""
        return self.app.screen.focused

    @property
    def input_bar(self) -> InputBar:
        """Where messages are written."""
        return self.chat.widgets.input_bar

    @property
    def log_view(self) -> MessageLog:
        """The message log's widget."""
        return self.chat.widgets.log

    @property
    def conversation_list(self) -> ConversationList:
        """The sidebar's list."""
        return self.chat.widgets.sidebar.list

    # what the program knows

    @property
    def store(self) -> Store:
        """The data folder as the program has it."""
        return self.app.store

    @property
    def service(self) -> ChatService:
        """What sends and receives."""
        return self.app.service

    @property
    def current(self) -> str:
        """The key of the conversation on the screen."""
        return self.chat.state.current

    @property
    def conversation(self) -> Conversation:
        """The conversation on the screen."""
        conversation = self.chat.does.chat.directory.current
        assert conversation is not None
        return conversation

    @property
    def is_loaded(self) -> bool:
        """Whether the data folder was read."""
        return self.chat.state.is_loaded

    def view(self, key: str = "") -> ConversationView:
        """What the log shows of a conversation, of the one on the screen if no other is named."""
        return self.chat.does.chat.views.of(key or self.current)

    def order(self) -> list[str]:
        """The conversations' keys in the sidebar's order."""
        return self.chat.does.chat.directory.order()

    def mark(self, key: str) -> Mark:
        """The mark before a conversation's title in the sidebar."""
        return self.chat.does.chat.directory.mark_of(key)

    @property
    def failed(self) -> set[str]:
        """The conversations whose last turn failed."""
        return self.chat.state.failed

    @property
    def filter(self) -> str:
        """The sidebar's filter."""
        return self.chat.state.filter

    @property
    def draft(self) -> str:
        """What stands in the input bar, long pastes folded."""
        return self.input_bar.text

    @property
    def whole_draft(self) -> str:
        """What stands in the input bar, all of it."""
        return self.input_bar.whole_text

    def draft_of(self, key: str) -> str:
        """The unsent text of a conversation."""
        return self.chat.does.chat.drafts.get(key)

    def has_draft(self, key: str) -> bool:
        """Whether a conversation has unsent text."""
        return self.chat.does.chat.drafts.has(key)

    @property
    def prompts(self) -> list[str]:
        """The earlier prompts that Up recalls."""
        return list(self.input_bar.recall.prompts)

    @property
    def unsaved(self) -> int:
        """How many writes wait for the disk."""
        return len(self.service.write_queue)

    @property
    def presents(self) -> bool:
        """Whether presenter mode is on."""
        return self.chat.does.chat.presenter.is_on

    @property
    def crash(self) -> BaseException | None:
        """The defect that ended the program."""
        return self.app.crash

    @property
    def is_running(self) -> bool:
        """Whether the program goes on."""
        return self.app.is_running

    @property
    def is_editing(self) -> bool:
        """Whether a title or the filter is written in the sidebar."""
        return bool(self.chat.widgets.sidebar.editing)

    @property
    def selected_text(self) -> str:
        """What is selected with the mouse."""
        return self.chat.get_selected_text() or ""

    def colour(self, variable: str) -> Color:
        """A colour of the theme, by its variable in the stylesheets."""
        return css.Color.parse(self.app.get_css_variables()[variable]).rich_color

    @property
    def theme(self) -> str:
        """The name of the colours."""
        return self.app.theme

    @property
    def scheduled_retries(self) -> int:
        """How many messages will be sent again by themselves."""
        return len(self.chat.does.recovery.scheduled)

    @property
    def verdicts_to_come(self) -> int:
        """How many answers of the question set are still being judged."""
        return self.chat.does.player.answers_to_come

    @property
    def is_creating(self) -> bool:
        """Whether a conversation is being created on the server."""
        return self.works_on("create")

    def works_on(self, *groups: str) -> bool:
        """Whether workers of these groups are under way."""
        return any(worker.group in groups for worker in self.app.workers)

    # waiting

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the program run until a condition holds."""
        self._looking = True
        try:
            await until(condition, lambda: f"{what or 'a condition'}; the screen:\n{self.text}")
        finally:
            self._looking = False

    async def sees(self, *words: str) -> None:
        """Wait until all of these words stand on the screen."""
        await self.until(lambda: all(word in self.text for word in words), repr(words))

    async def misses(self, *words: str) -> None:
        """Wait until none of these words stands on the screen."""
        await self.until(lambda: not any(word in self.text for word in words), f"the end of {words!r}")

    async def toasts(self, *words: str) -> None:
        """Wait until the toast says all of these words."""
        await self.until(lambda: all(word in self.toast for word in words), f"a toast with {words!r}")

    async def logs(self, *words: str) -> None:
        """Wait until the log says all of these words."""
        await self.until(lambda: all(word in self.log for word in words), f"a log with {words!r}")

    async def idle(self) -> None:
        """Wait until no turn is under way in any conversation."""
        await self.until(lambda: is_idle(self.app), "the end of every turn")

    async def saved(self) -> None:
        """Wait until no write waits for the disk."""
        await self.until(lambda: not self.unsaved, "the writes that waited")

    async def created(self) -> None:
        """Wait until no conversation is being created on the server, and the screen was told."""
        await self.until(lambda: not self.is_creating, "the conversation")
        await self.pilot.pause()

    async def settled(self) -> None:
        """Wait until nothing is under way that will change the screen."""
        await self.until(lambda: not self.works_on(*BRIEF), "the end of what is under way")
        before: list[str] = []
        while (picture := self.lines) != before:
            before = picture
            await self.pilot.pause()

    async def opens(self, screen: type[Screen[Any]]) -> None:
        """Wait until such a screen is on top and takes keys."""

        def ready() -> bool:
            on_top = self.screen
            return isinstance(on_top, screen) and bool(on_top.focused or not on_top.focus_chain)

        await self.until(ready, screen.__name__)

    async def closes(self) -> None:
        """Wait until nothing lies over the chat screen."""
        await self.until(lambda: self.on_chat, "the chat screen")

    # what is done by hand

    async def press(self, *keys: str) -> None:
        """Press keys and wait until the program has acted on them; not for workers that they start."""
        await press(self.pilot, *keys)

    async def act(self, *keys: str) -> None:
        """Press keys one after the other, and wait for all that each of them does."""
        for key in keys:
            await self.press(key)
            await self.settled()

    def burst(self, *keys: str) -> None:
        """Type keys faster than the program acts on them."""
        at = time.monotonic()
        for key in keys:
            event = events.Key(key, key if len(key) == 1 else None)
            event.time = at
            self.post(event)

    def post(self, message: Message) -> None:
        """Hand the program an event as its terminal does."""
        self.app.post_message(message)

    async def type(self, text: str) -> None:
        """Put text into the input bar as a terminal's paste does."""
        before = len(self.whole_draft)
        self.input_bar.post_message(events.Paste(text))
        await self.until(lambda: len(self.whole_draft) >= before + len(text), "what was typed")

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.type(text)
        await self.press("enter")

    # what is done without keys

    def put(self, text: str) -> None:
        """Replace what stands in the input bar."""
        self.input_bar.put(text)

    async def write(self, text: str) -> None:
        """Replace what stands in the input bar, and wait until it is the conversation's draft."""
        self.put(text)
        await self.until(lambda: self.draft_of(self.current) == text, "the draft")

    def open(self, key: str) -> None:
        """Show a conversation."""
        self.chat.does.conversations.open(key)

    def attach(self, conversation_id: str) -> None:
        """Go on with a conversation of the server's by its id."""
        self.chat.does.conversations.attach(conversation_id)

    def start_conversation(self) -> None:
        """Begin a new conversation."""
        self.chat.does.conversations.start()

    def send(self, key: str, text: str) -> None:
        """Send a message in a conversation, whichever is on the screen."""
        self.chat.does.turns.send(key, text)

    def rename(self, key: str, title: str) -> None:
        """Give a conversation another title, as its command does."""
        self.chat.does.sidebar.rename(key, title)

    async def command(self, name: str) -> None:
        """Do a command of the chat screen, as the palette does."""
        await self.chat.commands.run(name)

    async def look_at_folder(self) -> None:
        """Look now at what other processes did to the data folder."""
        await self.chat.does.watcher.poll()

    def push(self, screen: Screen[Any]) -> AwaitMount:
        """Put a screen on top; await what comes back until it is composed."""
        return self.app.push_screen(screen)

    def new_switcher(self) -> SwitcherScreen:
        """The switcher, over this program's conversations."""
        names = {chatbot.config_name: chatbot.name for chatbot in self.service.registry}
        return SwitcherScreen(self.store, self.chat.does.chat.directory.all, names)

    def new_chatbots(
        self, chatbots: list[Chatbot] | None = None, *, change: Chatbot | None = None
    ) -> ChatbotsScreen:
        """The form that connects a chatbot, over these chatbots or the program's own."""
        registry, does = self.service.registry, self.chat.does.chatbots
        shown = list(registry) if chatbots is None else chatbots
        return ChatbotsScreen(shown, None, registry.probe, does.connect, change=change)

    def new_help(self) -> HelpScreen:
        """The help, of this program's keys."""
        return HelpScreen(self.chat.does.chat.shortcuts)

    def new_palette(self) -> Palette:
        """The command palette, of this program's commands."""
        return Palette(self.chat.commands, self.chat.does.chat.shortcuts, [])

    @property
    def clipboard(self) -> Clipboard:
        """What copies out of the program."""
        return self.app.system_clipboard

    @property
    def chatbots(self) -> ChatbotsController:
        """What connects chatbots and keeps their keys."""
        return self.chat.does.chatbots

    @property
    def keyring(self) -> KeyRing:
        """Where API keys come from."""
        return self.chat.does.chatbots.keyring

    async def export(self, format_name: str) -> None:
        """Write the conversation on the screen into a file of the current folder."""
        subject = self.chat.does.exports.subject()
        assert subject is not None
        await self.chat.does.exports.write(subject, format_name)

    def when_copied(self, copied: Callable[[str], object]) -> None:
        """Have what is copied given to this instead of the clipboard."""
        self.chat.does.copying.copy = lambda text, what: copied(text)  # type: ignore[method-assign]

    def when_opened(self, opened: Callable[[str], object]) -> None:
        """Have the addresses that the browser is to open given to this instead."""
        self.chat.does.links.open_in_browser = opened

    async def run_action(self, action: str, screen: Screen[Any]) -> None:
        """Do an action of a screen."""
        await self.app.run_action(action, screen)

    async def pop(self) -> None:
        """Take the screen on top away."""
        await self.app.pop_screen()

    async def quit(self) -> None:
        """Leave the program, as its key does."""
        await self.app.action_quit()

    def notify(self, words: str, *, title: str = "") -> None:
        """Show a notice that stays."""
        self.app.notify(words, title=title, timeout=60)

    def clear_notices(self) -> None:
        """Take every notice away."""
        self.app.clear_notifications()

    def show_toast(self, failure: Failure, offer: str) -> None:
        """Show a toast."""
        self.chat.does.chat.notifier.fail(failure, Offer(offer, lambda: None))

    def flash(self, words: str) -> None:
        """Flash news in the status bar."""
        self.chat.widgets.status.flash(words)

    def refresh_conversations(self) -> None:
        """Show the order, titles and marks of the conversations anew."""
        self.chat.state.changed()

    def note_unread(self, key: str) -> None:
        """Mark a conversation as one with an answer that was not read."""
        self.chat.state.unread.add(key)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.chat.clear_selection()

    def look_away(self) -> None:
        """Take the terminal's focus away, without its events."""
        self.app.app_focus = False

    def remember_prompts(self) -> None:
        """Read the earlier prompts from the disk."""
        self.chat.does.chat.prompts.refresh()

    async def flush_draft(self) -> None:
        """Write the draft in the input bar to the disk."""
        await self.chat.does.chat.drafts.flush()

    async def play(self, questions: Path) -> None:
        """Play a question set, and wait until its bar is there."""
        self.chat.does.player.play(str(questions))
        await self.until(lambda: self.screen.query("#play"), "the question set")

    async def close_all(self, focus: Widget | None = None) -> None:
        """Close every screen and field over the chat screen, and focus a widget there."""
        for _ in range(5):
            if self.on_chat:
                break
            await self.until(lambda: self.screen.is_mounted, "a screen that can be closed")
            self.screen.dismiss(None)
            await self.press()
        while self.chat.widgets.sidebar.editing or self.chat.query("#find"):
            await self.chat.navigation.step_back()
        if focus is not None and self.focused is not focus:
            self.chat.set_focus(focus)

    def record_copies(self) -> list[str]:
        """What is copied from now on: the sequences that the terminal would get."""
        written: list[str] = []
        self.app.system_clipboard.write = written.append
        return written

    def redraw_log(self) -> None:
        """Show now what the log is about to show."""
        self.log_view.redraw()

    # scripted exchanges with the embedded server

    async def begin_conversation(self) -> None:
        """Start a new conversation and wait for Acme's welcome, whatever streams elsewhere."""
        created = {"success": True, "conversationId": self.server.store.create(), "response": WELCOME}
        self.server.fail_next(200, body=json.dumps(created), on="conversation")
        before = self.current
        await self.press("ctrl+n")
        await self.until(lambda: self.current != before and len(self.log_view.view or ()))

    async def send_here(self, text: str) -> None:
        """Send a message without waiting for its answer."""
        self.put(text)
        await self.press("enter")
        await self.until(lambda: self.service.turns(self.current), "the turn")

    async def ask(self, text: str, answer: str = "") -> None:
        """Send a message and wait for the whole answer: the server's own, or this one."""
        if answer:
            self.server.answer_next(answer)
        self.put(text)
        await self.press("enter")
        await self.settled()

    async def begin_answer(self, text: str, answer: str, *, characters: int) -> None:
        """Send a message and wait for the beginning of an answer that is held there."""
        raw = answer.encode()
        begun = len(answer[:characters].encode())
        self.server.answer_next([raw[:begun], raw[begun:]])
        self.server.hold(1)
        key = self.current
        self.put(text)
        await self.press("enter")
        await self.shows_characters(key, characters)
        await self.pilot.pause()

    async def shows_characters(self, key: str, count: int) -> None:
        """Wait until so many characters of a conversation's answer have come, and show them."""
        await self.until(lambda: (live := self.view(key).live) and live.characters == count)
        self.redraw_log()

    # what is on the disk

    @property
    def index(self) -> list[dict[str, Any]]:
        """conversations.toml as any TOML reader sees it."""
        return saved_conversations(self.data_dir)

    def transcript(self, key: str = "") -> list[dict[str, Any]]:
        """A transcript's lines, of the conversation on the screen if no other is named."""
        return transcript_lines(self.data_dir, key or self.current)

    def said(self, key: str = "") -> list[str]:
        """The user's messages of a transcript."""
        return [line["text"] for line in self.transcript(key) if line["role"] == "user"]


def saved_conversations(data_dir: Path) -> list[dict[str, Any]]:
    """conversations.toml as any reader of TOML sees it."""
    path = data_dir / "conversations.toml"
    return list(tomllib.loads(path.read_text("utf-8")).get("conversation", ())) if path.exists() else []


def transcript_lines(data_dir: Path, key: str) -> list[dict[str, Any]]:
    """The lines of a transcript."""
    path = data_dir / "transcripts" / f"{key}.jsonl"
    return [json.loads(line) for line in whole_lines(path.read_text("utf-8"))] if path.exists() else []


def let_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes by itself would be gone before a busy machine has looked for it."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("userdesk.tui.widgets.status_bar.StatusBar.NEWS_FOR", 60.0)
    monkeypatch.setattr("userdesk.tui.widgets.toast.STAYS", 60.0)
    monkeypatch.setattr("userdesk.tui.chat.trash.UNDO_FOR", 60.0)


def watch_folder_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program look every LOOKS_EVERY seconds at what other processes did."""
    monkeypatch.setattr("userdesk.tui.chat.screen.WATCH_EVERY", LOOKS_EVERY)


def record_terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program writes to its terminal beside its screen and the pointer's shape."""
    written: list[str] = []

    def write(driver: HeadlessDriver, data: str) -> None:
        if not data.startswith(POINTER_SHAPE):
            written.append(data)

    monkeypatch.setattr(HeadlessDriver, "write", write)
    return written


@contextlib.asynccontextmanager
async def running(
    settings: Settings, options: Options | None = None, *, size: tuple[int, int] = (WIDTH, HEIGHT)
) -> AsyncIterator[ProgramDriver]:
    """The program with these settings, its first conversation on the screen."""
    app = UserdeskApp(settings, options)
    async with app.run_test(size=size, notifications=True) as pilot:
        ui = ProgramDriver(app, pilot, settings.data_dir)
        await ui.until(lambda: ui.current, "the first conversation")
        try:
            yield ui
        finally:
            # a request cut off by the loop's end would be warned of
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ui.created(), 5)
            await app.service.aclose()  # as leaving the program does
