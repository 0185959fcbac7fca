"""The same program on narrow and small terminals."""

from stage import Stage

from program_driver import ProgramDriver


async def nothing(actor: ProgramDriver) -> None:
    """What is there by itself."""


def test_drawer_closed(shelf: Stage, snap_compare) -> None:
    assert snap_compare(shelf.app(), terminal_size=(79, 24), run_before=shelf.play(nothing))


def test_drawer_open(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f2")

    assert snap_compare(shelf.app(), terminal_size=(40, 12), run_before=shelf.play(scene))


def test_narrowest_with_a_sidebar(shelf: Stage, snap_compare) -> None:
    assert snap_compare(shelf.app(), terminal_size=(80, 24), run_before=shelf.play(nothing))


def test_too_small(shelf: Stage, snap_compare) -> None:
    assert snap_compare(shelf.app(), terminal_size=(30, 8), run_before=shelf.play(nothing))
