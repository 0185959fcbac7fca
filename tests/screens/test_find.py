"""Finding in the conversation on the screen: every place, in the order of the text, round the ends."""

from userdesk.demo.server.host import DemoServer
from userdesk.domain.message import Message, Role, now
from userdesk.tui.widgets.find_bar import FindBar


def counted(desk) -> str:
    """What the find bar counts."""
    return str(desk.chat.query_one(FindBar).query_one("#find-count").content)


def marked(desk) -> str:
    """The text of the match that is shown, with what follows it in its line."""
    match = desk.chat.log_view._match
    return desk.chat.log_view.bubbles[match.bubble].line_text(match.line)[match.start :]


async def with_answer(desk, text: str) -> None:
    feed = desk.chat.board.feed(desk.chat.board.current)
    feed.add(Message(role=Role.ASSISTANT, text=text, at=now()))
    await desk.logs(text.split()[-1])


async def test_each_place_is_counted_and_visited(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_answer(desk, "A lamp, a Lamp one\n\nand a third **la**mp two")
        await with_answer(desk, "no light here but a lamp three")
        await desk.press("ctrl+f", *"lamp")
        await desk.until(lambda: counted(desk) == "4 of 4")
        assert marked(desk) == "lamp three"
        for count, text in (("3 of 4", "lamp two"), ("2 of 4", "Lamp one"), ("1 of 4", "lamp, a Lamp one")):
            await desk.press("enter")
            assert (counted(desk), marked(desk)) == (count, text)
        await desk.press("up")
        assert counted(desk) == "4 of 4"
        await desk.press("down")
        assert counted(desk) == "1 of 4"


async def test_a_phrase_goes_before_its_words(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_answer(desk, "red lamp, lamp red, red")
        await desk.press("ctrl+f", *"red", "space", *"lamp")
        await desk.until(lambda: counted(desk) == "1 of 1")
        assert marked(desk) == "red lamp, lamp red, red"


async def test_words_apart_are_found_where_no_phrase_is(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_answer(desk, "a lamp that is [red](https://example.com) there")
        await desk.press("ctrl+f", *"red", "space", *"lamp")
        await desk.until(lambda: counted(desk) == "2 of 2")


async def test_nothing_found_is_said_and_nothing_typed_is_not(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.press("ctrl+f", *"zq")
        await desk.until(lambda: counted(desk) == "no match")
        await desk.press("enter", "backspace", "backspace")
        await desk.until(lambda: counted(desk) == "")
        await desk.press("escape")
        await desk.until(lambda: not desk.chat.query(FindBar))
        await desk.until(lambda: desk.chat.focused is desk.chat.input_bar)


async def test_letters_that_fold_to_two_do_not_shift_the_mark(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_answer(desk, "Straße und STRASSE x")
        await desk.press("ctrl+f", *"strasse")
        await desk.until(lambda: counted(desk) == "2 of 2")
        assert marked(desk) == "STRASSE x"


async def test_accents_and_joined_emoji_are_found_as_they_are_drawn(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_answer(desk, "the Café, a cafe\u0301, and 👩\u200d👩\u200d👧 end")
        await desk.press("ctrl+f", *"cafe")
        await desk.until(lambda: counted(desk) == "2 of 2")
        desk.chat.query_one("#find-field").value = "👩\u200d👩\u200d👧"
        await desk.until(lambda: counted(desk) == "1 of 1")
