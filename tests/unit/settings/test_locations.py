"""Where files are for a user without a home folder, or with odd variables."""

import os
import pwd
from pathlib import Path

import pytest

from userdesk.settings import Options, SettingsError, resolve
from userdesk.tui.external.written_file import at_home


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system does not know."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.parametrize("home", ["", "relative", "."])
def test_a_home_that_is_no_whole_path_is_told(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    monkeypatch.setenv("HOME", home)
    with pytest.raises(
        SettingsError, match=r"HOME: expected the absolute path.*set HOME, or USERDESK_DATA_DIR"
    ):
        resolve()


def test_a_user_without_a_home_is_told_what_to_set(nobody: None) -> None:
    with pytest.raises(SettingsError, match=r"found ~: set HOME, or USERDESK_DATA_DIR"):
        resolve()


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_a_data_folder_alone_is_enough(
    nobody: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str | None
) -> None:
    if home is not None:
        monkeypatch.setenv("HOME", home)
    (tmp_path / "config.toml").write_text('theme = "x"')
    settings = resolve(Options(), {"USERDESK_DATA_DIR": str(tmp_path)})
    assert (settings.data_dir, settings.config_file) == (tmp_path, tmp_path / "config.toml")
    assert settings.theme == "x"
    assert resolve(Options(data_dir=tmp_path), {}).data_dir == tmp_path


def test_both_folders_of_the_platform_are_enough(
    nobody: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    settings = resolve()
    assert settings.config_file == tmp_path / "c" / "userdesk" / "config.toml"
    assert settings.data_dir == tmp_path / "d" / "userdesk"


@pytest.mark.parametrize("folder", ["", "relative", " "])
def test_a_folder_of_the_platform_that_is_no_whole_path_does_not_count(
    monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", folder)
    monkeypatch.setenv("XDG_DATA_HOME", folder)
    settings = resolve()
    assert settings.config_file == Path(os.environ["HOME"], ".config/userdesk/config.toml")
    assert settings.data_dir == Path(os.environ["HOME"], ".local/share/userdesk")


def test_a_users_name_that_nobody_has_is_told() -> None:
    with pytest.raises(SettingsError, match="USERDESK_DATA_DIR: there is no user named nosuchuser"):
        resolve(Options(), {"USERDESK_DATA_DIR": "~nosuchuser/x"})
    with pytest.raises(SettingsError, match="--config: there is no user named nosuchuser"):
        resolve(Options(config=Path("~nosuchuser")), {})


def test_the_own_home_is_a_tilde(nobody: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set HOME"):
        resolve(Options(data_dir=Path("~/x")), {})
    assert at_home(tmp_path) == str(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resolve(Options(data_dir=Path("~/x")), {}).data_dir == tmp_path / "x"
    assert at_home(tmp_path / "x") == "~/x"
