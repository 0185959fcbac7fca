"""Another theme takes several steps of the event loop, in which other work is done and widgets may come."""

import asyncio
from typing import Any

from textual.widgets import Static

from demo_server import DemoServer
from userdesk.tui.terminal import parsed_styles
from userdesk.tui.terminal.parsed_styles import ParsedStyles


class Late(Static):
    DEFAULT_CSS = "Late { background: $primary; } Late.marked { background: $error; }"


async def test_a_widget_that_changes_between_the_steps_is_as_it_would_be(
    server: DemoServer, open_ui, monkeypatch
) -> None:
    """Widgets are given their styles a few at a time; one that had them already gets a class meanwhile."""
    monkeypatch.setattr(parsed_styles, "SLICE", -1.0)
    others, changed = list[str](), Late()

    async with open_ui(server.base_url) as ui:
        await ui.app.screen.mount(changed)
        ui.app.screen.move_child(changed, before=0)

        class Watched(ParsedStyles):
            def give_some(self, nodes: list[Any]) -> bool:
                asyncio.get_running_loop().call_soon(others.append, "other work")
                if changed not in nodes and not changed.has_class("marked"):
                    changed.add_class("marked")
                return super().give_some(nodes)

        monkeypatch.setattr("userdesk.tui.app.ParsedStyles", Watched)
        ui.app.theme = "textual-light"
        variables = {name: value.upper() for name, value in ui.app.get_css_variables().items()}
        await ui.until(
            lambda: (
                changed.styles.background.hex == variables["error"]
                and ui.app.screen.styles.background.hex == variables["background"]
            ),
            "the colours of that theme",
        )
    assert len(others) > 3


async def test_a_theme_that_another_one_follows_at_once_is_given_to_no_widget(
    server: DemoServer, open_ui, monkeypatch
) -> None:
    monkeypatch.setattr(parsed_styles, "SLICE", -1.0)
    given: list[str] = []

    async with open_ui(server.base_url) as ui:

        class Watched(ParsedStyles):
            def __init__(self, before: Any, variables: dict[str, str]) -> None:
                super().__init__(before, variables)
                self.background = variables["background"]

            def parse_some(self) -> bool:
                ui.app.theme = "nord"
                return super().parse_some()

            def give_some(self, nodes: list[Any]) -> bool:
                given.append(self.background)
                return super().give_some(nodes)

        monkeypatch.setattr("userdesk.tui.app.ParsedStyles", Watched)
        ui.app.theme = "textual-light"
        await ui.until(lambda: bool(given), "a theme")
        background = ui.app.get_css_variables()["background"]
        await ui.until(lambda: ui.app.screen.styles.background.hex == background.upper(), "that theme")
    assert set(given) == {background}


async def test_a_widget_that_is_gone_between_the_steps_does_no_harm(
    server: DemoServer, open_ui, monkeypatch
) -> None:
    monkeypatch.setattr(parsed_styles, "SLICE", -1.0)
    late = [Late() for _ in range(20)]
    left: list[bool] = []

    async with open_ui(server.base_url) as ui:
        await ui.app.screen.mount_all(late)

        class Watched(ParsedStyles):
            def give_some(self, nodes: list[Any]) -> bool:
                if not left:
                    late[-1].remove()
                left.append(late[-1] in nodes and not late[-1].is_attached)
                return super().give_some(nodes)

        monkeypatch.setattr("userdesk.tui.app.ParsedStyles", Watched)
        ui.app.theme = "textual-light"
        background = ui.app.get_css_variables()["background"].upper()
        await ui.until(lambda: ui.app.screen.styles.background.hex == background, "that theme's background")
    assert any(left)


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
