"""Styles of another theme, parsed and given to widgets in short steps before the one that lays them out."""

from time import monotonic

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

SLICE = 0.006
"""Seconds for which styles are parsed or given in one step of the loop, the last source begun then aside."""
_TOGETHER = 5  # widgets that are given styles at once: alike ones are worked out once


class ParsedStyles(Stylesheet):
    """The sources of a stylesheet, parsed with other variables ahead of `reparse`."""

    def __init__(self, before: Stylesheet, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parsed_with: dict[str, str] | None = variables
        self._left = list(before.source.items())
        self._given: set[DOMNode] = set()

    def parse_some(self) -> bool:
        """Parse one more source, and others for as long as `SLICE`; whether all of them are parsed."""
        until = monotonic() + SLICE
        while self._left:
            place, source = self._left.pop(0)
            self.add_source(
                source.content,
                place,
                is_default_css=source.is_defaults,
                tie_breaker=source.tie_breaker,
                scope=source.scope,
            )
            self.parse()  # what was parsed before is remembered
            if monotonic() > until:
                break
        return not self._left

    def give_some(self, nodes: list[DOMNode]) -> bool:
        """Give the first widgets their styles for `SLICE`, and take them out; whether none is left."""
        until = monotonic() + SLICE
        while nodes:
            some, nodes[:_TOGETHER] = nodes[:_TOGETHER], ()
            self.update_nodes(some)
            self._given.update(some)
            if monotonic() > until:
                break
        return not nodes

    def update(self, root: DOMNode, animate: bool = False) -> None:
        """Give all beneath a widget their styles, but for those that were given them ahead of that."""
        nodes = root.walk_children(with_self=True)
        self.update_nodes([node for node in nodes if node not in self._given], animate)

    def all_given(self) -> None:
        """Every widget has its styles."""
        self._given.clear()

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other variables; the same ones change nothing."""
        if variables != self._parsed_with:
            self._parsed_with = None
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse it with the variables it has, unless it was."""
        if self._parsed_with is None:
            super().reparse()
