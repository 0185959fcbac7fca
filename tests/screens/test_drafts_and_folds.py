"""What is being written is never lost: not by earlier prompts, not by a fold's sign, not by another key."""

from textual import events

from userdesk.demo.server.host import DemoServer
from userdesk.tui.dialogs.pick import PickScreen

LONG = "\n".join(f"line {number}" for number in range(60)) + "\n"
SIGN = "[pasted text #1: 60 lines]"


async def with_prompts(desk, *prompts: str) -> None:
    for prompt in prompts:
        await desk.say(prompt)
        await desk.idle()
    await desk.until(lambda: list(desk.chat.input_bar.prompts) == list(prompts), "the prompts")


async def paste(desk, text: str, shown: str) -> None:
    desk.chat.input_bar.post_message(events.Paste(text))
    await desk.until(lambda: shown in desk.draft, "the paste")


async def test_draft_outlives_looking_at_an_earlier_prompt(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_prompts(desk, "sent")
        here = desk.chat.board.current
        await desk.type("an important thought")
        await desk.press("up")
        assert desk.draft == "sent"
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != here)
        desk.chat.open_conversation(here)
        assert desk.draft == "an important thought"
        await desk.until(lambda: desk.app.store.drafts.get(here) == "an important thought", "it on the disk")
        kept = [desk.app.store.drafts.get(key) for key in desk.app.store.drafts.keys()]  # noqa: SIM118
        assert not any(text.strip() == "sent" for text in kept)


async def test_draft_comes_back_once_the_earlier_prompt_is_sent(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_prompts(desk, "sent")
        await desk.type("an important thought")
        await desk.press("up", "enter")
        await desk.idle()
        assert desk.said() == ["sent", "sent"]
        assert desk.draft == "an important thought"


async def test_draft_is_in_the_history_once_an_earlier_prompt_is_changed(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        await with_prompts(desk, "sent")
        await desk.type("an important thought")
        await desk.press("up", "x")
        await desk.until(lambda: "an important thought" in desk.chat.input_bar.prompts)
        assert desk.draft == "xsent"


async def test_draft_is_in_the_history_once_a_prompt_was_searched(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_prompts(desk, "sent")
        await desk.type("an important thought")
        await desk.press("f6")
        await desk.until(lambda: isinstance(desk.app.screen, PickScreen) and desk.app.screen.focused)
        await desk.press("enter")
        await desk.until(lambda: desk.draft == "sent")
        await desk.until(lambda: "an important thought" in desk.chat.input_bar.prompts)


async def test_backspace_takes_a_fold_whole(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.type("before ")
        await paste(desk, LONG, SIGN)
        await desk.press("backspace")
        assert desk.draft == "before "
        await desk.press("ctrl+z")
        assert desk.chat.input_bar.whole_text == f"before {LONG}"


async def test_text_typed_inside_a_fold_stands_behind_it(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await paste(desk, LONG, SIGN)
        await desk.press("left", "left", "x")
        assert desk.chat.input_bar.whole_text == f"{LONG}x"
        await desk.press("left", "left", "delete")
        assert desk.draft == "x"


async def test_folds_come_back_as_they_were_left(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await with_prompts(desk, "one")
        here = desk.chat.board.current
        await paste(desk, LONG, SIGN)
        await desk.type(" and my words")
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != here)
        desk.chat.open_conversation(here)
        assert desk.draft == f"{SIGN} and my words"
        assert desk.chat.input_bar.whole_text == f"{LONG} and my words"


async def test_folded_draft_is_put_away_whole(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await paste(desk, LONG, SIGN)
        await desk.press("ctrl+c")
        await desk.until(lambda: list(desk.chat.input_bar.prompts) == [LONG], "the text in the history")
