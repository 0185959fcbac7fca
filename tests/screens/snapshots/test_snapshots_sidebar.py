"""The sidebar: groups of days, marks, and what its keys open."""

from shelf import LAST, PASSWORD, SHELF, put_on_disk
from stage import Stage

from program_driver import ProgramDriver

SIZE = (100, 24)
CONFIG = """\
[bots.shop]
name = "Web shop"
chatbot_id = "77"
api_key_env = "SHOP_KEY"
"""


def test_groups_and_cursor(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("tab", "down")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_marks(shelf: Stage, snap_compare) -> None:
    """Of a failed turn, an answer nobody has read, one under way, and a draft."""

    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 500")
        actor.open("spain")
        await actor.begin_answer("And to Portugal?", "Yes, too.", characters=4)
        actor.open("euros")
        actor.server.release()
        await actor.settled()
        await actor.begin_answer("And in dollars?", PASSWORD, characters=20)
        actor.open("address")
        actor.put("I would like")
        await actor.until(lambda: actor.has_draft("address"))
        actor.open("hours")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_filter(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("tab", "slash", *"in")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_rename(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("tab", "down", "r")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_deleted(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("tab", "down", "d")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_hidden(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f2")

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_several_chatbots_and_one_that_is_missing(bare: Stage, snap_compare) -> None:
    (bare.home / "config.toml").write_text(CONFIG)
    bots = {"spain": "shop", "euros": "gone", "hours": "shop"}
    shelf = tuple(type(LAST)(**{**vars(saved), "bot": bots.get(saved.key, "env")}) for saved in SHELF)
    put_on_disk(bare.data_dir, bare.server.store.create, shelf)

    async def scene(actor: ProgramDriver) -> None:
        actor.open("euros")

    assert snap_compare(bare.app(), terminal_size=SIZE, run_before=bare.play(scene))
