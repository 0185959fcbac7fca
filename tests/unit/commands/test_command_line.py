import importlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

import userdesk
from command_helps import helps
from command_runs import LIMIT, command, run
from forks import start
from userdesk.cli import main
from userdesk.commands.parser import options_of, parse
from userdesk.settings import Options


def test_flags_become_options() -> None:
    parsed = parse(
        [
            "--bot",
            "a",
            "--theme",
            "t",
            "--accessible",
            "--beside",
            "b",
            "--config",
            "f",
            "--data-dir",
            "d",
        ]
    )
    assert vars(options_of(parsed)) == vars(
        Options(bot="a", theme="t", accessible=True, beside="b", config=Path("f"), data_dir=Path("d"))
    )


def test_each_command_is_a_module_with_its_request() -> None:
    names = {name.split()[0] for name, _ in helps() if name}
    others = {"doctor", "demo-server", "serve"}
    assert names > others
    for name in names - others:
        module = importlib.import_module(f"userdesk.commands.{name}")
        assert module.Request._fields and callable(getattr(module, name))


def test_flags_count_before_and_after_the_command() -> None:
    before = options_of(parse(["--bot", "a", "--config", "f", "send", "hi"]))
    assert vars(before) == vars(options_of(parse(["send", "--bot", "a", "--config", "f", "hi"])))
    assert parse(["--conversation", "c", "send", "hi"]).conversation == "c"


@pytest.mark.parametrize("arguments", ["--theme t --play p serve", "serve --theme t --play p"])
def test_visitors_get_the_theme_and_the_questions_that_are_named_anywhere(arguments: str) -> None:
    options = options_of(parse(arguments.split()))
    assert (options.settings["theme"], options.play) == ("t", Path("p"))


@pytest.mark.parametrize(("typed", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("1h30m", 5400)])
def test_an_idle_time_is_a_duration(typed: str, seconds: int) -> None:
    assert parse(["serve", "--idle", typed]).idle == seconds
    assert parse(["serve"]).idle == 1800


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("https://Chat.Example.com/", "https://chat.example.com"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://chat.example.com:8443", "https://chat.example.com:8443"),
    ],
)
def test_a_public_address_is_that_of_a_site(typed: str, site: str) -> None:
    assert parse(["serve", "--public-url", typed]).public_url == site


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "f", "--bot", "demo", "--bot", "b"],
        ["check", "--demo", "f", "--bot", "b"],
        ["--demo", "check", "f", "--bot", "b"],
        ["--bot", "demo", "check", "f", "--bot", "b"],
    ],
)
def test_a_check_takes_two_chatbots_in_their_order(arguments: list[str]) -> None:
    options = options_of(parse(arguments))
    assert (options.settings["bot"], options.beside) == ("demo", "b")


