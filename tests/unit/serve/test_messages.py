"""What browsers and visitors' programs say: what is expected, and everything else."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.serve.browser_messages import Ignored, Pinged, Resized, Typed, Unexpected, said
from userdesk.serve.channel import LONG, LONGEST, ChannelReader, Copied, FileMade, OpenAddress
from userdesk.serve.terminal_answers import is_only_answers
from userdesk.tui.external.browser import LARGEST, Browser, BrowserClipboard

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["stdin", "resize"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["stdin", "a\\u00e9"]', Typed("aé".encode())),
        ('["stdin", "\\ud800"]', Typed(b"?")),
        ('["stdin", "\\u001b"]', Typed(b"\x1b[27u")),
        ('["stdin", "\\u001bOQ"]', Typed(b"\x1bOQ")),
        ('["resize", {"width": 80, "height": 24}]', Resized(80, 24)),
        ('["resize", {"width": -5, "height": 100000000000000000000000}]', Resized(-5, 10**23)),
        ('["ping", "12.5"]', Pinged("12.5")),
        ('["ping", 12.5]', Pinged(12.5)),
        ('["focus"]', Ignored()),
        ('["blur", null]', Ignored()),
    ],
)
def test_what_our_page_says_is_understood(text: str, expected: object) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "null",
        "{}",
        "[]",
        '"stdin"',
        '["stdin"]',
        '["stdin", 5]',
        '["stdin", ["a"]]',
        '["stdin", "a", "b"]',
        '["resize", {}]',
        '["resize", {"width": "80", "height": 24}]',
        '["resize", {"width": 80.5, "height": 24}]',
        '["resize", {"width": true, "height": 24}]',
        '["resize", {"width": NaN, "height": 24}]',
        '["resize", [80, 24]]',
        '["ping", {"a": 1}]',
        json.dumps(["ping", "x" * 101]),
        '["quit"]',
        '[["stdin"], "x"]',
        "[" * 60_000,
        '{"a":' * 12_000,
        "9" * 60_000,
        f'["ping", {"9" * 60_000}]',
    ],
)
def test_what_it_does_not_say_is_told(text: str) -> None:
    with pytest.raises(Unexpected):
        said(text)


@given(JSON)
def test_no_json_is_misunderstood(value: object) -> None:
    try:
        understood = said(json.dumps(value))
    except Unexpected:
        return
    assert isinstance(value, list)
    assert isinstance(understood, Typed | Resized | Pinged | Ignored)


@given(st.text())
def test_no_text_breaks_anything(text: str) -> None:
    try:
        said(text)
    except Unexpected:
        return


def lines(*messages: object) -> bytes:
    return b"".join(json.dumps(message).encode() + b"\n" for message in messages)


MESSAGES = lines(
    {"type": "open_url", "url": "https://example.com/a"},
    {"type": "copy", "text": "a\nb"},
    {"type": "file", "path": "/tmp/x/a.md", "name": "a.md"},
)
TOLD = [OpenAddress("https://example.com/a"), Copied("a\nb"), FileMade("/tmp/x/a.md", "a.md")]


@given(st.lists(st.integers(0, len(MESSAGES)), max_size=8))
def test_messages_of_a_program_are_the_same_however_they_are_cut(cuts: list[int]) -> None:
    reader, told = ChannelReader(), []
    for start, end in zip(sorted([0, *cuts]), sorted([*cuts, len(MESSAGES)]), strict=True):
        told += reader.feed(MESSAGES[start:end])
    assert told == TOLD


@pytest.mark.parametrize(
    "message",
    [
        {"type": "open_url", "url": "javascript:alert(1)"},
        {"type": "open_url", "url": "file:///etc/passwd"},
        {"type": "open_url", "url": "data:text/html,x"},
        {"type": "open_url", "url": 5},
        {"type": "open_url"},
        {"type": "copy", "text": None},
        {"type": "file", "path": "a"},
        {"type": "bye", "reason": "x"},
        {"type": ["copy"], "text": "x"},
        "copy",
        None,
    ],
)
def test_what_a_program_may_not_say_is_left_out(message: object) -> None:
    assert ChannelReader().feed(lines(message) + MESSAGES) == TOLD


def test_noise_and_endless_lines_are_left_out_and_not_kept() -> None:
    reader = ChannelReader()
    assert reader.feed(b"\xff\0\n\n[[[\n" + b"[" * 100_000 + b"\n") == []
    for _ in range(LONGEST // 50_000 + 10):
        assert reader.feed(b"x" * 50_000) == []
    assert reader.feed(b"\n" + MESSAGES) == TOLD


LONG_TEXT = 'ä\n\\"😀' * 20_000


@pytest.mark.parametrize("plain", [True, False])
def test_long_copy_is_read_however_its_letters_are_written(plain: bool) -> None:
    line = json.dumps({"type": "copy", "text": LONG_TEXT}, ensure_ascii=plain).encode() + b"\n"
    assert ChannelReader().feed(line + MESSAGES) == [Copied(LONG_TEXT), *TOLD]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "copy", "text": "x", "more": [[]] * LONG},  # a tenth of a second, for everybody
        {"text": LONG_TEXT, "type": "copy"},
        {"type": "open_url", "url": "https://example.com/" + "a" * LONG},
        [[]] * LONG,
    ],
    ids=range(4),
)
def test_of_long_lines_nothing_is_read_but_the_text_of_a_copy(message: object) -> None:
    assert ChannelReader().feed(lines(message) + MESSAGES) == TOLD


@pytest.mark.parametrize("end", ['"', '", "', '"} ', '"]', "", '\\"}', '"}}'])
def test_long_copy_that_is_cut_or_goes_on_is_left_out(end: str) -> None:
    line = '{"type": "copy", "text": "' + "x" * LONG + end
    assert ChannelReader().feed(line.encode() + b"\n" + MESSAGES) == TOLD


async def test_the_largest_copy_that_a_program_makes_is_one_that_the_host_takes(tmp_path: Path) -> None:
    """What is larger is said not to be copied."""
    ours, theirs = os.pipe()
    clipboard = BrowserClipboard(Browser(theirs, tmp_path))
    around = len(json.dumps({"type": "copy", "text": ""}))
    assert await clipboard.copy("x" * (LARGEST - around + 1)) == "Not copied: too large for your browser"
    text = "x" * (LARGEST - around)
    assert await clipboard.copy(text) == "Copied"
    reader, told = ChannelReader(), []
    while not told:
        data = await asyncio.to_thread(os.read, ours, 1_000_000)
        told += reader.feed(data)
        assert told or not data.endswith(b"\n"), "left out"
    assert told == [Copied(text)]
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("data", "only_answers"),
    [
        (b"\x1b[I", True),
        (b"\x1b[O", True),
        (b"\x1b[?2026;0$y", True),
        (b"\x1b[?2026;2$y\x1b[?2048;0$y", True),
        (b"\x1b[?1;2c", True),
        (b"\x1b[12;40R", True),
        (b"\x1bP1$r0m\x1b\\", True),
        (b"\x1b]11;rgb:0000/0000/0000\x07", True),
        (b"a", False),
        (b"\x1b", False),
        (b"\x1b[A", False),
        (b"\x1b[I\r", False),
        (b"\x1b[<35;10;10M", False),
        (b"\x1b[200~pasted\x1b[201~", False),
        (b"\x1b[1;5P", False),
        (b"", False),
    ],
)
def test_answers_of_a_terminal_are_nothing_that_somebody_did(data: bytes, only_answers: bool) -> None:
    assert is_only_answers(data) is only_answers


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[;" + b"1" * 60_000,
        b"\x1b[" + b"1" * 60_000,
        b"\x1b[" + b"1;" * 30_000,
        b"\x1b[?" + b";" * 60_000,
        b"\x1b]" + b"1" * 60_000,
        b"\x1b[1;2t" * 9_000 + b"x",
        b"\x1b]1\x07" * 15_000 + b"x",
        b"\x1bP\x1b]" * 15_000,
    ],
    ids=range(8),
)
def test_no_message_of_a_browser_holds_the_host_up(data: bytes) -> None:
    """The first one took four seconds in which nobody else was served, and the sixth had no end."""
    began = time.process_time()
    assert not is_only_answers(data)
    assert time.process_time() - began < 0.5  # s; each takes some ms
