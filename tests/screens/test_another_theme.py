"""Another theme takes several steps of the event loop, in which other work is done and widgets may come."""

import asyncio
from typing import Any

from textual.widgets import Static

from demo_server import DemoServer
from userdesk.tui.terminal import parsed_styles
from userdesk.tui.terminal.parsed_styles import ParsedStyles


class Late(Static):
    DEFAULT_CSS = "Late { background: $primary; }"


async def test_a_widget_that_comes_between_the_steps_is_styled_too(
    server: DemoServer, open_ui, monkeypatch
) -> None:
    steps, late = list[str](), Late()
    monkeypatch.setattr(parsed_styles, "SLICE", -1.0)  # each source in a step of its own

    async with open_ui(server.base_url) as ui:

        class Watched(ParsedStyles):
            def parse_some(self) -> bool:
                if not steps:
                    ui.app.screen.mount(late)
                steps.append("parsed")
                asyncio.get_running_loop().call_soon(steps.append, "other work")
                return super().parse_some()

            def update(self, root: Any, animate: bool = False) -> None:
                steps.append("given")
                super().update(root, animate)

        monkeypatch.setattr("userdesk.tui.app.ParsedStyles", Watched)
        sources = len(ui.app.stylesheet.source)
        ui.app.theme = "textual-light"
        primary = ui.app.get_css_variables()["primary"].upper()
        await ui.until(lambda: late.styles.background.hex == primary, "the widget's colour in that theme")
    assert steps[:4] == ["parsed", "other work"] * 2
    again = steps.index("given")
    assert steps[:again].count("parsed") == 2 * sources + 1, "once more, with what the widget brought"
