"""A saved conversation shown again: at its recorded pace, marked REPLAY, without a request."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w

from userdesk.demo.server.host import DemoServer
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


async def begin(desk) -> None:
    """From the log, by its key."""
    await desk.logs("And now?")
    desk.chat.log_view.focus()
    await desk.press("p")
    await desk.until(lambda: isinstance(desk.app.screen, ReplayScreen), "the replay")
    await desk.sees("Welcome back.")


async def test_steps_go_through_the_recorded_pieces_and_send_nothing(
    server: DemoServer, open_desk, recorded: None
) -> None:
    async with open_desk(server.base_url, greeted=False) as desk:
        before, disk = len(server.requests), (desk.data_dir / "transcripts" / "k1.jsonl").read_bytes()
        await begin(desk)
        assert desk.lines[0].split() == ["REPLAY", "Acme", "support", "A", "[b]talk[/b]"]
        await desk.press("space")
        await desk.sees("REPLAY · paused · nothing is sent", "Space pause")
        assert "Tell me" not in desk.text
        await desk.press("right")
        await desk.sees("Tell me")
        assert "First." not in desk.text
        await desk.press("right")
        await desk.sees("First.")
        assert "Second." not in desk.text
        await desk.press("right")
        await desk.sees("First. Second.")
        await desk.press(*"ignored", "enter", "ctrl+n", "ctrl+r", "f8")
        assert isinstance(desk.app.screen, ReplayScreen) and "ignored" not in desk.text
        await desk.press("right")
        await desk.sees("First. Second. [red]Third[/]\N{REPLACEMENT CHARACTER}[2J.")
        await desk.press("right")
        await desk.sees("And now?", "✗ failed", "REPLAY · this was all")
        assert "Ctrl+R" not in desk.text
        await desk.press("escape")
        await desk.sees("Message Acme support…", "Ctrl+R retry")
        assert len(server.requests) == before
        assert (desk.data_dir / "transcripts" / "k1.jsonl").read_bytes() == disk


@pytest.mark.parametrize(
    ("up", "there", "next_one"),
    [
        (2, ["Welcome back.", "Tell me", "First. Second."], "And now?"),  # a message of the user's
        (3, ["Welcome back.", "Tell me"], "First."),  # an answer streams once more
    ],
)
async def test_it_begins_at_the_chosen_message(
    server: DemoServer, open_desk, recorded: None, up: int, there: list[str], next_one: str
) -> None:
    """What stands before it is there from the beginning."""
    async with open_desk(server.base_url, greeted=False) as desk:
        await desk.logs("And now?")
        desk.chat.log_view.focus()
        await desk.press(*["up"] * up)
        assert desk.chat.log_view.chosen_index == 5 - up
        await desk.press("p")
        await desk.until(lambda: isinstance(desk.app.screen, ReplayScreen), "the replay")
        if next_one == "And now?":
            await desk.sees(*there, next_one, "this was all")
            return
        await desk.press("space")
        await desk.sees(*there, "paused")
        assert next_one not in desk.text
        await desk.press("right")
        await desk.sees(*there, next_one)
        assert "Second." not in desk.text


async def test_it_begins_before_what_is_not_recorded_yet(server: DemoServer, open_desk) -> None:
    """An answer that is still arriving is left out, chosen or not."""
    async with open_desk(server.base_url) as desk:
        server.answer_next("Recorded.")
        await desk.say("First")
        await desk.logs("Recorded.")
        server.hold(after=1)
        server.answer_next([b"Half", b" of it"])
        await desk.say("Second")
        await desk.sees("Half")
        desk.chat.log_view.focus()
        await desk.press("up", "p")
        await desk.until(lambda: isinstance(desk.app.screen, ReplayScreen), "the replay")
        await desk.sees("Recorded.", "Second", "this was all")
        assert "Half" not in desk.text
        assert desk.app.screen.log_view.feed.live is None
        server.release()


async def test_faster_slower_and_what_stage_leaves_out(server: DemoServer, open_desk, recorded: None) -> None:
    async with open_desk(server.base_url, greeted=False) as desk:
        await desk.press("f10")
        await begin(desk)
        assert desk.lines[0].split() == ["REPLAY", "Acme", "support"]
        assert "Space" not in desk.text
        for key, words in (
            ("plus", "REPLAY · 2 × as fast"),
            ("minus", "REPLAY · nothing"),
            ("minus", "0.5 ×"),
        ):
            await desk.press(key)
            await desk.sees(words)
        await desk.press("plus", "plus", "plus", "plus", "plus", "plus")
        await desk.sees("16 × as fast", "Tell me")
        await desk.press("escape")
        await desk.sees("Message Acme support…")


async def test_paused_replay_stands_still(server: DemoServer, open_desk, recorded: None) -> None:
    async with open_desk(server.base_url, greeted=False) as desk:
        await begin(desk)
        await desk.press("space", "right", "right")
        await desk.sees("First.", "chars")
        live = desk.app.screen.log_view.feed.live
        before = live.elapsed
        await desk.press("right")
        await desk.sees("Second.")
        assert live.elapsed - before == pytest.approx(MINUTE / 1000)


async def test_replay_goes_on_stage_and_off_it(server: DemoServer, open_desk, recorded: None) -> None:
    async with open_desk(server.base_url, greeted=False) as desk:
        await begin(desk)
        await desk.press("f10")
        await desk.until(lambda: desk.lines[0].split() == ["REPLAY", "Acme", "support"], "no title")
        assert "Space pause" not in desk.text
        assert desk.chat.on_stage
        await desk.press("f10")
        await desk.sees("[b]talk[/b]", "Space pause")
        assert not desk.chat.on_stage
