"""Commands in locales that cannot say everything, without a home, in a folder that is gone."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from command_runs import LIMIT, Done, command
from forks import start

PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES = [
    {"PYTHONIOENCODING": "iso-8859-2"},
    {"PYTHONIOENCODING": "euc-jp"},
    {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "cp037"},
    {"LC_ALL": "C", **PLAIN},
    {"LC_ALL": "POSIX", "LANG": ""},
    {"LC_ALL": "nosuch_XX.UTF-8", **PLAIN},
]
HELPS = [(*name, "--help") for name in ((), ("send",), ("check",), ("doctor",), ("purge",), ("export",))]


def run(environment: dict[str, str], *arguments: str, cwd: Path | None = None) -> Done:
    done = subprocess.run(
        command(*arguments), env=environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True
    )
    return Done(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def pairs() -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """Every locale and every help at least once: each pair would take a process more."""
    return [(HELPS[number % len(HELPS)], each) for number, each in enumerate(LOCALES)]


@pytest.mark.parametrize(("arguments", "locale"), pairs())
def test_help_is_given_in_any_locale(
    login: dict[str, str], arguments: tuple[str, ...], locale: dict[str, str]
) -> None:
    done = run(login | locale, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) > 200


# Several commands in one process: what a locale is, it is from the interpreter's start on.
ONE_AFTER_THE_OTHER = """
import sys
from itertools import groupby
from userdesk.cli import main
commands = [[*group] for is_end, group in groupby(sys.argv[1:], "then".__eq__) if not is_end]
sys.exit("".join(str(main(arguments)) for arguments in commands) != "0122")
"""


@pytest.mark.parametrize("locale", [LOCALES[0], LOCALES[4]])
def test_what_a_command_says_is_said_in_any_locale(
    login: dict[str, str], locale: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "ż.toml").write_text("[[question]]\nask = 'Grüße 🦜 漢字'\nexpect = ['…']\n")
    commands = (
        *("doctor", "--offline", "then"),
        *("check", "--demo", str(tmp_path / "ż.toml"), "then"),
        *("send", "--bot", "…", "hi", "then"),
        "…",
    )
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, *commands],
        env=login | locale,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    assert done.returncode == 0, done
    assert b"Traceback" not in done.stderr and b"defect" not in done.stderr


CRASHING = """
import sys
import userdesk.cli

def crash(arguments):
    raise ZeroDivisionError

userdesk.cli._dispatch = crash
sys.exit(userdesk.cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("arguments", "surroundings"),
    [
        (["send", "hi"], {"PYTHONIOENCODING": "ascii"}),
        (["--nonsense"], {}),
        (["--help"], {}),
        ([], {"HOME": ""}),
    ],
)
def test_a_crash_is_told_wherever_it_happens(
    login: dict[str, str], arguments: list[str], surroundings: dict[str, str]
) -> None:
    del login["USERDESK_DATA_DIR"]
    crashing = [*command()[:1], "-c", CRASHING, *arguments]
    done = subprocess.run(crashing, env=login | surroundings, capture_output=True, text=True)
    assert done.returncode == 70
    assert (
        done.stderr.startswith("userdesk: the program crashed because of a bug")
        and done.stderr.count("\n") == 1
    )


def test_a_character_that_is_not_there_has_a_plain_one(login: dict[str, str]) -> None:
    said = run(login | {"PYTHONIOENCODING": "ascii"}, "send", "--help").stdout
    assert "0 done - 2 usage or configuration" in said


AS_NOBODY = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
WITHOUT_AND_WITH_A_FOLDER = """
import os, sys
from userdesk.cli import main
without = main(["doctor", "--offline"])
os.environ["USERDESK_DATA_DIR"] = sys.argv[1]
print("with a folder:", flush=True)
sys.exit([without, main(["doctor", "--offline"])] != [2, 0])
"""


@pytest.fixture(scope="module")
def as_nobody() -> list[str]:
    """What to put before a command that another user runs."""
    if not shutil.which("setpriv") or os.geteuid() != 0:
        pytest.skip("needs to become another user")
    if subprocess.run([*AS_NOBODY, *command("--version")], capture_output=True).returncode:
        pytest.skip("another user cannot run this checkout")
    return AS_NOBODY


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_a_user_without_a_home_is_told_what_to_set(
    login: dict[str, str], as_nobody: list[str], home: str | None
) -> None:
    del login["USERDESK_DATA_DIR"], login["HOME"]
    if home is not None:
        login["HOME"] = home
    done = subprocess.run(
        [*as_nobody, sys.executable, "-c", WITHOUT_AND_WITH_A_FOLDER, tempfile.gettempdir()],
        env=login,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done
    assert done.stdout.startswith("with a folder:\n")
    assert "HOME" in done.stderr and "USERDESK_DATA_DIR" in done.stderr and done.stderr.count("\n") == 1


def test_a_current_folder_that_is_gone_is_no_matter(login: dict[str, str], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {shlex.join(command('send', '--demo', 'hi'))}"
    done = subprocess.run(
        ["sh", "-c", script], env=login, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_temporary_folder_that_is_none_is_done_without(login: dict[str, str], tmp_path: Path) -> None:
    environment = login | {"TMPDIR": str(tmp_path / "none")}
    with start(environment, "doctor", "--demo", stderr=subprocess.PIPE) as process:
        _, errors = process.communicate(LIMIT)
    assert (process.returncode, errors.count(b"Traceback")) == (0, 0)
