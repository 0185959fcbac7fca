"""Every key that the chat screen and its dialogs have a binding for, and the mouse everywhere: nothing ends.

The bindings are the widgets' own: what the framework adds in another release is pressed here too. Edits are
tried in tests/unit/tui/test_every_edit.py.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.screen import Screen
from textual.widgets import OptionList

from demo_server import DemoServer
from every_key import actions_of, keys_of
from program_driver import ProgramDriver
from settling import acted
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.run import QuestionSetRun
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.dialogs.asking import AskLineScreen, ChoiceScreen, ConfirmScreen
from userdesk.tui.dialogs.report import ReportScreen
from userdesk.tui.dialogs.searched_list import PickScreen
from userdesk.tui.dialogs.themes import ThemesScreen
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import NOTHING_LISTED
from userdesk.tui.switcher.result_list import ResultList

SMALL = (80, 14)
LINES = "one line\n\n\tthree  words here\n" + "wrapped " * 40 + "\nlast"


async def settle(ui: ProgramDriver, *what: object) -> None:
    """Wait until the program has acted upon every key."""
    await ui.press()
    assert ui.crash is None, (what, ui.crash)


async def settle_all(ui: ProgramDriver, *what: object) -> None:
    """Wait until no key waits for its turn, and the mouse's events came to a screen and to a widget."""
    await acted(ui.app)
    for _ in range(2):
        await settle(ui, *what)


async def strike(ui: ProgramDriver, key: str, *where: object) -> None:
    """One key, without waiting for what it starts."""
    ui.post(events.Key(key, " " if key == "space" else key if len(key) == 1 else None))
    await settle(ui, key, *where)


