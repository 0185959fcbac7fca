import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from userdesk.domain.chatbot import ApiKey
from userdesk.settings import Options, Settings, resolve
from userdesk.settings.api_keys import KeyRing

CONFIG = """
[bots.plain]
chatbot_id = "1"

[bots.variable]
chatbot_id = "2"
api_key_env = "ACME_KEY"

[bots.inline]
chatbot_id = "3"
api_key = "key-in-the-file"
"""


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def system_keyring() -> Iterator[MemoryKeyring]:
    before, system = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(system)
    yield system
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def settings_in(tmp_path: Path, mode: int = 0o600, **environ: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    path.chmod(mode)
    return resolve(Options(config=path), environ)


def test_environment_and_private_file_give_keys(tmp_path: Path, no_keyring: None) -> None:
    environ = {"USERDESK_CHATBOT_ID": "9", "USERDESK_API_KEY": " env-key\n", "ACME_KEY": "acme-key"}
    ring = KeyRing(settings_in(tmp_path, **environ))
    assert ring.api_key("env") == ApiKey("env-key")
    assert ring.api_key("variable") == ApiKey("acme-key")
    assert ring.api_key("inline") == ApiKey("key-in-the-file")
    assert ring.origin("variable") == "environment ACME_KEY"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_in_a_file_that_others_can_read_is_left_out(
    tmp_path: Path, mode: int, no_keyring: None
) -> None:
    settings = settings_in(tmp_path, mode)
    assert KeyRing(settings).api_key("inline") is None
    (problem,) = settings.problems
    assert problem.line == 11
    assert "chmod 600" in problem.message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to give a file away")
def test_a_key_in_a_file_of_somebody_else_is_left_out(tmp_path: Path, no_keyring: None) -> None:
    settings_in(tmp_path)
    os.chown(tmp_path / "config.toml", 65534, -1)
    settings = resolve(Options(config=tmp_path / "config.toml"), {})
    assert KeyRing(settings).api_key("inline") is None
    assert len(settings.problems) == 1


def test_no_keyring_is_no_failure(tmp_path: Path, no_keyring: None) -> None:
    ring = KeyRing(settings_in(tmp_path))
    assert ring.api_key("plain") is None
    assert ring.origin("plain") is None
    assert ring.store_key("plain", ApiKey("typed")) is False
    assert ring.api_key("plain") == ApiKey("typed")


def test_the_system_keyring_keeps_a_key_by_chatbot(tmp_path: Path, system_keyring: MemoryKeyring) -> None:
    settings = settings_in(tmp_path)
    assert KeyRing(settings).store_key("plain", ApiKey("typed")) is True
    assert system_keyring.entries == {("userdesk", "1@https://api.userdesk.io"): "typed"}
    later = KeyRing(settings)
    assert later.api_key("plain") == ApiKey("typed")
    assert later.origin("plain") == "system keyring"
    assert later.api_key("variable") is None


def test_an_unknown_chatbot_has_no_key(tmp_path: Path, system_keyring: MemoryKeyring) -> None:
    ring = KeyRing(settings_in(tmp_path))
    assert ring.api_key("nobody") is None
    assert ring.store_key("nobody", ApiKey("x")) is False
    assert system_keyring.entries == {}


def test_a_key_entered_now_wins_over_all(tmp_path: Path, system_keyring: MemoryKeyring) -> None:
    environ = {"ACME_KEY": "old"}
    ring = KeyRing(settings_in(tmp_path, **environ))
    ring.remember("variable", ApiKey("new"))
    assert ring.api_key("variable") == ApiKey("new")
    assert ring.origin("variable") == "entered in this session"
    assert system_keyring.entries == {}
