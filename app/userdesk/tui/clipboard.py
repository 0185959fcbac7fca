"""The clipboard: the terminal's own sequence, wrapped for multiplexers, and a native command beside it."""

import base64
import os
import shutil
import subprocess
from collections.abc import Callable

NATIVE = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "-ib"), ("pbcopy",), ("clip.exe",))
TMUX = ("tmux", "load-buffer", "-w", "-")
READERS = (
    ("wl-paste", "--no-newline"),
    ("xclip", "-selection", "clipboard", "-o"),
    ("xsel", "-ob"),
    ("pbpaste",),
)
LONGEST = 2.0  # s for a clipboard command


class Clipboard:
    """Copies text out of the program. Nobody confirms OSC 52, so the words say where it was sent."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def copy(self, text: str) -> str:
        """Copy; where the text went, in words."""
        inside_tmux = bool(os.environ.get("TMUX"))
        self._write(osc52(text, inside_tmux=inside_tmux))
        # By its defaults tmux takes neither sequence from a program, but it does take its own command.
        if inside_tmux and self._run(TMUX, text):
            return "tmux and the terminal's clipboard"
        remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
        if not remote and self._native(text):
            return "the clipboard"
        return "the terminal's clipboard"

    def read(self) -> str | None:
        """What the system's clipboard holds, by the first command that can tell; None without one."""
        for command in READERS:
            if path := self._usable(command):
                try:
                    done = subprocess.run(
                        [path, *command[1:]], capture_output=True, check=True, timeout=LONGEST
                    )
                except (OSError, subprocess.SubprocessError):
                    continue
                return done.stdout.decode("utf-8", "replace")
        return None

    def _usable(self, command: tuple[str, ...]) -> str | None:
        """The path of a clipboard command that has something to talk to."""
        if command[0].startswith("wl-") and not os.environ.get("WAYLAND_DISPLAY"):
            return None
        if command[0] in ("xclip", "xsel") and not os.environ.get("DISPLAY"):
            return None
        return shutil.which(command[0])

    def _native(self, text: str) -> bool:
        """Give it to the first clipboard command there is and that has something to talk to."""
        return any(self._run(command, text) for command in NATIVE)

    def _run(self, command: tuple[str, ...], text: str) -> bool:
        """Whether a clipboard command is there and took the text."""
        path = self._usable(command)
        if path is None:
            return False
        try:
            subprocess.run(
                [path, *command[1:]],
                input=text.encode("utf-8", "replace"),
                check=True,
                timeout=LONGEST,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return True


def osc52(text: str, *, inside_tmux: bool) -> str:
    """The sequence that asks the terminal to take text into its clipboard."""
    payload = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    sequence = f"\x1b]52;c;{payload}\x07"
    if inside_tmux:  # which takes it for itself, or hands it on wrapped, its escapes doubled, as it is set
        return f"{sequence}\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    return sequence
