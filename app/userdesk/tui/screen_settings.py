"""What of the settings only the screen can judge: its keys and its themes."""

from textual.theme import BUILTIN_THEMES

from userdesk.settings import Settings
from userdesk.tui.shortcuts import Shortcuts
from userdesk.tui.themes import THEMES, unknown_theme, user_themes

_BUILT_IN = BUILTIN_THEMES.keys() | {theme.name for theme in THEMES}


def screen_problems(settings: Settings) -> list[str]:
    """What the full-screen program tells of keys and themes at its start."""
    problems = Shortcuts(settings.shortcuts).problems
    own = {theme.name for theme in user_themes(settings.config_file.parent / "themes", problems)}
    return [*problems, *unknown_theme(settings.theme, own | _BUILT_IN)]


def is_built_in_theme(name: str) -> bool:
    """Whether there is a theme of that name without any that the user made."""
    return name in _BUILT_IN
