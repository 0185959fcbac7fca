"""Folders of visits: private, and none is left behind for long."""

import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from userdesk.serve.visit_folders import VisitFolders


def mode(path: Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


async def test_folder_is_private_and_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    folders = VisitFolders(tmp_path)
    one, other = folders.new(), folders.new()
    assert one != other
    assert {mode(one), mode(one / "tmp"), mode(one.parent)} == {0o700}
    (tmp_path / "kept").write_text("x")
    (one / "deep").mkdir()
    (one / "deep/link").symlink_to(tmp_path)
    await folders.remove(one)
    assert not one.exists()
    assert other.exists()
    folders.close()
    assert [*tmp_path.iterdir()] == [tmp_path / "kept"]


async def test_folder_into_which_something_still_writes_goes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = VisitFolders(tmp_path)
    folder = folders.new()
    remove_folder, tries = os.rmdir, 0

    def written_to(path: Any, **options: Any) -> None:
        nonlocal tries
        if (tries := tries + 1) == 2:  # "tmp" is the first
            (folder / "late").write_text("x")
        remove_folder(path, **options)

    monkeypatch.setattr(shutil.os, "rmdir", written_to)  # type: ignore[attr-defined]
    await folders.remove(folder)
    assert tries > 2
    assert not folder.exists()
    monkeypatch.undo()
    folders.close()


def test_folder_on_a_full_disk_is_not_left_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object, **__: object) -> None:
        raise OSError("no space")

    folders = VisitFolders(tmp_path)
    monkeypatch.setattr(Path, "mkdir", is_full)
    with pytest.raises(OSError, match="no space"):
        folders.new()
    assert [*folders.root.iterdir()] == []
    folders.close()


def test_what_a_killed_host_left_is_removed_and_what_a_live_one_has_stays(tmp_path: Path) -> None:
    live = VisitFolders(tmp_path)
    visit = live.new()
    left = tmp_path / "userdesk-serve-abc"
    (left / "visit-x/data").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").write_text("x")
    (tmp_path / "userdesk-serve-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "userdesk-serve-file").write_text("x")
    VisitFolders(tmp_path).remove_leftovers()
    assert not left.exists()
    assert visit.exists()
    assert (tmp_path / "elsewhere/file").exists()
    assert (tmp_path / "userdesk-serve-file").exists()
    live.close()
