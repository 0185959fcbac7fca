"""`userdesk doctor`: origins, places, a connection; never a secret."""

import subprocess
from pathlib import Path

import pytest

from command_runs import command_that_obeys_permissions, run
from demo_server import DemoServer
from userdesk.commands.environment_report import colours, network_lines, without_password

SECRETS = ("file-key-0123456789", "env-key-9876543210", "proxy-pass")


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config.toml").touch()
    return environment | {"USERDESK_CONFIG": str(tmp_path / "config.toml")}


def doctor(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = run(environment, "doctor", *arguments)
    return done.returncode, done.stdout + done.stderr


def test_the_connection_is_tried_by_creating_a_conversation(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    status, text = doctor(environment)
    assert status == 0
    assert "created a conversation, with a welcome message" in text
    assert [request.method for request in server.requests] == ["POST"]
    assert not (tmp_path / "data").exists()


def test_offline_asks_nobody(server: DemoServer, environment: dict[str, str]) -> None:
    status, text = doctor(environment, "--offline")
    assert status == 0
    assert "Connection" not in text
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "exit_status", "words"),
    [
        (401, 3, "401 · Wrong API Key"),
        (403, 3, "403 · Access to this Chatbot is denied"),
        (500, 5, "500 · An error occurred on the server"),
    ],
)
def test_a_refusal_has_its_words_and_its_exit_status(
    server: DemoServer, environment: dict[str, str], status: int, exit_status: int, words: str
) -> None:
    server.fail_next(status, on="conversation")
    found, text = doctor(environment)
    assert found == exit_status
    assert words in text


def test_a_missing_key_and_a_missing_server(server: DemoServer, environment: dict[str, str]) -> None:
    keyless = {name: text for name, text in environment.items() if name != "USERDESK_API_KEY"}
    status, text = doctor(keyless)
    assert status == 3
    assert "key: none found" in text and "401 · Missing API Key" in text
    server.stop()
    assert doctor(environment)[0] == 6


def test_a_missing_create_endpoint_is_said(environment: dict[str, str]) -> None:
    with DemoServer(create_endpoint=False) as bare:
        status, text = doctor(environment | {"USERDESK_BASE_URL": bare.base_url})
    assert status == 0
    assert "it does not create conversations" in text


def test_a_data_folder_in_a_closed_one_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    command = command_that_obeys_permissions("doctor", "--offline", "--data-dir", str(closed / "data"))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert (
        f"Problems in the files\n  ✗ {closed / 'data'}: cannot be reached: Permission denied" in done.stdout
    )


