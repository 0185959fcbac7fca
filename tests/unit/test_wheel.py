"""What is installed by `pipx install` from a checkout: all of the program, nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("userdesk-*.whl")
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
