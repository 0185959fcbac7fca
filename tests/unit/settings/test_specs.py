"""Each row of the settings is obeyed everywhere: file, environment, flags, doctor, documentation, demo."""

from pathlib import Path

import pytest

import userdesk
from userdesk.commands.doctor import setting_lines
from userdesk.commands.parser import options_of, parse
from userdesk.settings import Options, resolve
from userdesk.settings.kinds import SECONDS, SWITCH, Kind
from userdesk.settings.specs import BOT_SETTINGS, FIELDS, SETTINGS, SettingSpec

PACKAGE = Path(userdesk.__file__).parent
PAGE = PACKAGE.parents[1] / "docs" / "settings.md"
KNOWLEDGE = PACKAGE / "demo" / "bot" / "knowledge" / "configuration.md"

PLACES = ("config", "data_dir")
"""Where files are: what they say cannot come from one of them."""
CHATBOT = ("bot", "base_url")
"""Which chatbot is meant has an order of its own: test_resolution_order.py."""
USUAL = [spec for spec in SETTINGS.values() if spec.name not in (*PLACES, *CHATBOT)]


def settings_table() -> str:
    """The documentation's table of all settings, in Markdown."""
    rows = ["| in `config.toml` | flag | variable | default | |", "|---|---|---|---|---|"]
    rows += [_table_row(spec, ".".join(spec.path)) for spec in SETTINGS.values()]
    rows += [_table_row(spec, f"bots.NAME.{spec.name}") for spec in BOT_SETTINGS.values()]
    rows.append("| `keys.ACTION` | | | | keys of your own for an action |")
    return "\n".join(rows) + "\n"


def _table_row(spec: SettingSpec, in_file: str) -> str:
    default = str(spec.default).lower() if isinstance(spec.default, bool) else spec.default
    default = f"{default:g}" if isinstance(default, float) else default
    cells = [f"`{each}`" if each else "" for each in (in_file, spec.flag, spec.environment, default)]
    told = all(choice in spec.help for choice in spec.kind.choices)
    return "| " + " | ".join([*cells, spec.help if told else f"{spec.help}: {_listed(spec.kind)}"]) + " |"


def _listed(kind: Kind[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in kind.choices)


def test_the_documentation_has_the_table_of_all_settings() -> None:
    assert settings_table() in PAGE.read_text("utf-8"), f"{PAGE} should have:\n\n{settings_table()}"


def test_the_demo_chatbot_knows_every_setting_and_variable() -> None:
    knowledge = KNOWLEDGE.read_text("utf-8")
    specs = [*SETTINGS.values(), *BOT_SETTINGS.values()]
    words = {spec.path[-1] for spec in specs if spec.path} | {spec.environment for spec in specs}
    assert [word for word in sorted(words) if word not in knowledge] == []


def of_kind(kind: Kind[object], *, other: bool = False) -> tuple[object, str]:
    """A value that is no default, as TOML has it, and as a variable or a flag has it."""
    if kind is SECONDS:
        return (7.5, "7.5") if other else (2, "2")
    if kind is SWITCH:
        return True, "true"
    words = kind.choices[1:3] if kind.choices else ("one", "two")
    return words[other], words[other]


def in_toml(spec: SettingSpec, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool | int | float) else f'"{value}"'
    table = "".join(f"[{name}]\n" for name in spec.path[:-1])
    return f"{table}{spec.path[-1]} = {text}\n"


@pytest.mark.parametrize("spec", USUAL, ids=lambda spec: spec.name)
def test_flag_wins_over_environment_over_file_over_default(spec: SettingSpec, tmp_path: Path) -> None:
    (field,) = (field for field, each in FIELDS.items() if each is spec)
    config = tmp_path / "config.toml"
    config.touch()
    flags, environ = [f"--config={config}"], {"USERDESK_DATA_DIR": str(tmp_path)}

    def found() -> tuple[object, str]:
        settings = resolve(options_of(parse(flags)), environ)
        assert settings.problems == ()
        return getattr(settings, field), settings.origins[spec.name]

    assert found() == (spec.default, "default")
    value, _ = of_kind(spec.kind)
    config.write_text(f"\n{in_toml(spec, value)}")
    assert found() == (value, f"{config}:{len(spec.path) + 1}")
    if spec.environment:
        value, text = of_kind(spec.kind, other=True)
        environ[spec.environment] = text
        assert found() == (value, f"environment {spec.environment}")
    if spec.flag:
        value, text = of_kind(spec.kind, other=True)
        flags += [spec.flag_name, text] if " " in spec.flag else [spec.flag_name]
        assert found() == (value, f"flag {spec.flag_name}")


@pytest.mark.parametrize(
    "spec", [spec for spec in USUAL if spec.kind.choices or spec.kind in (SWITCH, SECONDS)]
)
def test_a_value_of_another_type_is_told_and_left_out(spec: SettingSpec, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(in_toml(spec, "nonsense"))
    settings = resolve(Options(config=config), {})
    (problem,) = settings.problems
    assert str(problem).startswith(f"{config}:1: {spec.name}: expected ")
    assert settings.origins[spec.name] == "default"


def test_doctor_shows_every_setting_with_its_origin(tmp_path: Path) -> None:
    settings = resolve(Options(config=tmp_path / "none.toml", data_dir=tmp_path), {})
    lines = {line.split()[0]: line for line in setting_lines(settings)}
    assert lines.keys() == SETTINGS.keys()
    assert all(lines[name].endswith(settings.origins[name]) for name in SETTINGS)


@pytest.mark.parametrize("kind", [SWITCH, SECONDS])
def test_a_variable_is_read_as_the_file_is(kind: Kind[object]) -> None:
    value, text = of_kind(kind)
    assert kind.parse(text) == kind.check(value)
    with pytest.raises(ValueError, match=r"expected .*, found text"):
        kind.parse("nonsense")
