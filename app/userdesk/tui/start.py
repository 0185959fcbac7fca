"""What every start of the full-screen program does before anything of the framework is imported."""

import gc
import os
import sys

SWITCH_INTERVAL = 0.0005  # s
KEYS_FIRST = 0.05
"""Seconds after the first frame that are the keys' alone, where there is no conversation to show."""


def prepare() -> None:
    """Set the interpreter and the framework up for a quick start and quick keys."""
    # What a start allocates, stays: looking for garbage meanwhile takes a fifth of the time until the
    # first key echoes. The application turns the collector on again once its first screen is up.
    gc.disable()
    # A thread that reads the list of conversations or looks through titles lets a key act within so long;
    # with Python's default each of the key's several waits for the interpreter takes ten times that.
    sys.setswitchinterval(SWITCH_INTERVAL)
    # Textual shows a change at its next frame; at 240 a second a typed key waits a quarter as long for it.
    # Nothing is drawn between changes, so this costs nothing at rest.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    if os.environ.get("TERM") == "xterm" and not os.environ.get("COLORTERM"):
        # Terminals of that name have had 256 colours for years; in 16 the grounds are lost.
        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")
