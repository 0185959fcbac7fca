"""Where the configuration file and the data folder are."""

from collections.abc import Mapping
from pathlib import Path

NAME = "userdesk"


def config_file(flag: Path | None, environ: Mapping[str, str]) -> tuple[Path, str]:
    """The configuration file and where that was said: flag, USERDESK_CONFIG or the platform."""
    if flag is not None:
        return flag.expanduser(), "flag --config"
    if named := environ.get("USERDESK_CONFIG"):
        return Path(named).expanduser(), "environment USERDESK_CONFIG"
    import platformdirs

    return platformdirs.user_config_path(NAME, appauthor=False) / "config.toml", "default"


def data_dir(flag: Path | None, environ: Mapping[str, str]) -> tuple[Path, str]:
    """The data folder and where that was said: flag, USERDESK_DATA_DIR or the platform."""
    if flag is not None:
        return flag.expanduser(), "flag --data-dir"
    if named := environ.get("USERDESK_DATA_DIR"):
        return Path(named).expanduser(), "environment USERDESK_DATA_DIR"
    import platformdirs

    return platformdirs.user_data_path(NAME, appauthor=False), "default"