async def test_keys_of_the_chat_in_each_place(
    server: DemoServer, open_ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.chdir(tmp_path)  # one exports the conversation
    async with open_ui(server.base_url, size=SMALL, greeted=False) as ui:
        await ui.say("/markdown")
        await ui.idle()
        key, log, listed = ui.current, ui.log_view, ui.conversation_list
        for chosen in (None, 1):
            for pressed in keys_of(MessageLog):
                await ui.close_all(log)
                ui.open(key)
                log.cursor = chosen
                await strike(ui, pressed, "message", chosen)
        for widget in (ui.input_bar, log, listed):
            for pressed in dict.fromkeys([*keys_of(type(widget)), *keys_of(ChatScreen)]):
                await ui.close_all(widget)
                await strike(ui, pressed, widget)
        for widget in (log, listed):
            for pressed in keys_of(type(widget)):
                await ui.close_all(widget)
                log.show(ConversationView([]))
                listed.show(NOTHING_LISTED)
                await strike(ui, pressed, widget, "empty")


def dialogs(ui: ProgramDriver, matcher: PatternMatcher) -> Iterator[Callable[[], Screen[Any]]]:
    """Every dialog there is."""
    lines = [f"line {number}" for number in range(12)]
    walk = QuestionSetRun(read_questions(find_questions(Path("newcomer")), matcher), "Acme")
    yield lambda: AskLineScreen("Title", "Words")
    yield ui.new_chatbots
    yield lambda: ChoiceScreen("Which?", lines)
    yield lambda: ConfirmScreen("Really?", "Yes")
    yield ui.new_help
    yield ui.new_palette
    yield lambda: PickScreen("Lines", lines)
    yield lambda: PickScreen("Lines", [])
    yield lambda: ReportScreen(walk.report(), ui.clipboard)
    yield ui.new_switcher
    yield ThemesScreen


def keys_in(screen: Screen[Any]) -> list[str]:
    """The keys of a dialog and of a list in it."""
    return keys_of(type(screen), *([OptionList] if screen.query(OptionList) else []))


async def press_all(ui: ProgramDriver, make: Callable[[], Screen[Any]]) -> None:
    """Each key of a dialog that is open."""
    await ui.push(screen := make())
    for key in keys_in(screen):
        if ui.on_chat:
            await ui.push(make())
        await strike(ui, key, make)
    await settle_all(ui, make)
    await ui.close_all(ui.input_bar)


def own_actions(screen: Screen[Any]) -> list[str]:
    """What the keys of a dialog do by its own code, each once, whichever way and how far."""
    own = [action for action in actions_of(type(screen)) if not action.startswith(("app.", "screen."))]
    return list({action.partition("(")[0]: action for action in own}.values())


async def act_uncomposed(ui: ProgramDriver, make: Callable[[], Screen[Any]]) -> None:
    """What its keys do, between its mount and its compose."""
    for action in own_actions(make()):
        ui.push(screen := make())
        await ui.run_action(action, screen)
        await settle(ui, action, screen)
        await ui.close_all(ui.input_bar)


async def act_while_closing(ui: ProgramDriver, make: Callable[[], Screen[Any]]) -> None:
    """What its keys do while it closes; told to close again, it closes no other."""
    below, screen = ConfirmScreen("Really?", "Yes"), make()
    await ui.push(below)
    await ui.push(screen)
    for action in own_actions(screen):
        screen.dismiss(None)
        await ui.run_action(action, screen)
    await settle(ui, "closing", screen)
    assert ui.screen is below, screen
    await ui.close_all(ui.input_bar)


async def click_often(ui: ProgramDriver, make: Callable[[], Screen[Any]]) -> None:
    """Clicks on what they close already."""
    for where in (None, OptionList, ResultList):
        if ui.on_chat:
            await ui.push(make())
        for widget in ui.screen.query(where) if where else [ui.screen]:
            for kind in (events.MouseDown, events.MouseUp) * 3:
                ui.post(mouse(kind, widget.region.x + 1, widget.region.y, 1))
            await settle_all(ui, "clicks", widget)
            break
    await ui.close_all(ui.input_bar)


def places(ui: ProgramDriver) -> Iterator[tuple[int, int]]:
    """Cells at the edges of every part of the screen, and far outside."""
    for widget in ui.screen.query("*"):
        if (region := widget.region).area:
            yield region.x, region.y
            yield region.right, region.bottom
    yield from ((-1, -1), (300, 5), (5, 300), (10_000, 10_000), (-5, 3), (ui.screen.size.width, 0))


def mouse(kind: type[events.MouseEvent], x: int, y: int, button: int) -> events.MouseEvent:
    return kind(None, x, y, 0, 0, button, False, False, False, x, y)


async def drag_everywhere(ui: ProgramDriver, make: Callable[[], Screen[Any]] | None = None) -> None:
    """The wheel and the mouse at every edge, let go far outside: nothing is chosen by that."""
    if make:
        await ui.push(make())
    screen = ui.screen
    had_focus = screen.focused is not None
    for x, y in list(dict.fromkeys(places(ui))):
        for kind in (events.MouseScrollDown, events.MouseScrollUp, events.MouseMove):
            ui.post(mouse(kind, x, y, 0))
        ui.post(mouse(events.MouseDown, x, y, 1))
        ui.post(mouse(events.MouseMove, 10_000, 10_000, 1))
        ui.post(mouse(events.MouseUp, 10_000, -1, 1))
    await settle_all(ui, "mouse", screen)
    assert ui.screen is screen, screen
    assert (screen.focused is not None) == had_focus, screen
    await ui.close_all(ui.input_bar)


async def press_without_room(ui: ProgramDriver, make: Callable[[], Screen[Any]]) -> None:
    """Keys of a list that is not seen, as the window is too small for it."""
    await ui.pilot.resize_terminal(1, 1)
    await ui.push(screen := make())
    for key in keys_of(OptionList) if screen.query(OptionList) else []:
        if ui.on_chat:
            await ui.push(make())
        await strike(ui, key, make)
    await settle_all(ui, make)
    await ui.close_all(ui.input_bar)


WALKS = (press_all, act_uncomposed, act_while_closing, click_often, drag_everywhere, press_without_room)


@pytest.mark.torture
async def test_dialogs(
    server: DemoServer,
    open_ui,
    matcher: PatternMatcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # one saves the report
    async with open_ui(server.base_url, size=SMALL, greeted=False) as ui:
        ui.put(LINES)
        await drag_everywhere(ui)
        every = list(dialogs(ui, matcher))
        for walk in WALKS:
            for make in every:
                await walk(ui, make)


async def test_switching_away_from_a_chosen_message_that_the_other_conversation_has_none_of(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        for words in ("one", "two", "three"):
            await ui.say(words)
            await ui.idle()
        await ui.press("ctrl+n")
        await ui.until(lambda: len(ui.log_view.view or ()) == 1, "a new conversation")
        for key in ("f7", "f8", "f7"):
            ui.screen.set_focus(ui.log_view)
            ui.log_view.cursor = 0
            await strike(ui, key)
            await ui.idle()
