"""The chat screen: sidebar, message log, input bar, status; what happens when a key is pressed."""

import asyncio
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static, TextArea
from textual.worker import Worker, WorkerState

from userdesk.chat import Turn
from userdesk.chat.events import Welcomed
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, UserdeskError
from userdesk.domain.message import Message
from userdesk.domain.safe_text import clean_line
from userdesk.settings import Options, Settings
from userdesk.store import StoreError
from userdesk.tui.board import Board
from userdesk.tui.editor import edit, editor_command
from userdesk.tui.find_bar import FindBar
from userdesk.tui.input_bar import InputBar
from userdesk.tui.keymap import bindings
from userdesk.tui.log.message_log import MessageLog
from userdesk.tui.screens.copying import CopyActions
from userdesk.tui.screens.finding import FindActions
from userdesk.tui.screens.keeping import KeepActions
from userdesk.tui.screens.remedies import RemedyActions
from userdesk.tui.screens.shelving import ShelfActions
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.shelf import title_of
from userdesk.tui.status_bar import Hint
from userdesk.tui.turn_follower import follow

NARROW = 80  # cells; below, the sidebar is a drawer
SMALLEST = (40, 12)  # cells, rows; below, the program says that it needs more
DRAFT_AFTER = 0.4  # s after the last key until the draft is on disk
WATCH_EVERY = 2.0  # s between two looks at what other processes did to the data folder

# Names of actions where a key may be remapped, else the key itself.
LIST_HINTS: tuple[Hint, ...] = (
    ("Enter", "open"),
    ("rename", "rename"),
    ("delete", "delete"),
    ("undo", "undo"),
    ("pin", "pin"),
    ("filter", "filter"),
    ("Esc", "back"),
)
LOG_HINTS: tuple[Hint, ...] = (
    ("↑↓", "choose"),
    ("copy_message", "copy"),
    ("copy_code", "code"),
    ("open_link", "link"),
    ("retry", "retry"),
    ("edit", "edit"),
    ("Esc", "back"),
)
FIELD_HINTS: tuple[Hint, ...] = (("Enter", "take it"), ("Esc", "leave it"))
COMMON_HINTS: tuple[Hint, ...] = (
    ("new_conversation", "new"),
    ("switch", "switch"),
    ("stop", "stop"),
    ("commands", "commands"),
    ("help", "help"),
)
INPUT_HINTS: tuple[Hint, ...] = (("Enter", "send"), *COMMON_HINTS)
STREAMING_HINTS: tuple[Hint, ...] = (
    ("stop", "stop the answer"),
    *(h for h in COMMON_HINTS if h[0] != "stop"),
)


