"""Screens that have just opened look as if all of their widgets were given their styles once more."""

from collections.abc import Sequence

import pytest
from textual.strip import Strip

from demo_server import DemoServer
from program_driver import ProgramDriver


def looks(ui: ProgramDriver) -> tuple[dict[object, str], Sequence[Strip]]:
    """The styles of each widget, and what is shown of all of them."""
    styles = {node: node.styles.css for node in ui.screen.walk_children(with_self=True)}
    return styles, ui.strips()


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["f1"],
        ["f1", "escape"],
        ["ctrl+p"],
        ["ctrl+t"],
        ["ctrl+t", "escape"],
        ["f9"],
        ["f10"],
        ["tab"],
        ["ctrl+p", *"theme", "enter"],
        ["ctrl+f"],
    ],
)
async def test_nothing_changes_where_all_styles_are_given_again(
    keys: list[str], server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.act(*keys)
        await ui.settled()
        before = looks(ui)
        ui.screen.update_node_styles(animate=False)
        for node in ui.screen.walk_children(with_self=True):
            node.notify_style_update()
        after = looks(ui)
        assert before[0] == after[0]
        assert before[1] == after[1]
