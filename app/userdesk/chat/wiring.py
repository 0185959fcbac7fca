"""Builds what chatting takes from the settings, for the screen and the commands alike.

The one module of this layer that knows settings, the demo chatbot's process and the log file.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from userdesk.chat.registry import DEMO_CHATBOT, ChatbotRegistry
from userdesk.chat.service import ChatService
from userdesk.chat.write_queue import WriteQueue
from userdesk.demo.process import DemoProcess
from userdesk.diagnostics.logbook import open_logbook
from userdesk.domain.chatbot import Chatbot
from userdesk.settings import Options, Settings, SettingsError
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Store
from userdesk.store.problems import reason

if TYPE_CHECKING:
    from userdesk.chat.stream_log import StreamLog


class ChatParts(NamedTuple):
    """A chat service and what was built for it; `service` has the store and the registry."""

    service: ChatService
    keyring: KeyRing
    demo: DemoProcess
    """Not running until it is first talked to; whoever built the parts stops it."""


def build_chat(
    settings: Settings,
    store: Store | None,
    *,
    demo: DemoProcess | None = None,
    stream_log: "StreamLog | None" = None,
) -> ChatParts:
    """A chat service over a store that need not be open yet; nothing is read and nothing started.

    Without a store no conversation is kept. `demo` is the embedded chatbot's process; without one it is made,
    with its memory in the store's folder.
    `stream_log` is told of each chunk of each answer.
    """
    demo = demo or DemoProcess(store.folder.path / "demo" if store else None)
    keyring = KeyRing(settings)
    service = ChatService(
        store or Store(settings.data_dir),
        registry_of(settings, keyring, demo),
        read_timeout=settings.read_timeout,
        stream_first=settings.stream_first_message,
        stream_log=stream_log,
        keeps=store is not None,
    )
    return ChatParts(service, keyring, demo)


def registry_of(settings: Settings, keyring: KeyRing, demo: DemoProcess) -> ChatbotRegistry:
    """The chatbots that can be talked to; nothing is opened or started yet."""
    return ChatbotRegistry(
        settings.chatbots,
        keyring.api_key,
        settings.user,
        demo,
        connect_timeout=settings.connect_timeout,
        allow_plain_http=settings.allow_plain_http,
    )


class SaveStatus:
    """What a command must know of saving before it may end well: `open_service` asks for one."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` gets one line for the user when the disk first refuses something."""
        self._tell = tell
        self._told = ""
        self.saved = True
        """Whether everything is on the disk, as far as was found out; final once the service is closed."""

    def refused(self, text: str) -> None:
        """Note that the disk refused a write, which is tried again until the service closes."""
        self.saved = False
        if not self._told:
            self._told = text
            with suppress(OSError):  # where nobody can be told the message goes all the same
                self._tell(f"not saved: {text}")

    def settle(self, write_queue: WriteQueue) -> None:
        """Note what was saved in the end, once the service is closed."""
        self.saved = write_queue.is_clean
        if self.saved and self._told:
            with suppress(OSError):
                self._tell("everything is saved now")
        elif not self.saved and not self._told:
            self.refused(write_queue.lost)


@asynccontextmanager
async def open_service(
    settings: Settings,
    store: Store | None,
    saves: SaveStatus,
    stream_log: "StreamLog | None" = None,
    demo: DemoProcess | None = None,
) -> AsyncIterator[ChatService]:
    """A command's chat service over that store, or none, told of in `saves`; leaving it stops every turn.

    And the embedded chatbot, unless it is the caller's `demo`.
    """
    open_logbook(settings.data_dir, settings.log_level)
    service, _, own_demo = build_chat(settings, store, demo=demo, stream_log=stream_log)
    service.write_queue.on_trouble = saves.refused
    try:
        yield service
    finally:
        await service.aclose()
        saves.settle(service.write_queue)
        if own_demo is not demo:
            await own_demo.stop()


def stream_log_of(options: Options, on_trouble: Callable[[str], None]) -> "StreamLog | None":
    """The log of how answers come, where a flag asks for one. Raises SettingsError."""
    if options.stream_log is None:
        return None
    from userdesk.chat.stream_log import StreamLog  # a start without the flag does without

    try:
        log = StreamLog.open(options.stream_log, with_text=options.stream_log_text)
    except OSError as error:
        raise SettingsError(f"--stream-log {options.stream_log}: {reason(error)}") from error
    log.on_trouble = on_trouble
    return log


def chosen_chatbot(settings: Settings, name: str | None = None) -> Chatbot:
    """The chatbot of that name, or else the one that flags, environment and file choose."""
    return settings.chatbots.get(name or settings.start_bot, DEMO_CHATBOT)
