"""Another theme takes two steps of the event loop, between which keys act and widgets may come."""

import asyncio
from typing import Any

from textual.widgets import Static

from demo_server import DemoServer
from userdesk.tui.terminal.parsed_styles import ParsedStyles


class Late(Static):
    DEFAULT_CSS = "Late { background: $primary; }"


async def test_a_widget_that_comes_between_the_two_steps_is_styled_too(
    server: DemoServer, open_ui, monkeypatch
) -> None:
    parsed, late, acted = list[int](), Late(), list[str]()

    async with open_ui(server.base_url) as ui:

        class Watched(ParsedStyles):
            def parse(self) -> None:
                super().parse()
                parsed.append(len(self.source))
                acted.append("parsed")
                asyncio.get_running_loop().call_soon(acted.append, "key")
                if len(parsed) == 1:
                    ui.app.call_next(ui.app.screen.mount, late)

            def update(self, root: Any, animate: bool = False) -> None:
                acted.append("given")
                super().update(root, animate)

        monkeypatch.setattr("userdesk.tui.app.ParsedStyles", Watched)
        ui.app.theme = "textual-light"
        primary = ui.app.get_css_variables()["primary"].upper()
        await ui.until(lambda: late.styles.background.hex == primary, "the widget's colour in that theme")
    assert acted[-3:] == ["parsed", "key", "given"]
    assert len(parsed) == 2 and parsed[1] > parsed[0], "once more, with what the widget brought"
