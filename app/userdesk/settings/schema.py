"""Checks what config.toml says: each key, its type, what was expected instead."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from userdesk.domain.chatbot import DEMO_BOT, ENV_BOT, ApiKey, Chatbot
from userdesk.domain.quoting import quoted_name
from userdesk.domain.suggestions import suggestion
from userdesk.settings.config_file import ConfigFile
from userdesk.settings.kinds import SHORTCUTS, Kind, found_kind
from userdesk.settings.model import ApiKeySource, Problem
from userdesk.settings.specs import BOT_SETTINGS, SETTINGS

T = TypeVar("T")


_IN_FILE = {spec.path: spec for spec in SETTINGS.values() if spec.path}
_TABLES = {table: [path[1] for path in _IN_FILE if path[0] == table] for table, *rest in _IN_FILE if rest}
TOP_LEVEL = tuple(dict.fromkeys(["default_bot", "bots", *_TABLES, "keys", *(path[0] for path in _IN_FILE)]))


class Config:
    """What of config.toml was understood, with a problem for each key that was not.

    `base_url` is that of chatbots that name none; None where it is in doubt, which leaves them out.
    """

    def __init__(self, file: ConfigFile, base_url: str | None) -> None:
        self._file = file
        self._usual_url = base_url
        self.chatbots: dict[str, Chatbot] = {}
        self.api_key_sources: dict[str, ApiKeySource] = {}
        self.values: dict[str, Any] = {}
        """The settings that the file sets, by their names."""
        self.shortcuts: dict[str, tuple[str, ...]] = {}
        self.broken_bots: dict[str, Problem] = {}
        """Why a chatbot that the file names is left out."""
        self.all_bots_broken: Problem | None = None
        """Why none of the file's chatbots could be read."""
        self.key_variables = _key_variables(file.tables.get("bots"))
        """Every environment variable that the file says holds a key, wherever it says so."""
        self.problems = [file.problem] if file.problem else []
        for name, value in self._file.tables.items():
            match name:
                case "bots":
                    if not isinstance(value, dict):
                        message = f"expected a table, found {found_kind(value)}; write [bots.NAME]"
                        self.all_bots_broken = self._tell(("bots",), message, grave=True)
                        continue
                    for bot, table in value.items():
                        self._bot(bot, table)
                case "keys":
                    for action, entry in self._table(("keys",), value).items():
                        shortcuts = self._value(("keys", action), entry, SHORTCUTS)
                        if shortcuts is not None:
                            self.shortcuts[action] = shortcuts
                case _ if name in _TABLES:
                    for key, entry in self._table((name,), value).items():
                        self._setting((name, key), entry, _TABLES[name])
                case _:
                    self._setting((name,), value, TOP_LEVEL)

    def _bot(self, bot: str, value: object) -> None:
        path = ("bots", bot)
        before = len(self.problems)
        table = self._table(path, value, grave=True)
        texts: dict[str, str] = {}
        for key, entry in table.items():
            if spec := BOT_SETTINGS.get(key):
                text = self._value((*path, key), entry, spec.kind, grave=spec.grave)
                if text is not None:
                    texts[key] = text
            else:
                self._unknown((*path, key), BOT_SETTINGS)
        if bot in (ENV_BOT, DEMO_BOT):
            self._tell(path, f"the name {bot} is reserved; choose another name", grave=True)
        elif not bot.strip() or not bot.isprintable():
            self._tell(path, "expected a name of printable characters", grave=True)
        elif "chatbot_id" not in table and isinstance(value, dict):
            self._tell(path, 'expected chatbot_id = "…" here', grave=True)
        if grave := [problem for problem in self.problems[before:] if problem.grave]:
            self.broken_bots[bot] = grave[0]
            return
        base_url = texts.get("base_url", self._usual_url)
        if base_url is None:  # the environment's, which is told already
            message = f"bots.{quoted_name(bot)}: skipped because USERDESK_BASE_URL is not valid"
            self.broken_bots[bot] = Problem(message, self._file.path, self._file.lines.line(*path))
            return
        chatbot_id = texts["chatbot_id"]
        self.chatbots[bot] = Chatbot(bot, texts.get("name", bot), chatbot_id, base_url)
        self.api_key_sources[bot] = ApiKeySource(texts.get("api_key_env"), api_key=self._api_key(bot, texts))

    def _api_key(self, bot: str, texts: Mapping[str, str]) -> ApiKey | None:
        if "api_key" not in texts:
            return None
        if not self._file.private:
            message = "ignored because others can read this file; run chmod 600 on it"
            self._tell(("bots", bot, "api_key"), message)
            return None
        return ApiKey(texts["api_key"])

    def _setting(self, path: tuple[str, ...], value: object, known: Iterable[str]) -> None:
        if (spec := _IN_FILE.get(path)) is None:
            self._unknown(path, known)
        elif (checked := self._value(path, value, spec.kind, grave=spec.grave)) not in (None, ""):
            self.values[spec.name] = checked

    def _table(self, path: tuple[str, ...], value: object, *, grave: bool = False) -> Mapping[str, object]:
        if isinstance(value, dict):
            return value
        name = ".".join(map(quoted_name, path))
        self._tell(path, f"expected a table, found {found_kind(value)}; write [{name}]", grave=grave)
        return {}

    def _value(self, path: tuple[str, ...], value: object, kind: Kind[T], *, grave: bool = False) -> T | None:
        try:
            return kind.check(value)
        except ValueError as error:
            self._tell(path, str(error), grave=grave)
            return None

    def _unknown(self, path: tuple[str, ...], known: Iterable[str]) -> None:
        self._tell(path, f"unknown key; {suggestion(path[-1], known)}")

    def _tell(self, path: tuple[str, ...], message: str, *, grave: bool = False) -> Problem:
        name = ".".join(map(quoted_name, path))
        line = self._file.lines.line(*path)
        problem = Problem(f"{name}: {message}", self._file.path, line, grave)
        self.problems.append(problem)
        return problem


def _key_variables(value: object) -> set[str]:
    """The `api_key_env` of whatever stands where the chatbots should be, right or wrong."""
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    found = {name for each in inner for name in _key_variables(each)}
    if isinstance(value, dict) and isinstance(named := value.get("api_key_env"), str):
        found.add(named.strip())
    return found
