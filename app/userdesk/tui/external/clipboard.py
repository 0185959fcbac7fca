"""The clipboard: the terminal's own sequence, wrapped for multiplexers, and a native command beside it."""

import asyncio
import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import NamedTuple

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
_NEEDS = dict.fromkeys(("wl-copy", "wl-paste"), "WAYLAND_DISPLAY") | dict.fromkeys(
    ("xclip", "xsel"), "DISPLAY"
)
"""The variable without which a clipboard command has nothing to talk to."""
LARGEST = 74_994
"""Bytes of text that terminals take: xterm and others read a sequence of at most 100,000 bytes."""
_PIECE = 500  # bytes; GNU screen drops a string of 768 and more
_TMUX_ANSWERS_WITHIN = 1.0  # s
LONGEST = 2.0  # s for a clipboard command


class Surroundings(NamedTuple):
    """The multiplexers between the program and the terminal."""

    tmux: bool = False
    screen: bool = False
    screen_inside: bool = False
    """Whether GNU screen is the inner one."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Surroundings":
        """What the environment says; where it names both multiplexers, tmux is asked for its terminal."""
        tmux, screen, term = bool(environ.get("TMUX")), bool(environ.get("STY")), environ.get("TERM", "")
        inside = screen and not (tmux and (term.startswith("tmux") or _is_tmux_pane(environ)))
        return cls(tmux, screen, inside)


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
            return f"{copied} to tmux only: too large for the terminal's clipboard"
        return f"Not copied: too large for the terminal's clipboard (limit {LARGEST // 1000} kB)"

    def read(self) -> str | None:
        """What the system's clipboard holds, by the first command that can tell; None without one."""
        outputs = (self._run(command) for command in READERS)
        found = next((output for output in outputs if output is not None), None)
        return None if found is None else found.decode("utf-8", "replace")

    def _run(self, command: tuple[str, ...], text: str | None = None) -> bytes | None:
        """Give a text to a clipboard command, or ask it; what it says, None where it is not there or fails.

        What is given a text says nothing: some stay, and would hold a pipe open.
        """
        needed = _NEEDS.get(command[0])
        path = shutil.which(command[0])
        if path is None or (needed and not os.environ.get(needed)):
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


def fits(text: str) -> bool:
    """Whether terminals take as much as that."""
    return len(text) <= LARGEST and len(text.encode("utf-8", "replace")) <= LARGEST


def sequence(text: str, around: Surroundings) -> str:
    """What is to be written so that the outermost terminal, or tmux itself, takes the text."""
    payload = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    bare = f"\x1b]52;c;{payload}\x07"
    # GNU screen hands on what is wrapped in short pieces, and draws the rest of what is longer than it reads.
    if around.screen_inside:
        return _through_screen(bare)
    if around.tmux and around.screen:
        return _through_tmux(_through_screen(bare))
    if around.tmux:  # which takes it for itself, or hands it on wrapped, as it is set
        return bare + _through_tmux(bare)
    return bare


def _through_tmux(bare: str) -> str:
    return f"\x1bPtmux;{bare.replace(chr(27), chr(27) * 2)}\x1b\\"


def _through_screen(bare: str) -> str:
    pieces = (bare[start : start + _PIECE] for start in range(0, len(bare), _PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _is_tmux_pane(environ: Mapping[str, str]) -> bool:
    """Whether the terminal that the program writes to is a pane of tmux, and not one of a screen in it."""
    try:
        ours = os.ttyname(1)
        asked = ("tmux", "display-message", "-p", "-t", environ.get("TMUX_PANE", ""), "#{pane_tty}")
        said = subprocess.run(
            asked, capture_output=True, stdin=subprocess.DEVNULL, timeout=_TMUX_ANSWERS_WITHIN, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return said.stdout.decode("utf-8", "replace").strip() == ours
