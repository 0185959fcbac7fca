"""The user's own editor, for messages that want more than a bar."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from userdesk.domain.quoting import quoted
from userdesk.files.private_files import open_temporary
from userdesk.files.user_files import MissingFile, UnreadableFile, read_user_file

LARGEST = 4_000_000
"""Bytes of text that are taken back from an editor."""
_AT_ONCE = 0.5  # s; nobody has read a text by then


class EditorError(OSError):
    """The editor changed nothing; the text says why, in a few words."""


class Edited(NamedTuple):
    """What an editor left."""

    text: str
    note: str = ""
    """Something to know about it, in words."""


def editor_command() -> list[str] | None:
    """What $VISUAL or $EDITOR name, else the first common editor there is. Raises EditorError."""
    import shlex

    for variable in ("VISUAL", "EDITOR"):
        if named := os.environ.get(variable, "").strip():
            try:
                program, *arguments = shlex.split(named)
            except ValueError:
                words = f"{variable} has unclosed quotes or a trailing backslash: {quoted(named)}"
                raise EditorError(words) from None
            return [os.path.expanduser(program), *arguments]
    found = next((path for name in ("nano", "vim", "vi") if (path := shutil.which(name))), None)
    return [found] if found else None


class EditorProcess:
    """The editor that runs, for who has to end it: some outlive their terminal."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str]) -> int:
        """Run a command to its end; its exit status. Raises OSError, ValueError."""
        with subprocess.Popen(command) as self._process:
            return self._process.wait()

    def end(self, *, by_force: bool = False) -> None:
        """Ask it to end, or end it by force; nothing where it has ended, or none was run."""
        if process := self._process:
            process.kill() if by_force else process.terminate()


def edit(command: list[str], text: str, process: EditorProcess | None = None) -> Edited:
    """Run an editor on a text, in the terminal as it is; what was saved.

    Raises EditorError, also where the editor says that nothing should be taken (as vim's `:cq`).
    """
    try:
        # A folder of its own: what an editor leaves beside the file holds the message too.
        with tempfile.TemporaryDirectory(prefix="userdesk-", ignore_cleanup_errors=True) as folder:
            descriptor, path = open_temporary(suffix=".md", folder=Path(folder))
            with open(descriptor, "wb") as file:
                file.write(text.encode("utf-8", "replace"))
            begun = time.monotonic()
            _run(process or EditorProcess(), command, path)
            edited = _left(path)
            if edited.text == text.rstrip("\n") and time.monotonic() - begun < _AT_ONCE:
                program = Path(command[0]).name
                note = f"{program} closed at once; an editor with its own window needs an option to wait"
                return Edited(edited.text, f"{note}, such as code --wait")
            return edited
    except EditorError:
        raise
    except OSError as error:
        reason = error.strerror or "there is none"
        raise EditorError(
            f"no temporary file could be written ({reason}); set TMPDIR to another folder"
        ) from error


def _run(process: EditorProcess, command: list[str], path: Path) -> None:
    """Raises EditorError."""
    program = Path(command[0]).name or command[0]
    try:
        status = process.run([*command, str(path)])
    except FileNotFoundError:
        raise EditorError(f"{quoted(program)} was not found: set VISUAL or EDITOR to an editor") from None
    except (OSError, ValueError) as error:  # no permission, no program, a NUL
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise EditorError(f"{quoted(program)} could not be started: {reason}") from None
    if status == 127:  # as shells say it, whose scripts editors often are
        raise EditorError(f"{program} or a program it needs was not found")
    if status:
        how = (
            f"was stopped by {signal.Signals(-status).name}" if status < 0 else f"exited with status {status}"
        )
        raise EditorError(f"{program} {how}")


def _left(path: Path) -> Edited:
    """What stands in the file now, whatever became of it. Raises EditorError."""
    try:
        data = read_user_file(path, largest=LARGEST).data
    except MissingFile:
        raise EditorError("the editor removed the file") from None
    except UnreadableFile as error:
        raise EditorError(f"the edited file {error}") from None
    try:
        text, note = data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", "replace")
        note = "The editor did not save UTF-8: unreadable bytes are shown as �"
    return Edited(text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"), note)
