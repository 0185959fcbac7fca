"""The controllers of the chat screen without a screen: plain classes stand for its widgets.

Store, chat service and HTTP are the real ones; work beside an event runs on the loop of the test.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from chat_place import Place
from userdesk.settings import Options, resolve
from userdesk.tui.chat import controllers
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.chat.controllers import Controllers
from userdesk.tui.chat.state import ChatState
from userdesk.tui.input.input_bar import PromptRecall
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
        self.doubt: Any = None

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
        self.then, self.doubt = then, how.get("doubt")

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
        self,
        work: Coroutine[Any, Any, object],
        *,
        group: str = "default",
        exclusive: bool = False,
        exit_on_error: bool = True,
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
    """The controllers as the screen has them, with plain classes for its widgets."""

    def __init__(self, at: Place, *, only_bot: bool = False, start_bot: str = "acme") -> None:
        self.at = at
        self.service = at.service
        self.run = Background()
        self.input: Any = Input()
        self.toast: Any = Toast()
        self.status: Any = Status()
        self.dialogs: Any = Asked()
        self.sidebar: Any = SimpleNamespace(editing=False)
        self.notices: list[str] = []
        self.later: list[Timer] = []
        self.bars: list[Any] = []
        self.state = state = ChatState()
        self.changes = 0
        state.on_changed.append(self._changed)
        self.connected: list[str] = []
        """The chatbots whose form was shown."""
        with (
            patch.object(controllers, "Dialogs", lambda push: self.dialogs),
            patch.object(ChatbotsController, "show", lambda _, bot="": self.connected.append(bot)),
        ):
            does = self.does = Controllers(
                self._screen(), self._widgets(), self._program(start_bot, only_bot), state
            )
        self.chat = chat = does.chat
        self.presenter, self.notifier, self.prompts = chat.presenter, chat.notifier, chat.prompts
        self.views, self.directory, self.drafts = chat.views, chat.directory, chat.drafts
        self.conversations, self.turns, self.recovery = does.conversations, does.turns, does.recovery
        self.trash, self.purging, self.watcher = does.trash, does.purging, does.watcher
        self.unread, self.save_notices = does.unread, does.save_notices
        self.input.on_changed = self.drafts.changed
        self.replaced = 0
        self.polls = 0
        self.watcher.on_view_replaced.append(lambda: setattr(self, "replaced", self.replaced + 1))
        self.watcher.on_polled.append(lambda: setattr(self, "polls", self.polls + 1))

    def _program(self, start_bot: str, only_bot: bool) -> Any:
        return SimpleNamespace(
            service=self.service,
            settings=replace(resolve(Options(), {}), start_bot=start_bot, bot_chosen=only_bot),
            keyring=None,
            shortcuts=Keys(),
            clipboard=None,
            browser=None,
            edit=None,
        )

    def _widgets(self) -> Any:
        return SimpleNamespace(
            sidebar=self.sidebar,
            log=None,
            input_bar=self.input,
            status=self.status,
            toast=self.toast,
            main=SimpleNamespace(mount=lambda bar, before: self.bars.append(bar)),
        )

    def _screen(self) -> Any:
        screen = SimpleNamespace(
            run_worker=self.run,
            set_timer=self._call_later,
            notify=lambda words, **_: self.notices.append(words),
            app=SimpleNamespace(clipboard=""),
        )
        screen.app.screen = screen
        return screen

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
