"""Deleting while the disk, another process or the server is slower than the fingers."""

import asyncio

from filelock import FileLock

from demo_server import DemoServer
from userdesk.tui.sidebar.conversation_list import ConversationList


async def two_conversations(ui) -> tuple[str, str]:
    """One with words in it, and behind it the one on the screen; their keys."""
    await ui.say("First")
    await ui.idle()
    first = ui.current
    await ui.press("ctrl+n")
    await ui.until(lambda: ui.current != first, "a new conversation")
    await ui.say("Second")
    await ui.idle()
    await ui.until(lambda: not ui.unsaved and len(ui.index) == 2, "both on the disk")
    return first, ui.current


async def in_sidebar(ui, *keys: str) -> None:
    await ui.press("tab")
    await ui.until(lambda: isinstance(ui.focused, ConversationList), "the sidebar")
    await ui.press(*keys)


def keys_on_disk(ui) -> set[str]:
    return {saved["key"] for saved in ui.index}


async def test_a_draft_goes_with_its_conversation_and_comes_back_with_it(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first, second = await two_conversations(ui)
        await ui.type("half a thought")
        await in_sidebar(ui, "d")
        await ui.until(lambda: keys_on_disk(ui) == {first}, "the deletion")
        assert ui.current == first
        assert ui.draft == ""
        await ui.press("ctrl+r")
        await ui.until(lambda: ui.current == second, "the conversation")
        assert ui.draft == "half a thought"
        assert ui.draft_of(first) == ""


async def test_a_process_that_keeps_the_lock_holds_up_no_key(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first, second = await two_conversations(ui)
        with FileLock(ui.data_dir / ".lock"):
            await in_sidebar(ui, "d")
            await ui.toasts("Deleted “Second”")
            assert ui.current == first
            await ui.press("i", "h", "i")
            await ui.until(lambda: ui.draft == "hi", "what is typed meanwhile")
            assert keys_on_disk(ui) == {first, second}
        await ui.until(lambda: keys_on_disk(ui) == {first}, "the deletion")
        assert not ui.unsaved


async def test_undone_before_the_disk_s_turn_came(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first, second = await two_conversations(ui)
        with FileLock(ui.data_dir / ".lock"):
            await in_sidebar(ui, "d")
            await ui.toasts("Deleted “Second”")
            await ui.press("ctrl+r")
        await ui.until(lambda: ui.current == second, "the conversation")
        await ui.logs("Second")
        assert keys_on_disk(ui) == {first, second}
        assert ui.store.trash.keys() == []


async def test_an_id_that_comes_for_what_was_deleted_brings_nothing_back(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first, second = await two_conversations(ui)
        server.hold(None, on="conversation")
        await ui.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        begun = ui.current
        await ui.type("half a thought")
        await in_sidebar(ui, "d")
        await ui.until(lambda: ui.current != begun, "another conversation")
        server.release()
        await ui.created()
        assert keys_on_disk(ui) == {first, second}
        assert begun not in ui.order()
        assert ui.prompts[-1] == "half a thought"


async def test_of_what_was_deleted_no_failure_is_told(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await two_conversations(ui)
        server.hold(on="conversation")
        await ui.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        assert ui.is_creating
        await ui.command("delete")
        await asyncio.to_thread(server.stop)
        await ui.created()
        await ui.pilot.pause()
        assert ui.toast == ""
        assert len(ui.order()) == 2