def test_a_folder_that_can_be_used_is_left_as_it_was(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert doctor(environment, "--offline")[0] == 0
    assert not data.exists()
    data.mkdir()
    assert doctor(environment, "--offline")[0] == 0
    assert list(data.iterdir()) == []


def test_damage_that_the_program_would_meet_is_2(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data" / "conversations.toml").mkdir(parents=True)
    status, text = doctor(environment, "--offline")
    assert status == 2
    assert "Problems in the files" in text


def test_without_a_chatbot_nobody_is_asked(login: dict[str, str]) -> None:
    status, text = doctor(login)
    assert status == 2
    assert "✗ not tested: no chatbot is configured: set USERDESK_CHATBOT_ID" in text
    assert doctor(login, "--offline")[0] == 0
    status, text = doctor(login | {"USERDESK_API_KEY": "k"})
    assert status == 2
    assert "✗ not tested: USERDESK_API_KEY is set, but USERDESK_CHATBOT_ID is not" in text


def test_a_missing_configuration_file_that_was_named_is_2(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").unlink()
    status, text = doctor(environment, "--offline")
    assert status == 2
    assert f"✗ {tmp_path / 'config.toml'}: there is no such file" in text


def test_problems_of_the_settings_are_2(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("\nthem = 'x'\n")
    status, text = doctor(environment, "--offline")
    assert status == 2
    assert f"{tmp_path / 'config.toml'}:2: them: unknown key" in text


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('theme = "nosuch"', "there is no theme named 'nosuch'"),
        ('[keys]\nnonsense = "f5"', "nonsense: there is no such action"),
        ('[keys]\nhelp = "f2"', "f2 is given to both help and sidebar"),
    ],
)
def test_problems_that_only_the_screen_sees_are_listed_too(
    environment: dict[str, str], tmp_path: Path, config: str, words: str
) -> None:
    (tmp_path / "config.toml").write_text(f"{config}\n")
    status, text = doctor(environment, "--offline")
    assert status == 2
    assert words in text


PASTED = "sk_live_51H8xAbCdEf"


@pytest.mark.parametrize(
    "text",
    [
        f'[keys]\n{PASTED} = "f5"',
        f'[keys]\nhelp = "{PASTED}"',
        f'[keys]\nhelp = "{PASTED}"\nsidebar = "{PASTED}"',
        f"{PASTED} = 1",
        f'theme = "{PASTED}"',
        f'default_bot = "{PASTED}"',
        f'[bots.{PASTED}]\nchatbot_id = "1"',
        f'[bots.a]\nchatbot_id = "{PASTED}"',
        f'[bots.a]\nchatbot_id = "1"\nname = "{PASTED}"',
        f'[bots.a]\nchatbot_id = "1"\napi_key_env = "{PASTED}"',
        f'[user]\nname = "{PASTED}"',
    ],
)
def test_a_key_pasted_in_the_wrong_place_is_not_printed(
    environment: dict[str, str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "config.toml").write_text(text + "\n")
    assert PASTED[5:] not in doctor(environment, "--offline")[1]


def test_a_key_in_the_command_of_an_editor_is_not_printed(environment: dict[str, str]) -> None:
    assert PASTED[5:] not in doctor(environment | {"EDITOR": f"env KEY={PASTED} vim"}, "--offline")[1]


def test_no_secret_is_printed(environment: dict[str, str], tmp_path: Path, server: DemoServer) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[bots.acme]\nchatbot_id = "7"\napi_key = "{SECRETS[0]}"\n')
    config.chmod(0o600)
    status, text = doctor(
        environment
        | {"USERDESK_API_KEY": SECRETS[1], "HTTPS_PROXY": f"http://me:{SECRETS[2]}@proxy.example:3128"}
    )
    assert status == 3  # a wrong key, and still not shown
    assert "401 · Wrong API Key\n" in text
    assert f"key: from {config}" in text
    assert "http://…@proxy.example:3128" in text
    for secret in SECRETS:
        assert secret not in text and secret[-4:] not in text


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, "none"),
        ({"HTTPS_PROXY": "http://me:secret@p.example:3128"}, "http://p.example:3128, from HTTPS_PROXY"),
        ({"all_proxy": "socks://p.example:1080"}, "socks5://p.example:1080, from all_proxy"),
        ({"HTTPS_PROXY": "http://p.example:1", "NO_PROXY": "*.example.test"}, "none, from NO_PROXY"),
        ({"HTTP_PROXY": "ftp://x"}, "none"),
        ({"HTTPS_PROXY": "ftp://me:secret@x"}, "Cannot use the proxy from HTTPS_PROXY"),
    ],
)
def test_proxy_that_applies_is_told(environ: dict[str, str], proxy: str) -> None:
    lines = list(network_lines("https://svc.example.test", environ))
    (line,) = [line for line in lines if line.split()[0] == "proxy"]
    assert proxy in line
    assert "secret" not in "".join(lines)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("me:secret@proxy:3128", "…@proxy:3128"),
        ("socks5://a:b@[::1]:1080", "socks5://…@[::1]:1080"),
        ("http://a:b/c@d@proxy:port", "http://…@proxy:port"),
    ],
)
def test_a_proxys_password_goes(address: str, shown: str) -> None:
    assert without_password(address) == shown


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "16 million"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "dumb"}, "none"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "none: NO_COLOR is set"),
    ],
)
def test_colours_are_what_the_environment_promises(environ: dict[str, str], words: str) -> None:
    assert colours(environ) == words
