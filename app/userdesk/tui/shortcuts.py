"""Every action of the program and its keys: what the bindings, the help and the palette are made of."""

from collections.abc import Mapping
from typing import NamedTuple

from textual.binding import Binding


class Action(NamedTuple):
    """Something a user can do, by the name it has under [keys] in config.toml."""

    name: str
    keys: tuple[str, ...]
    words: str
    """What it does, as the help and the palette say it."""
    method: str
    """The action string of the widget or screen that has it."""
    where: str
    """The part of the screen that must have the focus; `anywhere`, `input`, `log` or `sidebar`."""
    in_palette: bool = True


def _anywhere(name: str, keys: str, words: str, method: str = "", *, in_palette: bool = True) -> Action:
    return Action(name, tuple(keys.split()), words, method or name, "anywhere", in_palette)


def _in(where: str, name: str, keys: str, words: str, method: str) -> Action:
    return Action(name, tuple(keys.split()), words, method, where)


# Keys: only what legacy terminals send (no extended keyboard protocol); F-keys that terminals
# like to keep for themselves have a second way.
ACTIONS: tuple[Action, ...] = (
    _in("input", "send", "enter", "Send the message", "send"),
    _in("input", "newline", "ctrl+j shift+enter", "New line", "newline"),
    _in(
        "input", "paste", "ctrl+v", "Paste from the system's clipboard, where a command can read it", "paste"
    ),
    _anywhere("new_conversation", "ctrl+n", "New conversation"),
    _anywhere("next_conversation", "f8 ctrl+pagedown", "Next conversation", "step_conversation(1)"),
    _anywhere("previous_conversation", "f7 ctrl+pageup", "Previous conversation", "step_conversation(-1)"),
    _anywhere("switch", "ctrl+t f3", "Switch to a conversation, search all"),
    _anywhere("find", "ctrl+f", "Find in this conversation"),
    _anywhere("remedy", "ctrl+r", "What the toast offers: retry, continue, change the key"),
    _anywhere("sidebar", "f2", "Show or hide the sidebar", "toggle_sidebar"),
    _anywhere("stop", "escape", "Stop the answer (ends our reading; what arrived is kept)", "escape"),
    _anywhere("page_up", "pageup", "Scroll up a page", "page(-1)"),
    _anywhere("page_down", "pagedown", "Scroll down a page", "page(1)"),
    _anywhere("follow", "ctrl+end", "Follow the end of the conversation"),
    _anywhere("earlier_prompts", "f6", "Search in the prompts sent earlier"),
    _anywhere("export", "ctrl+s", "Export the conversation: Markdown, JSON, HTML", "export_conversation"),
    _anywhere("attach", "ctrl+o", "Open a conversation by its Userdesk conversationId", "attach_by_id"),
    _anywhere("themes", "f12", "Choose a theme"),
    _anywhere("accessible", "", "Accessible mode: no spinners, no ticking numbers, roles as words"),
    _anywhere("purge", "", "Remove conversations from this machine for good"),
    _anywhere("figures", "", "Figures of this conversation: median and 95th percentile"),
    _anywhere("editor", "ctrl+g f5", "Write the message in an external editor"),
    _anywhere("chatbots", "f9", "Chatbots: switch, connect"),
    _anywhere("presenter", "f10", "Presenter mode: only the conversation, for an audience"),
    _anywhere("play", "", "Play a question set"),
    _anywhere("next_question", "ctrl+l", "Next question of the set being played; skips one not sent"),
    _anywhere("previous_question", "ctrl+k", "Question before (only while a set is played)"),
    _anywhere("end_play", "", "End the question set and show its report"),
    _anywhere("report", "", "Report of the question set that was played last", "show_report"),
    _anywhere("commands", "ctrl+p f4", "All commands", in_palette=False),
    _anywhere("help", "f1", "Help"),
    _anywhere("interrupt", "ctrl+c", "Copy the selection; else stop, put the draft away, quit"),
    _anywhere("quit", "ctrl+q", "Quit"),
    _anywhere("to_log", "", "Go to the message log", "focus_log"),
    _anywhere("to_sidebar", "", "Go to the sidebar", "focus_sidebar"),
    _in("log", "copy_message", "y", "Copy the message", "copy_message"),
    _in("log", "copy_code", "c", "Copy a code block of the message", "copy_code"),
    _in("log", "copy_conversation", "Y", "Copy the whole conversation", "copy_conversation"),
    _in("log", "copy_link", "l", "Copy a link of the messages in view", "copy_link"),
    _in("log", "open_link", "o", "Open a link of the messages in view", "open_link"),
    _in("log", "retry", "r", "Retry the message", "retry"),
    _in("log", "edit", "e", "Edit the message and send it again", "edit_message"),
    _in("log", "copy_curl", "u", "Copy the request as curl, its key as $USERDESK_API_KEY", "copy_curl"),
    _in("log", "replay", "p", "Replay this conversation at its recorded pace; sends nothing", "replay"),
    _in("log", "find_here", "slash", "Find in this conversation", "find"),
    _in("log", "help_here", "question_mark", "Help", "help"),
    _in("log", "to_input", "i", "Back to the input bar", "focus_input"),
    _in("sidebar", "rename", "r", "Rename the conversation", "rename"),
    _in("sidebar", "delete", "d", "Delete the conversation (the local copy; undo with u)", "delete"),
    _in("sidebar", "undo", "u", "Undo the delete", "undo_delete"),
    _in(
        "sidebar",
        "restore",
        "U",
        "Bring back a deleted conversation: the trash keeps them for 30 days",
        "restore",
    ),
    _in("sidebar", "pin", "p", "Pin the conversation, or let it go", "pin"),
    _in("sidebar", "filter", "slash", "Filter the conversations", "filter"),
    _in("sidebar", "group", "b", "Group by chatbot, or by day again", "group"),
    _in("sidebar", "new_here", "n", "New conversation", "new_conversation"),
    _in("sidebar", "help_there", "question_mark", "Help", "help"),
    _in("sidebar", "to_input_from_sidebar", "i", "Back to the input bar", "focus_input"),
)
BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}


def bindings(where: str) -> list[Binding]:
    """The bindings of one part of the screen; those of `anywhere` win over the text area's own."""
    target = "screen." if where != "anywhere" else ""
    return [
        Binding(
            # Only a binding that is there can be remapped: without a key it has one nobody can press.
            ",".join(action.keys) or f"no_key_{action.name}",
            target + action.method,
            action.words,
            show=False,
            id=action.name,
            priority=where == "anywhere",
        )
        for action in ACTIONS
        if action.where == where
    ]


def keymap_of(keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Textual's keymap for the actions whose keys are not the program's own."""
    return {
        action.name: ",".join(keys[action.name]) or f"no_key_{action.name}"
        for action in ACTIONS
        if keys[action.name] != action.keys
    }


KEY_NAMES = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "slash": "/",
    "question_mark": "?",
    "enter": "Enter",
    "end": "End",
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "home": "Home",
    "tab": "Tab",
    "left": "←",
    "right": "→",
}


def spoken(key: str, *, short: bool = False) -> str:
    """A key as people write it: `Ctrl+R`, or `^R` where there is little room."""
    *modifiers, last = key.split("+")
    name = KEY_NAMES.get(last, last.upper() if len(last) == 1 or last[1:].isdigit() else last.capitalize())
    if len(last) == 1 and not modifiers:
        name = last
    if short and modifiers == ["ctrl"]:
        return f"^{name}"
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])
