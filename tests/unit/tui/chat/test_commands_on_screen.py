"""What the commands for messages, links, files, titles and modes do, without an app."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chat_place import answered, created, streamed
from controllers_apart import Apart
from scripted_server import whole
from turns_apart import begun
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.tui.chat.exporting import ExportCommands
from userdesk.tui.chat.messages import (
    SENT_ONCE_MORE,
    CopyCommands,
    LinkCommands,
    MessageCommands,
    id_of_turn,
    user_text,
)
from userdesk.tui.chat.other_screens import OtherScreens
from userdesk.tui.chat.outside import OutsideText
from userdesk.tui.chat.preferences import Preferences, SidebarCommands
from userdesk.tui.chat.recovery import MAY_HAVE_ARRIVED
from userdesk.tui.external.clipboard import Text
from userdesk.tui.external.editor import Edited
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.switcher.screen import Chosen

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


class Log:
    """The message log as commands ask it."""

    def __init__(self, at: Apart) -> None:
        self._at = at
        self.cursor: int | None = None
        self.addresses: list[str] = []
        self.done: list[object] = []

    def chosen(self) -> Bubble | None:
        if not self._at.current:
            return None
        view = self._at.views.current
        index = len(view) - 1 if self.cursor is None else self.cursor
        return Bubble(view.entry(index), index) if len(view) else None

    def when_complete(self, index: int, then: Callable[[Bubble], None]) -> None:
        bubble = Bubble(self._at.views.current.entry(index), index)
        bubble.lay_out(80, is_last=True, frame=None)
        then(bubble)

    def ask_for_link(self, allowed: Callable[[str], bool]) -> list[str]:
        return list(filter(allowed, self.addresses))

    def focus(self) -> None:
        self.done.append("focus")

    def highlight(self, spans_of: object) -> None:
        self.done.append("marks" if spans_of else "no marks")

    def show_first_match(self, index: int) -> None:
        self.done.append(index)


class Clipboard:
    def __init__(self) -> None:
        self.copied: list[tuple[str, str]] = []
        self.words = "Copied"

    async def copy(self, text: str | Text, what: str = "") -> str:
        self.copied.append((text if isinstance(text, str) else b"".join(text()).decode(), what))
        return f"{self.words} {what}"


class Commands:
    """The controllers of commands over those of `apart`."""

    def __init__(self, at: Apart, config_file: Path = Path("config.toml")) -> None:
        self.log: Any = Log(at)
        self.clipboard: Any = Clipboard()
        self.exports = ExportCommands(at.chat)
        self.copying = CopyCommands(at.chat, self.log, self.clipboard, self.exports)
        self.messages = MessageCommands(at.chat, at.conversations, at.turns, at.recovery, self.log, at.input)
        self.links = LinkCommands(at.chat, self.log, self.copying.copy)
        self.preferences = Preferences(at.chat, config_file)
        self.sidebar = SidebarCommands(at.chat, at.trash, self.preferences)
        self.screens = OtherScreens(at.chat, at.conversations, self.log, at.input)


def save(at: Apart, *messages: Message, key: str = "a", **fields: Any) -> Conversation:
    conversation = Conversation(
        key=key, bot="acme", created=AT, id=f"id-{key}", title=f"About {key}", **fields
    )
    at.service.store.add(conversation)
    for each in messages:
        at.service.store.transcript(key).append(each)
    at.conversations.open(key)
    return conversation


def user(text: str) -> Message:
    return Message(role=Role.USER, text=text, at=AT)


def answer(text: str, **fields: Any) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=AT, **fields)


# sent again and edited


async def test_an_answered_message_is_sent_once_more_after_a_question(apart) -> None:
    async with apart(streamed("again")) as at:
        does = Commands(at)
        does.messages.retry()
        assert at.dialogs.asked == [] and at.flashed == []
        save(at, user("first"), answer("x"), user("second"), answer("y"))
        does.log.cursor = 1
        does.messages.retry()
        assert at.dialogs.asked == [(SENT_ONCE_MORE, "send again")]
        at.dialogs.then()
        does.messages.retry()
        assert at.status.flashed[-1] == ("An answer is still arriving: stop it first", True)
        await at.settle()
        assert at.shown[-2:] == ["first", "again"]


async def test_a_last_message_that_failed_or_was_stopped_is_retried_without_a_second_copy(apart) -> None:
    async with apart(answered("at last")) as at:
        does = Commands(at)
        save(at, user("Hi"), answer("", status=Status.STOPPED))
        does.messages.retry()
        assert at.dialogs.asked == [(MAY_HAVE_ARRIVED, "send again")]
        at.dialogs.then()
        await at.settle()
        assert at.shown.count("Hi") == 1 and at.shown[-1] == "at last"


async def test_without_a_message_of_the_users_there_is_nothing_to_send_edit_or_copy(apart) -> None:
    async with apart(created("c1", "Welcome!")) as at:
        does = Commands(at)
        save(at, answer("Welcome!", welcome=True))
        does.messages.retry()
        does.messages.edit()
        does.copying.curl()
        assert at.flashed == [
            "There is no message to send again",
            "There is no message to edit",
            "There is no message to copy a request for",
        ]


async def test_a_message_is_edited_here_or_in_a_new_conversation(apart) -> None:
    async with apart(created("c2")) as at:
        does = Commands(at)
        does.messages.edit()
        save(at, user("Hi"), answer("x"))
        does.messages.edit()
        (_, lines), here = at.dialogs.asked[-1], at.current
        assert [line.split(":")[0] for line in lines] == ["in this conversation", "in a new conversation"]
        at.dialogs.then(0)
        assert (at.input.whole_text, at.current) == ("Hi", here)
        at.dialogs.then(1)
        assert at.input.whole_text == "Hi" and at.current != here
        await at.settle()


async def test_editing_a_message_that_waits_takes_it_back(apart) -> None:
    async with apart(created(), streamed("one"), streamed("two")) as at:
        does, key = Commands(at), begun(at)
        at.turns.send(key, "first")
        at.turns.send(key, "second")
        await asyncio.sleep(0)
        does.log.cursor = next(i for i in range(9) if at.views.current.entry(i).waiting)
        does.messages.edit()
        await at.settle()
        assert at.input.whole_text == "second" and at.input.focused and at.shown == ["first", "one"]


# copied


async def test_a_message_its_code_and_the_conversation_are_copied_as_source(apart) -> None:
    async with apart() as at:
        does = Commands(at)
        does.copying.message()
        does.copying.code()
        does.copying.conversation()
        assert at.flashed == ["This message has no code block"]
        save(
            at,
            user("Hi"),
            answer("*a*\n\n```py\nx = 1\n```"),
            answer("```\none\n```\n```py\ntwo\n```\n```\n```"),
        )
        does.log.cursor = 0
        does.copying.code()
        assert at.flashed == ["This message has no code block"] and not does.clipboard.copied
        does.log.cursor = 1
        does.copying.message()
        does.copying.code()
        does.log.cursor = None
        does.copying.code()
        question, lines = at.dialogs.asked[-1]
        assert (question, lines) == ("Which code block?", ["code: one", "py: two"])
        at.dialogs.then(1)
        await at.settle()
        copied = does.clipboard.copied
        assert copied[0] == ("*a*\n\n```py\nx = 1\n```", "the message")
        assert [each[0].strip() for each in copied[1:]] == ["x = 1", "two"]
        does.clipboard.words = "Too much for"
        does.copying.conversation()
        await at.settle()
        assert "Hi" in copied[-1][0] and copied[-1][1] == "the conversation"
        assert at.status.flashed[-1] == ("Too much for the conversation", True)


async def test_the_request_of_a_turn_is_copied_without_its_key(apart) -> None:
    async with apart() as at:
        does = Commands(at)
        save(at, user("Hi"), answer("x"), previous_ids=("old",))
        does.copying.curl()
        await at.settle()
        ((command, what),) = does.clipboard.copied
        assert "$USERDESK_API_KEY" in command and "old" in command and "$USERDESK_API_KEY" in what
        at.service.store.update("a", lambda saved: saved.evolve(bot="other"))
        does.copying.curl()
        assert at.status.flashed[-1] == ("The chatbot of this conversation is not configured", True)


def test_what_belongs_to_a_message() -> None:
    view = ConversationView([])  # type: ignore[arg-type]
    assert user_text(view, -1) is None
    for each in (answer("Welcome!"), user("a"), answer("b"), user("c"), answer("d", conversation_id="new")):
        view.add(each)
    assert [user_text(view, index) for index in range(5)] == [None, "a", "a", "c", "c"]
    one = Conversation(key="k", bot="acme", created=AT, id="only", title="")
    assert id_of_turn(view, 1, one) == "only"
    went_on = one.evolve(id="new", previous_ids=("old",))
    assert [id_of_turn(view, index, went_on) for index in range(1, 5)] == ["old", "old", "new", "new"]


# links


async def test_a_single_link_is_asked_about_and_opened(apart) -> None:
    async with apart() as at:
        does, opened = Commands(at), []
        does.links.open_in_browser = lambda address: bool(opened.append(address)) or len(opened) < 2
        does.links.open()
        assert at.flashed == ["There are no links in view"]
        does.log.addresses = ["javascript:alert(1)", "https://a.example/x"]
        does.links.open()
        assert at.dialogs.asked == [("https://a.example/x", "open in the browser")]
        assert does.log.done == []
        for _ in range(2):
            at.dialogs.then()
            await at.settle()
        assert opened == ["https://a.example/x"] * 2
        told = "No browser could be started · <copy_link> copies the address"
        assert at.status.flashed[-1] == (told, True)


async def test_of_several_links_the_sign_says_which(apart) -> None:
    async with apart() as at:
        does = Commands(at)
        does.links.picked("https://nobody.asked.example")
        does.log.addresses = ["https://a.example", "https://b.example"]
        does.links.copy()
        assert does.log.done == ["focus"]
        assert at.flashed[-1] == "Type a link's character to copy its address · another key cancels"
        does.links.picked(None)
        does.links.picked("https://b.example")
        await at.settle()
        assert does.clipboard.copied == [("https://b.example", "the address")]
        does.links.ask_to_open("file:///etc/passwd")
        assert at.dialogs.asked == []


# files


async def test_a_conversation_is_exported_beside_what_is_there(apart, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with apart() as at:
        does = Commands(at)
        assert does.exports.subject() is None
        save(at, user("Hi"), answer("**x**"))
        does.exports.export()
        question, lines = at.dialogs.asked[-1]
        assert question == "Export this conversation as" and lines[0] == "Markdown"
        for _ in range(2):
            at.dialogs.then(0)
            await at.settle()
        files = sorted(tmp_path.glob("*.md"))
        assert len(files) == 2 and all("**x**" in file.read_text("utf-8") for file in files)
        assert all(each.startswith("Exported to ") for each in at.flashed)
        subject = does.exports.subject()
        assert subject
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        await does.exports.write(subject, "md")
        assert at.status.flashed[-1][0].startswith("Not exported: ") and at.status.flashed[-1][1]


async def test_an_export_that_is_left_leaves_nothing(apart, tmp_path, monkeypatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    class Endless(list[Message]):
        def __iter__(self):
            return repeat(answer("**x**" * 1000))

    async with apart() as at:
        does = Commands(at)
        save(at, user("Hi"))
        subject = does.exports.subject()
        assert subject
        task = asyncio.create_task(does.exports.write(replace(subject, messages=Endless()), "md"))
        while not any(file.stat().st_size > 100_000 for file in here.iterdir()):
            await asyncio.sleep(0.001)
        task.cancel()
        while list(here.iterdir()):
            await asyncio.sleep(0.001)
        assert task.cancelled() and not at.status.flashed


# what is remembered


async def test_modes_and_themes_are_remembered_in_the_configuration(apart, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("# mine\n", "utf-8")
    async with apart() as at:
        does, told = Commands(at, config), []
        does.preferences.on_accessible.append(told.append)
        for _ in range(2):
            does.preferences.toggle_accessible()
            await at.settle()
        does.preferences.choose_theme()
        at.dialogs.then(None)
        at.dialogs.then("userdesk-light")
        await at.settle()
        await does.sidebar.group()
        await at.settle()
        assert told == [True, False] and not at.state.accessible and at.state.by_chatbot
        assert at.flashed == ["Accessible mode is on", "Accessible mode is off", "Grouped by chatbot"]
        kept = config.read_text("utf-8")
        assert "# mine" in kept and 'theme = "userdesk-light"' in kept and 'group_by = "chatbot"' in kept
        assert "accessible = false" in kept
        config.write_text("theme = ", "utf-8")
        await does.sidebar.group()
        await at.settle()
        assert at.flashed[0] == "Grouped by day"
        assert at.notices == []


async def test_what_cannot_be_remembered_holds_until_the_end(apart, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("theme = ", "utf-8")
    async with apart() as at:
        Commands(at, config).preferences.remember("theme", "userdesk-dark")
        await at.settle()
        ((told, is_alert),) = at.status.flashed
        assert told.startswith("Kept until you quit: ") and is_alert
        assert config.read_text("utf-8") == "theme = "


# the sidebar


async def test_titles_and_pins_change_at_once(apart) -> None:
    async with apart() as at:
        does = Commands(at)
        save(at, user("Hi"), answer("x"))
        does.sidebar.rename("a", "Better")
        await at.settle()
        does.sidebar.pin("a")
        await at.settle()
        does.sidebar.pin("none")
        saved = at.service.store.get("a")
        assert saved and saved.title == "Better" and saved.pinned
        does.sidebar.pin("a")
        await at.settle()
        assert at.flashed == ["Renamed", "Pinned", "Unpinned"]
        changes = at.changes
        does.sidebar.filter("bet")
        assert at.state.filter == "bet" and at.changes == changes + 1
        assert [row.text for row in at.directory.rows() if row.key] == ["Better"]


async def test_a_title_for_a_conversation_that_is_gone_says_so(apart) -> None:
    async with apart(created()) as at:
        does = Commands(at)
        save(at, user("Hi"))
        at.conversations.start()
        at.service.delete("a")
        at.state.unread, at.state.failed = {"a", "b"}, {"a", "b"}
        at.chat.forget("a")
        assert at.state.unread == at.state.failed == {"b"}
        await at.settle()
        does.sidebar.rename("a", "Too late")
        await at.settle()
        assert "was deleted in another window" in at.toast.headline
        (trashed,) = at.service.store.trash.list()
        assert trashed.conversation.title == "Too late"


# other screens


async def test_what_the_switcher_found_is_opened_and_marked_until_the_log_is_left(apart) -> None:
    async with apart(created()) as at:
        does = Commands(at)
        save(at, user("Hi"), answer("lamps"))
        begun(at)
        does.screens.switch()
        await at.dialogs.then(None)
        assert at.current != "a"
        await at.dialogs.then(Chosen("a", 1, "lamp"))
        assert at.current == "a" and does.log.cursor == 1
        assert does.log.done == ["focus", "marks", 1]
        does.screens.log_left()
        does.screens.log_left()
        assert does.log.done[3:] == ["no marks"]
        focused = at.input.focused
        await at.dialogs.then(Chosen("a"))
        await at.dialogs.then(Chosen("a", 7, "gone"))
        assert at.input.focused == focused + 2 and len(does.log.done) == 4


async def test_only_what_has_settled_is_replayed(apart) -> None:
    async with apart(created(), whole(500, {})) as at:
        does = Commands(at)
        does.screens.replay()
        begun(at)
        does.screens.replay()
        assert at.flashed == ["There is nothing to replay yet"] * 2
        save(at, user("Hi"), answer("x"))
        does.screens.replay()
        assert len(at.dialogs.asked) == 1
        at.dialogs.then(None)
        assert at.input.focused == 1


@pytest.mark.parametrize("is_on", [False, True])
async def test_the_switcher_shows_an_audience_one_chatbots_conversations(apart, is_on: bool) -> None:
    async with apart() as at:
        does = Commands(at)
        save(at, user("Hi"))
        if is_on:
            at.presenter.toggle("acme")
        does.screens.switch()
        (screen,) = at.dialogs.asked[-1]
        assert type(screen).__name__ == "SwitcherScreen"


# from outside the program


async def test_text_comes_from_the_clipboard_else_from_what_was_copied_here(apart) -> None:
    async with apart() as at:
        held: list[str | None] = ["outside", None, None]
        clipboard: Any = SimpleNamespace(read=lambda: held.pop(0), how_to_paste="Paste so")
        copied, pasted = ["here", ""], []
        at.input.add_pasted = pasted.append
        does = OutsideText(at.chat, at.input, clipboard, lambda: copied.pop(0), at.run)
        for _ in range(3):
            does.paste()
            await at.settle()
        assert pasted == ["outside", "here"]
        assert at.flashed == ["Paste so"]


async def test_a_message_is_written_in_an_editor(apart, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Edited | OSError] = [Edited("better", "a note"), Edited(" "), OSError(13, "not allowed")]

    async def edit(command: list[str], text: str) -> Edited:
        assert command == ["my-editor", "-w"] and text == at.input.whole_text
        came = left.pop(0)
        if isinstance(came, OSError):
            raise came
        return came

    monkeypatch.setenv("VISUAL", "my-editor -w")
    async with apart() as at:
        does = OutsideText(at.chat, at.input, SimpleNamespace(), str, edit)  # type: ignore[arg-type]
        at.input.put("draft")
        does.edit()
        await at.settle()
        assert at.input.whole_text == "better" and at.input.recall.prompts == ()
        does.edit()
        await at.settle()
        assert at.input.whole_text == " " and at.input.recall.prompts == ["better"]
        does.edit()
        await at.settle()
        assert at.status.flashed == [("a note", True), ("The draft is unchanged: not allowed", True)]
        for name in ("VISUAL", "EDITOR", "PATH"):
            monkeypatch.setenv(name, "")
        does.edit()
        await at.settle()
        assert at.status.flashed[-1] == ("No editor found: set $VISUAL or $EDITOR", True)
