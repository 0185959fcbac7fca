import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from command_runs import command_that_obeys_permissions
from userdesk.files.writable import folder_trouble


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
    for name, mode in {"read-only": 0o500, "unlisted": 0o300, "closed": 0}.items():
        (tmp_path / name).mkdir(mode=mode)
    asking = "import sys; from pathlib import Path; from userdesk.files.writable import folder_trouble\n"
    asking += "for each in sys.argv[1:]: print(folder_trouble(Path(each)))"
    command = [
        *command_that_obeys_permissions()[:-2],
        "-c",
        asking,
        *map(str, found),
    ]  # instead of -m userdesk
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(found.values())
