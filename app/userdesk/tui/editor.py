"""The user's own editor, for messages that want more than a bar."""

import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

from userdesk.files.private_files import open_temporary


def editor_command() -> list[str] | None:
    """What $VISUAL or $EDITOR name, else the first common editor there is."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        return shlex.split(named)
    found = next((path for name in ("nano", "vim", "vi") if (path := shutil.which(name))), None)
    return [found] if found else None


def edit(command: list[str], text: str) -> str:
    """Run an editor on a text, in the terminal as it is; what was saved.

    Raises OSError, also where the editor says that nothing should be taken (as vim's `:cq`).
    """
    descriptor, path = open_temporary(suffix=".md")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        status = subprocess.run([*command, str(path)], check=False).returncode
        if status:
            how = (
                f"was ended by {signal.Signals(-status).name}"
                if status < 0
                else f"ended with status {status}"
            )
            raise OSError(f"{Path(command[0]).name} {how}")
        return path.read_text("utf-8", "replace").rstrip("\n")
    finally:
        path.unlink(missing_ok=True)
