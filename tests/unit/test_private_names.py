"""Tests know the program and the framework by their public names; what still does not is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
MAY = TESTS / "unit" / "terminal"
"""Names there the private parts of the framework that the program leans on."""
OF_THE_LANGUAGE = {"_replace", "_asdict", "_fields", "_exit"}

STILL = {
    "benchmarks/test_search_speed.py": {"_is_current", "_is_searching"},
    "contract/test_left_over_bytes.py": {"_pool"},
    "faults/test_key_in_pieces.py": {"_rendered"},
    "program_driver.py": {"_compositor"},
    "screens/test_find.py": {"_match"},
    "screens/test_log_length.py": {"_looks"},
    "screens/test_play.py": {"_read"},
    "screens/test_switcher.py": {"_look_for", "_spans_of"},
    "unit/demo/test_demo_process.py": {"_child"},
    "unit/questions/test_pattern_matcher.py": {"_child"},
    "unit/store/test_folders_that_cannot_sync.py": {"_owner"},
    "unit/store/test_search_messages.py": {"_kept", "_room"},
    "unit/store/test_store_processes.py": {"_folder"},
    "unit/store/test_transcript_file.py": {"_kept"},
    "unit/store/test_wrong_clocks.py": {"_owner"},
    "unit/test_warning_filters.py": {"_pytest"},
    "unit/tui/test_cluster_document.py": {"_document"},
}
"""Private names by the file that uses them; the screen's text has no public way to it."""


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
