"""Checks what config.toml says: each key, its type, what was expected instead."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from userdesk.domain.chatbot import DEMO_BOT, ENV_BOT, USERDESK_URL, ApiKey, Chatbot
from userdesk.domain.quoting import quoted_name
from userdesk.settings.base_url import checked_base_url
from userdesk.settings.config_file import ConfigFile
from userdesk.settings.model import GROUPINGS, LOG_LEVELS, NOTIFICATIONS, KeySource, Problem

T = TypeVar("T")

_LONGEST_WAIT = 86_400.0  # s
_BOT_KEYS = ("name", "chatbot_id", "base_url", "api_key_env", "api_key")


class Config:
    """The part of config.toml that was understood."""

    def __init__(self) -> None:
        self.default_bot: str | None = None
        self.chatbots: dict[str, Chatbot] = {}
        self.key_sources: dict[str, KeySource] = {}
        self.user: dict[str, str] = {}
        self.keys: dict[str, tuple[str, ...]] = {}
        self.plain: dict[str, object] = {}
        """The remaining top-level keys, by their names in the file."""
        self.broken_bots: dict[str, Problem] = {}
        """Why a chatbot that the file names is left out."""
        self.all_bots_broken: Problem | None = None
        """Why none of the file's chatbots could be read."""
        self.key_variables: set[str] = set()
        """Every environment variable that the file says holds a key, wherever it says so."""
        self.problems: list[Problem] = []


class Unexpected(ValueError):
    """A value is not of the kind that its key takes; the text says what was expected."""


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case [dict(), *_]:
            return "a list of tables, as [[…]] makes it"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unexpected(f"expected text in quotes, found {_kind(value)}")
    return value.strip()


def _filled(value: object) -> str:
    if not (text := _text(value)):
        raise Unexpected("expected text, found none")
    return text


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unexpected(f"expected true or false, found {_kind(value)}")
    return value


def _seconds(value: object) -> float:
    expected = "expected a number of seconds above 0, at most a day"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unexpected(f"{expected}, found {_kind(value)}")
    if not 0 < value <= _LONGEST_WAIT:
        raise Unexpected(expected)
    return float(value)


