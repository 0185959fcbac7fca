"""Styles of another theme, parsed in short steps before the one that gives them to widgets."""

from time import monotonic

from textual.css.stylesheet import Stylesheet

SLICE = 0.006
"""Seconds for which styles are parsed in one step of the loop, the last source begun then aside."""


class ParsedStyles(Stylesheet):
    """The sources of a stylesheet, parsed with other variables ahead of `reparse`."""

    def __init__(self, before: Stylesheet, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parsed_with: dict[str, str] | None = variables
        self._left = list(before.source.items())

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

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other variables; the same ones change nothing."""
        if variables != self._parsed_with:
            self._parsed_with = None
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse it with the variables it has, unless it was."""
        if self._parsed_with is None:
            super().reparse()
