"""`userdesk send`: one message, its answer on standard output, the conversation saved."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from userdesk.chat import ChatService, Turn
from userdesk.chat.events import Failed, Finished, Stalled, TextArrived
from userdesk.chat.stream_log import StreamLog
from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service, stream_log_of
from userdesk.commands.exit_status import ExitStatus, if_saved
from userdesk.commands.message_input import read_message
from userdesk.commands.output import JsonOutput, Output, TextOutput
from userdesk.commands.service_settings import service_settings
from userdesk.commands.signals import run
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import now
from userdesk.settings import Options, Settings, SettingsError
from userdesk.store import Problem, Store, StoreError


class Request(NamedTuple):
    """What `userdesk send` was asked for."""

    text: Sequence[str]
    """The message's words; what standard input holds is added to them, or is the message without any."""
    conversation: str | None = None
    """A Userdesk conversationId, known here or not."""
    go_on: bool = False
    """Add to the chatbot's most recent conversation."""
    stream: bool = True
    json: bool = False


def send(request: Request, options: Options) -> int:
    """Send the message and print the answer; the exit status. Raises BrokenPipeError."""
    output: Output = JsonOutput() if request.json else TextOutput()
    try:
        status = _send(request, options, output)
    except (SettingsError, StoreError) as error:
        output.error(str(error))
        status = ExitStatus.USAGE
    except KeyboardInterrupt:
        status = ExitStatus.INTERRUPTED
    output.close(stopped=status is ExitStatus.INTERRUPTED)
    return status


def _send(request: Request, options: Options, output: Output) -> ExitStatus:
    settings = service_settings(options, output.warning)
    text = read_message(" ".join(request.text) if request.text else None, output.warning)
    store = Store(settings.data_dir)
    newest = _newest(store, chosen_chatbot(settings)) if request.go_on else None
    troubles = _open(store, request, newest)
    for trouble in troubles:
        if not trouble.refused:
            output.warning(trouble.located)
    conversation = (newest and store.get(newest.key)) or _conversation(request, options, settings, store)
    log = stream_log_of(options, output.warning)
    saves = SaveStatus(output.warning)
    sending = _Sending(request, settings, store, output, saves, log)
    try:
        status = run(sending.run(conversation, text))
    finally:
        output.saved(saves.saved)
        for trouble in troubles:
            if trouble.refused and saves.saved:  # else one line has told of it
                output.warning(trouble.located)
    return if_saved(status, saves)


def _newest(store: Store, chatbot: Chatbot) -> Conversation | None:
    """The most recent conversation of many, where it is the chatbot's and need not be looked for."""
    newest = store.newest()
    return newest if newest and newest.belongs_to(chatbot) else None


def _open(store: Store, request: Request, newest: Conversation | None) -> list[Problem]:
    """Read of what is saved no more than what the message needs; what the user must be told."""
    troubles = store.open(whole=newest is None and request.go_on)
    if newest:
        store.recover_answers()
    if request.conversation:
        if any(store.entries.named(request.conversation.strip())):
            store.recover_answers()
        else:
            troubles += store.open()  # its entry may have been lost
    return troubles


def _conversation(
    request: Request, options: Options, settings: Settings, store: Store
) -> Conversation | None:
    """The conversation to go on with, saved or known by its id alone; None for a new one."""
    chatbot = chosen_chatbot(settings)
    if request.go_on:
        recency = store.recencies(chatbot.config_name)
        newest_first = sorted(recency, key=lambda key: -recency[key])
        saved = filter(None, map(store.get, newest_first))  # only those that are looked at are read
        return next((each for each in saved if each.belongs_to(chatbot)), None)
    if request.conversation is None:
        return None
    wanted = request.conversation.strip()
    if not wanted:
        raise SettingsError("--conversation: expected a conversationId")
    known = [saved for saved in store.entries.named(wanted) if wanted in (saved.id, *saved.previous_ids)]
    own = [saved for saved in known if saved.belongs_to(chatbot)]
    if not own and (options.demo or "bot" in options.settings or not known):
        return Conversation.start(chatbot, now()).evolve(id=wanted)
    return (own or known)[0]


@dataclass(slots=True)
class _Sending:
    _request: Request
    _settings: Settings
    _store: Store
    _output: Output
    _saves: SaveStatus
    _log: StreamLog | None
    _stranger: ConversationKey | None = None
    """The key of a conversation that is known by its id alone until the service answers."""

    async def run(self, conversation: Conversation | None, text: str) -> ExitStatus:
        """Send the text, follow the turn to its end, leave nothing running."""
        async with open_service(self._settings, self._store, self._saves, self._log) as service:
            if conversation is None:
                conversation = service.start_conversation(chosen_chatbot(self._settings))
            elif self._store.get(conversation.key) is None:
                service.take_up(conversation)
                self._stranger = conversation.key
            turn = service.send(conversation.key, text, whole=not self._request.stream)
            return await self._follow(service, turn)

    async def _follow(self, service: ChatService, turn: Turn) -> ExitStatus:
        try:
            return await self._print(service, turn)
        except (asyncio.CancelledError, BrokenPipeError) as ended:
            turn.stop()
            await turn.wait_ended()
            if isinstance(ended, BrokenPipeError):
                raise
            await self._print(service, turn)  # Ctrl+C: what arrived is printed and kept, marked "stopped"
            return ExitStatus.INTERRUPTED

    async def _print(self, service: ChatService, turn: Turn) -> ExitStatus:
        async for event in turn.events():
            match event:
                case TextArrived(text):
                    self._output.text(text)
                case Stalled(seconds):
                    self._output.warning(f"No answer for {seconds:g} s; still waiting")
                case Finished(message) | Failed(message):
                    conversation = service.conversation(turn.key)
                    conversation_id = conversation.id if conversation else None
                    self._output.end(conversation_id, message.text, message.metrics)
                    if isinstance(event, Finished):
                        return ExitStatus.DONE
                    self._output.failed(
                        event.failure, await self._set_aside(service, turn.key, event.failure)
                    )
                    return ExitStatus(event.failure.exit_code)
        return ExitStatus.INTERRUPTED

    async def _set_aside(self, service: ChatService, key: ConversationKey, failure: Failure) -> str:
        """An id that names no conversation leaves none in the sidebar: what was typed waits in the trash."""
        is_none = failure.kind is FailureKind.INVALID_CONVERSATION and key == self._stranger
        if not is_none or len(service.write_queue):
            return ""
        try:
            await asyncio.to_thread(self._store.delete, key)
        except StoreError:
            return ""
        return "the message is kept in the trash"
