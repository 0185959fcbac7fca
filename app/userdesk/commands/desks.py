"""A chat service for a command: settings, store, chatbots, the embedded one; opened and closed together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.chat.registry import DEMO_CHATBOT
from userdesk.chat.save_status import SaveStatus
from userdesk.chat.stream_log import StreamLog
from userdesk.chat.stream_observer import StreamObserver
from userdesk.demo.process import DemoProcess
from userdesk.diagnostics.logbook import open_logbook
from userdesk.domain.chatbot import Chatbot
from userdesk.settings import Options, Settings, SettingsError
from userdesk.settings.keys import KeyRing
from userdesk.store import Store
from userdesk.store.recovery.problems import reason


@asynccontextmanager
async def open_service(
    settings: Settings, store: Store, saves: SaveStatus, observer: StreamObserver | None = None
) -> AsyncIterator[ChatService]:
    """A chat service over that store; leaving it stops every turn and leaves nothing running.

    `saves` is told what could not be saved; once it is left it knows whether everything is.
    """
    open_logbook(settings.data_dir, settings.log_level)
    demo = DemoProcess(store.data_dir / "demo")
    registry = ChatbotRegistry(
        settings.chatbots,
        KeyRing(settings).api_key,
        settings.user,
        demo,
        connect_timeout=settings.connect_timeout,
        allow_plain_http=settings.allow_plain_http,
    )
    service = ChatService(
        store,
        registry,
        read_timeout=settings.read_timeout,
        stream_first=settings.first_message_streamed,
        observer=observer,
    )
    service.write_queue.on_trouble = saves.refused
    try:
        yield service
    finally:
        await service.aclose()
        saves.settle(service.write_queue)
        await demo.stop()


def stream_log_of(options: Options, tell: Callable[[str], None]) -> StreamLog | None:
    """The log of how answers come, where a flag asks for one. Raises SettingsError."""
    if options.stream_log is None:
        return None
    try:
        log = StreamLog.open(options.stream_log, with_text=options.stream_log_text)
    except OSError as error:
        raise SettingsError(f"--stream-log {options.stream_log}: {reason(error)}") from error
    log.on_trouble = tell
    return log


def chosen_chatbot(settings: Settings) -> Chatbot:
    """The chatbot that flags, environment and file choose."""
    return settings.chatbots.get(settings.start_bot, DEMO_CHATBOT)