@pytest.mark.parametrize(
    ("arguments", "program", "words"),
    [
        (["--nonsense"], "userdesk", "--nonsense"),
        (["nonsense"], "userdesk", "nonsense"),
        (["--bot", "a", "--demo"], "userdesk", "--demo"),
        (["send", "--nonsense\x1b[31m", "hi"], "userdesk send", "--nonsense"),
        (["send", "--continue", "--conversation", "c", "hi"], "userdesk send", "--conversation"),
        (["send", "hi", "--stream-log-text"], "userdesk send", "--stream-log FILE"),
        (["--beside", "b", "--conversation", "c"], "userdesk", "--beside begins new conversations"),
        (["--beside", "b", "--play", "tour"], "userdesk", "--beside begins new conversations"),
        (["check"], "userdesk check", "FILE"),
        (["check", "newcomer", "--jobs", "0"], "userdesk check", "1 to 64"),
        (["purge"], "userdesk purge", "trash|chatbot|everything"),
        (["purge", "chatbot"], "userdesk purge", "chatbot NAME"),
        (["serve", "--visitors", "0"], "userdesk serve", "1 to 100"),
        (["serve", "--idle", "soon"], "userdesk serve", "30s, 5m or 1h"),
        (["serve", "--public-url", "https://a.example/chat"], "userdesk serve", "the address of a site"),
        (["serve", "--public-url", "https://ada@a.example"], "userdesk serve", "the address of a site"),
        (["serve", "--public-url", "chat.example.com"], "userdesk serve", "the address of a site"),
        (["demo-server", "--port", "70000"], "userdesk demo-server", "0 to 65535"),
        (["demo-server", "--port", "x"], "userdesk demo-server", "0 to 65535"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_command_and_its_help(
    arguments: list[str], program: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith(f"{program}: ") and errors.endswith(f"(see {program} --help)\n")
    assert words in errors and errors.count("\n") == 1 and "\x1b" not in errors


PASTED = "sk_live_51H8xAbCdEf"


@pytest.mark.parametrize(
    "arguments",
    [
        [PASTED],
        [f"--{PASTED}"],
        ["send", f"--{PASTED}", "hi"],
        ["send", "--bot", PASTED, "hi"],
        ["send", "--json", "--bot", PASTED, "hi"],
        ["--bot", PASTED],
        ["check", PASTED, "--demo"],
        ["check", "newcomer", "--jobs", PASTED],
        ["send", "--config", PASTED, "hi"],
        ["send", "--log-level", PASTED, "hi"],
        ["export", PASTED],
        ["purge", PASTED],
        ["purge", "chatbot", PASTED],
        ["replay", "x", "--speed", PASTED],
        ["demo-server", "--port", PASTED],
    ],
)
def test_a_key_pasted_in_the_wrong_place_is_not_repeated(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERDESK_DATA_DIR", str(tmp_path))
    assert main(arguments) == 2
    out, errors = capsys.readouterr()
    assert PASTED[5:] not in out + errors


@pytest.mark.parametrize(
    "arguments", [["send", "--json", "--nonsense"], ["--bot", "a", "--demo", "send", "--json", "hi"]]
)
def test_a_mistake_is_json_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, errors = capsys.readouterr()
    assert json.loads(out) == json.loads(errors)
    error = json.loads(out)["error"]
    assert error["status"] is None and "--help" in error["message"]


@pytest.mark.parametrize("command", [name for name, _ in helps()])
@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_are_everywhere_and_need_no_terminal(
    command: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), flag])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--version" in said if flag == "--help" else said == f"userdesk {userdesk.__version__}\n"


@pytest.mark.parametrize("columns", ["80", "300"])
def test_help_stays_within_80_columns(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert {name: line for name, text in helps() for line in text.splitlines() if len(line) > 80} == {}


@pytest.mark.parametrize(("name", "text"), list(helps()))
def test_each_help_has_examples_that_can_be_typed(name: str, text: str) -> None:
    examples = text.partition("\nexamples:\n")[2].partition("\n\n")[0].splitlines()
    assert 0 < len(examples) < 4 and any(f"userdesk {name}".strip() in line for line in examples)
    for line in examples:
        words = shlex.split(line.partition("userdesk ")[2].partition(" > ")[0])
        assert parse(words)


@pytest.mark.parametrize(
    ("typed", "program", "words"),
    [
        ("sned --json hi", "userdesk", "sned; did you mean send?"),
        ("--them x", "userdesk", "unrecognized argument: --them; did you mean --theme?"),
        ("send --jsn hi", "userdesk send", "unrecognized argument: --jsn; did you mean --json?"),
        ("export --lasst", "userdesk export", "--lasst; did you mean --last?"),
        ("questions form x", "userdesk questions", "form; did you mean from?"),
        ("questions from --lasst", "userdesk questions from", "--lasst; did you mean --last?"),
        ("check f --fail-on=nwe", "userdesk check", "--fail-on: invalid choice: nwe; did you mean new?"),
        ("purge qqq", "userdesk purge", "qqq; expected one of trash, chatbot, everything"),
        ("send --qqq hi", "userdesk send", "unrecognized argument: --qqq"),
        ("--bot a --demo send --no-stream", "userdesk", "not allowed with argument --bot"),
    ],
)
def test_a_mistyped_word_says_what_was_probably_meant(
    typed: str, program: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed.split()) == 2
    said = "".join(capsys.readouterr())
    assert f"{words} (see {program} --help)" in said


def test_without_a_terminal_one_line_names_send(login: dict[str, str]) -> None:
    done = run(login)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "userdesk send" in done.stderr


def test_module_does_the_same_as_the_command() -> None:
    done = subprocess.run(command("--version"), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"userdesk {userdesk.__version__}\n")


def test_an_unknown_chatbot_is_one_line_and_2(login: dict[str, str]) -> None:
    done = run(login, "send", "--bot", "nobody", "hi")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--bot nobody: no such chatbot" in done.stderr


def test_nothing_to_send_is_2(login: dict[str, str], data_dir: Path) -> None:
    done = run(login, "send", "--demo")
    assert done.returncode == 2
    assert "no message to send" in done.stderr
    assert not data_dir.exists()


@pytest.mark.parametrize(
    ("arguments", "exit_status"),
    [(["send", "--demo", "hi"], 2), (["doctor", "--offline"], 2), (["--version"], 2)],
)
def test_an_output_that_takes_nothing_is_told_in_one_line(
    login: dict[str, str], arguments: list[str], exit_status: int
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "wb") as full, start(login, *arguments, stdout=full, stderr=PIPE) as process:
        errors = process.communicate(LIMIT)[1].decode()
    assert process.returncode == exit_status
    assert errors.splitlines()[-1].startswith("userdesk: standard output could not be written: No space")
    assert "defect" not in errors and "Traceback" not in errors


def test_a_closed_output_is_told_before_anything_is_sent(login: dict[str, str], data_dir: Path) -> None:
    shell = f"{shlex.join(command('send', '--demo', 'hi'))} >&-"
    done = subprocess.run(["sh", "-c", shell], env=login, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "userdesk: standard output is closed\n")
    assert not data_dir.exists()


def test_errors_go_nowhere_else_where_standard_error_is_closed(login: dict[str, str]) -> None:
    for arguments in (["--nonsense"], ["send", "--nonsense"], ["send", "hi"]):
        shell = f"{shlex.join(command(*arguments))} 2>&-"
        done = subprocess.run(
            ["sh", "-c", shell], env=login, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("is_full", [True, False])
def test_a_standard_error_that_takes_nothing_costs_no_result(
    login: dict[str, str], tmp_path: Path, is_full: bool
) -> None:
    (tmp_path / "set.toml").write_text("[[question]]\nask = 'hi'\n")
    if is_full and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    reader, writer = os.pipe()
    os.close(reader)  # nobody reads
    target = os.open("/dev/full", os.O_WRONLY) if is_full else writer
    arguments = ("check", "--demo", str(tmp_path / "set.toml"))
    with start(login, *arguments, stdout=PIPE, stderr=target) as process:
        for descriptor in {target, writer}:
            os.close(descriptor)
        out, _ = process.communicate(LIMIT)
    assert process.returncode == 0
    assert "1 question · 1 held" in out.decode()


def test_a_closed_reader_is_no_traceback(login: dict[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with start(login, "send", "--help", stdout=writer, stderr=PIPE) as process:
        os.close(writer)
        _, errors = process.communicate(LIMIT)
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors


INTERRUPTED_IMPORT = """
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "userdesk.settings":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from userdesk.__main__ import main
sys.exit(main())
"""


def test_ctrl_c_while_the_program_is_imported_ends_it_quietly() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_IMPORT], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
