"""What the flags, the environment and config.toml say, resolved once into one frozen value."""

from userdesk.settings.model import KeySource, Options, Problem, Settings, SettingsError
from userdesk.settings.resolve import resolve

__all__ = ["KeySource", "Options", "Problem", "Settings", "SettingsError", "resolve"]
