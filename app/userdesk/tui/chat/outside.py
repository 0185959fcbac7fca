"""Text for the input bar from outside the program: the system's clipboard, the user's editor."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.app import SuspendNotSupported

from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.external.editor import Edited, editor_command
from userdesk.tui.input.input_bar import InputBar


@dataclass(eq=False, repr=False)
class OutsideText:
    """Brings text into the input bar."""

    _chat: ChatParts
    _input: InputBar
    _clipboard: Clipboard
    _copied: Callable[[], str]
    """Gives what the program itself copied last."""
    _edit: Callable[[list[str], str], Awaitable[Edited]]
    """Lends the terminal to an editor."""

    def paste(self) -> None:
        """From the system's clipboard where a command can read it, else what the program copied."""
        self._input.focus()
        self._chat.run(self._paste(), group="paste", exclusive=True)

    async def _paste(self) -> None:
        read = await asyncio.to_thread(self._clipboard.read)
        if text := self._copied() if read is None else read:
            self._input.add_pasted(text)
        else:
            self._chat.notifier.flash(self._clipboard.how_to_paste)

    def edit(self) -> None:
        """Write the message in the user's own editor."""
        self._chat.run(self._edit_message(), group="editor", exclusive=True)

    async def _edit_message(self) -> None:
        before = self._input.whole_text
        try:
            command = editor_command()
            if command is None:
                self._chat.notifier.flash("No editor found: set $VISUAL or $EDITOR", alert=True)
                return
            text, note = await self._edit(command, before)
        except (OSError, SuspendNotSupported) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            self._chat.notifier.flash(f"The draft is unchanged: {reason}", alert=True)
            return
        if note:
            self._chat.notifier.flash(note, alert=True)
        if before.strip() and not text.strip():
            self._chat.prompts.add(before)
        self._input.put(text)
        self._input.focus()
