import os
from collections.abc import Callable
from pathlib import Path

import pytest

from userdesk.settings import Options, Problem, Settings, SettingsError, resolve


def read(tmp_path: Path, text: str | bytes, mode: int = 0o600, **environ: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return resolve(Options(config=path), environ)


def only_problem(settings: Settings) -> Problem:
    assert len(settings.problems) == 1, settings.problems
    return settings.problems[0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("theme = 3", 1, "theme: expected text in quotes, found a whole number"),
        ("theme = 1.5", 1, "theme: expected text in quotes, found a number"),
        ('\naccessible = "yes"', 2, "accessible: expected true or false, found text"),
        ("read_timeout = true", 1, "read_timeout: expected a number of seconds"),
        ("read_timeout = 0", 1, "read_timeout: expected a number of seconds above 0"),
        ("connect_timeout = nan", 1, "connect_timeout: expected a number of seconds above 0"),
        ('notify = "loud"', 1, 'notify: expected one of "bell", "osc9"'),
        ('# first\n\nthem = "x"', 3, "them: unknown key; did you mean theme?"),
        ("[zzzzzz]\nb = 1", 1, "zzzzzz: unknown key; expected one of default_bot"),
        ('[user]\nname = "Ada"\nphone = "1"', 3, "user.phone: unknown key; expected one of name, email"),
        ("user = 1", 1, "user: expected a table, found a whole number"),
        ("bots = []", 1, "bots: expected a table, found a list; write [bots.NAME]"),
        ('bots = "x"', 1, "bots: expected a table, found text; write [bots.NAME]"),
        ("[[bots]]\nname = 'acme'", 1, "bots: expected a table, found a list of tables ([[…]])"),
        ("[bots]\nacme = 1", 2, "bots.acme: expected a table"),
        ("[[bots.acme]]\nchatbot_id = '1'", 1, "bots.acme: expected a table, found a list of tables"),
        ("[bots.acme.chatbot_id]\nx = 1", 1, "bots.acme.chatbot_id: expected text in quotes, found a table"),
        (
            "[bots.acme]\nchatbot_id = '1'\napi_key_env = ['A']",
            3,
            "bots.acme.api_key_env: expected text in quotes, found a list",
        ),
        (
            "[bots.acme]\nchatbot_id = '1'\napi_key_env = 'sk-live-0'",
            3,
            "bots.acme.api_key_env: expected the name of an environment variable",
        ),
        ("[[user]]", 1, "user: expected a table, found a list of tables"),
        ("[[keys]]\nquit = 'f9'", 1, "keys: expected a table, found a list of tables"),
        ("[keys.quit]\na = 1", 1, "keys.quit: expected a key such as"),
        ("[default_bot]\na = 1", 1, "default_bot: expected text in quotes, found a table"),
        ("theme = 1979-05-27", 1, "theme: expected text in quotes, found a date or time"),
        ("read_timeout = 1e999", 1, "read_timeout: expected a number of seconds above 0"),
        (f"connect_timeout = 0x{'f' * 16}", 1, "connect_timeout: expected a number of seconds above 0"),
        ("# \u2028\n\nthem = 'x'", 3, "them: unknown key"),
        ('[bots.acme]\nname = "A"', 1, "bots.acme: expected chatbot_id"),
        ('[bots.acme]\nchatbot_id = ""', 2, "bots.acme.chatbot_id: expected text, found none"),
        ('[bots.acme]\nchatbot_id = "1"\nbase_url = "ftp://x"', 3, "bots.acme.base_url: expected an address"),
        ('[bots.acme]\nchatbot_id = "1"\nurl = "x"', 3, "bots.acme.url: unknown key"),
        ('[bots.demo]\nchatbot_id = "1"', 1, "bots.demo: the name demo is reserved"),
        ('[bots.env]\nchatbot_id = "1"', 1, "bots.env: the name env is reserved"),
        ("[keys]\nquit = 1", 2, "keys.quit: expected a key such as"),
        ("[keys]\nquit = [1]", 2, "keys.quit: expected keys in quotes"),
        ('default_bot = "nobody"', 1, "default_bot: expected the name of a chatbot under [bots]"),
        (
            'theme = """\n[user]\n"""\nreadtimeout = 1',
            4,
            "readtimeout: unknown key; did you mean read_timeout?",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_expected(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    settings = read(tmp_path, text)
    problem = only_problem(settings)
    assert problem.message.startswith(words)
    assert str(problem).startswith(f"{settings.config_file}:{line}: ")


@pytest.mark.parametrize(
    ("text", "in_doubt"),
    [
        ("theme = 3", False),
        ("[user]\nname = 3", False),
        ("[bots.a]\nchatbot_id = '1'\nname = 3", False),
        ("[bots.a]\nchatbot_id = '1'\nnome = 'x'", False),
        ("default_bot = 3", True),
        ("default_bot = 'nobody'", True),
        ("bots = 3", True),
        ("[bots]\na = 3", True),
        ("[bots.a]\nchatbot_id = 3", True),
        ("[bots.a]\nname = 'A'", True),
        ("[bots.a]\nchatbot_id = '1'\nbase_url = 'x'", True),
        ("[bots.demo]\nchatbot_id = '1'", True),
        ("[bots.' ']\nchatbot_id = '1'", True),
    ],
)
def test_what_leaves_in_doubt_which_chatbot_is_meant_is_grave(
    tmp_path: Path, text: str, in_doubt: bool
) -> None:
    problem = only_problem(read(tmp_path, text))
    assert (problem.grave, problem.fatal) == (in_doubt, False)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"a = 1\nb = {'9' * 5000}\n", 2),
        (f"a = 1\nb = 0x{'f' * 5000}\n", 2),
        (f"\nb = {'[' * 5000}", 2),
        ("theme = 'x'".encode("utf-16"), 1),
        ('theme = "x"\nuser = \n', 2),
        ("[user\n", 1),
        ('a = 1\nb = "never closed', 2),
        ('theme = "x"\ntheme = "y"\n', 2),
        (b'theme = "x"\nuser = "\xff"\n', 2),
    ],
)
def test_broken_toml_leaves_all_defaults(tmp_path: Path, text: str | bytes, line: int) -> None:
    settings = read(tmp_path, text)
    problem = only_problem(settings)
    assert problem.line == line
    assert problem.grave
    assert "expected" in problem.message.lower()
    assert settings.theme is None
    assert settings.start_bot == "demo"


def test_the_rest_of_the_file_holds(tmp_path: Path) -> None:
    settings = read(
        tmp_path, 'theme = 1\nread_timeout = 7\n[bots.a]\nchatbot_id = 5\n[bots.b]\nchatbot_id = "b"\n'
    )
    assert settings.theme is None
    assert settings.read_timeout == 7.0
    assert list(settings.chatbots) == ["b"]
    assert [problem.line for problem in settings.problems] == [1, 4]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    settings = read(tmp_path, b'\xef\xbb\xbftheme = "x"\n')
    assert settings.problems == ()
    assert settings.theme == "x"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_told_without_waiting(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "config.toml")
    problem = only_problem(resolve(Options(config=tmp_path / "config.toml"), {}))
    assert "could not be read" in problem.message and problem.fatal


def test_a_missing_file_is_told_where_somebody_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none.toml"
    for settings in (
        resolve(Options(config=missing), {}),
        resolve(Options(), {"USERDESK_CONFIG": str(missing)}),
    ):
        assert only_problem(settings).message == "there is no such file"
        assert only_problem(settings).fatal
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert resolve(Options(), {}).problems == ()
    (tmp_path / "userdesk").mkdir()
    (tmp_path / "userdesk" / "config.toml").symlink_to(missing)
    assert only_problem(resolve(Options(), {})).message == "is a link to a file that does not exist"


@pytest.mark.parametrize("text", ["[[bots]]\nname = 'acme'\n", "bots = 'acme'", "bots = []"])
def test_a_chatbot_among_bots_that_are_none_says_what_is_wrong_with_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"default_bot = 'acme'\n{text}")
    with pytest.raises(SettingsError, match=r"--bot acme: .*config\.toml:2: bots: expected a table, found"):
        resolve(Options(bot="acme", config=path), {})
    settings = resolve(Options(config=path), {})
    assert [problem.line for problem in settings.problems] == [2]


