"""The application: wires settings, store and service to the chat screen."""

import asyncio
import logging
import os
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from userdesk.chat import preload
from userdesk.chat.wiring import build_chat, stream_log_of
from userdesk.demo.process import DemoProcess
from userdesk.diagnostics.logbook import open_logbook
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.markdown.layout.cells import join_clusters
from userdesk.settings import Options, Settings
from userdesk.store import Store
from userdesk.tui import start
from userdesk.tui.chat.controllers import Program
from userdesk.tui.chat.indexing import BEGINS_AFTER
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.commands import COMMANDS
from userdesk.tui.external.clipboard import Clipboard, TerminalClipboard
from userdesk.tui.external.editor import Edited, EditorProcess, edit
from userdesk.tui.garbage import LOOK_EVERY, GarbageCollector
from userdesk.tui.message_log.bubble import preload_parser
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.terminal.bounded_mouse import BoundedMouse
from userdesk.tui.terminal.hardware_cursor import HardwareCursor
from userdesk.tui.terminal.parsed_styles import ParsedStyles
from userdesk.tui.themes import DARK, THEMES, readable, unknown_theme, user_themes

if TYPE_CHECKING:
    from userdesk.tui.visit import Visit

TROUBLES_SHOWN = 4
"""Notices at most about what was wrong at the start."""
EDITOR_ENDS_WITHIN = 2.0  # s that an editor has to save what it holds, once it is asked to end
LEAVES = "Leave? Your conversations here are removed then."
LOOK_AFTER_TERMINAL = 1.0  # s between two looks whether a terminal that is lent is still there

_log = logging.getLogger("userdesk.tui")


def stylesheets() -> list[Path]:
    """Every .tcss file by its name: in the package when installed, at the repository's top in a checkout."""
    here = Path(__file__).resolve().parent
    candidates = (here.parent / "styles", here.parents[2] / "styles")
    folder = next((path for path in candidates if path.is_dir()), candidates[0])
    return sorted(folder.glob("*.tcss"))


