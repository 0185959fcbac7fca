"""The controllers of the chat screen without a screen: plain classes stand for its widgets.

Store, chat service and HTTP are the real ones; work beside an event runs on the loop of the test.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from chat_place import Place
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController, PromptHistory
from userdesk.tui.chat.folder_watcher import FolderWatcher
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.purging import PurgeController
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.save_notices import SaveNotices
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.trash import TrashController
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.chat.unread import UnreadMarks
from userdesk.tui.chat.views import ConversationViews
from userdesk.tui.input.prompt_recall import PromptRecall
from userdesk.tui.widgets.toast import Offer, ToastContent


class Input:
    """What is being written."""

    def __init__(self) -> None:
        self.key = ""
        self.whole_text = ""
        self.recall = PromptRecall()
        self.unsent = ""
        self.focused = 0
        self.flushed = 0
        self.on_changed: Callable[[], None] = lambda: None

    @property
    def draft(self) -> str:
        return self.whole_text

    def put(self, text: str) -> None:
        self.whole_text = text
        self.on_changed()

    def type(self, text: str) -> None:
        self.put(self.whole_text + text)

    def give_up_unsent(self) -> str:
        unsent, self.unsent = self.unsent, ""
        return unsent

    def focus(self) -> None:
        self.focused += 1

    def flush(self) -> None:
        self.flushed += 1


class Toast:
    def __init__(self) -> None:
        self.told: ToastContent | None = None
        self.seconds: float | None = None
        self.is_offer = False

    def show(self, told: ToastContent, *, seconds: float | None = None, is_offer: bool = False) -> None:
        self.told, self.seconds, self.is_offer = told, seconds, is_offer

    def dismiss(self) -> None:
        self.told = None

    @property
    def display(self) -> bool:
        return self.told is not None

    @property
    def headline(self) -> str:
        return self.told.headline if self.told else ""

    @property
    def offer(self) -> Offer | None:
        return self.told.offer if self.told else None


class Status:
    def __init__(self) -> None:
        self.flashed: list[tuple[str, bool]] = []
        self.news = ""

    def flash(self, words: str, *, alert: bool = False) -> None:
        self.flashed.append((words, alert))

    def hold(self, words: str) -> None:
        self.news = words

    def release(self) -> None:
        self.news = ""


class Asked:
    """The dialogs that were shown: their words, and what an answer does."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.then: Callable[..., object] = lambda *_: None

    def confirm(self, question: str, yes: str, then: Callable[[], object]) -> None:
        self.asked.append((question, yes))
        self.then = then

    def choose(self, question: str, lines: Sequence[str], then: Callable[[int], None]) -> None:
        self.asked.append((question, list(lines)))
        self.then = then

    def pick(
        self,
        title: str,
        lines: Sequence[str],
        then: Callable[[int], None],
        *,
        take: str = "",
        about: str = "",
    ) -> None:
        self.asked.append((title, list(lines), take, about))
        self.then = then

    def ask_line(self, title: str, about: str, then: Callable[[str], None], **how: object) -> None:
        self.asked.append((title, about, how["placeholder"]))
        self.then = then

    def show(self, screen: object, closed: Callable[[Any], None] = lambda result: None) -> None:
        self.asked.append((screen,))
        self.then = closed


class Timer:
    """Something to be called later."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self.seconds = seconds
        self.call = call
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True


class Keys:
    """The keys of the commands, each named by its command."""

    def spoken(self, command: str) -> str:
        return f"<{command}>"

    short = way_to = spoken


class Background:
    """Runs work on the loop; `settle` waits until nothing is under way."""

    def __init__(self) -> None:
        self.tasks: dict[asyncio.Task[object], str] = {}

    def __call__(
        self, work: Coroutine[Any, Any, object], *, group: str = "default", exclusive: bool = False
    ) -> object:
        if exclusive:
            for task, other in self.tasks.items():
                if other == group:
                    task.cancel()
        task = asyncio.get_running_loop().create_task(work)
        self.tasks[task] = group
        task.add_done_callback(self.tasks.pop)
        return task

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            while self.tasks:
                await asyncio.wait(list(self.tasks))


class Apart:
    """The controllers, wired as the screen wires them."""

    def __init__(self, at: Place, *, only_bot: bool = False, start_bot: str = "acme") -> None:
        self.at = at
        service = self.service = at.service
        self.run = run = Background()
        self.input: Any = Input()
        self.toast: Any = Toast()
        self.status: Any = Status()
        self.dialogs: Any = Asked()
        self.notices: list[str] = []
        self.state = state = ChatState()
        self.changes = 0
        state.on_changed.append(self._changed)
        self.presenter = presenter = PresenterMode()
        keys: Any = Keys()
        self.notifier = Notifier(self.status, self.toast, presenter, keys.spoken, self.notices.append)
        self.allowed: list[str] | None = None
        self.prompts = PromptHistory(
            service.store.history, service.write_queue, self.input, run, lambda: self.allowed
        )
        self.drafts = DraftsController(service, state, self.input, self.prompts, run)
        self.input.on_changed = self.drafts.changed
        self.unread = UnreadMarks(service.store, state, run)
        self.views = ConversationViews(service, state)
        self.directory = ConversationDirectory(service, state, self.drafts, start_bot)
        self.chat = chat = ChatParts(
            *(service, state, self.views, self.directory, self.drafts, self.prompts),
            *(presenter, self.notifier, self.dialogs, keys, run),
        )
        self.conversations = ConversationsController(chat, self.unread, start_bot, only_bot)
        self.conversations.on_opened.append(lambda key: str(self.views.of(key)))
        self.turns = TurnsController(chat, self.unread)
        self.connected: list[str] = []
        self.later: list[Timer] = []
        self.recovery = RecoveryController(
            chat, self.conversations, self.turns, self.connected.append, self._call_later
        )
        self.turns.on_failed.append(self.recovery.failed)
        self.conversations.on_creation_failed.append(self.turns.failed)
        self.save_notices = SaveNotices(chat)
        self.is_interruptible = True
        self.trash = TrashController(
            chat, self.conversations, self.save_notices, self.input, lambda: self.is_interruptible
        )
        self.purging = PurgeController(chat, self.conversations)
        self.replaced = 0
        self.polls = 0
        self.watcher = FolderWatcher(chat, self.unread, self.trash)
        self.watcher.on_view_replaced.append(lambda: setattr(self, "replaced", self.replaced + 1))
        self.watcher.on_polled.append(lambda: setattr(self, "polls", self.polls + 1))

    def _call_later(self, seconds: float, call: Callable[[], None]) -> Any:
        timer = Timer(seconds, call)
        self.later.append(timer)
        return timer

    def _changed(self) -> None:
        self.changes += 1

    @property
    def current(self) -> str:
        return self.state.current

    @property
    def shown(self) -> list[str]:
        """The texts in the view of the conversation on the screen."""
        view = self.views.current
        return [view.entry(index).text for index in range(len(view))]

    @property
    def flashed(self) -> list[str]:
        """The news since the last look."""
        words, self.status.flashed[:] = [words for words, _ in self.status.flashed], []
        return words

    async def settle(self) -> None:
        """What was begun beside the event that asked for it is done, and on the disk where that takes it."""
        await self.run.settle()
        await asyncio.sleep(0)  # a deletion stands in the queue now
        await self.service.write_queue.erase(lambda: None, [])
