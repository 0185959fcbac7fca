"""OSC 52, which asks the terminal to take a text into its clipboard, through the multiplexers in between."""

import base64
import os
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

LARGEST = 74_994
"""Bytes of text that terminals take: xterm and others read a sequence of at most 100,000 bytes."""
_PIECE = 500  # bytes; GNU screen drops a string of 768 and more
_TMUX_ANSWERS_WITHIN = 1.0  # s


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
