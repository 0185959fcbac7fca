"""The one driver of the full-screen program in tests: its keys, and what is done without them.

Tests say what they mean by the names here and in `ProgramReader`; no other module knows what the program is
made of.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widget import AwaitMount, Widget

from demo_server import DemoServer
from kept_styles import keep_styles
from program_conditions import collect_seldom
from program_reader import ProgramReader
from settling import is_idle, press, until
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import Failure
from userdesk.settings import Options, Settings
from userdesk.settings.api_keys import KeyRing
from userdesk.tui.app import UserdeskApp
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.dialogs.chatbots import ChatbotsScreen
from userdesk.tui.dialogs.help import HelpScreen
from userdesk.tui.dialogs.palette import Palette
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.visit import Visit
from userdesk.tui.widgets.toast import Offer

WIDTH, HEIGHT = 120, 36
BRIEF = frozenset(("turns", "find", "search", "continue", "default"))
"""Groups of workers that end by themselves and change the screen."""
WELCOME = "Hello! I'm the assistant of **Acme**. Ask me about orders, invoices and your account."


keep_styles()


class ProgramDriver(ProgramReader):
    """The program in a test's hands."""

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

    async def read_and_open(self, key: str) -> None:
        """Open a conversation as somebody does who chooses it."""
        await self.chat.does.conversations.read_and_open(key)

    async def attach(self, conversation_id: str) -> None:
        """Go on with a conversation of the server's by its id."""
        await self.chat.does.conversations.attach(conversation_id)

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
        """Do a command of the screen on top, as the palette does."""
        await (self.screen if self.is_beside else self.chat).commands.run(name)

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
        for log in self.side_logs if self.is_beside else [self.log_view]:
            log.redraw()

    # scripted exchanges with the embedded server

    async def begin_conversation(self) -> None:
        """Start a new conversation and wait for Acme's welcome, whatever streams elsewhere."""
        created = {"success": True, "conversationId": self.server.store.create(), "response": WELCOME}
        self.server.fail_next(200, body=json.dumps(created), on="conversation")
        before = self.current
        await self.press("ctrl+n")
        await self.until(lambda: self.current != before and len(self.log_view.view or ()))

    async def compare(self, other: DemoServer) -> None:
        """Connect a second chatbot, go to the two side by side, and wait for both welcomes."""
        for server in (self.server, other):
            created = {"success": True, "conversationId": server.store.create(), "response": WELCOME}
            server.fail_next(200, body=json.dumps(created), on="conversation")
        chatbot = Chatbot("next", "Acme support, next", other.chatbot_id, other.base_url)
        await self.chatbots.keep(chatbot, ApiKey(other.key))
        self.chat.comparing.compare_with("next")
        await self.until(lambda: self.is_beside and all(len(log.view or ()) for log in self.side_logs))

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


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    options: Options | None = None,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    visit: Visit | None = None,
    server: DemoServer | None = None,
) -> AsyncIterator[ProgramDriver]:
    """The program with these settings, its first conversation on the screen; a visitor's if told so.

    `server` is the embedded one, where answers are scripted.
    """
    app = UserdeskApp(settings, options, visit=visit)
    with pytest.MonkeyPatch.context() as patch:
        collect_seldom(patch)
        async with app.run_test(size=size, notifications=True) as pilot:
            ui = ProgramDriver(app, pilot, settings.data_dir, server)
            await ui.until(lambda: ui.current, "the first conversation")
            try:
                yield ui
            finally:
                # a request cut off by the loop's end would be warned of
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ui.created(), 5)
                await app.service.aclose()  # as leaving the program does
                await app.demo.stop()
