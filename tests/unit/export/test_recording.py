"""A recording of a conversation (asciicast v2): it plays, at the recorded pace, and holds nothing raw."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pyte
import pytest

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Metrics, Role, Status
from userdesk.export.formats import render
from userdesk.export.subject import Subject

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
MEANT = re.compile(r"\x1b\[(?:\?25l|[\d;]*m|\d+A|J)|\r\n|\n")
HOSTILE = "\x1b]52;c;aGk=\x07\x9b31m\u202eevil\u2066\x00\x1b[2J\x85"
TALK = (
    Message(role=Role.ASSISTANT, text="Hello!", at=AT, welcome=True),
    Message(role=Role.USER, text="What does it cost?", at=AT),
    Message(
        role=Role.ASSISTANT,
        text="# Plans\n\n- **Basic**: 9 €\n- Team",
        at=AT,
        chunks=((400, 9), (900, 10), (1_200, 9)),
        metrics=Metrics(0.4, 1.3, 28),
    ),
    Message(role=Role.USER, text="And then?", at=AT),
    Message(role=Role.ASSISTANT, text="Noth", at=AT, status=Status.STOPPED, conversation_id="id-2"),
)


def recording(*messages: Message, **fields: Any) -> tuple[dict[str, Any], list[tuple[float, str, str]]]:
    conversation = Conversation(key="k", bot="acme", created=AT, title="Plans").evolve(**fields)
    lines = render(Subject.of(conversation, messages, "Acme"), "cast").splitlines()
    header, *events = map(json.loads, lines)
    return header, events


def test_header_is_that_of_the_format() -> None:
    header, _ = recording(*TALK)
    assert (header["version"], header["title"], header["timestamp"]) == (2, "Plans", int(AT.timestamp()))
    assert header["width"] >= 80 and header["height"] >= 24
    theme = header["theme"]
    colours = [theme["fg"], theme["bg"], *theme["palette"].split(":")]
    assert len(colours) == 2 + 8 and all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


def test_events_keep_the_recorded_pace_and_are_the_same_each_time() -> None:
    _, events = recording(*TALK)
    assert {kind for _, kind, _ in events} == {"o"}
    times = [at for at, _, _ in events]
    assert times == sorted(times)
    # The question a second after the welcome, then the answer's steps, and a second before each that follows.
    assert list(dict.fromkeys(times)) == [0.0, 1.0, 1.4, 1.9, 2.2, 3.2, 4.2, 7.2]
    assert recording(*TALK) == recording(*TALK)


def test_it_plays() -> None:
    header, events = recording(*TALK)
    terminal = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(terminal)
    for _, _, output in events:
        stream.feed(output)
    shown = [line.rstrip() for line in terminal.display if line.strip()]
    assert shown == [
        "Acme · Plans · 2026-11-21 20:54 UTC",
        " ◆ Hello!",
        " ❯ What does it cost?",
        " ◆ Plans",
        "   • Basic: 9 €",
        "   • Team",
        "   0.4 s first text · 1.3 s · 28 chars · 22 chars/s",
        " ❯ And then?",
        "   ── continued in a new conversation · only the message above is remembered",
        " ◆ Noth",
        "   ■ stopped",
    ]
    assert terminal.buffer[4][3].bg == "2c2e33" and terminal.buffer[6][3].bold


@pytest.mark.parametrize("role", Role)
def test_nothing_of_the_conversation_commands_the_terminal(role: Role) -> None:
    chunks = tuple((at, 1) for at in range(len(HOSTILE)))
    said = Message(role=role, text=HOSTILE, at=AT, chunks=chunks, conversation_id=HOSTILE)
    _, events = recording(said, title=HOSTILE)
    drawn = "".join(output for _, _, output in events)
    assert "evil" in drawn
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", MEANT.sub("", drawn))
