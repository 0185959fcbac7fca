"""Imports between layers run downward only, and expensive modules are imported when they are first used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import userdesk

PACKAGE = Path(userdesk.__file__).parent

MAY_IMPORT = {
    "domain": set(),
    "files": {"domain"},
    "api": {"domain", "files"},
    "store": {"domain", "files"},
    "markdown": {"domain", "files"},  # files: which addresses are links is decided in one place
    "demo": {"domain", "files"},
    "diagnostics": {"domain", "files"},
    "settings": {"domain", "files"},
    "chat": {"domain", "files", "api", "store"},
    "tui": {
        "domain",
        "files",
        "chat",
        "store",
        "markdown",
        "demo",
        "settings",
        "export",
        "questions",
        "diagnostics",
    },
    "export": {"domain", "files", "markdown"},
    "questions": {"domain", "files", "chat", "markdown"},
    "commands": {
        "domain",
        "files",
        "chat",
        "store",
        "demo",
        "settings",
        "export",
        "questions",
        "diagnostics",
    },
    "serve": {"domain", "files", "api", "chat", "settings", "demo", "questions", "commands", "diagnostics"},
    "cli": {"domain", "settings", "commands", "demo", "tui", "serve", "diagnostics"},
    "__main__": {"cli"},
    "library": {"domain", "api", "chat", "store", "demo", "settings", "questions", "commands"},
    "__init__": {"domain", "library", "questions", "settings"},
}
MAY_ALSO_IMPORT = {"chat/wiring.py": {"settings", "demo", "diagnostics"}}
"""Single modules that put parts together which do not know each other."""
EXPENSIVE = (
    "httpx",
    "httpcore",
    "starlette",
    "uvicorn",
    "markdown_it",
    "keyring",
    "phonenumbers",
    "tomlkit",
    "truststore",
    "argparse",
    "wcwidth",
    "pygments",
    "aiohttp",
)
SCREEN = PACKAGE / "tui" / "app.py"


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]


def imported_names(path: Path) -> Iterator[tuple[int, str]]:
    for node in imports(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        else:
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layer"
            module = node.module or ""
            yield node.lineno, module
            if module == "userdesk":
                yield from ((node.lineno, f"userdesk.{name.name}") for name in node.names)


def test_imports_run_downward_only() -> None:
    wrong = []
    for path in modules():
        layer = layer_of(path)
        place = path.relative_to(PACKAGE).as_posix()
        allowed = MAY_IMPORT[layer] | MAY_ALSO_IMPORT.get(place, set()) | {layer}
        for line, name in imported_names(path):
            parts = name.split(".")
            if parts[0] == "userdesk" and len(parts) > 1 and parts[1] not in allowed | {"__version__"}:
                wrong.append(f"{place}:{line}: {layer} must not import {name}")
    assert not wrong, "\n".join(wrong)


def test_only_the_screen_knows_textual() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in modules()
        for line, name in imported_names(path)
        if name.split(".")[0] == "textual" and layer_of(path) != "tui"
    ]
    assert not wrong, "\n".join(wrong)


def test_every_layer_is_in_the_table() -> None:
    assert {layer_of(path) for path in modules()} <= set(MAY_IMPORT)


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even for the type checker alone: who knows whom has one direction."""
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in modules()}
    paths = {name.removesuffix(".__init__"): path for name, path in names.items()}
    knows: dict[str, set[str]] = {}
    for name, path in paths.items():
        found = [node for node in imports(path) if isinstance(node, ast.ImportFrom) and node.module]
        inside = {f"{node.module}.{each.name}" for node in found for each in node.names}
        knows[name] = (inside | {node.module for node in found}) & paths.keys() - {name}
    leaves = {"userdesk"}  # its version alone; what it exports is looked up when somebody asks for it
    del knows["userdesk"]
    while done := {name for name in knows if not knows[name] - leaves}:
        leaves |= done
        knows = {name: others for name, others in knows.items() if name not in done}
    assert not knows, f"in or behind a circle: {sorted(knows)}"


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import userdesk.cli; from userdesk.settings import resolve; resolve()",
        "import userdesk.chat",
        "import userdesk.store",
        "import userdesk.demo.process",
    ],
)
def test_start_does_not_pay_for_what_comes_later(statement: str) -> None:
    assert not loaded_by(statement) & {*EXPENSIVE, "textual", "tomli_w"}


def test_screen_starts_without_http_markdown_and_server() -> None:
    if not SCREEN.exists():
        pytest.skip("there is no screen yet")
    assert not loaded_by("import userdesk.tui.app") & set(EXPENSIVE)


def test_screen_starts_without_what_is_for_visitors_or_for_few_texts() -> None:
    later = {"tui.visit", "tui.visitor", "tui.external.browser", "markdown.layout.line_breaks"}
    assert not loaded_by("import userdesk.cli, userdesk.tui.app") & {f"userdesk.{name}" for name in later}
