"""The bindings that a widget has, its own and the framework's: what another release adds is tried too."""

from typing import Any

from textual.binding import Binding

LEAVES = ("ctrl+q",)
"""Keys that end the program, as they should."""


def bindings_of(widget: type[Any]) -> list[Binding]:
    """The bindings of a class and of those it is made of, a key each."""
    found: dict[str, Binding] = {}
    for base in reversed(widget.__mro__):
        for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ())):
            found[binding.key] = binding
    return [binding for key, binding in found.items() if key not in LEAVES and not key.startswith("no_key")]


def keys_of(*widgets: type[Any]) -> list[str]:
    """The keys of some classes, each once."""
    return list(dict.fromkeys(binding.key for widget in widgets for binding in bindings_of(widget)))


def actions_of(widget: type[Any], *, inherited: bool = True) -> list[str]:
    """What the keys of a class do, each once; of its own keys alone if told so."""
    bindings = bindings_of(widget) if inherited else Binding.make_bindings(widget.BINDINGS)
    return list(dict.fromkeys(binding.action for binding in bindings))
