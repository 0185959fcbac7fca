"""Where the configuration file and the data folder are."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from userdesk.domain.quoting import quoted
from userdesk.settings.model import SettingsError
from userdesk.settings.specs import SETTINGS, SettingSpec

NAME = "userdesk"
CONFIG = "config.toml"


class NoHome(SettingsError):
    """The user has no home folder."""


def locations(
    flags: Mapping[str, object], environ: Mapping[str, str]
) -> tuple[tuple[Path, str], tuple[Path, str]]:
    """The configuration file and the data folder, each with what says so. Raises SettingsError."""
    data_dir = _named(SETTINGS["data_dir"], flags, environ)
    config_file = _named(SETTINGS["config"], flags, environ)
    if config_file is None:
        try:
            config_file = _platform_path("config", ".config") / CONFIG, "default"
        except NoHome:
            if data_dir is None:
                raise
            config_file = data_dir[0] / CONFIG, "default, without a home folder"
    return config_file, data_dir or (_platform_path("data", ".local/share"), "default")


def home_folder() -> Path:
    """The user's home folder. Raises NoHome."""
    home = os.environ.get("HOME", os.path.expanduser("~"))  # which stays as it is for a user without one
    if not os.path.isabs(home):
        expected = f"expected the absolute path of a folder, found {quoted(home) or 'nothing'}"
        raise NoHome(f"HOME: {expected}: set HOME, or USERDESK_DATA_DIR to a folder for your conversations")
    return Path(home)


def _named(
    spec: SettingSpec, flags: Mapping[str, object], environ: Mapping[str, str]
) -> tuple[Path, str] | None:
    if isinstance(given := flags.get(spec.name), Path):
        return _expanded(given, spec.flag_name), f"flag {spec.flag_name}"
    if named := environ.get(spec.environment):
        return _expanded(Path(named), spec.environment), f"environment {spec.environment}"
    return None


def _expanded(path: Path, said_by: str) -> Path:
    """The path with `~` and `~name` replaced. Raises SettingsError."""
    first, *rest = path.parts or ("",)
    if first == "~" and os.name != "nt":
        return home_folder().joinpath(*rest)
    try:
        return path.expanduser()
    except RuntimeError:
        raise SettingsError(f"{said_by}: there is no user named {quoted(first[1:])}") from None


def _platform_path(kind: Literal["config", "data"], usual: str) -> Path:
    """The platform's folder of that kind, `usual` below the home folder by XDG. Raises NoHome."""
    import platformdirs

    find = platformdirs.user_config_path if kind == "config" else platformdirs.user_data_path
    if os.name == "nt" or os.path.isabs(os.environ.get(f"XDG_{kind.upper()}_HOME", "")):
        return find(NAME, appauthor=False)
    home = home_folder()
    path = find(NAME, appauthor=False)
    # A relative path is to be ignored, says the XDG Base Directory Specification.
    return path if path.is_absolute() else home / usual / NAME
