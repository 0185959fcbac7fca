"""What is typed arrives, in the input bar and in fields, letter by letter as a reader counts them."""

import pytest
from textual import events
from textual.widgets import Input

from demo_server import DemoServer
from userdesk.tui.input.graphemes import boundaries
from userdesk.tui.terminal.key_burst import together
from userdesk.tui.widgets.field import LONGEST, Field

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
TYPED = (
    f"漢\u3000字 می\u200cخواهم {FAMILY} a\u00a0b\u202fc\u2009d \ue000 \U0001fae9 \u0301x "
    "\u00ad\u200e🏴\U000e0067\U000e007f"
)
LETTERS = f"a{FAMILY}🇩🇪👋🏽1\ufe0f\u20e3\u1112\u1161\u11abกำक्षिe\u0301b"


def keys_of(text: str) -> list[events.Key]:
    """The keys as the parser of the terminal's bytes names them."""
    from userdesk.tui.terminal.key_names import press_of

    return [events.Key(*press) for press in map(press_of, text) if press]


async def type_in(ui, text: str, *, at_once: bool) -> None:
    for message in together(keys_of(text)) if at_once else keys_of(text):
        ui.post(message)


@pytest.mark.parametrize("at_once", [False, True], ids=["by hand", "at once"])
async def test_every_character_is_sent(server: DemoServer, open_ui, at_once: bool) -> None:
    async with open_ui(server.base_url) as ui:
        await type_in(ui, TYPED, at_once=at_once)
        await ui.until(lambda: ui.draft == TYPED, "what was typed")
        await ui.press("enter")
        await ui.until(lambda: ui.said() == [TYPED], "the message as it was typed")
        await ui.idle()


@pytest.mark.parametrize("key", ["ctrl+t", "ctrl+f", "f2 slash", "f2 r", "ctrl+p"])
async def test_every_character_comes_into_fields(server: DemoServer, open_ui, key: str) -> None:
    async with open_ui(server.base_url) as ui:
        if "f2" in key:
            await ui.command("to_sidebar")
        await ui.press(key.split()[-1])
        await ui.until(lambda: isinstance(ui.focused, Input))
        field = ui.focused
        field.value = ""
        await type_in(ui, TYPED, at_once=False)
        await ui.until(lambda: field.value == TYPED, "what was typed")


async def test_a_letter_is_one_step_in_the_input_bar(server: DemoServer, open_ui) -> None:
    bounds = list(boundaries(LETTERS))
    async with open_ui(server.base_url, size=(40, 12), greeted=False) as ui:
        bar = ui.input_bar
        bar.put(LETTERS)
        for column in reversed(bounds[:-1]):
            await ui.press("left")
            assert bar.cursor_location == (0, column)
        for column in bounds[1:]:
            await ui.press("right")
            assert bar.cursor_location == (0, column)
        await ui.press("home", "right", "shift+right")
        assert bar.selected_text == FAMILY
        await ui.press("delete", "delete")
        assert bar.text == f"a{LETTERS[len(f'a{FAMILY}🇩🇪') :]}"
        bar.put(f"x{FAMILY}")
        await ui.press("backspace")
        assert bar.text == "x"


async def test_a_letter_is_one_step_in_a_field(server: DemoServer, open_ui) -> None:
    bounds = list(boundaries(LETTERS))
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.press("ctrl+t")
        field = ui.screen.query_one(Field)
        field.value = LETTERS
        field.action_end()
        for column in reversed(bounds[:-1]):
            await ui.press("left")
            assert field.cursor_position == column
        for column in bounds[1:]:
            await ui.press("right")
            assert field.cursor_position == column
        await ui.press("home", "right", "delete", "delete")
        assert field.value == f"a{LETTERS[len(f'a{FAMILY}🇩🇪') :]}"
        await ui.press("end", "backspace", "backspace")
        assert field.value.endswith("क्षि")


