"""What the flags, the environment and config.toml say, resolved once into one frozen value."""

from userdesk.settings.model import Options, Problem, SettingsError
from userdesk.settings.resolve import resolve
from userdesk.settings.specs import Settings

__all__ = ["Options", "Problem", "Settings", "SettingsError", "resolve"]
