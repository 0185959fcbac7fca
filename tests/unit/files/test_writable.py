import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from command_runs import command_that_obeys_permissions
from userdesk.files.writable import file_trouble, folder_trouble


@pytest.mark.parametrize(
    ("make", "below", "words"),
    [
        (Path.touch, "", "is a file, not a folder"),
        (Path.touch, "a/b", "cannot be created: {top} is a file"),
        (
            lambda path: path.symlink_to("nowhere"),
            "",
            "cannot be reached: {top} is a link to a folder that does not exist",
        ),
        (Path.mkdir, "", ""),
        (Path.mkdir, "a/b", ""),
    ],
)
def test_why_files_cannot_be_written(
    tmp_path: Path, make: Callable[[Path], None], below: str, words: str
) -> None:
    top = tmp_path / "top"
    make(top)
    assert folder_trouble(top / below) == words.format(top=top)
    assert [path.name for path in tmp_path.rglob("*")] == ["top"]


def test_why_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("text")
    (tmp_path / "full.md").symlink_to("/dev/full")  # what a device takes shows only in the end
    names = {
        "there.md": "",
        "new.md": "",
        "full.md": "",
        "": "expected a file, not a folder",
        "missing/r.md": f"there is no folder {tmp_path / 'missing'}",
        "n" * 300: "cannot be written to: File name too long",
    }
    assert {name: file_trouble(tmp_path / name) for name in names} == names
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full.md", "there.md"]
    assert (tmp_path / "there.md").read_text() == "text"


def test_permissions_are_told_by_trying(tmp_path: Path) -> None:
    found = {
        tmp_path / "read-only": "cannot be written to: Permission denied",
        tmp_path / "unlisted": "cannot be written to: Permission denied",
        tmp_path
        / "read-only"
        / "a"
        / "b": f"cannot be created in {tmp_path / 'read-only'}: Permission denied",
        tmp_path / "closed" / "data": "cannot be reached: Permission denied",
    }
    files = {
        tmp_path / "read-only" / "r.md": "cannot be written to: Permission denied",
        tmp_path / "read-only.md": "cannot be written to: Permission denied",
    }
    (tmp_path / "read-only.md").touch(mode=0o400)
    for name, mode in {"read-only": 0o500, "unlisted": 0o300, "closed": 0}.items():
        (tmp_path / name).mkdir(mode=mode)
    asking = (
        "import sys; from pathlib import Path; from userdesk.files.writable import *\n"
        "for each in map(Path, sys.argv[1:]): print((file_trouble if each.suffix else folder_trouble)(each))"
    )
    command = [
        *command_that_obeys_permissions()[:-2],
        "-c",
        asking,
        *map(str, found | files),
    ]  # instead of -m userdesk
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list((found | files).values())
