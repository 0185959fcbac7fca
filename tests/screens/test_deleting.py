"""Deleting while the disk, another process or the server is slower than the fingers."""

import asyncio

from filelock import FileLock

from userdesk.demo.server.host import DemoServer
from userdesk.tui.sidebar.conversation_list import ConversationList


async def two_conversations(desk) -> tuple[str, str]:
    """One with words in it, and behind it the one on the screen; their keys."""
    await desk.say("First")
    await desk.idle()
    first = desk.chat.board.current
    await desk.press("ctrl+n")
    await desk.until(lambda: desk.chat.board.current != first, "a new conversation")
    await desk.say("Second")
    await desk.idle()
    await desk.until(lambda: not len(desk.app.desk.backlog) and len(desk.index) == 2, "both on the disk")
    return first, desk.chat.board.current


async def in_sidebar(desk, *keys: str) -> None:
    await desk.press("tab")
    await desk.until(lambda: isinstance(desk.chat.focused, ConversationList), "the sidebar")
    await desk.press(*keys)


def keys_on_disk(desk) -> set[str]:
    return {saved["key"] for saved in desk.index}


async def test_a_draft_goes_with_its_conversation_and_comes_back_with_it(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        first, second = await two_conversations(desk)
        await desk.type("half a thought")
        await in_sidebar(desk, "d")
        await desk.until(lambda: keys_on_disk(desk) == {first}, "the deletion")
        assert desk.chat.board.current == first
        assert desk.draft == ""
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.chat.board.current == second, "the conversation")
        assert desk.draft == "half a thought"
        assert desk.chat.board.draft(first) == ""


async def test_a_process_that_keeps_the_lock_holds_up_no_key(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first, second = await two_conversations(desk)
        with FileLock(desk.data_dir / ".lock"):
            await in_sidebar(desk, "d")
            await desk.toasts("Deleted “Second”")
            assert desk.chat.board.current == first
            await desk.press("i", "h", "i")
            await desk.until(lambda: desk.draft == "hi", "what is typed meanwhile")
            assert keys_on_disk(desk) == {first, second}
        await desk.until(lambda: keys_on_disk(desk) == {first}, "the deletion")
        assert not len(desk.app.desk.backlog)


async def test_undone_before_the_disk_s_turn_came(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first, second = await two_conversations(desk)
        with FileLock(desk.data_dir / ".lock"):
            await in_sidebar(desk, "d")
            await desk.toasts("Deleted “Second”")
            await desk.press("ctrl+r")
        await desk.until(lambda: desk.chat.board.current == second, "the conversation")
        await desk.logs("Second")
        assert keys_on_disk(desk) == {first, second}
        assert desk.app.store.trash.keys() == []


async def test_an_id_that_comes_for_what_was_deleted_brings_nothing_back(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        first, second = await two_conversations(desk)
        server.hold(None, on="conversation")
        await desk.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        begun = desk.chat.board.current
        await desk.type("half a thought")
        await in_sidebar(desk, "d")
        await desk.until(lambda: desk.chat.board.current != begun, "another conversation")
        server.release()
        creating = [worker for worker in desk.app.workers if worker.name == "create_on_server"]
        await asyncio.gather(*(worker.wait() for worker in creating))
        assert keys_on_disk(desk) == {first, second}
        assert begun not in desk.chat.board.order()
        assert desk.chat.input_bar.prompts[-1] == "half a thought"


async def test_of_what_was_deleted_no_failure_is_told(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await two_conversations(desk)
        server.hold(on="conversation")
        await desk.press("ctrl+n")
        await asyncio.to_thread(server.wait_until_held)
        (creating,) = (each for each in desk.app.workers if each.name == "create_on_server")
        desk.chat.action_delete()
        await asyncio.to_thread(server.stop)
        await creating.wait()
        await desk.pilot.pause()
        assert desk.chat.toast.headline == ""
        assert len(desk.chat.board.order()) == 2
