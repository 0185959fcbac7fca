"""Whether everything a command said is on the disk: told once when it is not, and once when it is again."""

from userdesk.chat.wiring import SaveStatus
from userdesk.chat.write_queue import WriteQueue
from userdesk.store import StoreError


def refuse() -> None:
    raise StoreError("no space left")


async def test_nothing_is_told_where_everything_is_saved() -> None:
    told: list[str] = []
    saves = SaveStatus(told.append)
    assert saves.saved
    saves.settle(WriteQueue())
    assert (saves.saved, told) == (True, [])


async def test_the_first_refusal_is_told_and_that_all_is_saved_in_the_end() -> None:
    told: list[str] = []
    saves = SaveStatus(told.append)
    saves.refused("no space left")
    assert not saves.saved
    saves.refused("still none")
    saves.settle(WriteQueue())
    assert saves.saved
    assert told == ["not saved: no space left", "everything is saved now"]


async def test_what_still_waits_at_the_end_is_not_saved() -> None:
    told: list[str] = []
    saves, queue = SaveStatus(told.append), WriteQueue()
    queue.on_trouble = saves.refused
    await queue.write(refuse, "k1")
    saves.settle(queue)
    assert not saves.saved
    assert told == ["not saved: no space left"]


async def test_what_was_lost_without_a_word_is_told_at_the_end() -> None:
    told: list[str] = []
    saves, queue = SaveStatus(told.append), WriteQueue()
    queue.lose("gone for good")
    saves.settle(queue)
    assert not saves.saved
    assert told == ["not saved: gone for good"]


async def test_that_nobody_can_be_told_ends_nothing() -> None:
    def closed(words: str) -> None:
        raise OSError

    saves, queue = SaveStatus(closed), WriteQueue()
    saves.refused("no space left")
    saves.settle(queue)
    assert saves.saved
