"""A visitor's process knows what it needs, and nothing of the host."""

import site
import tomllib
from pathlib import Path

import pytest

from userdesk.serve.visitor_environment import VisitorProgram, visitor_config, visitor_environment

PROGRAM = VisitorProgram(chatbot_id="b1", chatbot_name="Acme", base_url="http://127.0.0.1:4000")
FOLDER = Path("/tmp/visit")
HOST = {
    "PATH": "/opt/bin:/usr/bin",
    "LANG": "de_AT.UTF-8",
    "LC_TIME": "C",
    "HOME": "/home/host",
    "USER": "host",
    "SSH_AUTH_SOCK": "/tmp/agent",
    "USERDESK_API_KEY": "the-real-key",
    "USERDESK_CONFIG": "/home/host/config.toml",
    "USERDESK_ANYTHING": "x",
    "AWS_SECRET_ACCESS_KEY": "s",
    "HTTPS_PROXY": "http://user:pw@proxy",
    "PYTHONSTARTUP": "/home/host/start.py",
    "PYTHONPATH": "/home/host/lib",
    "LD_PRELOAD": "/home/host/x.so",
    "TEXTUAL_LOG": "/home/host/log",
    "LC_EVIL": "x",
    "TERM": "dumb",
}


@pytest.fixture(autouse=True)
def own_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an environment of its own, however the tests are run."""
    monkeypatch.setattr(site, "ENABLE_USER_SITE", False)


def environment(**options: object) -> dict[str, str]:
    program = VisitorProgram(**{**{n: getattr(PROGRAM, n) for n in PROGRAM.__slots__}, **options})  # type: ignore[arg-type]
    return visitor_environment(program, FOLDER, key="visit-key", channel=7, environ=HOST)


def test_of_the_hosts_environment_there_is_the_path_and_the_language() -> None:
    told = environment()
    assert {name for name in HOST if told.get(name) == HOST[name]} == {"PATH", "LANG", "LC_TIME"}
    assert not {value for value in told.values() if "host" in value or "real" in value or value == "x"}


def test_everything_else_is_named_here() -> None:
    told = environment()
    told.pop("PYTHONPATH", None)  # only in a checkout
    assert told.keys() == {
        *("PATH", "LANG", "LC_TIME", "TERM", "COLORTERM", "HOME", "TMPDIR", "PYTHON_KEYRING_BACKEND"),
        *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"),
        *("USERDESK_DATA_DIR", "USERDESK_CONFIG", "USERDESK_CHATBOT_ID", "USERDESK_CHATBOT_NAME"),
        *("USERDESK_BASE_URL", "USERDESK_API_KEY", "USERDESK_VISIT_CHANNEL", "USERDESK_VISIT_FOLDER"),
    }
    assert told["USERDESK_API_KEY"] == "visit-key"
    assert told["USERDESK_VISIT_CHANNEL"] == "7"


def test_a_process_that_is_started_before_its_visitor_comes_is_told_how_it_will_know() -> None:
    told = visitor_environment(PROGRAM, FOLDER, key="visit-key", channel=7, gate=9, environ=HOST)
    assert {name: told[name] for name in told.keys() - environment()} == {"USERDESK_VISIT_GATE": "9"}


def test_where_it_was_installed_for_the_user_alone_the_program_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(site, "USER_BASE", "/home/host/.local")
    assert environment()["PYTHONUSERBASE"] == "/home/host/.local"


@pytest.mark.parametrize("name", ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"])
def test_an_interpreter_with_libraries_elsewhere_starts(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(HOST, name, "/opt/python/lib")
    assert environment()[name] == "/opt/python/lib"


def test_all_its_files_are_in_its_folder() -> None:
    told = environment(questions=b"x")
    places = {name for name in told if name.startswith("XDG_")} | {
        *("HOME", "TMPDIR", "USERDESK_DATA_DIR", "USERDESK_CONFIG", "USERDESK_VISIT_PLAY")
    }
    assert all(Path(told[name]).is_relative_to(FOLDER) for name in places)


@pytest.mark.parametrize("theme", ["", "nord", 'a"\n[keys]\nsend = "x'])
def test_configuration_has_keys_that_browsers_do_not_keep(theme: str) -> None:
    tables = tomllib.loads(visitor_config(theme))
    assert tables["keys"] == {"new_conversation": "f2", "switch": "f3"}
    assert tables.get("theme", "") == theme
