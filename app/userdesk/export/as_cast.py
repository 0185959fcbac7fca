"""A conversation as a recording that asciinema plays: a header and a line for each output (asciicast v2)."""

import json
from collections.abc import Iterator

from userdesk.domain.timestamps import moment
from userdesk.export.looks import colours, looks
from userdesk.export.printed import InRows, printed
from userdesk.export.subject import Subject

WIDTH, HEIGHT = 100, 30
LONGEST_IDLE = 3.0
"""Seconds that a player stands still at most."""
AT_THE_END = 3.0
"""Seconds that the last rows stand before a player begins again."""
HIDE_CURSOR = "\x1b[?25l"
_PALETTE = ("surface", "error", "success", "warning", "primary", "secondary", "accent", "foreground")


def cast_of(subject: Subject) -> Iterator[str]:
    """The whole conversation at its recorded pace, in the dark theme."""
    return (f"{json.dumps(each, ensure_ascii=False)}\n" for each in _lines(subject))


def _lines(subject: Subject) -> Iterator[object]:
    named = colours()
    created = subject.conversation.created
    yield {
        "version": 2,
        "width": WIDTH,
        "height": HEIGHT,
        "timestamp": int(created.timestamp()),
        "idle_time_limit": LONGEST_IDLE,
        "title": subject.title,
        "env": {"TERM": "xterm-256color"},
        "theme": {
            "fg": named["foreground"],
            "bg": named["background"],
            "palette": ":".join(named[name] for name in _PALETTE),
        },
    }
    about = [subject.chatbot, subject.title, moment(created), *["redacted"] * subject.is_redacted]
    yield _event(0.0, f"{HIDE_CURSOR}{' · '.join(about)}\r\n")
    at = 0.0
    for step in printed(subject, InRows(WIDTH, HEIGHT, looks())):
        at += step.pause
        if step.text:
            yield _event(at, step.text)
    yield _event(at + AT_THE_END, "")


def _event(at: float, output: str) -> tuple[float, str, str]:
    return round(at, 3), "o", output
