"""What is typed or pasted comes into the input bar and into fields, letter by letter as it is read."""

from collections.abc import Iterator

import pytest
from textual import events
from textual.geometry import Offset
from textual.message import Message

from userdesk.tui.input.graphemes import boundaries
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.terminal.batching import together
from userdesk.tui.terminal.key_sequences import press_of
from userdesk.tui.widgets.field import LONGEST, Field, KeyField
from widget_alone import alone

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
TYPED = (
    f"漢\u3000字 می\u200cخواهم {FAMILY} a\u00a0b\u202fc\u2009d \ue000 \U0001fae9 \u0301x "
    "\u00ad\u200e🏴\U000e0067\U000e007f"
)
LETTERS = f"a{FAMILY}🇩🇪👋🏽1\ufe0f\u20e3\u1112\u1161\u11abกำक्षिe\u0301b"
WORDS = "two क्षि words"


def keys_of(text: str) -> list[events.Key]:
    """The keys as the parser of the terminal's bytes names them."""
    return [events.Key(*press) for press in map(press_of, text) if press]


def typed(text: str, *, at_once: bool = False) -> Iterator[Message]:
    yield from together(keys_of(text)) if at_once else keys_of(text)


@pytest.mark.parametrize("at_once", [False, True], ids=["by hand", "at once"])
async def test_every_character_comes_in(at_once: bool) -> None:
    bar, field = InputBar(), Field()
    async with alone(bar, field) as hand:
        await hand.receive(*typed(TYPED, at_once=at_once))
        assert bar.text == TYPED
        field.focus()
        await hand.receive(*typed(TYPED, at_once=at_once))
        assert field.value == TYPED


async def test_a_letter_is_one_step_in_the_input_bar() -> None:
    bounds = list(boundaries(LETTERS))
    bar = InputBar()
    async with alone(bar) as hand:
        bar.put(LETTERS)
        for column in reversed(bounds[:-1]):
            bar.action_cursor_left()
            assert bar.cursor_location == (0, column)
        for column in bounds[1:]:
            bar.action_cursor_right()
            assert bar.cursor_location == (0, column)
        await hand.press("home", "right", "shift+right")
        assert bar.selected_text == FAMILY
        await hand.press("delete", "delete")
        assert bar.text == f"a{LETTERS[len(f'a{FAMILY}🇩🇪') :]}"
        bar.put(f"x{FAMILY}")
        await hand.press("backspace")
        assert bar.text == "x"


async def test_a_letter_is_one_step_in_a_field() -> None:
    bounds = list(boundaries(LETTERS))
    field = Field()
    async with alone(field) as hand:
        field.value = LETTERS
        field.action_end()
        for column in reversed(bounds[:-1]):
            field.action_cursor_left()
            assert field.cursor_position == column
        for column in bounds[1:]:
            field.action_cursor_right()
            assert field.cursor_position == column
        await hand.press("home", "right", "delete", "delete")
        assert field.value == f"a{LETTERS[len(f'a{FAMILY}🇩🇪') :]}"
        await hand.press("end", "backspace", "backspace")
        assert field.value.endswith("क्षि")


async def test_mouse_and_rows_meet_whole_letters() -> None:
    bar = InputBar()
    async with alone(bar) as hand:
        bar.put("abcdefghijklmnop\n" + FAMILY * 30)
        whole = set(boundaries(bar.document[1]))
        content = bar.content_region
        places = {
            bar.get_target_document_location(pressed(content.offset + Offset(x, y)))
            for y in range(3)
            for x in range(content.width)
        }
        assert {column for line, column in places if line == 1} <= whole
        assert len(places) > 20
        await hand.receive(pressed(content.offset + Offset(10, 1)))
        assert bar.cursor_location == (1, len(FAMILY))
        bar.move_cursor((0, 7))
        await hand.press("down", "down")
        assert bar.cursor_location[1] in whole


def pressed(at: Offset) -> events.MouseDown:
    """The mouse's button goes down at a cell of the screen."""
    return events.MouseDown(None, at.x, at.y, 0, 0, 1, False, False, False, at.x, at.y)


@pytest.mark.parametrize("keys", ["alt+left alt+right", "alt+b alt+f", "ctrl+left ctrl+right"])
async def test_words_by_alt(keys: str) -> None:
    left, right = keys.split()
    bar, field = InputBar(), Field()
    async with alone(bar, field) as hand:
        bar.put(WORDS)
        await hand.press(left, left)
        assert bar.cursor_location == (0, 4)
        await hand.press(right)
        assert bar.cursor_location == (0, 8)
        await hand.press("alt+backspace")
        assert bar.text == "two  words"
        await hand.press("alt+d")
        assert bar.text == "two "
        field.focus()
        field.value = WORDS
        field.action_end()
        await hand.press(left, left)
        assert field.cursor_position == 4
        await hand.press(right, "alt+backspace", "alt+d")
        assert field.value == "two "


async def test_lines_pasted_into_a_field_are_one() -> None:
    field = Field()
    async with alone(field) as hand:
        await hand.receive(events.Paste("one\r\n\r\n  two\tthree\rfour\x1b\n"))
        assert field.value == "one two three four�"
        await hand.receive(events.Paste("\n \r\n"))
        assert hand.app.notices == ["Nothing pasted: it contains no text"]
        assert field.value == "one two three four�"
        field.value = ""
        await hand.receive(*typed("several lines\rtyped by no hand\rand at once\r", at_once=True))
        assert field.value == "several lines typed by no hand and at once"


async def test_much_pasted_into_a_field_is_cut() -> None:
    field = Field()
    async with alone(field) as hand:
        await hand.receive(events.Paste(("word " * 20 + FAMILY + "\n") * 20_000))
        assert "the field is full" in hand.app.notices[0]
        assert LONGEST - len(FAMILY) <= len(field.value) <= LONGEST
        assert field.value.count("👨") == field.value.count("👦")


async def test_a_key_has_no_white_space() -> None:
    field = KeyField(password=True)
    async with alone(field) as hand:
        await hand.receive(events.Paste("\n  sk-half\r\n\thalf \u3000\n"))
        assert field.value == "sk-halfhalf"
        await hand.press("space", "x")
        assert field.value == "sk-halfhalfx"


async def test_clipboard_is_left_alone_where_nothing_is_cut() -> None:
    bar = InputBar()
    async with alone(bar) as hand:
        bar.put("cut")
        await hand.press("ctrl+x", "ctrl+x", "ctrl+k")
        assert (bar.text, hand.app.clipboard) == ("", "cut")


async def test_press_beside_the_screen_keeps_the_focus() -> None:
    bar, field = InputBar(), Field()
    async with alone(bar, field) as hand:
        for place in (Offset(300, 5), Offset(-1, 2), Offset(4, 400)):
            await hand.receive(pressed(place))
        await hand.press("h", "i")
        assert bar.text == "hi"