def test_a_default_bot_that_is_itself_wrong_is_told_once(tmp_path: Path) -> None:
    settings = read(tmp_path, 'default_bot = "acme"\n[bots.acme]\nchatbot_id = 1\n')
    assert only_problem(settings).message.startswith("bots.acme.chatbot_id")


def test_a_wrong_base_url_in_the_environment_configures_no_chatbot(tmp_path: Path) -> None:
    settings = read(tmp_path, "", USERDESK_CHATBOT_ID="1", USERDESK_API_KEY="k", USERDESK_BASE_URL="nonsense")
    assert settings.chatbots == {}
    problem = only_problem(settings)
    assert problem.grave and problem.fatal
    assert str(problem).startswith("USERDESK_BASE_URL: expected an address")


def test_a_wrong_base_url_in_the_environment_sends_no_key_anywhere_else(tmp_path: Path) -> None:
    config = '[bots.a]\nchatbot_id = "1"\n[bots.b]\nchatbot_id = "2"\nbase_url = "http://127.0.0.1:1"\n'
    settings = read(tmp_path, config, USERDESK_BASE_URL="nonsense")
    assert list(settings.chatbots) == ["b"]
    with pytest.raises(SettingsError, match=r"--bot a: .*USERDESK_BASE_URL is not valid"):
        resolve(Options(bot="a", config=tmp_path / "config.toml"), {"USERDESK_BASE_URL": "nonsense"})


