"""Every key that a widget has a binding for, in every state, and the mouse everywhere: nothing ends.

The bindings are the widgets' own: what the framework adds in another release is pressed here too.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import OptionList

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.questions import PatternMatcher, QuestionSetRun, find_questions, read_questions
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.dialogs.ask_line import AskLineScreen
from userdesk.tui.dialogs.choice import ChoiceScreen
from userdesk.tui.dialogs.confirm import ConfirmScreen
from userdesk.tui.dialogs.pick import PickScreen
from userdesk.tui.dialogs.report import ReportScreen
from userdesk.tui.dialogs.themes import ThemesScreen
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.switcher.result_list import ResultList
from userdesk.tui.widgets.field import Field, KeyField

LEAVES = ("ctrl+q",)
"""Keys that end the program, as they should."""


def bindings_of(widget: type[Any]) -> list[Binding]:
    """The bindings of a class and of those it is made of, a key each."""
    found: dict[str, Binding] = {}
    for base in reversed(widget.__mro__):
        for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ())):
            found[binding.key] = binding
    return [binding for key, binding in found.items() if key not in LEAVES and not key.startswith("no_key")]


def keys_of(*widgets: type[Any]) -> list[str]:
    return list(dict.fromkeys(binding.key for widget in widgets for binding in bindings_of(widget)))


async def settle(ui: ProgramDriver) -> None:
    """Wait until the program has acted upon every key."""
    await ui.press()
    assert ui.crash is None, repr(ui.crash)


async def strike(ui: ProgramDriver, key: str) -> None:
    """One key, without waiting for what it starts."""
    ui.post(events.Key(key, " " if key == "space" else key if len(key) == 1 else None))
    await settle(ui)


LINES = "one line\n\n\tthree  words here\n" + "wrapped " * 40 + "\nlast"
AREA_STATES: dict[str, Callable[[InputBar], None]] = {
    "empty": lambda bar: bar.put(""),
    "one line": lambda bar: bar.put("abc"),
    "one line, its beginning": lambda bar: (bar.put("abc"), bar.move_cursor((0, 0)))[0],
    "last line": lambda bar: bar.put(LINES),
    "last line, empty": lambda bar: bar.put("a\n"),
    "first line": lambda bar: (bar.put(LINES), bar.move_cursor((0, 3)))[0],
    "wrapped line": lambda bar: (bar.put(LINES), bar.move_cursor((3, 200)))[0],
    "all selected": lambda bar: (bar.put(LINES), bar.select_all())[0],
    "selected backwards": lambda bar: (
        bar.put(LINES),
        bar.move_cursor((4, 2)),
        bar.move_cursor((1, 0), select=True),
    )[0],
    "letters of many code points": lambda bar: (
        bar.put("👨\u200d👩\u200d👧 क्षि\u200c กำ\n" + "🇩🇪" * 80),
        bar.move_cursor((1, 9)),
    )[0],
    "folded paste": lambda bar: (bar.put("x\n"), bar.add_pasted("y\n" * 60), bar.insert(" z"))[0],
    "earlier prompt": lambda bar: (
        bar.recall.remember(["first", "second\nline", "👍🏽"], bar.text),
        bar.put("draft"),
        bar.action_cursor_up(),
    )[0],
}


@pytest.mark.parametrize(
    ("size", "states"),
    [((40, 12), list(AREA_STATES)), ((9, 5), ["empty", "last line", "letters of many code points"])],
    ids=["small", "too small for text"],
)
async def test_text_area(server: DemoServer, open_ui, size: tuple[int, int], states: list[str]) -> None:
    async with open_ui(server.base_url, size=size, greeted=False) as ui:
        bar = ui.input_bar
        for state in states:
            for key in keys_of(InputBar):
                await ui.close_all(bar)
                AREA_STATES[state](bar)
                await strike(ui, key)
                assert ui.crash is None, (state, key)
                # Every edit can be taken back and done again.
                text = bar.text
                bar.undo()
                bar.redo()
                assert bar.text == text, (state, key)
                assert bar.cursor_location <= bar.document.end, (state, key)
                assert len(bar.render_lines(Region(0, 0, *bar.size))) == bar.size.height


@pytest.mark.parametrize("place", ["input", "log", "sidebar"])
async def test_chat(
    server: DemoServer, open_ui, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.chdir(tmp_path)  # one exports the conversation
    async with open_ui(server.base_url) as ui:
        widget = {"input": ui.input_bar, "log": ui.log_view, "sidebar": ui.conversation_list}[place]
        for key in keys_of(ChatScreen, type(widget)):
            await ui.close_all(widget)
            await strike(ui, key)


async def test_empty_log_and_list(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, size=(40, 12), greeted=False) as ui:
        log, listed = ui.log_view, ui.conversation_list
        for widget in (log, listed):
            for key in keys_of(type(widget)):
                await ui.close_all(widget)
                log.show(ConversationView([]))
                listed.show([])
                await strike(ui, key)


FIELD_STATES: dict[str, Callable[[Field], None]] = {
    "empty": lambda field: setattr(field, "value", ""),
    "words": lambda field: setattr(field, "value", "two words, here"),
    "beginning": lambda field: (setattr(field, "value", "two words"), field.action_home())[0],
    "selected": lambda field: (setattr(field, "value", "two words"), field.select_all())[0],
    "letters of many code points": lambda field: (
        setattr(field, "value", "a👨\u200d👩\u200d👧 क्षि 🇩🇪" * 30),
        field.action_end(),
        field.action_cursor_left(),
    )[0],
}


async def test_fields(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        for make, name in ((lambda: AskLineScreen("Title", "Words"), "Field"), (ui.new_chatbots, "#api-key")):
            screen: Screen[Any] | None = None
            for state, prepare in FIELD_STATES.items():
                for key in keys_of(Field, KeyField):
                    if screen is None or ui.screen is not screen:
                        await ui.close_all(ui.input_bar)
                        await ui.push(screen := make())
                    field = screen.query_one(name, Field)
                    screen.set_focus(field)
                    prepare(field)
                    await strike(ui, key)
                    assert 0 <= field.cursor_position <= len(field.value), (state, key)


def dialogs(ui: ProgramDriver) -> Iterator[Callable[[], Screen[Any]]]:
    """Every dialog there is."""
    lines = [f"line {number}" for number in range(12)]
    with PatternMatcher() as matcher:
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


async def test_dialogs(server: DemoServer, open_ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each key of a dialog and of what has the focus in it: before it is composed, open, and as it closes."""
    monkeypatch.chdir(tmp_path)  # one saves the report
    async with open_ui(server.base_url, greeted=False) as ui:
        for make in dialogs(ui):
            for key in keys_of(type(make()), OptionList, Field):
                if ui.on_chat:
                    ui.push(make())
                await strike(ui, key)
            await ui.close_all(ui.input_bar)
            for binding in bindings_of(type(make())):
                screen = make()
                ui.push(screen)
                await ui.run_action(binding.action, screen)  # between its mount and its compose
                await settle(ui)
                if ui.screen is screen:
                    screen.dismiss(None)
                    await ui.run_action(binding.action, screen) if binding.key != "escape" else None
                await settle(ui)
                await ui.close_all(ui.input_bar)


