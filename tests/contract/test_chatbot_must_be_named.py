"""Commands that talk to a service guess no chatbot: a job that lost its variables must not stay green."""

import json
from pathlib import Path

import pytest

from command_runs import Done, run
from demo_server import DemoServer

COMMANDS = (("send", "hello"), ("send", "--json", "hello"), ("check", "newcomer"), ("doctor",))


def words_of(done: Done) -> str:
    return done.stdout + done.stderr


@pytest.fixture(params=COMMANDS, ids=" ".join)
def arguments(request: pytest.FixtureRequest) -> tuple[str, ...]:
    found: tuple[str, ...] = request.param
    return found


def test_nothing_configured(login: dict[str, str], data_dir: Path, arguments: tuple[str, ...]) -> None:
    done = run(login, *arguments)
    assert done.returncode == 2
    assert "no chatbot is configured: set USERDESK_CHATBOT_ID and USERDESK_API_KEY" in words_of(done)
    assert not data_dir.exists()


def test_a_key_without_a_chatbot(login: dict[str, str], data_dir: Path, arguments: tuple[str, ...]) -> None:
    done = run(login | {"USERDESK_API_KEY": "k"}, *arguments)
    assert done.returncode == 2
    assert "USERDESK_API_KEY is set, but USERDESK_CHATBOT_ID is not" in words_of(done)


def test_a_key_without_a_chatbot_goes_to_no_other_one(
    login: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[bots.a]\nchatbot_id = "1"\nbase_url = "http://127.0.0.1:9"\n')
    done = run(login | {"USERDESK_API_KEY": "k"}, *arguments, "--config", str(config))
    assert done.returncode == 2
    assert "USERDESK_CHATBOT_ID is not" in words_of(done)


@pytest.mark.parametrize("place", ["flag", "variable", "link"])
def test_a_configuration_that_is_not_there(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, arguments: tuple[str, ...], place: str
) -> None:
    named = tmp_path / "missing.toml"
    flags = ("--config", str(named)) if place == "flag" else ()
    if place == "variable":
        environment = environment | {"USERDESK_CONFIG": str(named)}
    elif place == "link":
        link = tmp_path / ".config" / "userdesk" / "config.toml"
        link.parent.mkdir(parents=True)
        link.symlink_to(named)
        environment = environment | {"HOME": str(tmp_path)}
    done = run(environment, *arguments, *flags)
    assert done.returncode == 2
    assert (
        "is a link to a file that does not exist" if place == "link" else "there is no such file"
    ) in words_of(done)
    if arguments[0] != "doctor":
        assert server.requests == []


def test_the_error_is_json_too(login: dict[str, str]) -> None:
    done = run(login, "send", "--json", "hello")
    assert json.loads(done.stdout)["error"]["message"].startswith("no chatbot is configured")


@pytest.mark.parametrize("text", ['default_bot = "demo"\n', ""])
def test_the_embedded_one_may_be_named(login: dict[str, str], tmp_path: Path, text: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    flags = () if text else ("--demo",)
    assert run(login, "send", "hello", "--config", str(config), *flags).returncode == 0
