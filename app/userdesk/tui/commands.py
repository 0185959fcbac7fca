"""Every command of the chat screen, one row each, and what runs them.

Bindings, palette, help, footer, the pages that list keys and what the demo chatbot says of them are made
from these rows. A new command is one row here and one `CommandRegistry.bind` in the chat screen.
"""

from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import Literal, NamedTuple

from textual.binding import Binding

Place = Literal["anywhere", "input", "log", "sidebar"]
"""The part of the screen that must have the focus for a command's keys to work."""


class Command(NamedTuple):
    """Something a user can do on the chat screen."""

    id: str
    """The name under [keys] in config.toml."""
    words: str
    """What it does, as help and palette say it."""
    keys: tuple[str, ...] = ()
    """Default keys, by Textual's names."""
    place: Place = "anywhere"
    hint: str = ""
    """What it does, for the footer; empty where the footer does not mention it."""
    synonyms: tuple[str, ...] = ()
    """Other words that people type into the palette for it."""
    same_as: str = ""
    """The id of the command that this one runs, where it only gives it other keys in another place."""
    in_palette: bool = True
    hidden_in_presenter: bool = False
    """It would show ids, keys, figures or the names of other conversations and chatbots."""
    for_visitors: bool = False
    """Whether a visitor of `userdesk serve` may do it: it reaches nothing of the host's."""


