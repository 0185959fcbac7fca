"""What is chosen in the program and remembered in config.toml."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from userdesk.tui.chat.parts import ChatParts


class Preferences:
    """The theme, accessible mode, and whatever else is set in passing."""

    def __init__(self, chat: ChatParts, config_file: Path) -> None:
        self._chat = chat
        self._config_file = config_file
        self.on_accessible: list[Callable[[bool], None]] = []
        """Called when accessible mode was turned on or off."""

    def choose_theme(self) -> None:
        """Choose a theme, seen while choosing."""
        from userdesk.tui.dialogs.themes import ThemesScreen

        self._chat.dialogs.show(ThemesScreen(), lambda name: self.remember("theme", name) if name else None)

    def toggle_accessible(self) -> None:
        """No spinners, no ticking numbers, roles as words; or all of them again."""
        is_on = self._chat.state.accessible = not self._chat.state.accessible
        for listener in self.on_accessible:
            listener(is_on)
        self.remember("accessible", is_on)
        self._chat.notifier.flash("Accessible mode is on" if is_on else "Accessible mode is off")

    def remember(self, name: str, value: str | bool) -> None:
        """Write a setting into config.toml, its comments kept."""
        self._chat.run(self._write(name, value), group="settings")

    async def _write(self, name: str, value: str | bool) -> None:
        from userdesk.settings import SettingsError
        from userdesk.settings.write import set_plain

        try:
            await asyncio.to_thread(set_plain, self._config_file, name, value)
        except (SettingsError, OSError) as error:
            self._chat.notifier.flash(f"Kept until the program ends: {error}", alert=True)
