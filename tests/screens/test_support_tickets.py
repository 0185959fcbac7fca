"""For support tickets: the chosen turn's request as curl, without the key, and the stream log."""

import base64
import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from demo_server import DemoServer

NASTY = 'it\'s $HOME `id` $(id) "x" !! \\ é 😀 \u200bzero'


def copied(written: list[str]) -> str:
    """What OSC 52 carries."""
    return base64.b64decode(written[-1].split(";")[2].rstrip("\x07")).decode()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
async def test_copied_command_sends_the_same_request(server: DemoServer, open_ui, monkeypatch) -> None:
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    async with open_ui(server.base_url, key="demo-key") as ui:
        written = ui.record_copies()
        await ui.say(NASTY.replace("\u200b", ""))
        await ui.idle()
        sent = server.requests[-1]
        ui.log_view.focus()
        await ui.press("u")
        await ui.sees("Copied the curl command (key: $USERDESK_API_KEY) to the terminal's clipboard")
        command = copied(written)
        assert "demo-key" not in command and '"Authorization: Bearer $USERDESK_API_KEY"' in command
        environment = {"PATH": os.environ["PATH"], "USERDESK_API_KEY": "demo-key"}
        done = subprocess.run(
            ["sh", "-c", command], env=environment, capture_output=True, timeout=20, check=True
        )
        again = server.requests[-1]
        assert again is not sent and (again.path, again.json) == (sent.path, sent.json)
        assert again.headers["authorization"] == "Bearer demo-key"
        assert done.stdout


async def test_turn_above_a_divider_has_its_own_id(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("What are the keys?")
        await ui.idle()
        first = ui.index[0]["id"]
        server.forget_conversations()
        await ui.say("How do I quit?")
        await ui.toasts("The conversationId is not valid")
        server.answer_next("F1 lists them.")
        await ui.press("ctrl+r")
        await ui.logs("continued in a new conversation")
        await ui.idle()
        written = ui.record_copies()
        ui.log_view.focus()
        await ui.press("u")
        await ui.until(lambda: len(written) == 1, "the last turn's request")
        assert first not in copied(written) and ui.index[0]["id"] in copied(written)
        await ui.press("g", "k", "j")
        ui.log_view.cursor = 1
        await ui.press("u")
        await ui.until(lambda: len(written) == 2, "the first turn's request")
        body = json.loads(shlex.split(copied(written))[-1])
        assert body == {"message": "What are the keys?", "stream": True, "conversationId": first}


async def test_welcome_has_no_request_of_ours(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.command("copy_curl")
        await ui.sees("There is no message to copy a request for")


async def test_stream_log_of_the_full_screen_program(server: DemoServer, open_ui, tmp_path: Path) -> None:
    log = tmp_path / "stream.jsonl"
    async with open_ui(server.base_url, stream_log=log) as ui:
        await ui.say("How do I quit?")
        await ui.idle()
        await ui.logs("Ctrl+Q")
    events = [json.loads(line)["event"] for line in log.read_text("ascii").splitlines()]
    assert (events[0], events[-1]) == ("request", "end") and "chunk" in events
    assert "Ctrl" not in log.read_text("ascii")
