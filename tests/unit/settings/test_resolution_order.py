from pathlib import Path

import pytest

from userdesk.domain.chatbot import USERDESK_URL, User
from userdesk.settings import Options, Settings, SettingsError, resolve

CONFIG = """
default_bot = "two"
theme = "from-file"
read_timeout = 5

[bots.one]
chatbot_id = "111"

[bots.two]
name = "Number two"
chatbot_id = "222"
base_url = "http://127.0.0.1:8080/"

[user]
name = "Ada"
email = "ada@example.com"

[keys]
new_conversation = "ctrl+n"
help = "f1, ctrl+h"
quit = []
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


def settings_of(config: Path, **environ: str) -> Settings:
    return resolve(Options(config=config), environ)


def test_nothing_configured_starts_the_demo() -> None:
    settings = resolve(Options(), {})
    assert settings.start_bot == "demo"
    assert not settings.bot_chosen
    assert settings.problems == ()
    assert settings.read_timeout == 60.0


def test_file_beats_default(config: Path) -> None:
    settings = settings_of(config)
    assert settings.start_bot == "two"
    assert settings.theme == "from-file"
    assert settings.read_timeout == 5.0
    assert settings.user == User("Ada", "ada@example.com")
    assert settings.chatbots["one"].name == "one"
    assert settings.chatbots["one"].base_url == USERDESK_URL
    assert settings.chatbots["two"].base_url == "http://127.0.0.1:8080"
    assert settings.problems == ()


def test_environment_beats_file(config: Path) -> None:
    settings = settings_of(config, USERDESK_CHATBOT_ID="9", USERDESK_API_KEY="k", USERDESK_USER_NAME="Bo")
    assert (settings.start_bot, settings.bot_chosen) == ("env", True)
    assert settings.chatbots["env"].name == "chatbot 9"
    assert settings.user == User("Bo", "ada@example.com")
    assert set(settings.chatbots) == {"one", "two", "env"}


def test_environment_names_its_chatbot_and_service(config: Path) -> None:
    settings = settings_of(
        config, USERDESK_CHATBOT_ID="9", USERDESK_CHATBOT_NAME="Nine", USERDESK_BASE_URL="http://localhost:1/"
    )
    assert settings.chatbots["env"].name == "Nine"
    assert settings.chatbots["env"].base_url == "http://localhost:1"


def test_a_service_of_the_environment_is_that_of_chatbots_that_name_none(config: Path) -> None:
    settings = settings_of(config, USERDESK_BASE_URL="https://staging.example.com/")
    assert settings.base_url == settings.chatbots["one"].base_url == "https://staging.example.com"
    assert settings.chatbots["two"].base_url == "http://127.0.0.1:8080"
    assert settings.problems == ()
    assert settings_of(config).base_url == USERDESK_URL


def test_flags_beat_the_environment(config: Path, tmp_path: Path) -> None:
    environ = {
        "USERDESK_CHATBOT_ID": "9",
        "USERDESK_CONFIG": str(tmp_path / "other.toml"),
        "USERDESK_DATA_DIR": str(tmp_path / "other"),
    }
    options = Options(bot="one", theme="flag", accessible=True, config=config, data_dir=tmp_path / "mine")
    settings = resolve(options, environ)
    assert settings.start_bot == "one"
    assert settings.theme == "flag"
    assert settings.accessible
    assert settings.config_file == config
    assert settings.data_dir == tmp_path / "mine"
    assert resolve(Options(demo=True, config=config), environ).start_bot == "demo"


def test_empty_variable_is_an_unset_one(config: Path) -> None:
    settings = settings_of(config, USERDESK_CHATBOT_ID="", USERDESK_API_KEY=" ", USERDESK_USER_NAME="")
    assert settings.start_bot == "two"
    assert settings.user.name == "Ada"
    assert settings.problems == ()


def test_each_value_knows_where_it_came_from(config: Path) -> None:
    origins = settings_of(config, USERDESK_USER_NAME="Bo").origins
    assert origins["bot"] == f"{config}:2"
    assert origins["theme"] == f"{config}:3"
    assert origins["bots.two"] == f"{config}:9"
    assert origins["user.name"] == "environment USERDESK_USER_NAME"
    assert origins["user.email"] == f"{config}:16"
    assert origins["keys.help"] == f"{config}:20"
    assert origins["connect_timeout"] == "default"
    assert origins["config"] == "flag --config"


def test_keys_are_lists_or_comma_separated(config: Path) -> None:
    keys = settings_of(config).shortcuts
    assert keys == {"new_conversation": ("ctrl+n",), "help": ("f1", "ctrl+h"), "quit": ()}


def test_first_configured_chatbot_starts_without_a_default(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[bots.only]\nchatbot_id = "1"\n')
    assert settings_of(path).start_bot == "only"


def test_unknown_bot_on_the_command_line_is_an_error(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"--bot three.*one, two, demo"):
        resolve(Options(bot="three", config=config), {})


def test_bot_that_the_file_describes_wrongly_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[bots.acme]\nchatbot_id = 123456\n")
    with pytest.raises(
        SettingsError, match=r"config\.toml:2: bots\.acme\.chatbot_id: expected text in quotes"
    ):
        resolve(Options(bot="acme", config=path), {})


def test_platform_folders_follow_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    settings = resolve()
    assert settings.config_file.name == "config.toml"
    assert settings.config_file.parent.name == settings.data_dir.name == "userdesk"