def test_a_key_without_a_chatbot_is_told_unless_a_bot_wants_it(tmp_path: Path) -> None:
    problem = only_problem(read(tmp_path, "", USERDESK_API_KEY="k"))
    assert "USERDESK_CHATBOT_ID is not" in problem.message and problem.grave
    wanted = '[bots.a]\nchatbot_id = "1"\napi_key_env = "USERDESK_API_KEY"\n'
    assert read(tmp_path, wanted, USERDESK_API_KEY="k").problems == ()


def test_no_problem_shows_a_key(tmp_path: Path) -> None:
    secret = "sk-very-secret-0123456789"
    for text in (
        f'[bots.a]\nchatbot_id = "1"\napi_key = "{secret}"\n',
        f'[bots.a]\nchatbot_id = 1\napi_key = ["{secret}"]\n',
        f'[bots.a]\nchatbot_id = "1"\napi_key = "{secret}\n',
    ):
        settings = read(tmp_path, text, mode=0o644)
        assert settings.problems
        assert secret not in repr(settings)
        assert secret not in "".join(map(str, settings.problems))


KEY_LIKE = "sk_live_51H8xAbCdEf"


@pytest.mark.parametrize(
    "text",
    [
        f'{KEY_LIKE} = "f5"',
        f'"{KEY_LIKE}" = "f5"',
        f"[{KEY_LIKE}]",
        f"[user]\n{KEY_LIKE} = 1",
        f"[keys]\n{KEY_LIKE} = 1",
        f"[bots.{KEY_LIKE}]\nname = 'x'",
        f"[bots.a]\nchatbot_id = '1'\n{KEY_LIKE} = 1",
        f"bots.{KEY_LIKE} = 1",
        f"default_bot = '{KEY_LIKE}'",
        f"a = '{KEY_LIKE}",
        f"{KEY_LIKE}",
        f"[{KEY_LIKE}]\n[{KEY_LIKE}]",
        "abcd1234 = 1",
    ],
)
def test_a_key_pasted_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    settings = read(tmp_path, text)
    assert settings.problems
    told = "".join(problem.message for problem in settings.problems)
    assert KEY_LIKE[5:] not in told and "1234" not in told


def test_a_name_without_end_is_told_in_a_line(tmp_path: Path) -> None:
    assert len(only_problem(read(tmp_path, f"{'a' * 200_000} = 1")).message) < 300


@pytest.mark.parametrize(("flag", "told"), [("bot", "--bot"), ("beside", "second chatbot")])
def test_a_key_as_the_name_of_a_chatbot_is_not_repeated(tmp_path: Path, flag: str, told: str) -> None:
    (tmp_path / "config.toml").touch()
    with pytest.raises(SettingsError) as caught:
        resolve(Options(config=tmp_path / "config.toml", **{flag: KEY_LIKE}), {})
    assert f"{told} sk_l…: no such chatbot" in str(caught.value)