def _keys_at_the_start(shortcuts: Shortcuts) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of commands that act on conversations, once these are read; and those that end the program."""
    quit_keys = frozenset(shortcuts.of("quit"))
    keys = {key for each in shortcuts.commands if each.place == "anywhere" for key in shortcuts.of(each.id)}
    return frozenset(keys - quit_keys), quit_keys


class UserdeskApp(BoundedMouse, HardwareCursor, inherit_bindings=False):
    """The full-screen program."""

    TITLE = "userdesk"
    CSS_PATH: ClassVar[Any] = stylesheets()
    COMMAND_PALETTE_BINDING = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", show=False, system=True, id="quit")]
    _is_themed = False

    def __init__(
        self,
        settings: Settings,
        options: Options | None = None,
        *,
        demo: DemoProcess | None = None,
        visit: "Visit | None" = None,
    ) -> None:
        """`visit` is given where the user is a visitor, who reaches nothing beyond the chatbot."""
        super().__init__()
        self._is_quitting = False
        """Whether the user was told what quitting loses: a further one does it."""
        self.visit = visit
        self.may_stop = visit is None
        browser = None
        self.system_clipboard: Clipboard = TerminalClipboard(self.write_to_terminal)
        if visit:  # who starts the program in a terminal does not wait for the import
            from userdesk.tui.external.browser import Browser, BrowserClipboard

            browser = Browser(visit.channel, visit.folder)
            self.system_clipboard = BrowserClipboard(browser)
        self.settings = settings
        self.options = options or Options()
        log = stream_log_of(
            self.options, lambda message: self.chat.does.chat.notifier.flash(message, alert=True)
        )
        store = self.store = Store(settings.data_dir)
        self.service, keyring, self.demo = build_chat(settings, store, demo=demo, stream_log=log)
        self._editor = EditorProcess()
        self._garbage = GarbageCollector()
        shortcuts = Shortcuts(settings.shortcuts, visit.commands() if visit else COMMANDS)
        self._troubles = [*shortcuts.problems]
        self.set_keymap(shortcuts.keymap())
        self.hold_back(*_keys_at_the_start(shortcuts))
        program = Program(
            self.service,
            settings,
            keyring,
            shortcuts,
            self.system_clipboard,
            edit=self._edit_outside,
            notify_outside=self._notify_outside,
            ask_to_quit=self._ask_to_quit,
            quit=self.action_quit,
            browser=browser,
        )
        self.chat = ChatScreen(program, self.options)
        for theme in (*THEMES, *user_themes(settings.config_file.parent / "themes", self._troubles)):
            self.register_theme(theme)
        chosen = settings.theme or DARK.name
        self.theme = chosen if chosen in self.available_themes else DARK.name
        self._is_themed = True
        # Read with the theme's variables from the start, the stylesheets need not be read a second time.
        self.stylesheet.set_variables(self.get_css_variables())
        self.stylesheet.read_all(self.css_path)
        self.stylesheet.parse()  # before the first step of the event loop; what was parsed is remembered
        self._freshly_styled = True

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables, made readable, and our shades of them; none before there is a theme."""
        if not self._is_themed:
            return {}
        variables = super().get_css_variables()
        return {**variables, **readable(variables)}

    def refresh_css(self, animate: bool = True) -> None:
        """The theme changed: read the stylesheets anew, but for the theme they were read with at start."""
        if self._freshly_styled:
            self._freshly_styled = False
        else:
            self.call_next(self._restyle, animate)

    async def _restyle(self, animate: bool) -> None:
        styles, theme = ParsedStyles(self.stylesheet, self.get_css_variables()), self.theme
        with self.batch_update():  # nothing is seen that has half of it
            while not styles.parse_some():
                await asyncio.sleep(0)  # a step of the loop ends
            if self.theme != theme:  # which is waiting to be given
                return
            if styles.source.keys() != self.stylesheet.source.keys():  # a widget came that was not there yet
                self.refresh_css(animate)
                return
            self.stylesheet = styles
            roots: list[DOMNode] = [self, *self.screen_stack]
            nodes = [*dict.fromkeys(node for root in roots for node in root.walk_children(with_self=True))]
            while not styles.give_some(nodes):
                await asyncio.sleep(0)
            super().refresh_css(animate)
            styles.all_given()

    # start and end

    def get_default_screen(self) -> Screen[None]:
        """The chat is the first screen: nothing below it has to be laid out and styled."""
        self.chat.take_height()
        return self.chat

    def on_clusters_joined(self) -> None:
        """The terminal takes an emoji sequence for one character: lay out what is shown for that."""
        join_clusters(True)
        for log in self.screen.query(MessageLog):
            log.redraw()

    def on_mount(self) -> None:
        """The screen first, what it shows right after it."""
        if self.settings.start_bot == DEMO_BOT:
            try:
                self.demo.launch()
            except OSError as error:
                self._troubles.append(f"The demo chatbot could not be started: {error.strerror or error}")
        # As a message of its own the screen would not lay out what is typed before all is read.
        self.chat.call_after_refresh(self._open_store)

    @work(group="open")
    async def _open_store(self) -> None:
        if not await asyncio.to_thread(os.path.exists, self.store.folder.index):
            await asyncio.sleep(start.KEYS_FIRST)  # nothing to show: threads need not have half of the time
        await asyncio.to_thread(preload_parser)
        await self.chat.glance_at_first()
        problems = await asyncio.to_thread(self.store.open)
        self.store.presence.begin()
        await asyncio.to_thread(self.chat.does.watcher.load)
        if self.visit and not self.visit.has_begun():  # nobody is there yet, and nobody is kept waiting
            self.run_worker(preload, thread=True, group="preload", exit_on_error=False)
            await self.visit.begins()
        await self.chat.open_first()
        self.release()
        troubles = [*self._troubles, *(str(problem) for problem in self.settings.problems)]
        troubles += [problem.message for problem in problems]
        troubles += unknown_theme(self.settings.theme, self.available_themes)
        self._tell_troubles(troubles)
        asyncio.get_running_loop().call_later(0.2, self.begin_when_quiet)

    def _tell_troubles(self, troubles: list[str]) -> None:
        """What was not understood or had to be repaired; many at once would cover the screen.

        A visitor can mend none of it.
        """
        if self.visit:
            for message in troubles:
                _log.warning("%s", message)
            return
        shown = troubles if len(troubles) <= TROUBLES_SHOWN else troubles[: TROUBLES_SHOWN - 1]
        for message in shown:
            self.notify(message, title="Please check", severity="warning", timeout=15)
        if more := len(troubles) - len(shown):
            self.notify(f"and {more} more: run userdesk doctor to list them", severity="warning", timeout=15)

    def begin_when_quiet(self) -> None:
        """While nobody waits: import what the first message needs. Not once the program is on its way out."""
        if not self.is_running:
            return
        self.run_worker(self._prepare, thread=True, group="preload", exit_on_error=False)
        self.set_interval(LOOK_EVERY, self._rest)
        self.chat.set_timer(BEGINS_AFTER, self.chat.does.indexing.begin)

    def _prepare(self) -> None:
        """Import what the first message needs, and look for garbage in what comes from then on."""
        import userdesk.markdown.layout.line_breaks  # noqa: F401

        try:
            preload()
        finally:
            self._garbage.begin()

    def _rest(self) -> None:
        """Nobody may have typed for long: what takes longer than a key should wait can be done."""
        if not self.service.busy_keys():
            self._garbage.rest(monotonic() - self.acted_at)

    def on_unmount(self) -> None:
        """Leave the interpreter as it was: the next program in this process is not slowed by this one."""
        self._garbage.end()

    async def action_quit(self) -> None:
        """Stop what is under way, keep what arrived, leave; ask first where something would be lost."""
        if self.visit:
            if not self._is_quitting and any(each.title for each in self.chat.does.chat.directory.all()):
                self._is_quitting = True
                self._ask(LEAVES)
            else:
                await self.leave()
            return
        queue = self.service.write_queue
        if len(queue) and not await queue.flush() and not self._is_quitting:
            self._is_quitting = True
            count = len(queue)
            changes = "1 change is" if count == 1 else f"{count} changes are"
            why = (
                "a newer userdesk wrote this folder"
                if self.store.folder.read_only
                else "can't write to the disk"
            )
            self._ask(f"{changes} not saved yet: {why}. Quit anyway?")
            return
        await self.leave()

    def keep_what_was_typed(self) -> None:
        """In a crash: the draft goes to the disk at once."""
        self.chat.does.chat.drafts.rescue()

    async def leave(self) -> None:
        """Stop what is under way, keep what arrived, end the program."""
        self._editor.end()
        asyncio.get_running_loop().call_later(EDITOR_ENDS_WITHIN, partial(self._editor.end, by_force=True))
        await self.chat.does.chat.drafts.flush()
        await self.service.aclose()
        await self.demo.stop()
        self.exit(0)

    def _ask_to_quit(self) -> None:
        """Ctrl+C with nothing milder left to do."""
        if self.visit:
            self._ask(LEAVES)
        elif len(self.service.write_queue):
            self.run_worker(self.action_quit(), exit_on_error=False)
        else:
            self._ask("Quit userdesk? Everything is saved.")

    def _ask(self, question: str) -> None:
        from userdesk.tui.dialogs.asking import QuitScreen

        def answered(yes: bool | None) -> None:
            self._is_quitting = bool(yes)
            if yes:
                self.run_worker(self.action_quit(), exit_on_error=False)

        self.push_screen(QuitScreen(question, "leave" if self.visit else "quit"), answered)

    # the terminal

    @property
    def shows_cursor(self) -> bool:
        """In accessible mode, for screen readers that follow the terminal's cursor."""
        return self.chat.state.accessible

    def copy_to_clipboard(self, text: str) -> None:
        """Keep what was cut or copied in a field for Ctrl+V, and send it to the clipboard."""
        self.keep_for_pasting(text)
        self.run_worker(self.system_clipboard.copy(text), group="copy", exit_on_error=False)

    async def _edit_outside(self, command: list[str], text: str) -> Edited:
        """Lend the terminal to an editor; answers go on arriving meanwhile.

        Raises OSError, SuspendNotSupported.
        """
        # What changes meanwhile is drawn afterwards: a batch sends nothing to the terminal.
        with self.batch_update(), self.suspend():
            self.suspended = True
            looking = asyncio.create_task(self._look_after_terminal())
            try:
                edited: Edited | OSError = await asyncio.to_thread(edit, command, text, self._editor)
            except OSError as error:  # raised in here, it would leave the terminal as it is now
                edited = error
            looking.cancel()
            self.suspended = False
        self.refresh(layout=True)
        if isinstance(edited, OSError):
            raise edited
        return edited

    async def _look_after_terminal(self) -> None:
        """While nobody reads it: an editor may not end with its terminal, and no signal need come."""
        while not self.has_terminal_gone():
            await asyncio.sleep(LOOK_AFTER_TERMINAL)
        self.terminal_gone()

    def _notify_outside(self, title: str) -> None:
        """Tell somebody who looks elsewhere that an answer is complete."""
        if self.settings.notify == "bell":
            self.write_to_terminal("\x07")
        elif self.settings.notify in ("osc9", "osc777"):
            message = f"Answer complete: {title}" if title else "Answer complete"
            code = f"9;{message}" if self.settings.notify == "osc9" else f"777;notify;userdesk;{message}"
            self.write_to_terminal(f"\x1b]{code}\x07")


def run(settings: Settings, options: Options, visit: "Visit | None" = None) -> int:
    """Run the full-screen program until it is left; its exit status."""
    open_logbook(settings.data_dir, settings.log_level)
    app = UserdeskApp(settings, options, visit=visit)
    result = app.run()
    if app.crash:
        raise app.crash
    return result if result is not None else (app.return_code or 0)
