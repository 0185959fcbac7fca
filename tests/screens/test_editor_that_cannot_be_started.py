"""An external editor that cannot be started: plain words, and the draft stays."""

import pytest

from demo_server import DemoServer


@pytest.mark.parametrize("named", ['vim "', "vim '"])
async def test_quotes_without_an_end_are_told(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    async with open_ui(server.base_url) as ui:
        monkeypatch.setenv("EDITOR", named)
        await ui.press(*"draft", "ctrl+g")
        await ui.until(lambda: "EDITOR has unclosed quotes" in ui.news, "the reason")
        assert ui.draft == "draft"
