"""Tests know the program and the framework by their public names; what still does not is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
MAY = TESTS / "unit" / "terminal"
"""Names there the private parts of the framework that the program leans on."""
OF_THE_LANGUAGE = {"_make", "_replace", "_asdict", "_fields", "_exit"}

STILL = {
    "contract/test_left_over_bytes.py": {"_pool", "_network_backend"},
    "loop_steps.py": {"_run", "_callback", "_current_frames"},
    "program_reader.py": {"_background_screens", "_compositor", "_context"},
    "unit/serve/test_pseudo_terminal.py": {"_ours", "_writable"},
    "unit/test_warning_filters.py": {"_pytest"},
}
"""Private names by the file that uses them: what our transport rests on, the loop's steps, the screen's text,
a descriptor that is closed by then, pytest's own."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in OF_THE_LANGUAGE


def private_names(tree: ast.AST) -> Iterator[str]:
    """Private names of other objects and modules that a module uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if is_private(node.attr) and not own:
                yield node.attr
        elif isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(each.name for each in node.names)]
            yield from filter(is_private, names)


def test_no_test_reaches_for_a_private_name() -> None:
    found = {}
    for path in sorted(TESTS.rglob("*.py")):
        if MAY not in path.parents and (names := set(private_names(ast.parse(path.read_text("utf-8"))))):
            found[path.relative_to(TESTS).as_posix()] = names
    assert found == STILL
