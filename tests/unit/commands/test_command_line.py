import subprocess
import sys
from pathlib import Path

import pytest

import userdesk
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
            "--conversation",
            "c",
            "--config",
            "f",
            "--data-dir",
            "d",
        ]
    )
    assert options_of(parsed) == Options(
        bot="a", theme="t", accessible=True, conversation="c", config=Path("f"), data_dir=Path("d")
    )


def test_flags_count_before_and_after_the_command() -> None:
    assert options_of(parse(["--bot", "a", "--config", "f", "send", "hi"])) == options_of(
        parse(["send", "--bot", "a", "--config", "f", "hi"])
    )
    assert parse(["--conversation", "c", "send", "hi"]).conversation == "c"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["--bot", "a", "--demo"],
        ["send", "--continue", "--conversation", "c", "hi"],
        ["demo-server", "--port", "70000"],
        ["demo-server", "--port", "x"],
    ],
)
def test_a_mistake_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "userdesk" in capsys.readouterr().err


COMMANDS = ("send", "check", "replay", "export", "doctor", "purge", "demo-server")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_are_everywhere_and_need_no_terminal(
    command: tuple[str, ...], flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, flag])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--version" in said if flag == "--help" else said == f"userdesk {userdesk.__version__}\n"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "userdesk", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=Path(userdesk.__file__).parents[1],
        timeout=30,
    )


def test_without_a_terminal_one_line_names_send() -> None:
    done = run()
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "userdesk send" in done.stderr


def test_module_does_the_same_as_the_command() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"userdesk {userdesk.__version__}\n")


def test_an_unknown_chatbot_is_one_line_and_2(tmp_path: Path) -> None:
    done = run("send", "--bot", "nobody", "--data-dir", str(tmp_path), "hi")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--bot nobody: no such chatbot" in done.stderr


def test_nothing_to_send_is_2(tmp_path: Path) -> None:
    done = run("send", "--demo", "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert "no message to send" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_closed_reader_is_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "userdesk", "send", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(userdesk.__file__).parents[1],
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors
