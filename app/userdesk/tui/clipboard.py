"""The clipboard: the terminal's own sequence, wrapped for multiplexers, and a native command beside it."""

import base64
import os
import shutil
import subprocess
from collections.abc import Callable

NATIVE = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "-ib"), ("pbcopy",), ("clip.exe",))


class Clipboard:
    """Copies text out of the program. Nobody confirms OSC 52, so the words say where it was sent."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def copy(self, text: str) -> str:
        """Copy; where the text went, in words."""
        self._write(osc52(text, inside_tmux=bool(os.environ.get("TMUX"))))
        remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
        if not remote and self._native(text):
            return "the clipboard"
        return "the terminal's clipboard"

    def _native(self, text: str) -> bool:
        """Give it to the first clipboard command there is and that has something to talk to."""
        for command in NATIVE:
            if command[0] == "wl-copy" and not os.environ.get("WAYLAND_DISPLAY"):
                continue
            if command[0] in ("xclip", "xsel") and not os.environ.get("DISPLAY"):
                continue
            if path := shutil.which(command[0]):
                try:
                    subprocess.run(
                        [path, *command[1:]],
                        input=text.encode("utf-8", "replace"),
                        check=True,
                        timeout=2,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                except (OSError, subprocess.SubprocessError):
                    continue
                return True
        return False


def osc52(text: str, *, inside_tmux: bool) -> str:
    """The sequence that asks the terminal to take text into its clipboard."""
    payload = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    sequence = f"\x1b]52;c;{payload}\x07"
    if inside_tmux:  # tmux hands a sequence on only when it is wrapped, its escapes doubled
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    return sequence
