"""Finding in the conversation on the screen: every place, in the order of the text, round the ends."""

import re

from demo_server import DemoServer
from userdesk.domain.message import Message, Role, now
from userdesk.tui.widgets.find_bar import FindBar


def counted(ui) -> str:
    """What the find bar counts."""
    return str(ui.screen.query_one(FindBar).query_one("#find-count").content)


def marked(ui) -> str:
    """The text of the match that is shown, with what follows it in its line; empty while none is."""
    ground = ui.colour("warning")
    for strip in ui.log_strips:
        segments = list(strip)
        for at, segment in enumerate(segments):
            if segment.style and segment.style.bgcolor == ground:
                rest = "".join(each.text for each in segments[at:-1])
                return re.sub(r"\s+(\d\d:\d\d\s*)?$", "", rest)  # the message's time stands at the right
    return ""


async def with_answer(ui, text: str) -> None:
    view = ui.view(ui.current)
    view.add(Message(role=Role.ASSISTANT, text=text, at=now()))
    await ui.logs(text.split()[-1])


async def test_each_place_is_counted_and_visited(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_answer(ui, "A lamp, a Lamp one\n\nand a third **la**mp two")
        await with_answer(ui, "no light here but a lamp three")
        await ui.press("ctrl+f", *"lamp")
        await ui.until(lambda: counted(ui) == "4 of 4" and marked(ui) == "lamp three")
        for count, text in (("1 of 4", "lamp, a Lamp one"), ("2 of 4", "Lamp one"), ("3 of 4", "lamp two")):
            await ui.press("enter")
            assert (counted(ui), marked(ui)) == (count, text)
        await ui.press("up")
        assert counted(ui) == "2 of 4"
        await ui.press("down")
        assert counted(ui) == "3 of 4"
        ui.log_view.focus()
        await ui.press("n")
        assert counted(ui) == "4 of 4"
        await ui.press("N", "N")
        assert counted(ui) == "2 of 4"
        await ui.press("escape")
        await ui.until(lambda: not ui.screen.query(FindBar))
        ui.log_view.focus()
        await ui.press("n")
        assert ui.draft == "" and ui.on_chat, "n means nothing without the bar"


async def test_a_phrase_goes_before_its_words(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_answer(ui, "red lamp, lamp red, red")
        await ui.press("ctrl+f", *"red", "space", *"lamp")
        await ui.until(lambda: counted(ui) == "1 of 1" and marked(ui) == "red lamp, lamp red, red")


async def test_words_apart_are_found_where_no_phrase_is(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_answer(ui, "a lamp that is [red](https://example.com) there")
        await ui.press("ctrl+f", *"red", "space", *"lamp")
        await ui.until(lambda: counted(ui) == "2 of 2")


async def test_nothing_found_is_said_and_nothing_typed_is_not(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("ctrl+f", *"zq")
        await ui.until(lambda: counted(ui) == "no matches")
        await ui.press("enter", "backspace", "backspace")
        await ui.until(lambda: counted(ui) == "")
        await ui.press("escape")
        await ui.until(lambda: not ui.screen.query(FindBar))
        await ui.until(lambda: ui.focused is ui.input_bar)


async def test_letters_that_fold_to_two_do_not_shift_the_mark(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_answer(ui, "Straße und STRASSE x")
        await ui.press("ctrl+f", *"strasse")
        await ui.until(lambda: counted(ui) == "2 of 2" and marked(ui) == "STRASSE x")


async def test_accents_and_joined_emoji_are_found_as_they_are_drawn(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_answer(ui, "the Café, a cafe\u0301, and 👩\u200d👩\u200d👧 end")
        await ui.press("ctrl+f", *"cafe")
        await ui.until(lambda: counted(ui) == "2 of 2")
        ui.screen.query_one("#find-field").value = "👩\u200d👩\u200d👧"
        await ui.until(lambda: counted(ui) == "1 of 1")