async def test_dialogs_in_a_window_without_room(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, size=(1, 1), greeted=False) as ui:
        for make in dialogs(ui):
            await ui.push(make())
            for key in keys_of(OptionList):
                await strike(ui, key)
            await ui.close_all(ui.input_bar)


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


async def test_clicks_on_a_dialog_that_they_close_already(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        for make in dialogs(ui):
            for where in (Screen, OptionList, ResultList):
                await ui.push(make())
                for widget in (ui.screen, *ui.screen.query("*")):
                    if isinstance(widget, where) and (region := widget.region).area:
                        for kind in (events.MouseDown, events.MouseUp) * 3:
                            ui.post(mouse(kind, region.x + 1, region.y, 1))
                        break
                await settle(ui)
                await ui.close_all(ui.input_bar)


async def test_a_dialog_that_is_told_to_close_again_closes_no_other(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        for make in dialogs(ui):
            below, above = ui.new_help(), make()
            await ui.push(below)
            await ui.push(above)
            for _ in range(3):
                above.dismiss(None)
            await settle(ui)
            assert ui.screen is below, type(above)
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


async def test_mouse(server: DemoServer, open_ui) -> None:
    kinds = (events.MouseScrollDown, events.MouseScrollUp, events.MouseMove)
    async with open_ui(server.base_url, greeted=False) as ui:
        ui.put(LINES)
        for make in (None, *dialogs(ui)):
            if make:
                await ui.push(make())
            screen = ui.screen
            had_focus = screen.focused is not None
            for x, y in list(dict.fromkeys(places(ui))):
                for kind in kinds:
                    ui.post(mouse(kind, x, y, 0))
                # Dragged from here to far outside, and let go there: nothing is chosen by that.
                ui.post(mouse(events.MouseDown, x, y, 1))
                ui.post(mouse(events.MouseMove, 10_000, 10_000, 1))
                ui.post(mouse(events.MouseUp, 10_000, -1, 1))
            await settle(ui)
            assert ui.screen is screen, type(screen)
            assert (screen.focused is not None) == had_focus, type(screen)
            await ui.close_all(ui.input_bar)


async def test_log_with_a_message_chosen_or_none(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("/markdown")
        await ui.idle()
        for chosen in (None, 1):
            for key in keys_of(MessageLog):
                await ui.close_all(ui.log_view)
                ui.log_view.cursor = chosen
                await strike(ui, key)
