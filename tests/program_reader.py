"""The full-screen program as tests read it: its screen as text, its parts, its state, its files."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from textual import color as css
from textual._context import visible_screen_stack
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from demo_server import DemoServer
from settling import whole_lines
from userdesk.chat import ChatService
from userdesk.domain.conversation import Conversation
from userdesk.store import Store
from userdesk.tui.app import UserdeskApp
from userdesk.tui.beside.screen import BesideScreen
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import Mark

WHEN = re.compile(r" +(\d\d:\d\d|\d{4}|\w{3} \d{1,2}|(Mon|Tue|Wed|Thu|Fri|Sat|Sun))$")
"""The aside of the sidebar's rows: a time, a day, a year."""


class ProgramReader:
    """The program as a test sees it.

    Parameters: the app, its pilot, its data folder, and the embedded server where answers are scripted.
    """

    def __init__(
        self, app: UserdeskApp, pilot: Pilot[Any], data_dir: Path, server: DemoServer | None = None
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.data_dir = data_dir
        self._server = server
        self._frames = 0
        """How often the screen was drawn."""
        self._looking = False
        """Whether a condition is looked at again and again: what is seen changes from frame to frame only."""
        self._seen: tuple[object, list[Strip]] = (None, [])
        app.post_display_hook = self._drawn  # type: ignore[method-assign]

    def _drawn(self) -> None:
        self._frames += 1

    @property
    def server(self) -> DemoServer:
        """The server that answers."""
        assert self._server is not None
        return self._server

    @property
    def chat(self) -> ChatScreen:
        """The chat screen, whatever lies over it."""
        return self.app.chat

    # what is seen

    def strips(self, region: Region | None = None) -> list[Strip]:
        """The screen's rows as the terminal would show them, or those of a part of it."""
        frame = (self._frames, self.app.screen)
        if not (self._looking and self._seen[0] == frame):
            # A dialog that was not drawn yet would keep what it shows of the screens beneath: nothing.
            visible_screen_stack.set(self.app._background_screens)
            self._seen = frame, self.app.screen._compositor.render_strips()
        rows = self._seen[1]
        if region is None:
            return rows
        return [strip.crop(region.x, region.right) for strip in rows[region.y : region.bottom]]

    def words_in(self, region: Region) -> str:
        """The words in a part of the screen, their wrapping undone and borders left out."""
        rows = [strip.text.strip(" │╭╮╰╯─") for strip in self.strips(region)]
        return " ".join(row for row in rows if row)

    @property
    def lines(self) -> list[str]:
        """The screen, row by row."""
        return [strip.text for strip in self.strips()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def toast(self) -> str:
        """The toast's words on the screen, its wrapping undone; empty where there is none."""
        toast = self.screen.query("#toast")
        return self.words_in(toast.first().region) if toast and toast.first().display else ""

    @property
    def notices(self) -> str:
        """The words of the notices on the screen ("Please check"), their wrapping undone."""
        notices = [toast for toast in self.screen.query("Toast") if toast.is_on_screen]
        return "\n".join(self.words_in(toast.region) for toast in notices)

    @property
    def log(self) -> str:
        """The message log's part of the screen, its wrapping undone."""
        rows = [strip.text.strip() for strip in self.log_strips]
        return "\n".join(row for row in rows if row)

    @property
    def log_strips(self) -> list[Strip]:
        """The message log's rows on the screen."""
        return self.strips(self.log_view.region) if self.on_chat else []

    @property
    def log_rows(self) -> list[str]:
        """The message log's rows as text, without the scroll bar's column."""
        return [strip.text[:-1].rstrip() for strip in self.log_strips]

    def cell_of(self, words: str) -> tuple[int, int]:
        """Where some words of the log begin on the screen: column and row."""
        region = self.log_view.region
        for y, row in enumerate(self.log_strips):
            if (at := row.text.find(words)) >= 0:
                return region.x + cell_len(row.text[:at]), region.y + y
        raise AssertionError(f"{words!r} is not in view")

    @property
    def sidebar(self) -> list[str]:
        """The sidebar's rows under its title, without the times at their right end."""
        rows = [strip.text.strip() for strip in self.strips(self.chat.widgets.sidebar.region)]
        return [WHEN.sub("", row) for row in rows if row][1:]

    @property
    def title(self) -> str:
        """What stands over the log."""
        return self.words_in(self.app.screen.query_one("#title").region)

    @property
    def news(self) -> str:
        """What the status bar's row says."""
        return self.lines[-1]

    # the parts of the screen

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""
        return self.app.screen

    @property
    def on_chat(self) -> bool:
        """Whether nothing lies over the chat screen."""
        return self.app.screen is self.app.chat

    @property
    def focused(self) -> Widget | None:
        """The widget that takes keys on the screen on top."""
        return self.app.screen.focused

    @property
    def input_bar(self) -> InputBar:
        """Where messages are written."""
        return self.screen.input_bar if self.is_beside else self.chat.widgets.input_bar

    @property
    def is_beside(self) -> bool:
        """Whether two chatbots stand side by side."""
        return isinstance(self.screen, BesideScreen)

    @property
    def sides(self) -> list[str]:
        """What each of the two says, title and log."""
        return [self.words_in(side.region) for side in self.screen.sides]

    @property
    def side_logs(self) -> list[MessageLog]:
        """The message logs of the two."""
        return [side.log_view for side in self.screen.sides]

    @property
    def side_keys(self) -> list[str]:
        """The conversations of the two."""
        return [side.key for side in self.screen.sides]

    @property
    def log_view(self) -> MessageLog:
        """The message log's widget."""
        return self.chat.widgets.log

    @property
    def conversation_list(self) -> ConversationList:
        """The sidebar's list."""
        return self.chat.widgets.sidebar.list

    # what the program knows

    @property
    def store(self) -> Store:
        """The data folder as the program has it."""
        return self.app.store

    @property
    def service(self) -> ChatService:
        """What sends and receives."""
        return self.app.service

    @property
    def current(self) -> str:
        """The key of the conversation on the screen."""
        return self.chat.state.current

    @property
    def conversation(self) -> Conversation:
        """The conversation on the screen."""
        conversation = self.chat.does.chat.directory.current
        assert conversation is not None
        return conversation

    @property
    def is_loaded(self) -> bool:
        """Whether the data folder was read."""
        return self.chat.state.is_loaded

    def view(self, key: str = "") -> ConversationView:
        """What the log shows of a conversation, of the one on the screen if no other is named."""
        return self.chat.does.chat.views.of(key or self.current)

    def order(self) -> list[str]:
        """The conversations' keys in the sidebar's order."""
        return self.chat.does.chat.directory.order()

    def mark(self, key: str) -> Mark:
        """The mark before a conversation's title in the sidebar."""
        return self.chat.does.chat.directory.mark_of(key)

    @property
    def failed(self) -> set[str]:
        """The conversations whose last turn failed."""
        return self.chat.state.failed

    @property
    def filter(self) -> str:
        """The sidebar's filter."""
        return self.chat.state.filter

    @property
    def draft(self) -> str:
        """What stands in the input bar, long pastes folded."""
        return self.input_bar.text

    @property
    def whole_draft(self) -> str:
        """What stands in the input bar, all of it."""
        return self.input_bar.whole_text

    def draft_of(self, key: str) -> str:
        """The unsent text of a conversation."""
        return self.chat.does.chat.drafts.get(key)

    def has_draft(self, key: str) -> bool:
        """Whether a conversation has unsent text."""
        return self.chat.does.chat.drafts.has(key)

    @property
    def prompts(self) -> list[str]:
        """The earlier prompts that Up recalls."""
        return list(self.input_bar.recall.prompts)

    @property
    def unsaved(self) -> int:
        """How many writes wait for the disk."""
        return len(self.service.write_queue)

    @property
    def presents(self) -> bool:
        """Whether presenter mode is on."""
        return self.chat.does.chat.presenter.is_on

    @property
    def crash(self) -> BaseException | None:
        """The defect that ended the program."""
        return self.app.crash

    @property
    def is_running(self) -> bool:
        """Whether the program goes on."""
        return self.app.is_running

    @property
    def is_editing(self) -> bool:
        """Whether a title or the filter is written in the sidebar."""
        return bool(self.chat.widgets.sidebar.editing)

    @property
    def selected_text(self) -> str:
        """What is selected with the mouse."""
        return self.chat.get_selected_text() or ""

    def colour(self, variable: str) -> Color:
        """A colour of the theme, by its variable in the stylesheets."""
        return css.Color.parse(self.app.get_css_variables()[variable]).rich_color

    @property
    def theme(self) -> str:
        """The name of the colours."""
        return self.app.theme

    @property
    def scheduled_retries(self) -> int:
        """How many messages will be sent again by themselves."""
        return len(self.chat.does.recovery.scheduled)

    @property
    def verdicts_to_come(self) -> int:
        """How many answers of the question set are still being judged."""
        return self.chat.does.player.answers_to_come

    @property
    def is_creating(self) -> bool:
        """Whether a conversation is being created on the server."""
        return self.works_on("create")

    def works_on(self, *groups: str) -> bool:
        """Whether workers of these groups are under way."""
        return any(worker.group in groups for worker in self.app.workers)

    # what is on the disk

    @property
    def index(self) -> list[dict[str, Any]]:
        """conversations.toml as any TOML reader sees it."""
        return saved_conversations(self.data_dir)

    def transcript(self, key: str = "") -> list[dict[str, Any]]:
        """A transcript's lines, of the conversation on the screen if no other is named."""
        return transcript_lines(self.data_dir, key or self.current)

    def said(self, key: str = "") -> list[str]:
        """The user's messages of a transcript."""
        return [line["text"] for line in self.transcript(key) if line["role"] == "user"]


def saved_conversations(data_dir: Path) -> list[dict[str, Any]]:
    """conversations.toml as any reader of TOML sees it."""
    path = data_dir / "conversations.toml"
    return list(tomllib.loads(path.read_text("utf-8")).get("conversation", ())) if path.exists() else []


def transcript_lines(data_dir: Path, key: str) -> list[dict[str, Any]]:
    """The lines of a transcript."""
    path = data_dir / "transcripts" / f"{key}.jsonl"
    return [json.loads(line) for line in whole_lines(path.read_text("utf-8"))] if path.exists() else []
