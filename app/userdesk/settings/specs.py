"""Every setting, declared once.

A row is a field of `Settings`, or a line of `BOT_SETTINGS` for what a chatbot in config.toml has. The checks
of config.toml, the order flag, environment, file, default, the flags of the command line and `userdesk
doctor` read the rows: a further setting is one row, its use, and its line in docs/settings.md.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from userdesk.domain.chatbot import DEMO_BOT, USERDESK_URL, Chatbot, User
from userdesk.settings.kinds import (
    BASE_URL,
    PATH,
    SECONDS,
    SWITCH,
    TEXT,
    TEXT_OR_NONE,
    VARIABLE,
    Kind,
    one_of,
)
from userdesk.settings.model import ApiKeySource, Problem

T = TypeVar("T")


class SettingSpec(NamedTuple):
    """What there is to know of one setting."""

    name: str
    """As `userdesk doctor` shows it; `TABLE.NAME` where it stands in a table of config.toml."""
    kind: Kind[Any]
    help: str
    default: object = None
    environment: str = ""
    """The environment variable; empty where there is none."""
    flag: str = ""
    """The flag with its value's name, such as `--theme NAME`; empty where there is none."""
    of_screen: bool = False
    """Whether the flag is for the full-screen program alone, rather than for every command too."""
    in_file: str | None = None
    """Its name in config.toml where that is another one; empty where it is not to be set there."""
    grave: bool = False
    """Whether a mistake in it leaves in doubt which chatbot was meant."""
    secret: bool = False
    """Whether its value must not be shown."""

    @property
    def flag_name(self) -> str:
        """The flag without its value."""
        return self.flag.partition(" ")[0]

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands in config.toml, outermost table first; nothing where it cannot be set there."""
        name = self.name if self.in_file is None else self.in_file
        return tuple(name.split(".")) if name else ()


def setting(name: str, kind: Kind[T], help: str, default: Any = MISSING, **row: Any) -> T:
    """A field of `Settings` with its row; the parameters are those of `SettingSpec`."""
    spec = SettingSpec(name, kind, help, None if default is MISSING else default, **row)
    found: T = field(default=default, metadata={"spec": spec})
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Settings:
    """Everything that can be set; made by `resolve`."""

    start_bot: str = setting(
        "bot",
        TEXT,
        "the chatbot to use: its name in the configuration, env or demo",
        DEMO_BOT,
        flag="--bot NAME",
        in_file="default_bot",
        grave=True,
    )
    user_name: str = setting(
        "user.name", TEXT_OR_NONE, "your name, for the chatbot", "", environment="USERDESK_USER_NAME"
    )
    user_email: str = setting(
        "user.email", TEXT_OR_NONE, "your email, for the chatbot", "", environment="USERDESK_USER_EMAIL"
    )
    base_url: str | None = setting(
        "base_url",
        BASE_URL,
        "the base URL of chatbots without one of their own",
        USERDESK_URL,
        environment="USERDESK_BASE_URL",
        in_file="",
    )
    """None where the variable holds no address: a key must not go anywhere else instead."""
    config_file: Path = setting(  # noqa: RUF009
        "config",
        PATH,
        "use this configuration file",
        flag="--config FILE",
        environment="USERDESK_CONFIG",
        in_file="",
    )
    data_dir: Path = setting(  # noqa: RUF009
        "data_dir",
        PATH,
        "keep conversations in this folder",
        flag="--data-dir DIR",
        environment="USERDESK_DATA_DIR",
        in_file="",
    )
    theme: str | None = setting(
        "theme", TEXT, "the colour theme, such as textual-light", None, flag="--theme NAME", of_screen=True
    )
    accessible: bool = setting(
        "accessible",
        SWITCH,
        "screen-reader friendly: roles as words, no spinners",
        False,
        flag="--accessible",
        of_screen=True,
    )
    read_timeout: float = setting(
        "read_timeout", SECONDS, "seconds without data before userdesk says it is still waiting", 60.0
    )
    connect_timeout: float = setting("connect_timeout", SECONDS, "seconds to wait for a connection", 10.0)
    stream_first_message: bool = setting(
        "stream_first_message",
        SWITCH,
        "stream the first message even if no conversation was created; continuing it may not work",
        False,
    )
    """Such a conversation may have no id to be continued with: a stream has no documented place for it."""
    allow_plain_http: bool = setting(
        "allow_plain_http", SWITCH, "allow unencrypted connections to hosts other than this machine", False
    )
    notify: str = setting(
        "notify",
        one_of("bell", "osc9", "osc777", "off"),
        "how to announce a finished answer while the terminal is not focused",
        "bell",
    )
    group_by: str = setting("group_by", one_of("day", "chatbot"), "how the sidebar is grouped", "day")
    log_level: str = setting(
        "log_level",
        one_of("off", "error", "warning", "info", "debug"),
        "detail of userdesk.log in the data folder: off, error, warning, info, debug",
        "warning",
        flag="--log-level LEVEL",
    )

    chatbots: Mapping[str, Chatbot] = field(default_factory=dict)
    """The configured chatbots and `env`, by name. The demo is not among them: its address is
    known only while it runs."""
    api_key_sources: Mapping[str, ApiKeySource] = field(default_factory=dict)
    bot_chosen: bool = False
    """Whether a flag or the environment named `start_bot`, rather than the file or nothing."""
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys that the user gave to actions, by the action's name; an empty tuple unbinds it."""
    problems: tuple[Problem, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each setting came from: its name to `flag --x`, `environment X`, `FILE:LINE` or `default`."""

    @property
    def user(self) -> User:
        """Who chats."""
        return User(self.user_name, self.user_email)


FIELDS: Mapping[str, SettingSpec] = {
    each.name: spec for each in fields(Settings) if (spec := each.metadata.get("spec"))
}
"""The settings by the name of their field."""
SETTINGS: Mapping[str, SettingSpec] = {spec.name: spec for spec in FIELDS.values()}
"""The settings by their own name."""

BOT_SETTINGS: Mapping[str, SettingSpec] = {
    spec.name: spec
    for spec in (
        SettingSpec("name", TEXT, "the name to show", environment="USERDESK_CHATBOT_NAME"),
        SettingSpec("chatbot_id", TEXT, "its id on Userdesk", environment="USERDESK_CHATBOT_ID", grave=True),
        SettingSpec("base_url", BASE_URL, "its base URL, if not Userdesk's own", grave=True),
        SettingSpec("api_key_env", VARIABLE, "the environment variable that holds its API key"),
        SettingSpec(
            "api_key",
            TEXT,
            "its API key; only accepted if nobody else can read the file",
            environment="USERDESK_API_KEY",
            secret=True,
        ),
    )
}
"""What each table `[bots.NAME]` has. The variables set those of the chatbot `env`."""
