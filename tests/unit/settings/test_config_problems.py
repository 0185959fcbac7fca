from pathlib import Path

import pytest

from userdesk.settings import Options, Problem, Settings, resolve


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
        ('\naccessible = "yes"', 2, "accessible: expected true or false, found text"),
        ("read_timeout = true", 1, "read_timeout: expected a number of seconds"),
        ("read_timeout = 0", 1, "read_timeout: expected a number of seconds above 0"),
        ("connect_timeout = nan", 1, "connect_timeout: expected a number of seconds above 0"),
        ('notify = "loud"', 1, 'notify: expected one of "bell", "osc9"'),
        ('# first\n\nthem = "x"', 3, "them: unknown key; did you mean theme?"),
        ("[zzzzzz]\nb = 1", 1, "zzzzzz: unknown key; expected one of default_bot"),
        ('[user]\nname = "Ada"\nphone = "1"', 3, "user.phone: unknown key; expected one of name, email"),
        ("user = 1", 1, "user: expected a table, found a whole number"),
        ("bots = []", 1, "bots: expected a table, found a list"),
        ("[bots]\nacme = 1", 2, "bots.acme: expected a table"),
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
    assert problem.words.startswith(words)
    assert str(problem).startswith(f"{settings.config_file}:{line}: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
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
    assert "expected" in problem.words.lower()
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


def test_a_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    assert "could not be read" in only_problem(resolve(Options(config=tmp_path), {})).words


def test_a_missing_file_is_told_only_where_a_flag_names_it(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    assert "no such file" in only_problem(resolve(Options(config=missing), {})).words
    assert resolve(Options(), {"USERDESK_CONFIG": str(missing)}).problems == ()


def test_a_default_bot_that_is_itself_wrong_is_told_once(tmp_path: Path) -> None:
    settings = read(tmp_path, 'default_bot = "acme"\n[bots.acme]\nchatbot_id = 1\n')
    assert only_problem(settings).words.startswith("bots.acme.chatbot_id")


def test_a_wrong_base_url_in_the_environment_configures_no_chatbot(tmp_path: Path) -> None:
    settings = read(tmp_path, "", USERDESK_CHATBOT_ID="1", USERDESK_API_KEY="k", USERDESK_BASE_URL="nonsense")
    assert settings.chatbots == {}
    problem = only_problem(settings)
    assert problem.grave
    assert str(problem).startswith("USERDESK_BASE_URL: expected an address")


def test_a_key_without_a_chatbot_is_told_unless_a_bot_wants_it(tmp_path: Path) -> None:
    assert "USERDESK_CHATBOT_ID is not" in only_problem(read(tmp_path, "", USERDESK_API_KEY="k")).words
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
