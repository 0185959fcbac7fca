"""While conversations are read the screen draws what is typed, and no key gets lost."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.strip import Strip

from saved_conversations import save, save_titles
from settling import key_event, until
from step_walk import walking
from userdesk.domain.chatbot import Chatbot
from userdesk.settings import Settings
from userdesk.store import Store, newest
from userdesk.tui import start
from userdesk.tui.app import UserdeskApp
from userdesk.tui.input.input_bar import InputBar

SETTLED = 5.0  # s; only a wrong program reaches it
LONGEST = 0.080  # s


@pytest.fixture
def may_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Nothing is read from the data folder before this is set."""
    event, read = threading.Event(), Store.open
    monkeypatch.setattr(Store, "open", lambda store, **more: (event.wait(SETTLED), read(store, **more))[1])
    yield event
    event.set()


@asynccontextmanager
async def starting(data_dir: Path) -> AsyncIterator[tuple[UserdeskApp, Callable[..., None]]]:
    bot = Chatbot("env", "Bench", "1", "http://127.0.0.1:9")
    settings = Settings(
        config_file=data_dir / "config.toml", data_dir=data_dir, chatbots={"env": bot}, start_bot="env"
    )
    app = UserdeskApp(settings)
    async with app.run_test(size=(100, 30)):

        def type_(*keys: str) -> None:
            for key in keys:
                app.post_message(key_event(key))

        yield app, type_


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines of the input bar that were drawn so far."""
    lines, draw = list[str](), InputBar.render_line

    def render_line(bar: InputBar, y: int) -> Strip:
        line = draw(bar, y)
        lines.append(line.text)
        return line

    monkeypatch.setattr(InputBar, "render_line", render_line)
    return lines


async def test_what_is_typed_meanwhile_is_drawn_and_commands_wait(
    data_dir: Path, may_read: threading.Event, drawn: list[str]
) -> None:
    save(data_dir, [("user", "the older one"), ("assistant", "yes")], key="older")
    save(data_dir, [("user", "the newest one"), ("assistant", "yes")], key="newest")
    async with starting(data_dir) as (app, type_):
        for end in range(1, 6):
            type_("hello"[end - 1])
            await until(lambda: "hello"[:end] in "".join(drawn[-4:]), lambda: f"hello in {drawn[-4:]}")  # noqa: B023
        type_("ctrl+n", *"new")
        chat: Any = app.chat
        await until(lambda: app.is_acting, lambda: "a key that waits")
        assert not chat.state.current and chat.widgets.input_bar.text == "hello"
        may_read.set()
        await until(lambda: chat.widgets.input_bar.text == "new", lambda: chat.widgets.input_bar.text)
        assert chat.state.current not in ("newest", "older", "")
        assert chat.does.chat.drafts.get("newest") == "hello"


async def test_the_newest_of_many_is_shown_before_they_are_read(
    data_dir: Path, may_read: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "LONG", 0)
    save(data_dir, [("user", "the older one"), ("assistant", "yes")], key="older")
    save(data_dir, [("user", "the newest one"), ("assistant", "yes")], key="newest")
    async with starting(data_dir) as (app, _):
        chat: Any = app.chat
        log = chat.widgets.log
        await until(lambda: log.view, lambda: "a glance")
        assert log.view.entry(0).text == "the newest one" and log.chosen() is None
        assert not chat.state.current and not len(app.store.entries)
        may_read.set()
        await until(lambda: chat.state.current == "newest" and log.chosen(), lambda: "all of it")
        assert len(log.view) == 2


async def test_first_moment_over_an_empty_folder_is_the_keys(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[str]
) -> None:
    monkeypatch.setattr(start, "KEYS_FIRST", 3_600.0)
    opened = list[Store]()
    monkeypatch.setattr(Store, "open", lambda store, **_: opened.append(store))
    async with starting(data_dir) as (app, type_):
        type_(*"hello")
        await until(lambda: "hello" in "".join(drawn[-4:]), lambda: f"hello in {drawn[-4:]}")
        assert not opened and app.is_running


async def test_no_moment_passes_before_a_conversation_is_shown(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "KEYS_FIRST", 3_600.0)
    save(data_dir, [("user", "one"), ("assistant", "yes")], key="one")
    async with starting(data_dir) as (app, _):
        chat: Any = app.chat
        await until(lambda: chat.state.current == "one", lambda: "the conversation")


async def test_one_can_leave_before_anything_is_read(data_dir: Path, may_read: threading.Event) -> None:
    save(data_dir, [("user", "one"), ("assistant", "yes")])
    async with starting(data_dir) as (app, type_):
        type_("f8", *"late")
        await until(lambda: app.is_acting, lambda: "a key that waits")
        type_("ctrl+q")
        await until(lambda: not app.is_running, lambda: "the end")


async def test_no_step_of_a_start_looks_at_all_conversations(data_dir: Path) -> None:
    """A generous bound; putting all of them in order at once takes longer, and making them all far longer."""
    save_titles(data_dir, (f"About lamps, {number}" for number in range(20_000)))
    async with walking(data_dir) as (walk, _):
        assert walk.chat.state.current == "k0" and len(walk.chat.widgets.sidebar.list.keys()) == 20_000
        step = walk.longest["start"]
    assert step.seconds < LONGEST, step