def _one_of(words: Sequence[str]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in words:
            raise Unexpected("expected one of " + ", ".join(f'"{word}"' for word in words))
        return str(value)

    return check


def _key_names(value: object) -> tuple[str, ...]:
    parts: Iterable[object] = value.split(",") if isinstance(value, str) else ()
    if isinstance(value, list):
        parts = value
    elif not isinstance(value, str):
        raise Unexpected(f'expected a key such as "ctrl+n" or a list of keys, found {_kind(value)}')
    if not all(isinstance(part, str) for part in parts):
        raise Unexpected('expected keys in quotes, such as ["ctrl+n", "f6"]')
    return tuple(key for part in parts if (key := str(part).strip()))


_PLAIN: Mapping[str, Callable[[object], object]] = {
    "theme": _filled,
    "accessible": _switch,
    "read_timeout": _seconds,
    "connect_timeout": _seconds,
    "stream_first_message": _switch,
    "allow_plain_http": _switch,
    "notify": _one_of(NOTIFICATIONS),
    "group_by": _one_of(GROUPINGS),
    "log_level": _one_of(LOG_LEVELS),
}
TOP_LEVEL = ("default_bot", "bots", "user", "keys", *_PLAIN)


def check_config(file: ConfigFile, base_url: str | None = USERDESK_URL) -> Config:
    """What the file says, with a problem for each key that was not understood.

    `base_url` is the service of chatbots that name none; None where it is in doubt, which leaves them out.
    """
    return _Check(file, base_url).run()


class _Check:
    def __init__(self, file: ConfigFile, base_url: str | None) -> None:
        self._file = file
        self._usual_url = base_url
        self._config = Config()
        if file.problem:
            self._config.problems.append(file.problem)

    def run(self) -> Config:
        """Check every key of the file, in the file's order."""
        config = self._config
        config.key_variables = _key_variables(self._file.tables.get("bots"))
        for name, value in self._file.tables.items():
            match name:
                case "bots":
                    if not isinstance(value, dict):
                        words = f"expected a table, found {_kind(value)}; write [bots.NAME]"
                        config.all_bots_broken = self._tell(("bots",), words, grave=True)
                        continue
                    for bot, table in value.items():
                        self._bot(bot, table)
                case "user":
                    for key, entry in self._table(("user",), value).items():
                        self._user(key, entry)
                case "keys":
                    for action, entry in self._table(("keys",), value).items():
                        keys = self._value(("keys", action), entry, _key_names)
                        if keys is not None:
                            config.keys[action] = keys
                case "default_bot":
                    config.default_bot = self._value((name,), value, _filled, grave=True)
                case _ if name in _PLAIN:
                    checked = self._value((name,), value, _PLAIN[name])
                    if checked is not None:
                        config.plain[name] = checked
                case _:
                    self._unknown((name,), TOP_LEVEL)
        return config

    def _bot(self, bot: str, value: object) -> None:
        path = ("bots", bot)
        before = len(self._config.problems)
        table = self._table(path, value, grave=True)
        texts: dict[str, str] = {}
        for key, entry in table.items():
            if key not in _BOT_KEYS:
                self._unknown((*path, key), _BOT_KEYS)
                continue
            text = self._value((*path, key), entry, _filled, grave=key in ("chatbot_id", "base_url"))
            if text is not None:
                texts[key] = text
        if (variable := texts.get("api_key_env")) and not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", variable):
            self._tell((*path, "api_key_env"), "expected the name of an environment variable")
        base_url = self._base_url((*path, "base_url"), texts.get("base_url"))
        if bot in (ENV_BOT, DEMO_BOT):
            self._tell(path, f"the name {bot} is reserved; give this chatbot another one", grave=True)
        elif not bot.strip() or not bot.isprintable():
            self._tell(path, "expected a name of printable characters", grave=True)
        elif "chatbot_id" not in table and isinstance(value, dict):
            self._tell(path, 'expected chatbot_id = "…" here', grave=True)
        if grave := [problem for problem in self._config.problems[before:] if problem.grave]:
            self._config.broken_bots[bot] = grave[0]
            return
        if base_url is None:  # the environment's, which is told already
            words = f"bots.{quoted_name(bot)}: left out, because USERDESK_BASE_URL is wrong"
            self._config.broken_bots[bot] = Problem(words, self._file.path, self._file.lines.line(path))
            return
        chatbot_id = texts["chatbot_id"]
        self._config.chatbots[bot] = Chatbot(bot, texts.get("name", bot), chatbot_id, base_url)
        self._config.key_sources[bot] = KeySource(texts.get("api_key_env"), key=self._key(bot, texts))

    def _key(self, bot: str, texts: Mapping[str, str]) -> ApiKey | None:
        if "api_key" not in texts:
            return None
        if not self._file.private:
            words = "left out, because others can read this file; make it yours alone with chmod 600"
            self._tell(("bots", bot, "api_key"), words)
            return None
        return ApiKey(texts["api_key"])

    def _base_url(self, path: tuple[str, ...], text: str | None) -> str | None:
        if text is None:
            return self._usual_url
        try:
            return checked_base_url(text)
        except ValueError as error:
            self._tell(path, str(error), grave=True)
            return None

    def _user(self, key: str, value: object) -> None:
        if key not in ("name", "email"):
            self._unknown(("user", key), ("name", "email"))
        elif text := self._value(("user", key), value, _text):
            self._config.user[key] = text

    def _table(self, path: tuple[str, ...], value: object, *, grave: bool = False) -> Mapping[str, object]:
        if isinstance(value, dict):
            return value
        name = ".".join(map(quoted_name, path))
        self._tell(path, f"expected a table, found {_kind(value)}; write [{name}]", grave=grave)
        return {}

    def _value(
        self, path: tuple[str, ...], value: object, check: Callable[[object], T], *, grave: bool = False
    ) -> T | None:
        try:
            return check(value)
        except Unexpected as error:
            self._tell(path, str(error), grave=grave)
            return None

    def _unknown(self, path: tuple[str, ...], known: Iterable[str]) -> None:
        from difflib import get_close_matches  # only where something is wrong

        known = tuple(known)
        near = get_close_matches(path[-1], known, n=1)
        hint = f"did you mean {near[0]}?" if near else "expected one of " + ", ".join(known)
        self._tell(path, f"unknown key; {hint}")

    def _tell(self, path: tuple[str, ...], words: str, *, grave: bool = False) -> Problem:
        name = ".".join(map(quoted_name, path))
        line = self._file.lines.line(path)
        problem = Problem(f"{name}: {words}", self._file.path, line, grave)
        self._config.problems.append(problem)
        return problem


def _key_variables(value: object) -> set[str]:
    """The `api_key_env` of whatever stands where the chatbots should be, right or wrong."""
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    found = {name for each in inner for name in _key_variables(each)}
    if isinstance(value, dict) and isinstance(named := value.get("api_key_env"), str):
        found.add(named.strip())
    return found
