"""What is built for others: a wheel with all of the program, a source archive with all of the repository."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from command_helps import helps
from userdesk.serve.command import PACKAGES as NEEDED

ROOT = Path(__file__).parents[2]
COMPLETIONS = (
    "share/bash-completion/completions/userdesk",
    "share/zsh/site-functions/_userdesk",
    "share/fish/vendor_completions.d/userdesk.fish",
)
TOO_OLD = 9
OFFERED = f"""
[[ ${{BASH_VERSINFO[0]}} -lt 4 ]] && exit {TOO_OLD}
[[ $(complete -p userdesk) =~ -F\\ ([^ ]+) ]]
compopt() {{ :; }}  # is for a completion that a terminal asked for
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
${{BASH_REMATCH[1]}} userdesk "${{@: -1}}" "${{@: -2:1}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
"""What bash offers for the last of some words, a line each."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("userdesk-*.whl")
    return zipfile.ZipFile(path)


def tracked(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_package_and_styles_are_whole(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if name.startswith("userdesk/")}
    program = {f"userdesk/{name}" for name in tracked("app/userdesk")}
    styles = {f"userdesk/styles/{name}" for name in tracked("styles")}
    assert names == program | styles


def shared(wheel: zipfile.ZipFile) -> dict[str, str]:
    """What goes beside the program, for other programs to read, by its place below the prefix."""
    found = (name.partition(".data/data/") for name in wheel.namelist())
    return {place: wheel.read(before + mark + place).decode() for before, mark, place in found if mark}


def test_each_command_is_completed_and_has_a_manual_page(wheel: zipfile.ZipFile) -> None:
    texts, commands = shared(wheel), dict(helps())
    manuals = {f"share/man/man1/{'-'.join(['userdesk', *name.split()])}.1" for name in commands}
    assert texts.keys() == manuals | set(COMPLETIONS)
    for name in commands:
        assert all(word in texts[place] for place in COMPLETIONS for word in name.split())
    sending = texts["share/man/man1/userdesk-send.1"]
    assert '.TH USERDESK\\-SEND "1"' in sending and ".SH EXAMPLES\n.nf\n" in sending
    assert "\\-\\-no\\-stream" in sending and ".SH EXIT STATUS" in sending


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["exp"], {"export"}),
        (["check", "--fail-on", ""], {"any", "new"}),
        (["check", "que"], {"questions.toml"}),
        (["--data-dir", "c"], {"cases"}),
        (["questions", ""], {"from", "import", "lint"}),
        (["list", "--js"], {"--json"}),
    ],
)
def test_bash_completes_commands_flags_choices_and_files(
    wheel: zipfile.ZipFile, tmp_path: Path, typed: list[str], offered: set[str]
) -> None:
    (tmp_path / "questions.toml").touch()
    (tmp_path / "cases").mkdir()
    script = shared(wheel)[COMPLETIONS[0]] + OFFERED
    bash = [shutil.which("bash") or pytest.skip("no bash"), "-c", script, "bash", "userdesk", *typed]
    done = subprocess.run(bash, cwd=tmp_path, capture_output=True, text=True)
    if done.returncode == TOO_OLD:
        pytest.skip("bash is older than 4")
    assert (done.stderr, {line.rstrip("/ ") for line in done.stdout.splitlines()}) == ("", offered)


def test_command_and_license_are_there(wheel: zipfile.ZipFile) -> None:
    texts = {
        name.split("/", 1)[1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name
    }
    assert "userdesk = userdesk.__main__:main" in texts["entry_points.txt"]
    assert "MIT License" in texts["licenses/LICENSE"]
    assert "Bitstream Vera" in texts["licenses/app/userdesk/serve/page/fonts/LICENSE.txt"]
    assert "Requires-Python: >=3.11" in texts["METADATA"]
    _, _, description = texts["METADATA"].partition("\n\n")
    links = re.findall(r"\]\(([^)]+)\)", description)
    assert [link for link in links if not link.startswith("https://")] == []


def test_source_archive_has_what_make_test_needs(built: Path) -> None:
    (path,) = built.glob("userdesk-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = (".ci", "app", "docs", "screenshots", "styles", "tests")
    files = {f"{folder}/{name}" for folder in folders for name in tracked(folder)}
    files |= {path.name for path in ROOT.glob("*") if path.suffix in (".md", ".py", ".toml", ".txt")}
    assert files | {"LICENSE", "Makefile"} <= names


def test_what_serve_looks_for_is_what_its_extra_installs() -> None:
    """Also what another package would bring along: the limits of visitors need a version of it."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    declared = {re.split("[<>=]", each)[0].replace("-", "_") for each in extras["serve"]}
    assert declared == {*NEEDED}
