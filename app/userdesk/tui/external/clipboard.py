"""The clipboard: the terminal's own sequence, wrapped for multiplexers, and a native command beside it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable

from userdesk.tui.terminal.clipboard_sequence import LARGEST, Surroundings, fits, sequence

NATIVE = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "-ib"), ("pbcopy",), ("clip.exe",))
TMUX = ("tmux", "load-buffer", "-w", "-")
TMUX_ALONE = ("tmux", "load-buffer", "-")
"""Without telling the terminal: GNU screen around it would draw what it is told."""
READERS = (
    ("wl-paste", "--no-newline"),
    ("xclip", "-selection", "clipboard", "-o"),
    ("xsel", "-ob"),
    ("pbpaste",),
)
LONGEST = 2.0  # s for a clipboard command


class Clipboard:
    """Copies text out of the program. Nobody confirms OSC 52, so the words name the terminal there.

    Clipboard commands run in a thread, one copy after the other: one that hangs holds no key up.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self.write = write
        self._one_at_a_time = asyncio.Lock()

    async def copy(self, text: str, what: str = "") -> str:
        """Copy; what came of it, in words. `what` names what is copied: `the message`."""
        async with self._one_at_a_time:
            around = await asyncio.to_thread(Surroundings.of, os.environ)
            if fits(text):
                self.write(sequence(text, around))
            return await asyncio.to_thread(self._give_to_commands, text, f"Copied {what}".rstrip(), around)

    def _give_to_commands(self, text: str, copied: str, around: Surroundings) -> str:
        """Give the text to the commands there are; what came of the whole copy, in words."""
        # By its defaults tmux takes no sequence from a program, but it does take its own command.
        screen_outside = around.screen and not around.screen_inside
        tmux = TMUX_ALONE if screen_outside else TMUX
        in_tmux = around.tmux and self._run(tmux, text) is not None
        if in_tmux and not screen_outside:
            return copied
        remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
        if not remote and any(self._run(command, text) is not None for command in NATIVE):
            return copied
        if fits(text):
            return f"{copied} to the terminal's clipboard"
        if in_tmux:
            return f"{copied} to tmux; it is too much for the terminal's clipboard"
        return f"Too much for the terminal's clipboard, which takes {LARGEST // 1000} kB: nothing was copied"

    def read(self) -> str | None:
        """What the system's clipboard holds, by the first command that can tell; None without one."""
        outputs = (self._run(command) for command in READERS)
        found = next((output for output in outputs if output is not None), None)
        return None if found is None else found.decode("utf-8", "replace")

    def _usable(self, command: tuple[str, ...]) -> str | None:
        """The path of a clipboard command that has something to talk to."""
        if command[0].startswith("wl-") and not os.environ.get("WAYLAND_DISPLAY"):
            return None
        if command[0] in ("xclip", "xsel") and not os.environ.get("DISPLAY"):
            return None
        return shutil.which(command[0])

    def _run(self, command: tuple[str, ...], text: str | None = None) -> bytes | None:
        """Give a text to a clipboard command, or ask it; what it says, None where it is not there or fails.

        What is given a text says nothing: some stay, and would hold a pipe open.
        """
        path = self._usable(command)
        if path is None:
            return None
        try:
            done = subprocess.run(
                [path, *command[1:]],
                input=(text or "").encode("utf-8", "replace"),
                stdout=subprocess.PIPE if text is None else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=LONGEST,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout or b""
