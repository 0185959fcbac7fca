import os
import stat
import tomllib
from pathlib import Path

import pytest

from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.settings import Options, SettingsError, resolve
from userdesk.settings.write import add_bot, set_plain

ACME = Chatbot("acme", "Acme support", "123456")
COMMENTED = """\
# mine
theme = "old"   # dark

[bots.first]  # the first one
chatbot_id = "1"
# api_key_env = "KEY"

[user]
name = "Ada"
"""


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_first_bot_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    add_bot(path, ACME, default=True)
    settings = resolve(Options(config=path), {})
    assert settings.start_bot == "acme"
    assert settings.chatbots["acme"] == ACME
    assert settings.problems == ()
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == 0o700


def test_comments_and_everything_else_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED)
    add_bot(path, ACME)
    set_plain(path, "default_bot", "acme")
    set_plain(path, "theme", "new")
    set_plain(path, "accessible", True)
    text = path.read_text()
    for comment in ("# mine", "# dark", "# the first one", '# api_key_env = "KEY"'):
        assert comment in text
    said = tomllib.loads(text)
    assert said["theme"] == "new"
    assert said["accessible"] is True
    assert said["default_bot"] == "acme"
    assert said["user"] == {"name": "Ada"}
    assert set(said["bots"]) == {"first", "acme"}


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# nothing but a comment",
        '[bots]\nfirst = { chatbot_id = "1" }\n',
        'bots.first.chatbot_id = "1"\n',
        'bots = { first = { chatbot_id = "1" } }\n',
        '[user]\nname = "A"\n\n[bots.acme]\nchatbot_id = "old"\nbase_url = "http://127.0.0.1:1"\nother = 1\n',
    ],
)
def test_every_form_of_the_file_takes_a_bot(tmp_path: Path, before: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    add_bot(path, ACME, default=True)
    said = tomllib.loads(path.read_text())
    assert said["default_bot"] == "acme"
    assert said["bots"]["acme"]["chatbot_id"] == "123456"
    assert "base_url" not in said["bots"]["acme"]
    if "first" in before:
        assert said["bots"]["first"] == {"chatbot_id": "1"}


def test_a_key_makes_the_file_private(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED)
    path.chmod(0o644)
    set_plain(path, "theme", "x")
    assert mode_of(path) == 0o644
    add_bot(path, ACME, api_key=ApiKey("sk-123"))
    assert mode_of(path) == 0o600
    settings = resolve(Options(config=path), {})
    assert settings.problems == ()
    assert settings.api_key_sources["acme"].api_key == ApiKey("sk-123")


@pytest.mark.parametrize("broken", [b'theme = "never closed\n', b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_file_that_could_not_be_read_is_never_overwritten(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(broken)
    with pytest.raises(SettingsError, match="was not changed"):
        set_plain(path, "theme", "x")
    assert path.read_bytes() == broken


def test_a_value_where_a_table_should_be_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("bots = 1\n")
    with pytest.raises(SettingsError, match="was not changed"):
        add_bot(path, ACME)
    assert path.read_text() == "bots = 1\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text('theme = "old"\n')
    link = tmp_path / "config.toml"
    link.symlink_to(target)
    set_plain(link, "theme", "new")
    assert link.is_symlink()
    assert target.read_text() == 'theme = "new"\n'


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="needs a file system that takes no folder from anybody"
)
def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(SettingsError, match="could not be written"):
        set_plain(Path("/proc/userdesk/config.toml"), "theme", "x")


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    set_plain(path, "theme", "a")
    set_plain(path, "theme", "b")
    assert os.listdir(tmp_path) == ["config.toml"]
