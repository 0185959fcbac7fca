"""Whether files and folders can be written to, told by trying: permissions alone do not say it."""

import os
from pathlib import Path

from userdesk.files.private_files import open_named_to_append, open_temporary
from userdesk.files.user_files import kind_of_file

_TRIED = b"\0" * 4096  # a full disk may still take a name


def file_trouble(path: Path) -> str:
    """Why a file of that name cannot be written; empty where it can. Leaves everything as it is."""
    if os.path.isdir(path):
        return "expected a file, not a folder"
    if not os.path.isdir(path.parent):
        return f"there is no folder {path.parent}"
    try:
        try:
            os.lstat(path)
        except FileNotFoundError:
            _try_file(path.parent)
        else:
            if os.path.isfile(path):
                os.close(open_named_to_append(path))
    except OSError as error:
        return f"cannot be written to: {error.strerror or error}"
    return ""


def folder_trouble(folder: Path) -> str:
    """Why files cannot be written there, or the folder not be made; empty where they can. Leaves nothing."""
    try:
        nearest = _nearest(folder)
    except OSError as error:
        return f"cannot be reached: {error.strerror or error}"
    if not os.path.isdir(nearest):
        what = kind_of_file(nearest)
        return f"is {what}, not a folder" if nearest == folder else f"cannot be created: {nearest} is {what}"
    try:
        if nearest == folder:
            os.listdir(folder)
        _try_file(nearest)
    except OSError as error:
        done = "cannot be written to" if nearest == folder else f"cannot be created in {nearest}"
        return f"{done}: {error.strerror or error}"
    return ""


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there. Raises OSError where that cannot be told."""
    for path in (folder, *folder.parents):
        try:
            os.stat(path)
        except FileNotFoundError:
            if path.is_symlink():  # to nothing: no folder can be made in its place
                raise OSError(f"{path} is a link to a folder that does not exist") from None
        except NotADirectoryError:
            pass  # a folder above is a file, and is told
        else:
            return path
    raise FileNotFoundError("the current folder does not exist")


def _try_file(folder: Path) -> None:
    descriptor, path = open_temporary(suffix=".tmp", folder=folder)
    try:
        os.write(descriptor, _TRIED)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
        path.unlink()
