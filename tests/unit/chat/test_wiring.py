"""What the settings become: the registry, the store and the service that talk by them."""

from pathlib import Path

import pytest

from userdesk.chat.wiring import SaveStatus, build_chat, chosen_chatbot, open_service, stream_log_of
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.settings import Options, SettingsError, resolve
from userdesk.store import Store

ACME = Chatbot("acme", "Acme", "1")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[bots.acme]\nname = "Acme"\nchatbot_id = "1"\napi_key_env = "ACME_KEY"\n')
    return path


def test_the_service_knows_the_configured_chatbots_their_keys_and_the_demo(
    config: Path, tmp_path: Path
) -> None:
    settings = resolve(Options(config=config, data_dir=tmp_path / "data"), {"ACME_KEY": "sk-0123456789"})
    store = Store(settings.data_dir)
    parts = build_chat(settings, store)
    assert parts.service.store is store
    assert [chatbot.config_name for chatbot in parts.service.registry] == ["acme", "demo"]
    assert parts.keyring.api_key("acme") == ApiKey("sk-0123456789")
    assert not parts.demo.running
    assert not settings.data_dir.exists()


@pytest.mark.parametrize(
    ("flags", "chosen"), [({}, "acme"), ({"demo": True}, "demo"), ({"bot": "acme"}, "acme")]
)
def test_the_chosen_chatbot_is_the_one_that_settings_start_with(
    config: Path, tmp_path: Path, flags: dict[str, object], chosen: str
) -> None:
    settings = resolve(Options(config=config, data_dir=tmp_path, **flags), {})  # type: ignore[arg-type]
    assert chosen_chatbot(settings).config_name == chosen


async def test_a_command_has_its_service_closed_and_knows_what_was_saved(
    config: Path, tmp_path: Path
) -> None:
    settings = resolve(Options(config=config, data_dir=tmp_path / "data"), {})
    told: list[str] = []
    saves = SaveStatus(told.append)
    async with open_service(settings, Store(settings.data_dir), saves) as service:
        conversation = service.start_conversation(ACME)
        assert service.unsaved() == [conversation]
        service.write_queue.on_trouble("no space left on the disk")
        assert (saves.saved, told) == (False, ["not saved: no space left on the disk"])
    assert (saves.saved, told[1:]) == (True, ["everything is saved now"])


def test_a_stream_log_is_opened_where_a_flag_asks_for_one(tmp_path: Path) -> None:
    assert stream_log_of(Options(), print) is None
    log = stream_log_of(Options(stream_log=tmp_path / "log.jsonl"), print)
    assert log is not None
    log.begun("turn", None)
    log.close()
    assert '"event": "request"' in (tmp_path / "log.jsonl").read_text()
    with pytest.raises(SettingsError, match=f"--stream-log {tmp_path}: "):
        stream_log_of(Options(stream_log=tmp_path), print)
