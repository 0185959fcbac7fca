"""The settings of a command that talks to a service: which chatbot is meant must not be a guess."""

from collections.abc import Callable

from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings import Options, Settings, SettingsError, resolve

NO_CHATBOT = (
    "no chatbot is configured: set USERDESK_CHATBOT_ID and USERDESK_API_KEY, name one with --bot, "
    "or use --demo for the embedded one"
)


def service_settings(options: Options, warn: Callable[[str], None]) -> Settings:
    """The settings; what was not understood in them is told. Raises SettingsError without a chatbot."""
    settings = resolve(options)
    for problem in settings.problems:
        if problem.fatal or (problem.grave and not settings.bot_chosen):
            raise SettingsError(str(problem))
        warn(str(problem))
    if reason := no_chatbot(settings):
        raise SettingsError(reason)
    return settings


def no_chatbot(settings: Settings) -> str:
    """Why no chatbot can be talked to without guessing; empty where one can."""
    for problem in settings.problems:
        if problem.grave and not settings.bot_chosen:
            return str(problem)
    is_guess = settings.start_bot == DEMO_BOT and settings.origins.get("bot") == "default"
    return NO_CHATBOT if is_guess else ""
