"""Everything that acts on the chat screen, wired together."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from userdesk.chat import ChatService
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.conversation import ConversationKey
from userdesk.settings import Settings
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Problem
from userdesk.tui.chat.background import Background
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.dialogs import Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController
from userdesk.tui.chat.exporting import ExportCommands
from userdesk.tui.chat.folder_watcher import FolderWatcher
from userdesk.tui.chat.links import LinkCommands
from userdesk.tui.chat.messages import CopyCommands, MessageCommands, MessageEditor
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.other_screens import OtherScreens
from userdesk.tui.chat.outside import OutsideText
from userdesk.tui.chat.player import QuestionSetPlayer
from userdesk.tui.chat.preferences import Preferences
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.prompts import PromptHistory
from userdesk.tui.chat.purging import PurgeController
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.save_notices import SaveNotices
from userdesk.tui.chat.sidebar_commands import SidebarCommands
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.trash import TrashController
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.chat.unread import UnreadMarks
from userdesk.tui.chat.views import ConversationViews
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.external.editor import Edited
from userdesk.tui.message_log.annotations import Annotations
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.widgets.play_bar import PlayBar


class Program(NamedTuple):
    """What the application gives its chat screen."""

    service: ChatService
    settings: Settings
    keyring: KeyRing
    shortcuts: Shortcuts
    clipboard: Clipboard
    copied: Callable[[], str]
    """What was cut or copied in the program last."""
    edit: Callable[[list[str], str], Awaitable[Edited]]
    """Lends the terminal to an editor. Raises OSError, SuspendNotSupported."""
    notify: Callable[[str], None]
    """Shows a notice over the screen."""
    notify_outside: Callable[[str], None]
    """Tells somebody who looks elsewhere that an answer is complete, by its conversation's title."""
    ask_to_quit: Callable[[], None]
    quit: Callable[[], Awaitable[None]]


class Hands(NamedTuple):
    """What the controllers need of the screen, beside its widgets."""

    run: Background
    later: Callable[[float, Callable[[], None]], object]
    """Calls something after some seconds."""
    dialogs: Dialogs
    is_interruptible: Callable[[], bool]
    """Whether the screen may go to another conversation by itself."""
    view_replaced: Callable[[], None]
    """Draws the conversation on the screen anew."""
    show_play_bar: Callable[[PlayBar], object]


