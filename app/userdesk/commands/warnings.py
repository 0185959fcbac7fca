"""What a command says beside its output: one line each on standard error."""

import sys

from userdesk.domain.safe_text import clean_line
from userdesk.settings import Settings, SettingsError


def warn(words: str) -> None:
    """Something to know, or the one line of an error."""
    print(f"userdesk: {clean_line(words, 500)}", file=sys.stderr, flush=True)


def warn_of_problems(settings: Settings) -> None:
    """Tell what was not understood in the settings.

    Raises SettingsError where it is in doubt which chatbot was meant: what runs unattended must not guess.
    """
    for problem in settings.problems:
        if problem.grave and not settings.bot_chosen:
            raise SettingsError(str(problem))
        warn(str(problem))
