"""What of the settings only the screen can judge: its keys and its themes."""

from textual.theme import BUILTIN_THEMES

from userdesk.settings import Settings
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.themes import THEMES, unknown_theme, user_themes


def screen_problems(settings: Settings) -> list[str]:
    """What the full-screen program tells of keys and themes at its start."""
    problems = Shortcuts(settings.shortcuts).problems
    own = user_themes(settings.config_file.parent / "themes", problems)
    known = {theme.name for theme in (*THEMES, *own)} | BUILTIN_THEMES.keys()
    return [*problems, *unknown_theme(settings.theme, known)]
