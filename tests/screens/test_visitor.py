"""The program as a visitor gets it: the chatbot, and nothing of the host's by any way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import OptionList

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.tui.commands import COMMANDS
from userdesk.tui.dialogs.asking import ChoiceScreen, ConfirmScreen, QuitScreen
from userdesk.tui.dialogs.help import HelpScreen
from userdesk.tui.dialogs.palette import Palette
from userdesk.tui.dialogs.themes import ThemesScreen
from userdesk.tui.switcher.screen import SwitcherScreen

QUIT, STOP = "How do I quit?", "How do I stop an answer?"
SET = f"""\
title = "What visitors ask"

[[question]]
ask = "{QUIT}"
expect = ["a secret"]

[[question]]
ask = "{STOP}"
"""
FOR_OTHERS = [command for command in COMMANDS if not command.for_visitors]
NEVER_NAMED = ("F9", "F10", "F5", "Ctrl+G", "Ctrl+O", "Ctrl+N", "^N", "Ctrl+T", "^T")
NOT_THEIRS = ("sidebar", "editor", "resenter", "trash", "question set", "curl", "userdesk doctor", "API key")


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """The embedded chatbot as visitors meet it."""
    with DemoServer(for_visitors=True) as running:
        yield running


@pytest.fixture
def foreign() -> Iterator[DemoServer]:
    """A chatbot that is not the embedded one."""
    with DemoServer(chatbot_id="123456", for_visitors=True) as running:
        yield running


def names_nothing_else(text: str) -> bool:
    """Whether a text names no key and no command that a visitor does not have."""
    assert [word for word in (*NEVER_NAMED, *NOT_THEIRS) if word in text] == []
    return True


@pytest.mark.parametrize("focus", ["input", "log"])
async def test_no_key_of_another_command_does_anything(server: DemoServer, open_visit, focus: str) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.ask("Hello", "Hello, too.")
        if focus == "log":
            await ui.press("tab")
            await ui.until(lambda: ui.focused is ui.log_view, "the log")
        theirs = {key for each in COMMANDS if each.for_visitors for key in each.keys}
        for key in dict.fromkeys(key for each in FOR_OTHERS for key in each.keys if key not in theirs):
            if key in ("f2", "d", "u", "U", "b", "plus", "minus", "m", "t", "p") and focus == "input":
                continue  # a key of the visitor's own, and letters
            if key == "f2":
                continue
            await ui.press(key)
            assert ui.on_chat and ui.presents, key
        assert ui.log_view.has_focus == (focus == "log")
        await ui.settled()
        assert ui.said() == ["Hello"]
        assert not ui.chat.widgets.sidebar.display


async def test_other_commands_are_not_there_for_whatever_runs_them(server: DemoServer, open_visit) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        for command in FOR_OTHERS:
            assert not ui.chat.commands.offers(command.id)
            assert ui.chat.check_action("command", (command.same_as or command.id,)) in (
                bool(command.same_as) and ui.chat.commands.available(command.same_as),
            )
            if not command.same_as:
                await ui.command(command.id)
                await ui.press()
                assert ui.on_chat and ui.presents, command.id


async def test_the_palette_and_the_help_have_the_visitors_commands(server: DemoServer, open_visit) -> None:
    async with open_visit(server, size=(100, 80)) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.press("f4")
        await ui.opens(Palette)
        listed = ui.screen
        assert isinstance(listed, Palette)
        ids = {result for _, result in listed.lines("", 60) if result}
        walks = {"next_question", "previous_question", "commands", "next_match", "previous_match"}
        theirs = {each.id for each in COMMANDS if each.for_visitors and not each.same_as}
        assert ids == theirs - walks
        for words in ("editor", "api key", "purge", "compare", "statistics", "settings", "question"):
            found = {result for _, result in listed.lines(words, 60) if result}
            assert found <= theirs - walks
        await ui.press("escape", "f1")
        await ui.opens(HelpScreen)
        help_ = ui.screen
        assert isinstance(help_, HelpScreen)
        text = help_.written(90).plain
        assert names_nothing_else(text)
        assert "F2 " in text and "removed here when you leave" in text
        # F3 to switch, the palette's own key, and the sections that are left.
        assert "In the sidebar" not in text and "In the message log" in text


async def test_what_is_named_is_there(server: DemoServer, open_visit) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.until(lambda: "F2 new" in ui.lines[-1], "the footer")
        assert "F3 switch" in ui.lines[-1] and "F1 help" in ui.lines[-1]
        assert ui.notices == "This is the embedded demo chatbot."
        await ui.press("tab")
        await ui.until(lambda: "y copy" in ui.lines[-1], "the log's keys")
        assert names_nothing_else(ui.lines[-1])
        assert "good" not in ui.lines[-1] and "note" not in ui.lines[-1]
        await ui.press("escape", "f3")
        await ui.opens(SwitcherScreen)
        assert names_nothing_else(ui.text) and "is:bad" not in ui.text
        await ui.press("escape", "f12")
        await ui.opens(ThemesScreen)
        await ui.press("escape")
        await ui.closes()


@pytest.mark.torture
async def test_a_click_anywhere_opens_nothing_else(server: DemoServer, open_visit) -> None:
    async with open_visit(server, size=(60, 24)) as (ui, _):
        await ui.logs("demo chatbot")
        ui.clear_notices()
        await ui.ask("Hello", "See [this](https://example.com).")
        opened = set()
        for y in range(0, 24, 3):
            for x in range(0, 60, 8):
                await ui.pilot.click(offset=(x, y))
                if not ui.on_chat:
                    opened.add(type(ui.screen))
                    await ui.press("escape")
        assert opened <= {ConfirmScreen}, "a link asks"
        assert ui.presents


@pytest.mark.parametrize(
    ("status", "headline"), [(401, "401 · Wrong API Key"), (403, "403 · Access to this Chatbot is denied")]
)
async def test_access_is_the_hosts_business(
    foreign: DemoServer, open_visit, status: int, headline: str
) -> None:
    async with open_visit(foreign) as (ui, _):
        await ui.logs("demo chatbot")
        foreign.fail_next(status)
        await ui.say("And now?")
        await ui.toasts(headline, "Tell whoever invited you")
        assert "Ctrl+R" not in ui.toast
        await ui.logs("failed", "Tell whoever invited you")
        await ui.press("ctrl+r")
        await ui.settled()
        assert ui.on_chat and "Tell whoever invited you" in ui.toast
        assert names_nothing_else(ui.text)
        assert "demo chatbot." not in ui.notices


async def test_other_failures_are_mended_here(foreign: DemoServer, open_visit) -> None:
    async with open_visit(foreign) as (ui, _):
        await ui.logs("demo chatbot")
        foreign.fail_next(500, body='{"error": "the secret of the host"}')
        await ui.say("And now?")
        await ui.toasts("500", "Ctrl+R retry")
        assert "secret" not in ui.text
        foreign.answer_next("Better.")
        await ui.press("ctrl+r")
        await ui.logs("Better.")


async def test_exports_and_links_go_to_the_browser(server: DemoServer, open_visit, tmp_path: Path) -> None:
    async with open_visit(server) as (ui, host):
        await ui.logs("demo chatbot")
        await ui.ask("Hello", "See [this](https://example.com/a).")
        await ui.press("ctrl+s")
        await ui.opens(ChoiceScreen)
        await ui.press("2")
        await ui.until(lambda: host.told("file"), "a file")
        await ui.until(lambda: "Sent to your browser" in ui.news, "the news")
        (file,) = host.told("file")
        assert Path(file["path"]).parent == tmp_path / "visit-1" and file["name"] == "hello.json"
        await ui.press("tab", "o")
        await ui.opens(ConfirmScreen)
        await ui.press("enter")
        await ui.until(lambda: host.told("open_url"), "a link")
        assert host.told("open_url")[0]["url"] == "https://example.com/a"
        await ui.press("Y")
        await ui.until(lambda: host.told("copy"), "a copy")
        assert "See [this](https://example.com/a)." in host.told("copy")[0]["text"]


async def test_pasting_is_the_browsers(server: DemoServer, open_visit) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.press("ctrl+v")
        await ui.until(lambda: "your browser's own key" in ui.news, "how to paste")
        await ui.type("kept")
        await ui.press("ctrl+a", "ctrl+x")
        await ui.until(lambda: ui.draft == "", "an empty bar")
        await ui.press("ctrl+v")
        await ui.until(lambda: ui.draft == "kept", "what was cut here")


async def test_leaving_asks_where_something_would_be_lost(server: DemoServer, open_visit) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.ask("Hello", "Hello, too.")
        await ui.press("ctrl+q")
        await ui.opens(QuitScreen)
        assert "Your conversations here are removed then." in ui.text
        await ui.press("escape")
        await ui.closes()
        await ui.press("ctrl+q")
        await ui.opens(QuitScreen)
        await ui.press("enter")
        await ui.until(lambda: not ui.is_running, "the end")


async def test_leaving_at_once_where_nothing_was_said(server: DemoServer, open_visit) -> None:
    async with open_visit(server) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.press("ctrl+q")
        await ui.until(lambda: not ui.is_running, "the end")


async def test_the_questions_of_the_host_are_walked_through(
    server: DemoServer, open_visit, tmp_path: Path
) -> None:
    questions = tmp_path / "set.toml"
    questions.write_text(SET, "utf-8")
    async with open_visit(server, play=questions) as (ui, _):
        await ui.until(lambda: ui.screen.query("#play"), "the question set")
        await ui.sees("^L starts")
        for ask in (QUIT, STOP):
            await next_question(ui, ask)
            await ui.press("enter")
            await ui.until(lambda ask=ask: ask in ui.said(), "the question in the transcript")
            await ui.idle()
        await ui.sees("^L ends")
        assert "set.toml" not in ui.text and names_nothing_else(ui.text)
        await ui.press("ctrl+l")
        await ui.until(lambda: "That was the last question" in ui.news, "the end of the set")
        assert ui.on_chat and not ui.screen.query("#play")


async def next_question(ui: ProgramDriver, ask: str) -> None:
    await ui.press("ctrl+l")
    await ui.until(lambda: ui.draft == ask, f"{ask!r} in the input bar")


async def test_a_set_that_cannot_be_read_names_no_file(
    server: DemoServer, open_visit, tmp_path: Path
) -> None:
    async with open_visit(server, play=tmp_path / "gone.toml") as (ui, _):
        await ui.toasts("The questions can't be shown", "Tell whoever invited you")
        assert "gone.toml" not in ui.text


@pytest.mark.parametrize("size", [(40, 12), (40, 24)])
async def test_a_telephone_is_wide_enough(server: DemoServer, open_visit, size: tuple[int, int]) -> None:
    async with open_visit(server, size=size) as (ui, _):
        await ui.logs("demo chatbot")
        await ui.until(lambda: "Demo chatbot" in ui.news, "the notice")
        await ui.ask("Hello", "An answer that is longer than one row of a telephone has room for.")
        assert "F1 help" in ui.lines[-1]
        await ui.press("f4")
        await ui.opens(Palette)
        listed = ui.screen.query_one(OptionList)
        assert listed.size.width <= size[0]
        await ui.sees("New conversation", "F2")
