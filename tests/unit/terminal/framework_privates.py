"""What of the framework is private, and where our source uses it."""

import ast
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import userdesk.tui

FRAMEWORK = ("textual", "rich")


class Use(NamedTuple):
    """A private name of the framework in a module of ours."""

    module: str
    name: str
    line: int


def is_private(name: str) -> bool:
    """Whether a name begins with an underscore and is neither a magic one nor a named tuple's."""
    return name.startswith("_") and not name.endswith("__") and name != "_replace"


@cache
def uses() -> tuple[Use, ...]:
    """Each use in the layer that imports the framework."""
    return tuple(_uses())


def _uses() -> Iterator[Use]:
    for found in pkgutil.walk_packages(userdesk.tui.__path__, "userdesk.tui."):
        module = import_module(found.name)
        for name, line in sorted(_in_module(module)):
            yield Use(found.name, name, line)


def _in_module(module: ModuleType) -> set[tuple[str, int]]:
    tree = ast.parse(inspect.getsource(module))
    found: set[tuple[str, int]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in FRAMEWORK:
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found |= {(part, node.lineno) for part in parts if is_private(part)}
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and not _is_own(node):
            found.add((node.attr, node.lineno))
        elif isinstance(node, ast.ClassDef) and isinstance(owner := getattr(module, node.name, None), type):
            inherited = private_names(owner)
            found |= {(name, line) for name, line in _names_of(node) if name in inherited}
    return found


def _is_own(node: ast.Attribute) -> bool:
    """Whether a name is asked of the object itself, or of a module of the standard library."""
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls", "os", "sys")


def _names_of(owner: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """What a class defines, and what it asks of itself."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((target.id, node.lineno) for target in targets if isinstance(target, ast.Name))
    for node in ast.walk(owner):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr, node.lineno


def private_names(owner: type) -> set[str]:
    """The private names of the framework's classes among a class's bases, also those set in their methods."""
    bases = [base for base in owner.__mro__ if base.__module__.partition(".")[0] in FRAMEWORK]
    return {name for base in bases for name in names_of(base) if is_private(name)}


@cache
def names_of(owner: type) -> frozenset[str]:
    """What a class defines or sets on `self`, its bases left out."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    on_self = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    return frozenset({*vars(owner), *on_self})