# Keys: only what legacy terminals send (no extended keyboard protocol); F-keys that terminals
# like to keep for themselves have a second way.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("send", "Send the message", ("enter",), "input", "send", ("submit",), for_visitors=True),
    Command("newline", "New line", ("ctrl+j", "shift+enter"), "input", synonyms=("line break", "multiline"),
            for_visitors=True),
    Command("paste", "Paste from the system clipboard", ("ctrl+v",), "input", synonyms=("insert",),
            for_visitors=True),
    Command("new_conversation", "New conversation", ("ctrl+n",), hint="new",
            synonyms=("new chat", "start over", "create", "clear"), for_visitors=True),
    Command("next_conversation", "Next conversation", ("f8", "ctrl+pagedown"),
            synonyms=("next chat", "older chat"), for_visitors=True),
    Command("previous_conversation", "Previous conversation", ("f7", "ctrl+pageup"),
            synonyms=("previous chat", "newer chat"), for_visitors=True),
    Command("switch", "Switch or search conversations", ("ctrl+t", "f3"), hint="switch",
            synonyms=("open chat", "go to", "jump to", "old chats", "all messages"), for_visitors=True),
    Command("find", "Find in this conversation", ("ctrl+f",), synonyms=("search here", "look for"),
            for_visitors=True),
    Command("remedy", "Do what the toast offers, such as retry", ("ctrl+r",),
            synonyms=("try again", "resend", "continue", "change the key", "repair", "fix the error"),
            for_visitors=True),
    Command("sidebar", "Show or hide the sidebar", ("f2",),
            synonyms=("toggle", "list of conversations", "panel"), hidden_in_presenter=True),
    Command("stop", "Stop the answer and keep what has arrived", ("escape",),
            synonyms=("cancel", "abort", "interrupt", "halt"), for_visitors=True),
    Command("page_up", "Scroll up a page", ("pageup",), synonyms=("scroll back",), for_visitors=True),
    Command("page_down", "Scroll down a page", ("pagedown",), synonyms=("scroll on",), for_visitors=True),
    Command("follow", "Jump to the end and follow new text", ("ctrl+end",),
            synonyms=("scroll to the bottom", "latest message", "auto scroll"), for_visitors=True),
    Command("earlier_prompts", "Search earlier prompts", ("f6",),
            synonyms=("history", "recall", "previous messages", "sent before"), for_visitors=True),
    Command("export", "Export the conversation to a file", ("ctrl+s",),
            synonyms=("save as", "download", "markdown", "json", "html", "recording", "pdf", "share"),
            for_visitors=True),
    Command("attach", "Open a conversation by its id", ("ctrl+o",),
            synonyms=("import", "continue by conversationId"), hidden_in_presenter=True),
    Command("themes", "Choose a theme", ("f12",),
            synonyms=("dark mode", "light mode", "night mode", "colours", "colors", "appearance"),
            for_visitors=True),
    Command("accessible", "Accessible mode for screen readers",
            synonyms=("no spinners", "reduce motion", "animations", "accessibility"), for_visitors=True),
    Command("purge", "Remove conversations for good",
            synonyms=("delete everything", "erase", "wipe", "empty the trash", "privacy"),
            hidden_in_presenter=True),
    Command("figures", "Show figures: median and 95th percentile",
            synonyms=("statistics", "stats", "metrics", "latency", "response time", "speed"),
            hidden_in_presenter=True),
    Command("editor", "Write the message in an external editor", ("ctrl+g", "f5"),
            synonyms=("vim", "nano", "emacs", "compose")),
    Command("chatbots", "Switch or connect chatbots", ("f9",),
            synonyms=("bots", "api key", "add a chatbot", "login", "sign in", "account", "settings"),
            hidden_in_presenter=True),
    Command("presenter", "Presenter mode: show only the conversation", ("f10",),
            synonyms=("presentation", "audience", "demo mode", "fullscreen", "zen mode", "privacy")),
    Command("compare", "Compare two chatbots side by side",
            synonyms=("split", "versus", "vs", "a/b", "ab test", "beside", "both"), hidden_in_presenter=True),
    Command("play", "Play a question set", synonyms=("script", "demo questions", "test questions", "run")),
    Command("next_question", "Next question of the question set", ("ctrl+l",),
            synonyms=("go on", "skip"), for_visitors=True),
    Command("previous_question", "Previous question of the question set", ("ctrl+k",),
            synonyms=("go back", "previous question"), for_visitors=True),
    Command("end_play", "End the question set and show its report", synonyms=("stop playing", "finish")),
    Command("report", "Show the last question set's report", synonyms=("results", "outcome")),
    Command("commands", "All commands", ("ctrl+p", "f4"), hint="commands", in_palette=False,
            for_visitors=True),
    Command("help", "Help", ("f1",), hint="help",
            synonyms=("keys", "shortcuts", "hotkeys", "keyboard", "manual", "documentation"),
            for_visitors=True),
    Command("interrupt", "Copy the selection, or stop, or quit", ("ctrl+c",),
            synonyms=("cancel", "clear the draft"), for_visitors=True),
    Command("quit", "Quit", ("ctrl+q",), synonyms=("exit", "close", "leave", "end the program"),
            for_visitors=True),
    Command("to_log", "Go to the message log", synonyms=("focus messages",), for_visitors=True),
    Command("to_sidebar", "Go to the sidebar", synonyms=("focus conversations",), hidden_in_presenter=True),
    Command("copy_message", "Copy the message", ("y",), "log", "copy",
            ("copy the answer", "yank", "clipboard"), for_visitors=True),
    Command("copy_code", "Copy a code block from the message", ("c",), "log", "code", ("snippet",),
            for_visitors=True),
    Command("copy_conversation", "Copy the whole conversation", ("Y",), "log",
            synonyms=("copy all", "copy everything", "transcript"), for_visitors=True),
    Command("copy_link", "Copy a visible link", ("l",), "log",
            synonyms=("copy the url", "address"), for_visitors=True),
    Command("open_link", "Open a visible link", ("o",), "log", "link",
            ("open the url", "browser", "web page"), for_visitors=True),
    Command("retry", "Retry the message", ("r",), "log", "retry",
            ("try again", "regenerate", "resend", "another answer"), for_visitors=True),
    Command("edit", "Edit the message and send it again", ("e",), "log", "edit",
            ("change the message", "rewrite", "correct"), for_visitors=True),
    Command("good", "Mark the answer good, or take that back", ("plus",), "log", "good",
            ("thumbs up", "like", "rate", "judge", "verdict", "feedback", "upvote", "right", "approve"),
            hidden_in_presenter=True),
    Command("bad", "Mark the answer bad, or take that back", ("minus",), "log", "bad",
            ("thumbs down", "dislike", "rate", "judge", "verdict", "feedback", "downvote", "wrong", "reject"),
            hidden_in_presenter=True),
    Command("note", "Write a note on the answer", ("m",), "log", "note",
            ("comment", "remark", "annotate", "feedback", "verdict", "reason", "why"),
            hidden_in_presenter=True),
    Command("take_question", "Add the question to a question set", ("t",), "log",
            synonyms=("test", "save the question", "make a question set"), hidden_in_presenter=True),
    Command("copy_curl", "Copy the request as a curl command", ("u",), "log",
            synonyms=("support ticket", "debug", "api request")),
    Command("replay", "Replay the conversation offline", ("p",), "log",
            synonyms=("recording", "playback", "play again")),
    Command("find_here", "Find in this conversation", ("slash",), "log", same_as="find", for_visitors=True),
    Command("next_match", "Next match", ("n",), "log", synonyms=("find next",), for_visitors=True),
    Command("previous_match", "Previous match", ("N",), "log",
            synonyms=("find previous",), for_visitors=True),
    Command("help_here", "Help", ("question_mark",), "log", same_as="help", for_visitors=True),
    Command("to_input", "Back to the input bar", ("i",), "log", synonyms=("focus", "write", "type"),
            for_visitors=True),
    Command("rename", "Rename the conversation", ("r",), "sidebar", "rename", ("title", "change the name"),
            hidden_in_presenter=True),
    Command("delete", "Delete the conversation (local copy only)", ("d",), "sidebar", "delete",
            ("remove", "throw away"), hidden_in_presenter=True),
    Command("undo", "Undo the last delete", ("u",), "sidebar", "undo", ("undelete", "take back"),
            hidden_in_presenter=True),
    Command("restore", "Restore a conversation from the trash", ("U",), "sidebar",
            synonyms=("bring back deleted", "recycle bin", "undelete", "recover"), hidden_in_presenter=True),
    Command("pin", "Pin or unpin the conversation", ("p",), "sidebar", "pin",
            ("unpin", "favourite", "favorite", "star", "keep on top"), hidden_in_presenter=True),
    Command("filter", "Filter conversations", ("slash",), "sidebar", "filter",
            ("narrow", "search titles"), hidden_in_presenter=True),
    Command("group", "Group by chatbot or by day", ("b",), "sidebar", "group",
            ("sort", "order", "headings"), hidden_in_presenter=True),
    Command("new_here", "New conversation", ("n",), "sidebar", same_as="new_conversation"),
    Command("help_there", "Help", ("question_mark",), "sidebar", same_as="help"),
    Command("to_input_from_sidebar", "Back to the input bar", ("i",), "sidebar", same_as="to_input"),
)
# fmt: on
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}


