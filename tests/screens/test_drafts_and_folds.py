"""What is being written is never lost: not by earlier prompts, not by a fold's sign, not by another key."""

from textual import events

from demo_server import DemoServer
from userdesk.tui.dialogs.searched_list import PickScreen

LONG = "\n".join(f"line {number}" for number in range(60)) + "\n"
SIGN = "[pasted text #1: 60 lines]"


async def with_prompts(ui, *prompts: str) -> None:
    for prompt in prompts:
        await ui.say(prompt)
        await ui.idle()
    await ui.until(lambda: ui.prompts == list(prompts), "the prompts")


async def paste(ui, text: str, shown: str) -> None:
    ui.input_bar.post_message(events.Paste(text))
    await ui.until(lambda: shown in ui.draft, "the paste")


async def test_draft_outlives_looking_at_an_earlier_prompt(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_prompts(ui, "sent")
        here = ui.current
        await ui.type("an important thought")
        await ui.press("up")
        assert ui.draft == "sent"
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != here)
        ui.open(here)
        assert ui.draft == "an important thought"
        await ui.until(lambda: ui.store.drafts.get(here) == "an important thought", "it on the disk")
        kept = [ui.store.drafts.get(key) for key in ui.store.drafts.keys()]  # noqa: SIM118
        assert not any(text.strip() == "sent" for text in kept)


async def test_draft_comes_back_once_the_earlier_prompt_is_sent(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_prompts(ui, "sent")
        await ui.type("an important thought")
        await ui.press("up", "enter")
        await ui.until(lambda: ui.said() == ["sent", "sent"], "both in the transcript")
        await ui.idle()
        await ui.until(lambda: ui.draft == "an important thought", "the draft")


async def test_draft_is_in_the_history_once_an_earlier_prompt_is_changed(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_prompts(ui, "sent")
        await ui.type("an important thought")
        await ui.press("up", "x")
        await ui.until(lambda: "an important thought" in ui.prompts)
        assert ui.draft == "xsent"


async def test_draft_is_in_the_history_once_a_prompt_was_searched(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_prompts(ui, "sent")
        await ui.type("an important thought")
        await ui.press("f6")
        await ui.opens(PickScreen)
        await ui.press("enter")
        await ui.until(lambda: ui.draft == "sent")
        await ui.until(lambda: "an important thought" in ui.prompts)


async def test_backspace_takes_a_fold_whole(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.type("before ")
        await paste(ui, LONG, SIGN)
        await ui.press("backspace")
        assert ui.draft == "before "
        await ui.press("ctrl+z")
        assert ui.whole_draft == f"before {LONG}"


async def test_text_typed_inside_a_fold_stands_behind_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await paste(ui, LONG, SIGN)
        await ui.press("left", "left", "x")
        assert ui.whole_draft == f"{LONG}x"
        await ui.press("left", "left", "delete")
        assert ui.draft == "x"


async def test_folds_come_back_as_they_were_left(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await with_prompts(ui, "one")
        here = ui.current
        await paste(ui, LONG, SIGN)
        await ui.type(" and my words")
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != here)
        ui.open(here)
        assert ui.draft == f"{SIGN} and my words"
        assert ui.whole_draft == f"{LONG} and my words"


async def test_folded_draft_is_put_away_whole(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await paste(ui, LONG, SIGN)
        await ui.press("ctrl+c")
        await ui.until(lambda: ui.prompts == [LONG], "the text in the history")