class ChatScreen(RemedyActions, ShelfActions, CopyActions, FindActions, KeepActions):
    """Everything one sees while chatting. What it shows is the board's; what it does is the desk's."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("anywhere")]

    def __init__(self, board: Board, *, accessible: bool = False) -> None:
        super().__init__(board, accessible=accessible)
        self._still = accessible
        self._draft_due: asyncio.TimerHandle | None = None
        self._loading_draft = False
        self._title = Content("")

    def compose(self) -> ComposeResult:
        """The parts, in the order in which Tab walks them."""
        with Horizontal(id="body"):
            yield self.sidebar
            with Vertical(id="main"):
                yield Static("", id="title", markup=False)
                with Horizontal(id="log-area"):
                    yield self.log_view.markers
                    yield self.log_view
                yield self.input_bar
        yield self.status
        yield self.toast
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Take keys at once; conversations come when they are read."""
        self.input_bar.focus()
        self._spinner_clock = self.set_interval(0.125, self.sidebar.list.spin, pause=True)

    # conversations

    def open_conversation(self, key: str) -> None:
        """Show a conversation; turns in others go on."""
        conversation = self.desk.conversation(key)
        if conversation is None:
            return
        if self.board.current and self.board.current != key:
            self._keep_draft()
        self.input_bar.settle()
        self.board.current = self.input_bar.key = key
        self.board.unread.discard(key)
        self.log_view.show(self.board.feed(key))
        self._address(conversation)
        self._loading_draft = True
        self.input_bar.put(self.board.draft(key))
        self._loading_draft = False
        self.toast.dismiss()
        self.conversations_changed()
        self.sidebar.list.active = key

    def open_first(self, settings: Settings, options: Options) -> None:
        """At start: the most recent conversation, or the first one with the chatbot."""
        bot = settings.start_bot
        self._remember_prompts()
        first = self.board.most_recent(bot if settings.bot_chosen else None)
        if options.conversation:
            self.attach(options.conversation)
        elif first:
            self.open_conversation(first.key)
        else:
            self.start_conversation(bot)
        if bot == DEMO_BOT and not settings.chatbots:
            self.status.hold("This is the embedded demo chatbot · F9 connects a real one")

    def talk_to(self, bot: str) -> None:
        """Go to the most recent conversation with a chatbot, or start one."""
        if conversation := self.board.most_recent(bot):
            self.open_conversation(conversation.key)
            self.input_bar.focus()
        else:
            self.start_conversation(bot)

    def start_conversation(self, bot: str | None = None) -> None:
        """A new conversation with a chatbot; one without a user message is used again."""
        current = self.board.conversation
        chatbot = self.desk.roster.get(bot or (current.bot if current else self.userdesk.settings.start_bot))
        if chatbot is None:
            chatbot = self.desk.roster.get(self.userdesk.settings.start_bot)
        if chatbot is None:
            return
        if current and current.belongs_to(chatbot) and not self._was_spoken_in(current.key):
            self.input_bar.focus()
            if current.id is None and not self.desk.holds(current.key):
                self.create_on_server(current.key)
            return
        for conversation in self.desk.unsaved():
            if conversation.belongs_to(chatbot) and not self._was_spoken_in(conversation.key):
                self.open_conversation(conversation.key)
                self.input_bar.focus()
                return
        conversation = self.desk.start_conversation(chatbot)
        self.open_conversation(conversation.key)
        self.input_bar.focus()
        self.create_on_server(conversation.key)

    def _was_spoken_in(self, key: str) -> bool:
        return self.board.feed(key).has_user_message or bool(self.desk.turns(key))

    @work(exit_on_error=False)
    async def create_on_server(self, key: str) -> None:
        """Ask for the conversation's id and welcome message."""
        self._say_empty("Saying hello…", key)
        try:
            happened = await self.desk.create(key)
        except UserdeskError as error:
            self._say_empty("", key)
            if not self.desk.turns(key):
                self.board.creation_failures[key] = error.failure
                self.turn_failed(key, error.failure)
            return
        self.board.creation_failures.pop(key, None)
        self.board.failed.discard(key)
        self._say_empty("", key)
        for event in happened:
            if isinstance(event, Welcomed):
                self.board.feed(key).add(event.message)
        self.conversations_changed()

    def _say_empty(self, words: str, key: str) -> None:
        if key == self.board.current:
            self.log_view.empty_words = words or "Ask anything. Enter sends, F1 helps."
            self.log_view.redraw()

    def _address(self, conversation: Conversation) -> None:
        """Name the chatbot in the title and the input bar, or say why nothing can be sent."""
        chatbot = self.desk.roster.get(conversation.bot)
        name = clean_line(chatbot.name if chatbot else conversation.bot, 40)
        self._show_title(name, conversation)
        if self.desk.roster.for_conversation(conversation):
            self.input_bar.address(name)
        elif chatbot is None:
            self.input_bar.refuse(f"The chatbot “{name}” is not configured: F9 connects it")
        else:
            self.input_bar.refuse(f"“{name}” is another chatbot now: this conversation can only be read")

    def _show_title(self, name: str, conversation: Conversation) -> None:
        title = Content.assemble((name, "bold"), (f"  {title_of(conversation)}", "$dim"))
        if title != self._title:
            self._title = title
            self.query_one("#title", Static).update(title)

    def conversations_changed(self) -> None:
        """An order, a title or a mark is another one: show it."""
        if not self.is_mounted:
            return
        self.sidebar.show(self.board.rows())
        self.sidebar.list.refresh_marks()
        if conversation := self.board.conversation:
            self._address(conversation)
        busy = self.desk.busy_keys()
        if busy and not self._still and self.app.app_focus:
            self._spinner_clock.resume()
        else:
            self._spinner_clock.pause()
        streaming = self.board.current in busy
        self.input_bar.set_class(streaming, "-streaming")
        self.input_bar.set_class(self.board.current in self.board.failed, "-failed")
        self.show_hints()

    @on(ConversationList.Opened)
    def conversation_opened(self, event: ConversationList.Opened) -> None:
        """Chosen in the sidebar: on to writing."""
        self.open_conversation(event.key)
        self.sidebar.remove_class("-open")
        self.input_bar.focus()

    # a turn

    @on(InputBar.Submitted)
    async def message_submitted(self, event: InputBar.Submitted) -> None:
        """Enter: the message goes to the conversation on the screen."""
        if not event.key:
            return
        if event.key == self.board.current:
            self.input_bar.put("")
        else:
            self.board.drafts[event.key] = ""
            self._save_draft(event.key)
        self.send(event.key, event.text)

    def send(self, key: str, text: str) -> None:
        """Send a message in a conversation and follow its turn."""
        self.board.feed(key)
        waits = self.desk.holds(key)
        self.toast.dismiss()
        turn = self.desk.send(key, text)
        self.log_view.action_to_end()
        self.follow_turn(turn, waits=waits)
        if self.userdesk.settings.start_bot == DEMO_BOT:
            self.status.release()
        self._remember_prompt(text)

    def follow_turn(self, turn: Turn, *, waits: bool = False) -> None:
        """Start the worker that follows a turn to its end."""
        self.run_worker(follow(turn, self.board, self, waits=waits), group="turns", exit_on_error=False)

    def put_away(self, draft: str) -> None:
        """Keep a draft in the prompt history: ↑ brings it back."""
        self._remember_prompt(draft)

    @work(thread=True, group="history", exit_on_error=False)
    def _remember_prompt(self, text: str) -> None:
        try:
            self.board.store.history.append(text)
        except StoreError as error:
            self.app.call_from_thread(self.not_saved, str(error))
        self.app.call_from_thread(self.input_bar.remember, self.board.store.history.entries())

    @work(thread=True, group="history", exit_on_error=False)
    def _remember_prompts(self) -> None:
        self.app.call_from_thread(self.input_bar.remember, self.board.store.history.entries())

    def turn_finished(self, key: str, message: Message) -> None:
        """An answer is complete."""
        if key == self.board.current:
            self.board.unread.discard(key)
        if not self.app.app_focus:
            self.userdesk.notify_outside(self.title_of(key))

    def turn_failed(self, key: str, failure: Failure) -> None:
        """One failure, one toast."""
        self.board.failed.add(key)
        self.show_failure(key, failure)
        self.conversations_changed()

    def turn_silent(self, key: str, seconds: float) -> None:
        """A toast that asks for nothing: the turn goes on waiting."""
        if key == self.board.current:
            self.toast.tell_words(f"No answer for {seconds:.0f} s", "", "Still waiting · Esc stops")

    def turn_withdrawn(self, key: str, text: str) -> None:
        """A waiting message comes back into the input bar, before what stands there."""
        if key == self.board.current:
            self.input_bar.put(f"{text}\n{self.input_bar.text}" if self.input_bar.text else text)

    def not_saved(self, words: str) -> None:
        """Something could not be written: say so once, and go on in memory."""
        self.toast.tell_words("Not saved", words, "The conversation goes on in memory")

    @on(Worker.StateChanged)
    def worker_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours in the background: say so, and go on."""
        if event.state is WorkerState.ERROR:
            words = "Something went wrong in userdesk"
            self.toast.tell_words(words, repr(event.worker.error), "Nothing is lost")

    def title_of(self, key: str) -> str:
        """A conversation's title as it is shown."""
        conversation = self.desk.conversation(key)
        return title_of(conversation) if conversation else ""

    # drafts

    @on(TextArea.Changed, "#input")
    def draft_changed(self) -> None:
        """Keep what is typed, a moment after the last key."""
        key, text = self.board.current, self.input_bar.whole_text
        if self._loading_draft or not key or self.board.draft(key) == text:
            return
        self.board.drafts[key] = text
        if self._draft_due:
            self._draft_due.cancel()
        # A draft that was sent or deleted must not come back after a kill.
        delay = DRAFT_AFTER if text else 0.0
        self._draft_due = asyncio.get_running_loop().call_later(delay, self._save_draft, key)

    def _keep_draft(self) -> None:
        if self._draft_due:
            self._draft_due.cancel()
            self._save_draft(self.board.current)

    def _save_draft(self, key: str) -> None:
        self._draft_due = None
        self.run_worker(
            partial(self._write_draft, key, self.board.drafts.get(key, "")), thread=True, group=f"draft-{key}"
        )

    def _write_draft(self, key: str, text: str) -> None:
        try:
            self.board.store.drafts.set(key, text)
        except StoreError as error:
            self.app.call_from_thread(self.not_saved, str(error))

    async def flush_draft(self) -> None:
        """Have the draft on disk before the program ends."""
        if self._draft_due:
            self._draft_due.cancel()
            key = self.board.current
            await asyncio.to_thread(self._write_draft, key, self.board.drafts.get(key, ""))

    # focus and layout

    def action_escape(self) -> None:
        """The mildest thing first: close a field or the toast, back to the input bar, stop the answer."""
        if self.sidebar.editing or self.query(FindBar):
            self.run_worker(self._leave_field())
        elif self.selections:
            self.clear_selection()
        elif self.focused is not self.input_bar:
            self.action_focus_input()
        elif turns := self.desk.turns(self.board.current):
            turns[-1].stop()  # the last one: a waiting message is withdrawn before the answer is stopped
        elif self.toast.display:
            self.toast.dismiss()
        else:
            self.sidebar.remove_class("-open")

    async def _leave_field(self) -> None:
        if not await self.close_find():
            await self.sidebar.end_edit()
            self.sidebar.list.focus()

    def action_focus_input(self) -> None:
        """To writing."""
        self.sidebar.remove_class("-open")
        self.input_bar.focus()

    def action_page(self, direction: int) -> None:
        """Scroll the log by a page wherever the focus is."""
        self.log_view.action_page(direction)

    def action_follow(self) -> None:
        """Follow the end again."""
        self.log_view.action_to_end()

    def action_toggle_sidebar(self) -> None:
        """Wide: hide or show it. Narrow: open the drawer and go there."""
        if self.has_class("-narrow"):
            self.sidebar.toggle_class("-open")
            if self.sidebar.has_class("-open"):
                self.sidebar.list.focus()
            else:
                self.input_bar.focus()
        elif self.sidebar.toggle_class("-hidden").has_class("-hidden") and self.sidebar.has_focus_within:
            self.input_bar.focus()

    def action_editor(self) -> None:
        """Write the message in the user's own editor."""
        command = editor_command()
        if command is None:
            self.status.flash("No editor found: set $VISUAL or $EDITOR", alert=True)
            return
        try:
            with self.app.suspend():
                text = edit(command, self.input_bar.text)
        except (OSError, SuspendNotSupported) as error:
            self.status.flash(f"The editor could not be started: {error}", alert=True)
            return
        self.input_bar.put(text)
        self.input_bar.focus()

    def action_chatbots(self) -> None:
        """The chatbots there are, and the form that connects one."""
        self.userdesk.connect("")

    def action_commands(self) -> None:
        """The command palette."""
        self.app.action_command_palette()

    def action_help(self) -> None:
        """The help, made from the live bindings."""
        from userdesk.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.userdesk.effective_keys))

    def action_quit(self) -> None:
        """Leave the program."""
        self.run_worker(self.userdesk.action_quit(), exit_on_error=False)

    def set_accessible(self, still: bool) -> None:
        """No spinners, no ticking numbers, roles as words; or all of them again."""
        self._still = self.log_view.still = self.sidebar.list.still = still
        self.set_class(still, "-accessible")
        if self.board.current:
            self.log_view.show(self.board.feed(self.board.current))
        self.conversations_changed()

    def action_presenter(self) -> None:
        """Hide what an audience has no use for."""
        on_stage = self.toggle_class("-presenter").has_class("-presenter")
        self.status.flash("Presenter mode · F10 ends it" if on_stage else "")
        self.input_bar.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Narrow terminals get a drawer; too small ones a word."""
        self.set_class(event.size.width < NARROW, "-narrow")
        too_small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(too_small, "-too-small")
        if too_small:
            self.query_one("#too-small", Static).update(
                f"userdesk needs {SMALLEST[0]}×{SMALLEST[1]}\nthis is {event.size.width}×{event.size.height}"
            )

    def on_descendant_focus(self) -> None:
        """Other keys matter now."""
        self.show_hints()

    def on_app_blur(self) -> None:
        """Nobody looks: spinners stop."""
        self._spinner_clock.pause()

    def on_app_focus(self) -> None:
        """Somebody looks again."""
        self.conversations_changed()

    def show_hints(self) -> None:
        """The keys that matter where the focus is."""
        self.status.show_hints(self._hints())

    def _hints(self) -> list[Hint]:
        named = [(name, words) for name, words in self._hint_names()]
        keys = self.userdesk.effective_keys
        return [(self.userdesk.key_of(name) if name in keys else name, words) for name, words in named]

    def _hint_names(self) -> tuple[Hint, ...]:
        if isinstance(self.focused, ConversationList):
            return LIST_HINTS
        if isinstance(self.focused, MessageLog):
            return LOG_HINTS
        if isinstance(self.focused, Input):
            return FIELD_HINTS
        return STREAMING_HINTS if self.desk.turns(self.board.current) else INPUT_HINTS
