"""The commands that are the same wherever there is an input bar."""

from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.outside import OutsideText
from userdesk.tui.commands import CommandRegistry
from userdesk.tui.input.input_bar import InputBar


def bind_common_commands(
    commands: CommandRegistry, input_bar: InputBar, outside: OutsideText, program: Program, does: Controllers
) -> None:
    """Give them their handlers."""
    dialogs = does.chat.dialogs

    def insert_line_break() -> None:
        input_bar.insert("\n")
        input_bar.focus()

    def earlier_prompts() -> None:
        prompts = does.chat.prompts.newest_first
        dialogs.pick("Earlier prompts", prompts, lambda index: does.chat.drafts.replace(prompts[index]))

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

        dialogs.show(HelpScreen(program.shortcuts, for_visitor=program.browser is not None))

    commands.bind("send", input_bar.submit)
    commands.bind("newline", insert_line_break)
    commands.bind("paste", outside.paste)
    commands.bind("earlier_prompts", earlier_prompts)
    commands.bind("editor", outside.edit)
    commands.bind("themes", does.preferences.choose_theme)
    commands.bind("commands", show_palette)
    commands.bind("help", show_help)
    commands.bind("quit", program.quit)
