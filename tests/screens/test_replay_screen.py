"""A saved conversation shown again: at its recorded pace, marked REPLAY, without a request."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w

from demo_server import DemoServer
from userdesk.tui.replay import screen as replay
from userdesk.tui.replay.screen import ReplayScreen

AT = datetime(2025, 5, 1, tzinfo=UTC)
MINUTE = 60_000  # ms; nobody waits for this in a test
ANSWER = "First. Second. [red]Third[/]\x1b[2J."


@pytest.fixture
def recorded(tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation whose answer came in three pieces, a minute apart."""
    monkeypatch.setattr(replay, "BETWEEN", 30.0)  # s; time enough to press a key before a message
    lines = [
        {"role": "assistant", "text": "Welcome back.", "welcome": True},
        {"role": "user", "text": "Tell me"},
        {
            "role": "assistant",
            "text": ANSWER,
            "chunks": [[MINUTE, 6], [2 * MINUTE, 8], [3 * MINUTE, len(ANSWER) - 14]],
        },
        {"role": "user", "text": "And now?"},
        {
            "role": "assistant",
            "text": "",
            "status": "failed",
            "failure": {"kind": "server_error", "status": 500},
        },
    ]
    folder = tmp_path / "data" / "transcripts"
    folder.mkdir(parents=True)
    text = "".join(json.dumps({**line, "at": AT.isoformat()}) + "\n" for line in lines)
    (folder / "k1.jsonl").write_text(text, "utf-8")
    entry = {"key": "k1", "id": "c-1", "bot": "env", "chatbot_id": "demo", "title": "A [b]talk[/b]"}
    entry |= {"base_url": server.base_url, "created": AT}
    document = tomli_w.dumps({"version": 1, "conversation": [entry]})
    (tmp_path / "data" / "conversations.toml").write_text(document, "utf-8")


async def begin(ui) -> None:
    """From the log, by its key."""
    await ui.logs("And now?")
    ui.log_view.focus()
    await ui.press("p")
    await ui.opens(ReplayScreen)
    await ui.sees("Welcome back.")


async def test_steps_go_through_the_recorded_pieces_and_send_nothing(
    server: DemoServer, open_ui, recorded: None
) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        before, disk = len(server.requests), (ui.data_dir / "transcripts" / "k1.jsonl").read_bytes()
        await begin(ui)
        assert ui.title.split() == ["REPLAY", "Acme", "support", "A", "[b]talk[/b]"]
        await ui.press("space")
        await ui.sees("REPLAY · paused · nothing is sent", "Space pause")
        assert "Tell me" not in ui.text
        await ui.press("right")
        await ui.sees("Tell me")
        assert "First." not in ui.text
        await ui.press("right")
        await ui.sees("First.")
        assert "Second." not in ui.text
        await ui.press("right")
        await ui.sees("First. Second.")
        await ui.press(*"ignored", "enter", "ctrl+n", "ctrl+r", "f8")
        assert isinstance(ui.screen, ReplayScreen) and "ignored" not in ui.text
        await ui.press("right")
        await ui.sees("First. Second. [red]Third[/]\N{REPLACEMENT CHARACTER}[2J.")
        await ui.press("right")
        await ui.sees("And now?", "✗ failed", "REPLAY · the end")
        assert "pause" not in ui.lines[-1] and "Esc end" in ui.lines[-1]
        assert "Ctrl+R" not in ui.text
        await ui.press("escape")
        await ui.sees("Message Acme support…", "Ctrl+R retry")
        assert len(server.requests) == before
        assert (ui.data_dir / "transcripts" / "k1.jsonl").read_bytes() == disk


@pytest.mark.parametrize(
    ("up", "there", "next_one"),
    [
        (2, ["Welcome back.", "Tell me", "First. Second."], "And now?"),  # a message of the user's
        (3, ["Welcome back.", "Tell me"], "First."),  # an answer streams once more
    ],
)
async def test_it_begins_at_the_chosen_message(
    server: DemoServer, open_ui, recorded: None, up: int, there: list[str], next_one: str
) -> None:
    """What stands before it is there from the beginning."""
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.logs("And now?")
        ui.log_view.focus()
        await ui.press(*["up"] * up)
        assert ui.log_view.cursor == 5 - up
        await ui.press("p")
        await ui.opens(ReplayScreen)
        if next_one == "And now?":
            await ui.sees(*there, next_one, "the end")
            return
        await ui.press("space")
        await ui.sees(*there, "paused")
        assert next_one not in ui.text
        await ui.press("right")
        await ui.sees(*there, next_one)
        assert "Second." not in ui.text


async def test_it_begins_before_what_is_not_recorded_yet(server: DemoServer, open_ui) -> None:
    """An answer that is still arriving is left out, chosen or not."""
    async with open_ui(server.base_url) as ui:
        server.answer_next("Recorded.")
        await ui.say("First")
        await ui.logs("Recorded.")
        server.hold(after=1)
        server.answer_next([b"Half", b" of it"])
        await ui.say("Second")
        await ui.sees("Half")
        ui.log_view.focus()
        await ui.press("up", "p")
        await ui.opens(ReplayScreen)
        await ui.sees("Recorded.", "Second", "the end")
        assert "Half" not in ui.text
        assert ui.screen.log_view.view.live is None
        server.release()


async def test_faster_slower_and_what_stage_leaves_out(server: DemoServer, open_ui, recorded: None) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.press("f10")
        await begin(ui)
        assert ui.title.split() == ["REPLAY", "Acme", "support"]
        assert "Space" not in ui.text
        for key, words in (
            ("plus", "REPLAY · 2× speed"),
            ("minus", "REPLAY · nothing"),
            ("minus", "0.5× speed"),
        ):
            await ui.press(key)
            await ui.sees(words)
        await ui.press("plus", "plus", "plus", "plus", "plus", "plus")
        await ui.sees("16× speed", "Tell me")
        await ui.press("escape")
        await ui.sees("Message Acme support…")


async def test_paused_replay_stands_still(server: DemoServer, open_ui, recorded: None) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await begin(ui)
        await ui.press("space", "right", "right")
        await ui.sees("First.", "chars")
        live = ui.screen.log_view.view.live
        before = live.elapsed
        await ui.press("right")
        await ui.sees("Second.")
        assert live.elapsed - before == pytest.approx(MINUTE / 1000)


async def test_replay_goes_on_stage_and_off_it(server: DemoServer, open_ui, recorded: None) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        await begin(ui)
        await ui.press("f10")
        await ui.until(lambda: ui.title.split() == ["REPLAY", "Acme", "support"], "no title")
        assert "Space pause" not in ui.text
        assert ui.presents
        await ui.press("f10")
        await ui.sees("[b]talk[/b]", "Space pause")
        assert not ui.presents
