"""The clipboard: the terminal's own sequence, wrapped for multiplexers, and a native command beside it."""

import asyncio
import base64
import os
import select
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import IO, NamedTuple, Protocol

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
LONGEST = 2.0  # s in which a clipboard command takes nothing, or tells nothing

Text = Callable[[], Iterable[bytes]]
"""Gives a text in pieces of UTF-8, anew each time: as a whole keys would wait for its memory."""


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


class Clipboard(Protocol):
    """Where copied text goes, and whence text is pasted."""

    @property
    def how_to_paste(self) -> str:
        """What to do where nothing can be read, in words."""

    async def copy(self, text: str | Text, what: str = "") -> str:
        """Copy; what came of it, in words. `what` names what is copied: `the message`."""

    def read(self) -> str | None:
        """What the clipboard holds; None where that cannot be read. Blocks."""


class TerminalClipboard:
    """Copies text out of the program. Nobody confirms OSC 52, so the words name the terminal there.

    Clipboard commands run in a thread, one copy after the other: one that hangs holds no key up.
    """

    how_to_paste = "Paste with your terminal's own key, often Ctrl+Shift+V"

    def __init__(self, write: Callable[[str], None]) -> None:
        self.write = write
        self._one_at_a_time = asyncio.Lock()

    async def copy(self, text: str | Text, what: str = "") -> str:
        """Copy; what came of it, in words. `what` names what is copied: `the message`."""
        pieces = in_pieces(text)
        async with self._one_at_a_time:
            around = await asyncio.to_thread(Surroundings.of, os.environ)
            short = await asyncio.to_thread(text_within, pieces, LARGEST)
            if short is not None:
                self.write(sequence(short, around))
            copied, fits = f"Copied {what}".rstrip(), short is not None
            return await asyncio.to_thread(self._give_to_commands, pieces, copied, around, fits=fits)

    def _give_to_commands(self, text: Text, copied: str, around: Surroundings, *, fits: bool) -> str:
        """Give the text to the commands there are; what came of the whole copy, in words."""
        # By its defaults tmux takes no sequence from a program, but it does take its own command.
        screen_outside = around.screen and not around.screen_inside
        tmux = TMUX_ALONE if screen_outside else TMUX
        in_tmux = around.tmux and _give(tmux, text)
        if in_tmux and not screen_outside:
            return copied
        remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
        if not remote and any(_give(command, text) for command in NATIVE):
            return copied
        if fits:
            return f"{copied} to the terminal's clipboard"
        if in_tmux:
            return f"{copied} to tmux only: too large for the terminal's clipboard"
        return f"Not copied: too large for the terminal's clipboard (limit {LARGEST // 1000} kB)"

    def read(self) -> str | None:
        """What the system's clipboard holds, by the first command that can tell; None without one."""
        found = next((output for output in map(_ask, READERS) if output is not None), None)
        return None if found is None else found.decode("utf-8", "replace")


def in_pieces(text: str | Text) -> Text:
    """A text as one that is made in pieces."""
    return partial(_whole, text) if isinstance(text, str) else text


def _whole(text: str) -> tuple[bytes]:
    return (text.encode("utf-8", "replace"),)


def text_within(text: Text, largest: int) -> str | None:
    """A text of so many bytes, None for a longer one; no more of it is made than tells that."""
    found, size = list[bytes](), 0
    for piece in text():
        size += len(piece)
        if size > largest:
            return None
        found.append(piece)
    return b"".join(found).decode("utf-8")


def _ask(command: tuple[str, ...]) -> bytes | None:
    """What a clipboard command says; None where it is not there or fails."""
    if (path := _path_of(command)) is None:
        return None
    try:
        done = subprocess.run(
            [path, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=LONGEST,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _give(command: tuple[str, ...], text: Text) -> bool:
    """Give a text to a clipboard command, as fast as it takes it; whether it is there and took all of it.

    It says nothing: some stay, and would hold a pipe open.
    """
    if (path := _path_of(command)) is None:
        return False
    quiet = subprocess.DEVNULL
    try:
        with subprocess.Popen(
            [path, *command[1:]], bufsize=0, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
        ) as child:
            assert child.stdin
            try:
                for piece in text():
                    _write(child.stdin, piece)
                child.stdin.close()
                return child.wait(LONGEST) == 0
            except BaseException:
                child.kill()
                raise
    except (OSError, subprocess.SubprocessError):
        return False


def _write(pipe: IO[bytes], data: bytes) -> None:
    """Write to a pipe, as long as it takes any. Raises OSError, and TimeoutError where it takes nothing."""
    os.set_blocking(pipe.fileno(), False)
    left = memoryview(data)
    while left:
        if not select.select([], [pipe], [], LONGEST)[1]:
            raise TimeoutError
        with suppress(BlockingIOError):
            left = left[os.write(pipe.fileno(), left) :]


def _path_of(command: tuple[str, ...]) -> str | None:
    """Where a clipboard command is; None for one that is not there or has nothing to talk to."""
    needed = _NEEDS.get(command[0])
    return None if needed and not os.environ.get(needed) else shutil.which(command[0])


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
