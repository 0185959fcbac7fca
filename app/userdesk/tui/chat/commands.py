"""What each command of the chat screen does."""

from collections.abc import Iterable

from userdesk.domain.message import Message
from userdesk.domain.verdict import Verdict
from userdesk.domain.wording import seconds
from userdesk.files.addresses import is_openable
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.navigation import Navigation
from userdesk.tui.chat.widgets import ChatWidgets
from userdesk.tui.commands import CommandRegistry


def bind_commands(
    commands: CommandRegistry, widgets: ChatWidgets, go: Navigation, program: Program, does: Controllers
) -> None:
    """Give each row of the table its handler; when it can be done is said here too."""
    bind = commands.bind
    input_bar, log, sidebar, dialogs = widgets.input_bar, widgets.log, widgets.sidebar, does.chat.dialogs

    def insert_line_break() -> None:
        input_bar.insert("\n")
        input_bar.focus()

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

    def earlier_prompts() -> None:
        prompts = does.chat.prompts.newest_first
        dialogs.pick("Earlier prompts", prompts, lambda index: does.chat.drafts.replace(prompts[index]))

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

    def group() -> None:
        does.sidebar.group()
        sidebar.list.show_chosen()

    recent: list[str] = []

    def show_palette() -> None:
        from userdesk.tui.dialogs.palette import Palette

        dialogs.show(Palette(commands, program.shortcuts, recent), run_from_palette)

    async def run_from_palette(command_id: str | None) -> None:
        if command_id:
            recent[:] = [command_id, *(other for other in recent if other != command_id)]
            await commands.run(command_id)

    def show_help() -> None:
        from userdesk.tui.dialogs.help import HelpScreen

        dialogs.show(HelpScreen(program.shortcuts))

    # writing
    bind("send", input_bar.submit)
    bind("newline", insert_line_break)
    bind("paste", does.outside.paste)
    bind("earlier_prompts", earlier_prompts)
    bind("editor", does.outside.edit)
    # conversations
    bind("new_conversation", does.conversations.start_another)
    bind("next_conversation", lambda: does.conversations.step(1, go.shown_keys()))
    bind("previous_conversation", lambda: does.conversations.step(-1, go.shown_keys()))
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
    bind("retry", does.messages.retry, applies=lambda: does.messages.has_text)
    bind("edit", does.messages.edit, applies=lambda: does.messages.has_text)
    bind("good", lambda: does.verdicts.judge(Verdict.GOOD), applies=lambda: does.verdicts.has_answer)
    bind("bad", lambda: does.verdicts.judge(Verdict.BAD), applies=lambda: does.verdicts.has_answer)
    bind("note", does.verdicts.note, applies=lambda: does.verdicts.has_answer)
    bind("take_question", does.question_sets.add)
    bind("copy_message", does.copying.message, applies=lambda: log.chosen() is not None)
    bind("copy_code", does.copying.code, applies=lambda: does.copying.has_code)
    bind("copy_conversation", does.copying.conversation)
    bind("copy_curl", does.copying.curl)
    bind("copy_link", does.links.copy)
    bind("open_link", does.links.open, applies=lambda: bool(log.links_in_view(is_openable)))
    bind("export", does.exports.export)
    bind("replay", does.screens.replay)
    bind("find", go.find)
    bind("next_match", lambda: go.step_match(1), lambda: go.is_finding)
    bind("previous_match", lambda: go.step_match(-1), lambda: go.is_finding)
    bind("figures", lambda: does.chat.notifier.flash(metrics_line(does.chat.views.current.messages)))
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
    bind("to_log", log.focus)
    bind("to_sidebar", go.to_sidebar)
    bind("to_input", go.to_input)
    bind("sidebar", go.toggle_sidebar)
    bind("presenter", toggle_presenter)
    bind("accessible", does.preferences.toggle_accessible)
    bind("themes", does.preferences.choose_theme)
    bind("chatbots", does.chatbots.show)
    bind("commands", show_palette)
    bind("help", show_help)
    bind("interrupt", go.interrupt)
    bind("quit", program.quit)


def _doubt_of_id(line: str) -> str:
    """Userdesk's ids are UUIDs; another service may count, but has digits too, and no spaces."""
    if any(map(str.isdigit, line)) and not any(map(str.isspace, line)):
        return ""
    return "This does not look like a conversationId. Press Enter again to open it anyway."


def metrics_line(messages: Iterable[Message]) -> str:
    """First text and total of the answers: median and 95th percentile, in one line."""
    metrics = [message.metrics for message in messages if message.metrics]
    if not metrics:
        return "No answers with figures yet"
    firsts = [each.first_text for each in metrics if each.first_text is not None]
    first = f"first text {_both(firsts)} · " if firsts else ""
    counted = "1 answer" if len(metrics) == 1 else f"{len(metrics)} answers"
    return f"{counted} · {first}whole {_both([each.total for each in metrics])}"


def _both(values: list[float]) -> str:
    from statistics import median, quantiles  # which no start needs

    high = quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
    return f"{seconds(median(values))} median, {seconds(high)} p95"
