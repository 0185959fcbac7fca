"""What each command of the chat screen does."""

from userdesk.tui.chat.common_commands import bind_common_commands
from userdesk.tui.chat.comparing import ComparisonCommands
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.log_commands import bind_log_commands
from userdesk.tui.chat.navigation import Navigation
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.commands import CommandRegistry


def bind_commands(
    commands: CommandRegistry,
    widgets: ChatWidgets,
    go: Navigation,
    program: Program,
    does: Controllers,
    comparing: ComparisonCommands,
) -> None:
    """Give each row of the table its handler; when it can be done is said here too."""
    bind = commands.bind
    input_bar, log, sidebar, dialogs = widgets.input_bar, widgets.log, widgets.sidebar, does.chat.dialogs

    was_in_sidebar = False

    def toggle_presenter() -> None:
        nonlocal was_in_sidebar
        presenter = does.chat.presenter
        if not presenter.is_on:
            was_in_sidebar = sidebar.has_focus_within
            if was_in_sidebar:  # it is hidden
                input_bar.focus()
        presenter.toggle(does.chat.directory.bot_of(does.chat.state.current))
        if not presenter.is_on and was_in_sidebar and input_bar.has_focus:
            sidebar.list.focus()

    def attach() -> None:
        name = does.chat.directory.shown_name(does.conversations.current_bot)
        about = (
            f"A conversation with {name}; {program.shortcuts.way_to('chatbots')} changes the chatbot. "
            "Its earlier messages can't be loaded: Userdesk offers no way to read them."
        )
        dialogs.ask_line(
            "Open a conversation by its id",
            about,
            does.conversations.attach,
            placeholder="conversationId",
            doubt=_doubt_of_id,
        )

    async def group() -> None:
        await does.sidebar.group()
        sidebar.list.show_chosen()

    bind_common_commands(commands, input_bar, does.outside, program, does)
    bind_log_commands(commands, lambda: does.of_log)
    # conversations
    bind("new_conversation", does.conversations.start_another)
    bind("next_conversation", lambda: go.step(1))
    bind("previous_conversation", lambda: go.step(-1))
    bind("switch", does.screens.switch)
    bind("attach", attach)
    bind("rename", go.rename)
    bind("delete", go.delete)
    bind("undo", does.trash.undo, applies=lambda: does.trash.can_undo)
    bind("restore", does.trash.look_into)
    bind("pin", lambda: does.sidebar.pin(go.target))
    bind("filter", sidebar.begin_filter)
    bind("group", group)
    bind("purge", does.purging.purge)
    # turns and messages
    bind("stop", go.step_back)
    bind("remedy", does.recovery.act)
    bind("edit", does.messages.edit, applies=lambda: does.messages.has_text)
    bind("replay", does.screens.replay)
    bind("compare", comparing.ask)
    bind("find", go.find)
    bind("next_match", lambda: go.step_match(1), lambda: go.is_finding)
    bind("previous_match", lambda: go.step_match(-1), lambda: go.is_finding)
    # question sets
    bind("play", does.player.ask)
    bind("next_question", does.player.next_question)
    bind("previous_question", does.player.previous_question, lambda: does.player.is_playing)
    bind("end_play", does.player.end, lambda: does.player.is_playing)
    bind("report", does.player.show_report)
    # the screen
    bind("page_up", lambda: log.action_page(-1))
    bind("page_down", lambda: log.action_page(1))
    bind("follow", log.action_to_end)
    bind("to_sidebar", go.to_sidebar)
    bind("to_input", go.to_input)
    bind("sidebar", go.toggle_sidebar)
    bind("presenter", toggle_presenter)
    bind("accessible", does.preferences.toggle_accessible)
    bind("chatbots", does.chatbots.show)
    bind("interrupt", go.interrupt)


def _doubt_of_id(line: str) -> str:
    """Userdesk's ids are UUIDs; another service may count, but has digits too, and no spaces."""
    if any(map(str.isdigit, line)) and not any(map(str.isspace, line)):
        return ""
    return "This does not look like a conversationId. Press Enter again to open it anyway."
