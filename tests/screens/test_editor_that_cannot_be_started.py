"""An external editor that cannot be started: plain words, and the draft stays."""

import pytest

from userdesk.demo.server.host import DemoServer


@pytest.mark.parametrize("named", ['vim "', "vim '"])
async def test_quotes_without_an_end_are_told(
    server: DemoServer, open_desk, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    async with open_desk(server.base_url) as desk:
        monkeypatch.setenv("EDITOR", named)
        await desk.press(*"draft", "ctrl+g")
        await desk.until(lambda: "EDITOR has quotes or a backslash without an end" in desk.news, "the reason")
        assert desk.chat.input_bar.text == "draft"
