"""Settings as plain frozen data; nothing here reads a file.

The small ones are named tuples: a start pays for the making of each dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from userdesk.domain.chatbot import USERDESK_URL, ApiKey, Chatbot, User

READ_TIMEOUT = 60.0  # s without a byte until the program says so
CONNECT_TIMEOUT = 10.0  # s

NOTIFICATIONS = ("bell", "osc9", "osc777", "off")
"""Ways to tell that an answer is complete while the terminal has lost the focus."""
GROUPINGS = ("day", "chatbot")
"""What the sidebar has headings for."""


LOG_LEVELS = ("off", "error", "warning", "info", "debug")
"""How much the log file tells."""
LOG_LEVEL = "warning"


class SettingsError(Exception):
    """The settings leave nothing sensible to do; the text is one line, ready to show."""


class Problem(NamedTuple):
    """Something in the settings that was not understood and was left out."""

    words: str
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
            return self.words
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The flags of `userdesk`; None and False where a flag was not given."""

    bot: str | None = None
    demo: bool = False
    theme: str | None = None
    log_level: str | None = None
    accessible: bool = False
    play: Path | None = None
    conversation: str | None = None
    config: Path | None = None
    data_dir: Path | None = None
    stream_log: Path | None = None
    """A file to which the arrival of each chunk is appended."""
    stream_log_text: bool = False
    """Whether the chunks' text goes there as well."""


class KeySource(NamedTuple):
    """Where the API key of one chatbot comes from, before the system keyring is asked."""

    variable: str | None = None
    """The environment variable that holds it."""
    value: ApiKey | None = None
    """What that variable held when the program began."""
    key: ApiKey | None = None
    """The key itself, from a configuration file that its owner alone can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; made by `resolve`."""

    config_file: Path
    """Where config.toml is, or would be."""
    data_dir: Path
    """The folder of conversations.toml and the transcripts."""
    chatbots: Mapping[str, Chatbot] = field(default_factory=dict)
    """The configured chatbots and `env`, by name. The demo is not among them: its address is
    known only while it runs."""
    key_sources: Mapping[str, KeySource] = field(default_factory=dict)
    base_url: str | None = USERDESK_URL
    """The service of chatbots for which nothing else is said: USERDESK_BASE_URL, else Userdesk's own.

    None where that variable holds no address: a key must not go anywhere else instead."""
    start_bot: str = "demo"
    """The chatbot to start with; `demo` where nothing is configured."""
    bot_chosen: bool = False
    """Whether a flag or the environment named it, rather than the file or nothing."""
    user: User = field(default_factory=User)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys that the user gave to actions, by the action's name; an empty tuple unbinds it."""
    theme: str | None = None
    accessible: bool = False
    read_timeout: float = READ_TIMEOUT
    """Seconds without a byte of the answer until the program says so; it goes on waiting."""
    connect_timeout: float = CONNECT_TIMEOUT
    """Seconds to wait for a connection."""
    first_message_streamed: bool = False
    """Stream the first message too where the create endpoint is missing; such a conversation may
    then have no id to be continued with (Userdesk API documentation names none for streams)."""
    allow_plain_http: bool = False
    """Let the key travel over unencrypted http to hosts other than this machine."""
    notify: str = NOTIFICATIONS[0]
    group_by: str = GROUPINGS[0]
    log_level: str = LOG_LEVEL
    problems: tuple[Problem, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each setting came from: its name to `flag --x`, `environment X`, `FILE:LINE` or
    `default`."""