class Controllers:
    """Builds each controller with what it needs, and has those that follow others listen to them."""

    def __init__(
        self,
        program: Program,
        state: ChatState,
        widgets: ChatWidgets,
        hands: Hands,
    ) -> None:
        service, settings, spell = program.service, program.settings, program.shortcuts.spoken
        run, dialogs = hands.run, hands.dialogs
        log, input_bar = widgets.log, widgets.input_bar
        self._program = program
        self._state = state
        self.presenter = presenter = PresenterMode()
        self.notifier = notifier = Notifier(widgets.status, widgets.toast, presenter, spell, program.notify)
        self.views = views = ConversationViews(service, state)
        self.save_notices = SaveNotices(service, state, notifier, presenter)
        self.prompts = prompts = PromptHistory(
            service.store.history, service.write_queue, input_bar, run, self._prompts_for_audience
        )
        self.drafts = drafts = DraftsController(service, state, input_bar, prompts, run)
        self.directory = directory = ConversationDirectory(
            service, state, drafts.has, usual_bot=settings.start_bot
        )
        self.unread = unread = UnreadMarks(service.store, state, run)
        self.conversations = conversations = ConversationsController(
            service,
            state,
            views,
            directory,
            drafts,
            unread,
            notifier,
            presenter,
            run,
            start_bot=settings.start_bot,
            only_bot=settings.bot_chosen,
        )
        self.turns = turns = TurnsController(
            service, state, views, directory, drafts, prompts, unread, notifier, run
        )
        self.chatbots = ChatbotsController(
            service.registry, settings, program.keyring, directory, conversations, dialogs, notifier.flash
        )
        editor = MessageEditor(input_bar, prompts, notifier)
        self.recovery = recovery = RecoveryController(
            service,
            state,
            views,
            conversations,
            turns,
            notifier,
            presenter,
            dialogs,
            run,
            connect=self.chatbots.show,
            edit=editor.edit,
            later=hands.later,
        )
        self.trash = trash = TrashController(
            service,
            state,
            views,
            directory,
            conversations,
            drafts,
            prompts,
            notifier,
            self.save_notices,
            presenter,
            dialogs,
            input_bar,
            run,
            is_interruptible=hands.is_interruptible,
            spell=spell,
        )
        self.watcher = FolderWatcher(
            service,
            state,
            views,
            directory,
            drafts,
            unread,
            run,
            settle_deletions=trash.settle_deletions,
            view_replaced=hands.view_replaced,
            polled=self._tell_problems,
        )
        self.player = QuestionSetPlayer(
            service,
            state,
            directory,
            conversations,
            drafts,
            prompts,
            notifier,
            presenter,
            dialogs,
            input_bar,
            program.clipboard,
            run,
            start_bot=settings.start_bot,
            show_bar=hands.show_play_bar,
            spell=spell,
            short=program.shortcuts.short,
        )
        self.preferences = Preferences(settings.config_file, state, notifier, dialogs, run)
        self.sidebar = SidebarCommands(service, state, trash, notifier, self.preferences, run)
        self.exports = ExportCommands(directory, views, notifier, dialogs, run)
        self.copying = CopyCommands(
            service,
            views,
            directory,
            notifier,
            dialogs,
            log,
            program.clipboard,
            run,
            self.exports.as_markdown,
        )
        self.messages = MessageCommands(
            service, state, views, conversations, turns, recovery, editor, notifier, dialogs, log, input_bar
        )
        self.links = LinkCommands(log, notifier, dialogs, run, self.copying.copy, spell)
        self.purging = PurgeController(
            service, state, views, directory, conversations, drafts, prompts, notifier, dialogs, run
        )
        self.outside = OutsideText(
            input_bar,
            prompts,
            notifier,
            program.clipboard,
            run,
            copied=program.copied,
            edit=program.edit,
        )
        self.screens = OtherScreens(
            service, state, views, directory, conversations, notifier, presenter, dialogs, log, input_bar
        )
        self._run = run
        self._listen()

    def _listen(self) -> None:
        self.conversations.on_opened.append(self._opened)
        self.conversations.on_creation_failed.append(self.turns.failed)
        self.turns.on_started += [self._turn_started, self.player.turn_started]
        self.turns.on_failed.append(self.recovery.failed)
        self.chatbots.on_access_changed.append(self.recovery.access_changed)

    def _opened(self, key: ConversationKey) -> None:
        if self.views.of(key).ends_with_question and not self._program.service.holds(key):
            self.watcher.poll()  # the answer may be arriving in another window
        if self.presenter.is_on:
            self.prompts.refresh()

    def _turn_started(self, turn: object) -> None:
        if self._program.settings.start_bot == DEMO_BOT:
            self.notifier.release()
        self.save_notices.remind()

    def _prompts_for_audience(self) -> Collection[str] | None:
        """Of earlier prompts an audience sees those of the conversation on the screen."""
        if not self.presenter.is_on:
            return None
        view = self.views.current
        return {view.entry(index).message.text for index in range(len(view))}

    def _tell_problems(self) -> None:
        if not self.presenter.is_on and (met := self._program.service.store.take_problems()):
            self._run(self._tell_unseen(met), group="notices")

    async def _tell_unseen(self, met: list[Problem]) -> None:
        """Of what stays damaged only what no earlier start has told of."""
        self.notifier.problems(await asyncio.to_thread(self._program.service.store.told.untold, met))

    @property
    def annotations(self) -> Annotations:
        """What the log says beside the messages, with the keys there are."""
        current = self.directory.current
        is_demo = current is not None and current.bot == DEMO_BOT
        spelled = self._program.shortcuts.spoken("remedy")
        return self.presenter.annotations(Annotations(remedy_key=spelled, is_demo=is_demo))
