"""Flag, environment, configuration file, default: the first that says something wins."""

import os
from collections.abc import Mapping
from types import MappingProxyType

from userdesk.domain.chatbot import DEMO_BOT, ENV_BOT, USERDESK_URL, ApiKey, Chatbot, User
from userdesk.domain.quoting import quoted
from userdesk.settings.base_url import checked_base_url
from userdesk.settings.config_file import ConfigFile, read_config
from userdesk.settings.locations import locations
from userdesk.settings.model import (
    CONNECT_TIMEOUT,
    GROUPINGS,
    LOG_LEVEL,
    NOTIFICATIONS,
    READ_TIMEOUT,
    KeySource,
    Options,
    Problem,
    Settings,
    SettingsError,
)
from userdesk.settings.schema import Config, check_config

_NO_OPTIONS = Options()
_KEY = "USERDESK_API_KEY"
_PLAIN_DEFAULTS: Mapping[str, object] = {
    "theme": None,
    "accessible": False,
    "read_timeout": READ_TIMEOUT,
    "connect_timeout": CONNECT_TIMEOUT,
    "stream_first_message": False,
    "allow_plain_http": False,
    "notify": NOTIFICATIONS[0],
    "group_by": GROUPINGS[0],
    "log_level": LOG_LEVEL,
}


def resolve(options: Options = _NO_OPTIONS, environ: Mapping[str, str] = os.environ) -> Settings:
    """All settings, each from where it wins.

    The settings hold the keys that the process's own environment held: they are taken out of it, so that no
    program that is started later inherits one, whoever starts it.
    Raises SettingsError where `--bot` names no chatbot, or there is no place for files.
    """
    resolver = _Resolver(options, environ)
    settings = resolver.settings()
    if environ is os.environ:
        for name in resolver.key_variables:
            os.environ.pop(name, None)
    return settings


