"""The parts that settings are made of, as named tuples: a start pays for the making of each dataclass."""

from pathlib import Path
from typing import NamedTuple

from userdesk.domain.chatbot import ApiKey


class SettingsError(Exception):
    """The settings leave nothing sensible to do; the text is one line, ready to show."""


class Problem(NamedTuple):
    """Something in the settings that was not understood and was left out."""

    message: str
    """What was expected, in one line; never a secret."""
    file: Path | None = None
    """The configuration file; None where the environment is to blame."""
    line: int | None = None
    grave: bool = False
    """Whether it leaves in doubt which chatbot was meant: what runs unattended must not guess."""
    fatal: bool = False
    """Whether what runs unattended must not go on at all: settings that were meant could not be read."""

    def __str__(self) -> str:
        if self.file is None:
            return self.message
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.message}"


class Options:
    """The flags of `userdesk`; None and False where a flag was not given.

    `settings` are those flags that are settings, by their names. `stream_log` is a file to which the arrival
    of each chunk is appended, with `stream_log_text` the chunks' text as well. `beside` names a second
    chatbot to talk to at the same time; `resolve` makes sure that there is one.
    """

    def __init__(
        self,
        *,
        demo: bool = False,
        play: Path | None = None,
        conversation: str | None = None,
        beside: str | None = None,
        stream_log: Path | None = None,
        stream_log_text: bool = False,
        **settings: object,
    ) -> None:
        self.demo = demo
        self.play = play
        self.conversation = conversation
        self.beside = beside
        self.stream_log = stream_log
        self.stream_log_text = stream_log_text
        self.settings = {name: value for name, value in settings.items() if value not in (None, False)}


class ApiKeySource(NamedTuple):
    """Where the API key of one chatbot comes from, before the system keyring is asked."""

    variable: str | None = None
    """The environment variable that holds it."""
    value: ApiKey | None = None
    """What that variable held when the program began."""
    api_key: ApiKey | None = None
    """The key itself, from a configuration file that its owner alone can read."""
