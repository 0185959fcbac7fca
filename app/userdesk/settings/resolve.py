"""Flag, environment, configuration file, default: the first that says something wins."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from userdesk.domain.chatbot import DEMO_BOT, ENV_BOT, USERDESK_URL, ApiKey, Chatbot
from userdesk.domain.quoting import quoted
from userdesk.settings.config_file import ConfigFile, read_config
from userdesk.settings.locations import locations
from userdesk.settings.model import ApiKeySource, Options, Problem, SettingsError
from userdesk.settings.schema import Config
from userdesk.settings.specs import BOT_SETTINGS, FIELDS, SETTINGS, Settings, SettingSpec

_NO_OPTIONS = Options()
_ID, _KEY, _NAME = (BOT_SETTINGS[name].environment for name in ("chatbot_id", "api_key", "name"))


def resolve(options: Options = _NO_OPTIONS, environ: Mapping[str, str] = os.environ) -> Settings:
    """All settings, each from where it wins.

    The settings hold the keys that the process's own environment held: they are taken out of it, so that no
    program that is started later inherits one, whoever starts it.
    Raises SettingsError where a flag names no chatbot, or there is no place for files.
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
            options.settings, self._environ
        )
        named = not self._origins["config"].startswith("default")
        self._file: ConfigFile = read_config(self._config_path, must_exist=named)
        self._problems: list[Problem] = []
        self._base_url = self._service()
        self._config = Config(self._file, self._base_url)
        self._problems += self._config.problems
        self._chatbots, self._api_key_sources = self._config.chatbots, self._config.api_key_sources
        self.key_variables = {_KEY, *self._config.key_variables}
        """The environment variables that hold keys."""

    def settings(self) -> Settings:
        """Resolve one group of settings after the other."""
        for bot in self._chatbots:
            self._origins[f"bots.{bot}"] = self._place("bots", bot)
        self._environment_bot()
        start_bot, chosen = self._start_bot()
        if (beside := self._options.beside) is not None:
            self._must_exist(beside, "second chatbot")
        resolved = {
            "bot": start_bot,
            "base_url": self._base_url,
            "config": self._config_path,
            "data_dir": self._data_dir,
        }
        values: dict[str, Any] = {
            field: resolved[spec.name] if spec.name in resolved else self._value(spec)
            for field, spec in FIELDS.items()
        }
        for action in self._config.shortcuts:
            self._origins[f"keys.{action}"] = self._place("keys", action)
        sources = {bot: self._with_value(source) for bot, source in self._api_key_sources.items()}
        return Settings(
            **values,
            chatbots=MappingProxyType(self._chatbots),
            api_key_sources=MappingProxyType(sources),
            bot_chosen=chosen,
            shortcuts=MappingProxyType(self._config.shortcuts),
            problems=tuple(self._problems),
            origins=MappingProxyType(self._origins),
        )

    def _service(self) -> str | None:
        """The service of chatbots that name none; None where what the environment says is no address."""
        spec = SETTINGS["base_url"]
        self._origins[spec.name] = "default"
        if spec.environment not in self._environ:
            return USERDESK_URL
        # Where it is no address, Userdesk's own instead would be given a key that may belong elsewhere.
        service: str | None = self._from_environment(spec, fatal=True)
        return service

    def _with_value(self, source: ApiKeySource) -> ApiKeySource:
        """Every key there is becomes known, and so is masked wherever it is shown, used or not."""
        text = self._environ.get(source.variable) if source.variable else None
        return source._replace(value=ApiKey(text)) if text else source

    def _environment_bot(self) -> None:
        chatbot_id = self._environ.get(_ID)
        if chatbot_id is None:
            if _KEY in self._environ and _KEY not in self._config.key_variables:
                message = f"{_KEY} is set, but {_ID} is not: set both or neither"
                self._problems.append(Problem(message, grave=True))
            return
        if self._base_url is None:
            return
        name = self._environ.get(_NAME, f"chatbot {chatbot_id}")
        self._chatbots[ENV_BOT] = Chatbot(ENV_BOT, name, chatbot_id, self._base_url)
        self._api_key_sources[ENV_BOT] = ApiKeySource(_KEY)
        self._origins[f"bots.{ENV_BOT}"] = f"environment {_ID}"

    def _start_bot(self) -> tuple[str, bool]:
        """The chatbot to start with, and whether a flag or the environment names it."""
        named, default = self._options.settings.get("bot"), self._config.values.get("bot")
        bot, origin, chosen = next(iter(self._chatbots), DEMO_BOT), "default", True
        if self._options.demo:
            bot, origin = DEMO_BOT, "flag --demo"
        elif named is not None:
            self._must_exist(bot := str(named), "--bot")
            origin = "flag --bot"
        elif ENV_BOT in self._chatbots:
            bot, origin = ENV_BOT, f"environment {_ID}"
        else:
            chosen = False
            if default in self._chatbots or default == DEMO_BOT:
                bot, origin = default, self._place("default_bot")
            # Where that chatbot is in the file but wrong, its own problem says more.
            elif default and default not in self._config.broken_bots and not self._config.all_bots_broken:
                line = self._file.lines.line("default_bot")
                message = f"default_bot: expected the name of a chatbot under [bots], found {quoted(default)}"
                self._problems.append(Problem(message, self._config_path, line, grave=True))
        self._origins["bot"] = origin
        return bot, chosen

    def _must_exist(self, bot: str, what: str) -> None:
        if bot in self._chatbots or bot == DEMO_BOT:
            return
        config, shown = self._config, quoted(bot)
        if problem := config.broken_bots.get(bot) or config.all_bots_broken or self._file.problem:
            raise SettingsError(f"{what} {shown}: {problem}")
        known = ", ".join([*map(quoted, self._chatbots), DEMO_BOT])
        raise SettingsError(f"{what} {shown}: no such chatbot in {self._config_path} (known: {known})")

    def _value(self, spec: SettingSpec) -> Any:
        """Flag, environment, file, default. What a variable holds and should not, is told and left out."""
        if flag := self._options.settings.get(spec.name):
            self._origins[spec.name] = f"flag {spec.flag_name}"
            return flag
        if spec.environment in self._environ and (value := self._from_environment(spec)) is not None:
            return value
        if spec.name in self._config.values:
            self._origins[spec.name] = self._place(*spec.path)
            return self._config.values[spec.name]
        self._origins[spec.name] = "default"
        return spec.default

    def _from_environment(self, spec: SettingSpec, *, fatal: bool = False) -> Any:
        """None where it is not what was expected, which is told."""
        self._origins[spec.name] = f"environment {spec.environment}"
        try:
            return spec.kind.parse(self._environ[spec.environment])
        except ValueError as error:
            self._problems.append(Problem(f"{spec.environment}: {error}", grave=fatal, fatal=fatal))
            return None

    def _place(self, *path: str) -> str:
        return f"{self._config_path}:{self._file.lines.line(*path) or 1}"
