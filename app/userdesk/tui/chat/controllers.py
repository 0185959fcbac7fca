"""Everything that acts on the chat screen, wired together."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.screen import Screen

from userdesk.chat import ChatService
from userdesk.domain.conversation import ConversationKey
from userdesk.settings import Settings
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Problem
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.dialogs import Background, Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController, PromptHistory
from userdesk.tui.chat.folder_watcher import FolderWatcher
from userdesk.tui.chat.indexing import SearchIndexing
from userdesk.tui.chat.log_commands import LogCommands
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.other_screens import OtherScreens
from userdesk.tui.chat.outside import OutsideText
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.player import QuestionSetPlayer
from userdesk.tui.chat.preferences import Preferences, SidebarCommands
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.purging import PurgeController
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.save_notices import SaveNotices
from userdesk.tui.chat.state import ChatState, ConversationViews, UnreadMarks
from userdesk.tui.chat.trash import TrashController
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.external.editor import Edited
from userdesk.tui.shortcuts import Shortcuts

if TYPE_CHECKING:
    from userdesk.tui.external.browser import Browser


class Program(NamedTuple):
    """What the application gives its chat screen."""

    service: ChatService
    settings: Settings
    keyring: KeyRing
    shortcuts: Shortcuts
    clipboard: Clipboard
    edit: Callable[[list[str], str], Awaitable[Edited]]
    """Lends the terminal to an editor. Raises OSError, SuspendNotSupported."""
    notify_outside: Callable[[str], None]
    """Tells somebody who looks elsewhere that an answer is complete, by its conversation's title."""
    ask_to_quit: Callable[[], None]
    quit: Callable[[], Awaitable[None]]
    browser: "Browser | None" = None
    """Where the user is a visitor: the browser that shows the program."""


class Controllers:
    """Builds each controller with what it needs, and has those that follow others listen to them."""

    def __init__(
        self, screen: Screen[None], widgets: ChatWidgets, program: Program, state: ChatState
    ) -> None:
        service, settings, shortcuts = program.service, program.settings, program.shortcuts
        log, input_bar = widgets.log, widgets.input_bar
        run: Background = partial(screen.run_worker, exit_on_error=False)
        dialogs = Dialogs(lambda dialog, closed: screen.app.push_screen(dialog, closed))
        presenter = PresenterMode(visited=settings.start_bot if program.browser else "")
        notify = partial(screen.notify, title="Please check", severity="warning")
        notifier = Notifier(widgets.status, widgets.toast, presenter, shortcuts.spoken, notify)
        widgets.toast.stop_key = shortcuts.spoken("stop")
        input_bar.elsewhere = f"Press {shortcuts.spoken('stop') or shortcuts.spoken('to_input')} to write"
        views = ConversationViews(service, state)
        prompts = PromptHistory(
            service.store.history,
            *(service.write_queue, input_bar, run),
            lambda: views.current if presenter.for_audience else None,
        )
        drafts = DraftsController(service, state, input_bar, prompts, run)
        directory = ConversationDirectory(service, state, drafts, settings.start_bot)
        self.chat = chat = ChatParts(
            *(service, state, views, directory, drafts, prompts),
            *(presenter, notifier, dialogs, shortcuts, run),
        )
        self.unread = unread = UnreadMarks(service.store, state, run)
        self.save_notices = SaveNotices(chat)
        self.turns = turns = TurnsController(chat, unread)
        self.conversations = conversations = ConversationsController(
            chat, unread, settings.start_bot, settings.bot_chosen, turns.failed
        )
        self.chatbots = ChatbotsController(chat, conversations, program.keyring)
        self.later = screen.set_timer
        self.recovery = RecoveryController(chat, conversations, turns, self.chatbots.show, self.later)
        self.trash = TrashController(
            *(chat, conversations, self.save_notices, input_bar),
            lambda: not widgets.sidebar.editing and screen.app.screen is screen,
        )
        self.watcher = FolderWatcher(chat, unread, self.trash)
        self.player = QuestionSetPlayer(
            *(chat, conversations, input_bar, program.clipboard),
            lambda bar: widgets.main.mount(bar, before=input_bar),
        )
        self.preferences = Preferences(chat, settings.config_file)
        self.sidebar = SidebarCommands(chat, self.trash, self.preferences)
        self.of_log = LogCommands.of(
            *(chat, log, input_bar, program.clipboard, program.browser),
            *(conversations, turns, self.recovery),
        )
        _, _, self.exports, self.copying, self.messages, self.verdicts, _, self.links = self.of_log
        self.purging = PurgeController(chat, conversations)
        self.outside = OutsideText(
            chat, input_bar, program.clipboard, lambda: screen.app.clipboard, program.edit
        )
        self.indexing = indexing = SearchIndexing(chat)
        self.screens = OtherScreens(chat, conversations, log, input_bar, lambda: indexing.percent)
        self.conversations.on_opened.append(self._opened)
        self.purging.on_purged.append(indexing.begin)  # the index went without more than was removed
        self.turns.on_started += [lambda _: self.save_notices.remind(), self.player.turn_started]
        self.turns.on_failed.append(self.recovery.failed)
        self.chatbots.on_access_changed.append(self.recovery.access_changed)
        self.watcher.on_polled += [self.verdicts.refresh, self._tell_problems]

    def _opened(self, key: ConversationKey) -> None:
        self.verdicts.refresh()
        if self.chat.views.of(key).ends_with_question and not self.chat.service.holds(key):
            self.watcher.poll()  # the answer may be arriving in another window
        if self.chat.presenter.for_audience:
            self.chat.prompts.refresh()

    def _tell_problems(self) -> None:
        if not self.chat.presenter.is_on and (met := self.chat.service.store.folder.take_problems()):
            self.chat.run(self._tell_unseen(met), group="notices")

    async def _tell_unseen(self, met: list[Problem]) -> None:
        """Of what stays damaged only what no earlier start has told of."""
        self.chat.notifier.problems(await asyncio.to_thread(self.chat.service.store.told.untold, met))
