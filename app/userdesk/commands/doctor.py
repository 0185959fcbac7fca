"""`userdesk doctor`: where each setting came from, where files are, what the terminal can, a connection."""

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from userdesk.chat.events import Greeted
from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service
from userdesk.commands.environment_report import file_lines, network_lines, program_lines, terminal_lines
from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.service_settings import no_chatbot
from userdesk.commands.signals import run
from userdesk.commands.streams import write_out
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.quoting import quoted, quoted_name
from userdesk.domain.safe_text import clean_line
from userdesk.settings import Options, Settings, resolve
from userdesk.settings.api_keys import KeyRing
from userdesk.settings.specs import FIELDS, SettingSpec

_NONE = "–"


def doctor(
    options: Options,
    *,
    offline: bool = False,
    of_screen: Callable[[Settings], Iterable[str]] = lambda settings: (),
) -> int:
    """Print everything, no secret among it; the exit status of the connection test, then of the settings.

    `of_screen` gives the problems that only the full-screen program can see.
    Raises SettingsError, KeyboardInterrupt and BrokenPipeError.
    """
    settings = resolve(options)
    of_files: list[str] = []
    _section("Program", program_lines())
    _section("Settings", setting_lines(settings))
    _section("Chatbots", _chatbots(settings))
    _section("Files", list(file_lines(settings, of_files)))
    _section("Terminal", terminal_lines())
    _section("Network", network_lines(chosen_chatbot(settings).base_url))
    of_settings = [*map(str, settings.problems), *of_screen(settings)]
    for title, problems in (("settings", of_settings), ("files", of_files)):
        if problems:
            _section(f"Problems in the {title}", (f"  ✗ {clean_line(each, 500)}" for each in problems))
    status = ExitStatus.DONE if offline else _connection(settings)
    return status or (ExitStatus.USAGE if of_settings or of_files else ExitStatus.DONE)


def setting_lines(settings: Settings) -> Iterable[str]:
    """Each setting, its value and where that came from; of a secret one only whether it is set."""
    rows = {spec.name: _value(spec, getattr(settings, field)) for field, spec in FIELDS.items()}
    rows |= {f"keys.{action}": _shown(", ".join(keys)) for action, keys in settings.shortcuts.items()}
    for name, value in rows.items():
        yield _row(quoted_name(name), value, settings.origins.get(name, "default"))


def _value(spec: SettingSpec, value: object) -> str:
    if spec.secret:
        return "set" if value else _NONE
    if isinstance(value, Path):
        return str(value)
    return f"{value:g} {spec.kind.unit}" if isinstance(value, float) else _shown(value)


def _chatbots(settings: Settings) -> Iterable[str]:
    ring = KeyRing(settings)
    for bot, chatbot in settings.chatbots.items():
        mark = "›" if bot == settings.start_bot else " "
        yield f"{mark} {quoted(bot)} · {quoted(chatbot.name)} · id {quoted(chatbot.chatbot_id)}"
        yield f"    {clean_line(chatbot.base_url)} · from {settings.origins.get(f'bots.{bot}', _NONE)}"
        variable = settings.api_key_sources[bot].variable
        missing = f" ({quoted(variable)} is not set)" if variable else ""
        yield f"    key: from {origin}" if (origin := ring.origin(bot)) else f"    key: none found{missing}"
    mark = "›" if settings.start_bot == DEMO_BOT else " "
    yield f"{mark} {DEMO_BOT} · the embedded demo chatbot, on this machine"


def _connection(settings: Settings) -> ExitStatus:
    if reason := no_chatbot(settings):
        _section("Connection", [f"  ✗ not tested: {clean_line(reason, 500)}"])
        return ExitStatus.USAGE
    chatbot = chosen_chatbot(settings)
    begun = time.monotonic()
    # Nothing of the test stays here: a conversation that it creates is in no list of ours.
    try:
        message = run(_create(settings))
    except UserdeskError as error:
        failure = error.failure
        detail = f" ({failure.detail})" if failure.detail else ""
        _section("Connection", [f"  ✗ {clean_line(chatbot.name)}: {failure.headline}{detail}"])
        return ExitStatus(failure.exit_code)
    taken = time.monotonic() - begun
    _section("Connection", [f"  ✓ {clean_line(chatbot.name)}: {message}, after {taken:.2f} s"])
    return ExitStatus.DONE


async def _create(settings: Settings) -> str:
    """What came of creating a conversation. Raises UserdeskError."""
    nothing_to_keep = SaveStatus(lambda message: None)
    async with open_service(settings, None, nothing_to_keep) as service:
        conversation = service.start_conversation(chosen_chatbot(settings))
        try:
            async with asyncio.timeout(settings.read_timeout):
                events = await service.create(conversation.key)
        except TimeoutError:
            message = f"No answer for {settings.read_timeout:g} s"
            raise UserdeskError(Failure(FailureKind.INTERRUPTED, message)) from None
    if not events:
        return "reached, but it does not create conversations: only sending a message could test the key"
    welcomed = any(isinstance(event, Greeted) for event in events)
    return f"created a conversation, with{'' if welcomed else 'out'} a welcome message"


def _section(title: str, lines: Iterable[str]) -> None:
    write_out("\n".join([title, *lines, "", ""]))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(str(value), 80) if value else _NONE


def _row(name: str, value: str, origin: str) -> str:
    return f"  {name:<21} {value:<34} {origin}"