async def test_mouse_and_rows_meet_whole_letters(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, size=(40, 12), greeted=False) as ui:
        bar = ui.input_bar
        bar.put("abcdefghijklmnop\n" + FAMILY * 12)
        await ui.until(lambda: bar.size.height >= 3)
        whole = set(boundaries(bar.document.lines[1]))
        for row in range(bar.content_size.height):
            for x in range(bar.region.x, bar.region.right, 3):
                await ui.pilot.mouse_down(offset=(x, bar.content_region.y + row))
                await ui.pilot.mouse_up(offset=(x, bar.content_region.y + row))
                line, column = bar.cursor_location
                assert line == 0 or column in whole
        bar.move_cursor((0, 7))
        await ui.press("down", "down")
        assert bar.cursor_location[1] in whole


@pytest.mark.parametrize("keys", ["alt+left alt+right", "alt+b alt+f", "ctrl+left ctrl+right"])
async def test_words_by_alt(server: DemoServer, open_ui, keys: str) -> None:
    left, right = keys.split()
    async with open_ui(server.base_url, greeted=False) as ui:
        bar = ui.input_bar
        bar.put("two क्षि words")
        await ui.press(left, left)
        assert bar.cursor_location == (0, 4)
        await ui.press(right)
        assert bar.cursor_location == (0, 8)
        await ui.press("alt+backspace")
        assert bar.text == "two  words"
        await ui.press("alt+d")
        assert bar.text == "two "
        await ui.press("ctrl+t")
        field = ui.screen.query_one(Field)
        field.value = "two क्षि words"
        field.action_end()
        await ui.press(left, left)
        assert field.cursor_position == 4
        await ui.press(right, "alt+backspace", "alt+d")
        assert field.value == "two "


async def test_lines_pasted_into_a_field_are_one(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.press("ctrl+t")
        screen = ui.screen
        field = screen.query_one(Field)
        ui.post(events.Paste("one\r\n\r\n  two\tthree\rfour\x1b\n"))
        await ui.until(lambda: field.value == "one two three four�")
        ui.post(events.Paste("\n \r\n"))
        await ui.sees("Nothing was pasted")
        assert field.value == "one two three four�"
        field.value = ""
        for message in together(
            keys_of("several lines\ntyped by no hand\nand at once\n".replace("\n", "\r"))
        ):
            ui.post(message)
        await ui.until(lambda: field.value == "several lines typed by no hand and at once")
        assert ui.screen is screen


async def test_much_pasted_into_a_field_is_cut(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.press("ctrl+t")
        field = ui.screen.query_one(Field)
        ui.post(events.Paste(("word " * 20 + FAMILY + "\n") * 20_000))
        await ui.sees("characters were pasted")
        assert LONGEST - len(FAMILY) <= len(field.value) <= LONGEST
        assert field.value.count("👨") == field.value.count("👦")


async def test_a_key_has_no_white_space(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.command("chatbots")
        await ui.until(lambda: ui.screen.query("#api-key"))
        field = ui.screen.query_one("#api-key", Field)
        field.focus()
        await ui.until(lambda: field.has_focus)
        ui.post(events.Paste("\n  sk-half\r\n\thalf \u3000\n"))
        await ui.until(lambda: field.value == "sk-halfhalf")
        await ui.press("space", "x")
        assert field.value == "sk-halfhalfx"


async def test_clipboard_is_left_alone_where_nothing_is_cut(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        bar = ui.input_bar
        bar.put("cut")
        await ui.press("ctrl+x", "ctrl+x", "ctrl+k")
        assert (bar.text, ui.app.clipboard) == ("", "cut")


async def test_keys_behind_a_key_that_opens_or_closes(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        ui.burst(
            "ctrl+f", "w", "h", "e", "r", "e", "escape", "o", "n", "e", "ctrl+t", "x", "escape", "t", "w", "o"
        )
        await ui.until(lambda: ui.draft == "onetwo", "what was typed after a field and a dialog")
        assert ui.on_chat


async def test_click_beside_the_screen_keeps_the_focus(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        for x, y in ((300, 5), (-1, 2), (4, 400)):
            for kind in (events.MouseDown, events.MouseUp):
                ui.post(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        await ui.press("h", "i")
        assert ui.draft == "hi"
