"""What is built for others: a wheel with all of the program, a source archive with all of the repository."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    program = {f"userdesk/{name}" for name in tracked("app/userdesk")}
    styles = {f"userdesk/styles/{name}" for name in tracked("styles")}
    assert names == program | styles


def test_command_and_license_are_there(wheel: zipfile.ZipFile) -> None:
    texts = {
        name.split("/", 1)[1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name
    }
    assert "userdesk = userdesk.__main__:main" in texts["entry_points.txt"]
    assert "MIT License" in texts["licenses/LICENSE"]
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