class _Resolver:
    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self._options = options
        # An empty variable is an unset one: `USERDESK_API_KEY= userdesk` means "without".
        self._environ = {name: text for name in environ if (text := environ[name].strip())}
        self._origins: dict[str, str] = {}
        (self._config_path, self._origins["config"]), (self._data_dir, self._origins["data_dir"]) = locations(
            options.config, options.data_dir, self._environ
        )
        named = options.config is not None or "USERDESK_CONFIG" in self._environ
        self._file: ConfigFile = read_config(self._config_path, must_exist=named)
        self._problems: list[Problem] = []
        self._base_url = self._service()
        self._config: Config = check_config(self._file, self._base_url)
        self._problems += self._config.problems
        self._chatbots: dict[str, Chatbot] = dict(self._config.chatbots)
        self._key_sources: dict[str, KeySource] = dict(self._config.key_sources)
        self.key_variables = {_KEY, *self._config.key_variables}
        """The environment variables that hold keys."""

    def settings(self) -> Settings:
        """Resolve one group of settings after the other."""
        for bot in self._chatbots:
            self._from_file(f"bots.{bot}", ("bots", bot))
        self._environment_bot()
        start_bot, chosen = self._start_bot()
        plain = {name: self._plain(name) for name in _PLAIN_DEFAULTS}
        for action in self._config.keys:
            self._from_file(f"keys.{action}", ("keys", action))
        return Settings(
            config_file=self._config_path,
            data_dir=self._data_dir,
            chatbots=MappingProxyType(self._chatbots),
            key_sources=MappingProxyType(
                {bot: self._with_value(source) for bot, source in self._key_sources.items()}
            ),
            base_url=self._base_url,
            start_bot=start_bot,
            bot_chosen=chosen,
            user=User(
                name=self._user("name", "USERDESK_USER_NAME"),
                email=self._user("email", "USERDESK_USER_EMAIL"),
            ),
            keys=MappingProxyType(self._config.keys),
            theme=plain["theme"],  # type: ignore[arg-type]
            accessible=bool(plain["accessible"]),
            read_timeout=plain["read_timeout"],  # type: ignore[arg-type]
            connect_timeout=plain["connect_timeout"],  # type: ignore[arg-type]
            first_message_streamed=bool(plain["stream_first_message"]),
            allow_plain_http=bool(plain["allow_plain_http"]),
            notify=str(plain["notify"]),
            group_by=str(plain["group_by"]),
            log_level=str(plain["log_level"]),
            problems=tuple(self._problems),
            origins=MappingProxyType(self._origins),
        )

    def _service(self) -> str | None:
        """The service of chatbots that name none; None where what the environment says is no address."""
        self._origins["base_url"] = "default"
        if "USERDESK_BASE_URL" not in self._environ:
            return USERDESK_URL
        self._origins["base_url"] = "environment USERDESK_BASE_URL"
        try:
            return checked_base_url(self._environ["USERDESK_BASE_URL"])
        except ValueError as error:
            # Userdesk's own address instead would be given a key that may belong elsewhere.
            self._problems.append(Problem(f"USERDESK_BASE_URL: {error}", grave=True, fatal=True))
            return None

    def _with_value(self, source: KeySource) -> KeySource:
        """Every key there is becomes known, and so is masked wherever it is shown, used or not."""
        text = self._environ.get(source.variable) if source.variable else None
        return source._replace(value=ApiKey(text)) if text else source

    def _environment_bot(self) -> None:
        chatbot_id = self._environ.get("USERDESK_CHATBOT_ID")
        if chatbot_id is None:
            if _KEY in self._environ and _KEY not in self._config.key_variables:
                words = f"{_KEY} is set, but USERDESK_CHATBOT_ID is not: expected both, or neither"
                self._problems.append(Problem(words, grave=True))
            return
        if self._base_url is None:
            return
        name = self._environ.get("USERDESK_CHATBOT_NAME", f"chatbot {chatbot_id}")
        self._chatbots[ENV_BOT] = Chatbot(ENV_BOT, name, chatbot_id, self._base_url)
        self._key_sources[ENV_BOT] = KeySource(_KEY)
        self._origins[f"bots.{ENV_BOT}"] = "environment USERDESK_CHATBOT_ID"

    def _start_bot(self) -> tuple[str, bool]:
        options, default = self._options, self._config.default_bot
        if options.demo:
            return self._said("bot", DEMO_BOT, "flag --demo"), True
        if options.bot is not None:
            self._must_exist(options.bot)
            return self._said("bot", options.bot, "flag --bot"), True
        if ENV_BOT in self._chatbots:
            return self._said("bot", ENV_BOT, "environment USERDESK_CHATBOT_ID"), True
        if default is not None:
            if default in self._chatbots or default == DEMO_BOT:
                self._from_file("bot", ("default_bot",))
                return default, False
            # Where that chatbot is in the file but wrong, its own problem says more.
            if default not in self._config.broken_bots and not self._config.all_bots_broken:
                line = self._file.lines.line(("default_bot",))
                words = f"default_bot: expected the name of a chatbot under [bots], found {quoted(default)}"
                self._problems.append(Problem(words, self._config_path, line, grave=True))
        return self._said("bot", next(iter(self._chatbots), DEMO_BOT), "default"), False

    def _must_exist(self, bot: str) -> None:
        if bot in self._chatbots or bot == DEMO_BOT:
            return
        config, shown = self._config, quoted(bot)
        if problem := config.broken_bots.get(bot) or config.all_bots_broken or self._file.problem:
            raise SettingsError(f"--bot {shown}: {problem}")
        known = ", ".join([*map(quoted, self._chatbots), DEMO_BOT])
        raise SettingsError(f"--bot {shown}: no such chatbot in {self._config_path} (known: {known})")

    def _user(self, key: str, variable: str) -> str:
        if variable in self._environ:
            return self._said(f"user.{key}", self._environ[variable], f"environment {variable}")
        if key in self._config.user:
            self._from_file(f"user.{key}", ("user", key))
            return self._config.user[key]
        return self._said(f"user.{key}", "", "default")

    def _plain(self, name: str) -> object:
        flag = getattr(self._options, name, None)
        if flag:
            self._origins[name] = f"flag --{name.replace('_', '-')}"
            return flag
        if name in self._config.plain:
            self._from_file(name, (name,))
            return self._config.plain[name]
        self._origins[name] = "default"
        return _PLAIN_DEFAULTS[name]

    def _said(self, name: str, value: str, origin: str) -> str:
        self._origins[name] = origin
        return value

    def _from_file(self, name: str, path: tuple[str, ...]) -> None:
        self._origins[name] = f"{self._config_path}:{self._file.lines.line(path) or 1}"