def keys_of_binding(command_id: str, keys: tuple[str, ...]) -> str:
    """Keys as a Textual binding and keymap have them.

    Only a binding that is there can be remapped: a command without a key has one that nobody can press.
    """
    return ",".join(keys) or f"no_key_{command_id}"


def bindings(place: Place) -> list[Binding]:
    """The bindings of one part of the screen; those of `anywhere` win over the text area's own."""
    target = "screen." if place != "anywhere" else ""
    return [
        Binding(
            keys_of_binding(command.id, command.keys),
            f"{target}command('{command.same_as or command.id}')",
            command.words,
            show=False,
            id=command.id,
            priority=place == "anywhere",
        )
        for command in COMMANDS
        if command.place == place
    ]


Handler = Callable[[], object]


class CommandRegistry:
    """Runs the chat screen's commands by their ids."""

    def __init__(self, allows: Callable[[Command], bool] = lambda _: True) -> None:
        """`allows` is the condition of all commands, beside the one of each."""
        self._allows = allows
        self._bound: dict[str, tuple[Handler, Callable[[], bool] | None]] = {}
        self._applies: dict[str, Callable[[], bool]] = {}

    def bind(
        self,
        command_id: str,
        handler: Handler,
        available: Callable[[], bool] | None = None,
        *,
        applies: Callable[[], bool] | None = None,
    ) -> None:
        """Say what a command does, and when it can be done: always, where `available` is not given.

        Where `applies` is false it only says why it does nothing, and the footer leaves it out.
        What `handler` returns is awaited if it can be. A row with `same_as` is bound by that other row.
        Raises KeyError where there is no such row, ValueError where it is bound already.
        """
        if BY_ID[command_id].same_as or command_id in self._bound:
            raise ValueError(f"{command_id} is bound already")
        self._bound[command_id] = handler, available
        if applies:
            self._applies[command_id] = applies

    def applies(self, command_id: str) -> bool:
        """Whether a command would do something now. Raises KeyError where nothing is bound to it."""
        return self.available(command_id) and self._applies.get(command_id, lambda: True)()

    def available(self, command_id: str) -> bool:
        """Whether a command can be done now. Raises KeyError where nothing is bound to it."""
        command = BY_ID[command_id]
        _, condition = self._bound[command.same_as or command_id]
        return self._allows(command) and (condition is None or condition())

    def offers(self, command_id: str) -> bool:
        """Whether something is bound to a command, and it can be done now."""
        return (BY_ID[command_id].same_as or command_id) in self._bound and self.available(command_id)

    async def run(self, command_id: str) -> None:
        """Run a command; one that can't be done now does nothing."""
        if not self.available(command_id):
            return
        handler, _ = self._bound[BY_ID[command_id].same_as or command_id]
        result = handler()
        if isawaitable(result):
            await result
